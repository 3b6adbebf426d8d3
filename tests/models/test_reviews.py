import pytest

from icctracker.models import ReviewDecision
from tests.factories import make_evidence, make_user

from .refusals import refused_by

pytestmark = pytest.mark.django_db


def make_decision(**fields):
    return ReviewDecision.objects.create(
        evidence=make_evidence(), reviewer=make_user("reviewer"), **fields
    )


class TestReviewDecision:
    @pytest.mark.parametrize("outcome", ["return", "decline", "correct", "withdraw"])
    def test_a_decision_against_an_entry_has_a_reason(self, outcome):
        with refused_by("decision_against_has_a_reason"):
            make_decision(outcome=outcome)

        assert make_decision(outcome=outcome, note="The date is that of the draft.")

    def test_publishing_needs_none_unless_decided_alone(self):
        make_decision(outcome="publish")

        with refused_by("decision_against_has_a_reason"):
            make_decision(outcome="publish", alone=True)

    def test_its_outcome_is_one_of_those_there_are(self):
        with refused_by("decision_outcome_is_known"):
            make_decision(outcome="postpone", note="Later.")
