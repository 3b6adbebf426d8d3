"""Recording the status of a recommendation, and what is refused."""

from datetime import date

import pytest

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.status import assess
from icctracker.models import Assessment
from tests.factories import make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db

DAY = date(2015, 1, 1)


@pytest.fixture
def recommendation(db):
    """One that the rule finds not followed, for one veto."""
    criterion = make_criterion()
    make_evidence()
    return criterion.recommendation


@pytest.fixture
def curator(db):
    return make_user("curator")


class TestConfirming:
    def test_what_the_rule_suggests_is_decided_and_both_are_kept(
        self, recommendation, curator
    ):
        made = assess(
            recommendation,
            by=curator,
            as_of=DAY,
            decided="not-followed",
            suggested="not-followed",
        )

        assert (made.suggested, made.suggested_reason) == (
            "not-followed",
            "contrary practice",
        )
        assert (made.decided, made.decided_reason) == (
            "not-followed",
            "contrary practice",
        )
        assert not made.overrides
        assert made.assessed_by == curator

    def test_what_stood_beside_it_is_kept_too(self, recommendation, curator):
        made = assess(recommendation, by=curator, as_of=DAY, decided="not-followed")

        assert made.contrary
        assert made.confidence == "low"
        assert made.ruleset == "1.0"
        assert made.review_due_on == date(2015, 7, 1)


class TestOverriding:
    def test_a_curator_may_decide_otherwise_with_a_reason(
        self, recommendation, curator
    ):
        made = assess(
            recommendation,
            by=curator,
            as_of=DAY,
            decided="overtaken",
            rationale=" The question no longer arises. ",
        )

        assert made.overrides
        assert made.rationale == "The question no longer arises."
        assert made.decided_reason == ""

    @pytest.mark.parametrize("rationale", ["", "   \n"])
    def test_but_not_without(self, recommendation, curator, rationale):
        with pytest.raises(ActionRefused, match="Say why"):
            assess(
                recommendation,
                by=curator,
                as_of=DAY,
                decided="limited",
                rationale=rationale,
            )

        assert not Assessment.objects.exists()

    def test_the_same_status_for_another_reason_needs_one_as_well(
        self, recommendation, curator
    ):
        with pytest.raises(ActionRefused, match="Say why"):
            assess(
                recommendation,
                by=curator,
                as_of=DAY,
                decided="not-followed",
                decided_reason="no action found",
            )

    @pytest.mark.parametrize("reason", ["", "bad luck"])
    def test_not_followed_says_which(self, curator, reason):
        untested = make_criterion().recommendation

        with pytest.raises(ActionRefused, match="Say which"):
            assess(
                untested,
                by=curator,
                as_of=DAY,
                decided="not-followed",
                decided_reason=reason,
                rationale="I looked.",
            )

    def test_a_reason_that_does_not_apply_is_dropped(self, recommendation, curator):
        made = assess(
            recommendation,
            by=curator,
            as_of=DAY,
            decided="limited",
            decided_reason="no action found",
            rationale="One step was taken.",
        )

        assert made.decided_reason == ""


class TestRefusing:
    def test_an_unknown_status(self, recommendation, curator):
        with pytest.raises(ActionRefused, match="not a status"):
            assess(
                recommendation,
                by=curator,
                as_of=DAY,
                decided="excellent",
                rationale="So.",
            )

    def test_a_suggestion_that_is_no_longer_the_rules(self, recommendation, curator):
        with pytest.raises(ActionRefused, match="now suggests|rule suggests “Not foll"):
            assess(
                recommendation,
                by=curator,
                as_of=DAY,
                decided="followed",
                suggested="followed",
            )

    def test_an_assessment_made_while_another_was_being_read(
        self, recommendation, curator
    ):
        assess(recommendation, by=curator, as_of=DAY, decided="not-followed", after=0)

        with pytest.raises(EditConflict, match="while you were reading"):
            assess(
                recommendation, by=curator, as_of=DAY, decided="not-followed", after=0
            )

        assert Assessment.objects.count() == 1

    def test_one_that_follows_what_was_read_is_recorded(self, recommendation, curator):
        first = assess(recommendation, by=curator, as_of=DAY, decided="not-followed")

        assess(
            recommendation,
            by=curator,
            as_of=DAY,
            decided="not-followed",
            after=first.pk,
        )

        assert Assessment.objects.count() == 2

    @pytest.mark.parametrize("role", ["researcher", "reviewer"])
    def test_anybody_but_a_curator(self, recommendation, role):
        with pytest.raises(ActionRefused, match="role"):
            assess(
                recommendation, by=make_user(role), as_of=DAY, decided="not-followed"
            )
