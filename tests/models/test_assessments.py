from datetime import UTC, date, datetime

import pytest

from icctracker.models import Assessment, Recommendation
from tests.factories import make_codebook, make_recommendation, make_user

pytestmark = pytest.mark.django_db


def make_assessment(**fields):
    fields.setdefault(
        "recommendation", Recommendation.objects.first() or make_recommendation()
    )
    return Assessment.objects.create(
        **{
            "codebook": make_codebook(),
            "ruleset": "1.0",
            "assessed_on": date(2020, 1, 1),
            "suggested": "limited",
            "decided": "limited",
            "confidence": "low",
            "review_due_on": date(2020, 7, 1),
            "assessed_by": make_user("curator"),
        }
        | fields
    )


class TestAssessment:
    def test_it_knows_whether_it_overrides(self):
        kept = make_assessment()
        changed = make_assessment(decided="followed", rationale="See the annex.")

        assert not kept.overrides
        assert changed.overrides


class TestInForce:
    def test_the_latest_up_to_the_day_comes_first(self):
        old = make_assessment(assessed_on=date(2019, 1, 1))
        new = make_assessment(assessed_on=date(2020, 1, 1))

        assert list(Assessment.objects.in_force(date(2020, 1, 1))) == [new, old]
        assert list(Assessment.objects.in_force(date(2019, 12, 31))) == [old]

    def test_a_second_look_at_the_same_day_stands_over_the_first(self):
        first = make_assessment(recorded_at=datetime(2020, 1, 2, tzinfo=UTC))
        second = make_assessment(recorded_at=datetime(2020, 1, 3, tzinfo=UTC))

        assert list(Assessment.objects.in_force(date(2021, 1, 1))) == [second, first]

    def test_what_had_not_been_recorded_by_then_was_not_known(self):
        made = make_assessment(recorded_at=datetime(2020, 1, 2, tzinfo=UTC))
        as_of = date(2021, 1, 1)

        before = Assessment.objects.in_force(as_of, datetime(2020, 1, 1, tzinfo=UTC))
        then = Assessment.objects.in_force(as_of, made.recorded_at)

        assert not before.exists()
        assert then.exists()
