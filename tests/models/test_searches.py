from datetime import UTC, date, datetime, timedelta

import pytest

from icctracker.models import Search
from tests.factories import make_criterion

pytestmark = pytest.mark.django_db


def make_search(criterion=None, **fields):
    return Search.objects.create(
        **{
            "criterion": criterion or make_criterion(),
            "searched_on": date(2026, 1, 10),
            "where": "UN Digital Library",
            "query": "strategy referral",
            "outcome": "Nothing.",
        }
        | fields
    )


class TestSearch:
    def test_after_a_withdrawal_it_may_be_logged_again(self):
        first = make_search(
            withdrawn_at=datetime(2026, 2, 1, tzinfo=UTC),
            withdrawal_reason="The wrong criterion.",
        )

        assert make_search(criterion=first.criterion)

    def test_it_stands_from_its_record_to_its_withdrawal(self):
        recorded = datetime(2026, 1, 10, tzinfo=UTC)
        withdrawn = datetime(2026, 2, 1, tzinfo=UTC)
        make_search(
            recorded_at=recorded, withdrawn_at=withdrawn, withdrawal_reason="Wrong."
        )

        def known(at):
            return Search.objects.known(at).exists()

        moment = timedelta(microseconds=1)
        assert [known(recorded - moment), known(recorded)] == [False, True]
        assert [known(withdrawn - moment), known(withdrawn)] == [True, False]
        assert not Search.objects.known().exists()
