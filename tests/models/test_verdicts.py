from datetime import UTC, date, datetime, timedelta

import pytest

from icctracker.models import Verdict
from tests.factories import make_recommendation

from .refusals import refused_by

pytestmark = pytest.mark.django_db


def make_verdict(recommendation=None, **fields):
    return Verdict.objects.create(
        **{
            "recommendation": recommendation or make_recommendation(),
            "tracker": "A tracker",
            "verdict": "not met",
            "url": "https://example.org/",
            "said_on": date(2026, 1, 1),
        }
        | fields
    )


class TestVerdict:
    def test_it_quotes_somebody(self):
        with refused_by("verdict_is_quoted"):
            make_verdict(verdict="")

    def test_one_tracker_says_one_thing_on_a_day(self):
        first = make_verdict()

        with refused_by("verdict_recorded_once"):
            make_verdict(first.recommendation)

    def test_it_is_known_from_its_day_and_its_record(self):
        made = make_verdict()
        moment = timedelta(microseconds=1)
        known = Verdict.objects.known

        assert not known(date(2025, 12, 31)).exists()
        assert known(date(2026, 1, 1)).exists()
        assert known(date(2026, 1, 1), made.recorded_at).exists()
        assert not known(date(2026, 1, 1), made.recorded_at - moment).exists()

    def test_a_withdrawal_has_a_reason(self):
        with refused_by("verdict_withdrawn_has_a_reason"):
            make_verdict(withdrawn_at=datetime(2026, 2, 1, tzinfo=UTC))

    def test_after_a_withdrawal_it_may_be_recorded_again(self):
        first = make_verdict(
            withdrawn_at=datetime(2026, 2, 1, tzinfo=UTC), withdrawal_reason="Misread."
        )

        assert make_verdict(first.recommendation)

    def test_it_stands_until_its_withdrawal(self):
        withdrawn = datetime(2026, 2, 1, tzinfo=UTC)
        make_verdict(
            recorded_at=datetime(2026, 1, 10, tzinfo=UTC),
            withdrawn_at=withdrawn,
            withdrawal_reason="Misread.",
        )
        moment, day = timedelta(microseconds=1), date(2026, 3, 1)
        known = Verdict.objects.known

        assert known(day, withdrawn - moment).exists()
        assert not known(day, withdrawn).exists()
        assert not known(day).exists()
