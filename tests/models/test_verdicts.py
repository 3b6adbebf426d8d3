from datetime import UTC, date, datetime, timedelta

import pytest

from icctracker.models import Verdict
from tests.factories import make_recommendation

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
    def test_it_is_known_from_its_day_and_its_record(self):
        made = make_verdict()
        moment = timedelta(microseconds=1)
        known = Verdict.objects.known

        assert not known(date(2025, 12, 31)).exists()
        assert known(date(2026, 1, 1)).exists()
        assert known(date(2026, 1, 1), made.recorded_at).exists()
        assert not known(date(2026, 1, 1), made.recorded_at - moment).exists()

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
