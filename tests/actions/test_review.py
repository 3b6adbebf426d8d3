"""Deciding about a submitted entry, and what is refused."""

from datetime import date

import pytest

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.review import decide
from icctracker.models import Evidence, Finding
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def entry(db):
    return make_evidence(
        State.SUBMITTED, by=make_user("researcher"), title="A draft is vetoed"
    )


@pytest.fixture
def reviewer(db):
    return make_user("reviewer")


class TestPublishing:
    def test_the_entry_is_public_and_verified_under_a_readable_address(
        self, entry, reviewer
    ):
        decide(entry, reviewer=reviewer, outcome="publish", version=1)

        entry.refresh_from_db()
        assert entry.state == State.PUBLISHED
        assert entry.verification == Evidence.Verification.VERIFIED
        assert entry.slug == "a-draft-is-vetoed-2014-05-22"
        assert entry.published_at

    def test_its_findings_are_accepted_with_what_the_rule_reads(self, entry, reviewer):
        decide(entry, reviewer=reviewer, outcome="publish")

        finding = Finding.objects.accepted().get()
        assert finding.event_date == date(2014, 5, 22)
        assert (finding.tier, finding.publisher) == ("A", "United Nations")

    def test_the_decision_is_on_record(self, entry, reviewer):
        decision = decide(entry, reviewer=reviewer, outcome="publish", note=" Read. ")

        assert entry.decisions.get() == decision
        assert (decision.reviewer, decision.note) == (reviewer, "Read.")
        assert not decision.alone

    def test_an_address_in_use_gets_a_number(self, entry, reviewer):
        make_evidence(slug="a-draft-is-vetoed-2014-05-22")

        decide(entry, reviewer=reviewer, outcome="publish")

        entry.refresh_from_db()
        assert entry.slug == "a-draft-is-vetoed-2014-05-22-2"

    def test_an_entry_without_a_source_is_not_published(self, entry, reviewer):
        entry.sources.all().delete()

        with pytest.raises(ActionRefused, match="at least one source"):
            decide(entry, reviewer=reviewer, outcome="publish")

        entry.refresh_from_db()
        assert entry.state == State.SUBMITTED


class TestDecidingAgainst:
    @pytest.mark.parametrize(
        ("outcome", "state"), [("return", State.RETURNED), ("decline", State.DECLINED)]
    )
    def test_the_entry_stays_hidden_and_the_reason_is_kept(
        self, entry, reviewer, outcome, state
    ):
        decide(entry, reviewer=reviewer, outcome=outcome, note="The date is wrong.")

        entry.refresh_from_db()
        assert entry.state == state
        assert entry.decisions.get().note == "The date is wrong."
        assert not Finding.objects.accepted().exists()

    @pytest.mark.parametrize("outcome", ["return", "decline"])
    def test_a_reason_is_compulsory(self, entry, reviewer, outcome):
        with pytest.raises(ActionRefused, match="Say why"):
            decide(entry, reviewer=reviewer, outcome=outcome, note="  ")

        assert not entry.decisions.exists()

    def test_first_data_have_nobody_to_be_sent_back_to(self, reviewer):
        entry = make_evidence(State.SUBMITTED)

        with pytest.raises(ActionRefused, match="no author"):
            decide(entry, reviewer=reviewer, outcome="return", note="Check.")


class TestFourEyes:
    def test_authors_cannot_review_their_own_entry(self, reviewer):
        entry = make_evidence(State.SUBMITTED, by=reviewer)

        with pytest.raises(ActionRefused, match="Somebody other than its author"):
            decide(entry, reviewer=reviewer, outcome="publish", note="It is good.")

        assert not entry.decisions.exists()

    def test_a_curator_may_alone_with_a_reason(self):
        curator = make_user("curator")
        entry = make_evidence(State.SUBMITTED, by=curator)

        decision = decide(
            entry, reviewer=curator, outcome="publish", note="Nobody else is here."
        )

        assert decision.alone

    def test_but_not_without(self):
        curator = make_user("curator")
        entry = make_evidence(State.SUBMITTED, by=curator)

        with pytest.raises(ActionRefused, match="it is shown"):
            decide(entry, reviewer=curator, outcome="publish")

    def test_a_researcher_reviews_nothing(self, entry):
        with pytest.raises(ActionRefused, match="role"):
            decide(entry, reviewer=make_user("researcher"), outcome="publish")

    def test_nor_does_a_reviewer_whose_account_is_closed(self, entry):
        former = make_user("reviewer", is_active=False)

        with pytest.raises(ActionRefused, match="role"):
            decide(entry, reviewer=former, outcome="publish")


class TestDecidingOnce:
    def test_an_entry_is_decided_only_once(self, entry, reviewer):
        decide(entry, reviewer=reviewer, outcome="publish")

        with pytest.raises(ActionRefused, match="now “Published”"):
            decide(entry, reviewer=reviewer, outcome="decline", note="No.")

        assert entry.decisions.count() == 1

    @pytest.mark.parametrize(
        "state", [s for s in State if s not in (State.SUBMITTED, State.PUBLISHED)]
    )
    def test_only_what_waits_is_decided(self, state, reviewer):
        entry = make_evidence(state, by=make_user("researcher"))

        with pytest.raises(ActionRefused, match="Nothing was changed"):
            decide(entry, reviewer=reviewer, outcome="publish")

    def test_a_version_the_reviewer_has_not_read_is_not_decided(self, entry, reviewer):
        with pytest.raises(EditConflict):
            decide(entry, reviewer=reviewer, outcome="publish", version=2)

    @pytest.mark.parametrize("outcome", ["withdraw", "correct", "delete"])
    def test_other_verbs_are_no_decision_on_it(self, entry, reviewer, outcome):
        with pytest.raises(ActionRefused, match="not a decision"):
            decide(entry, reviewer=reviewer, outcome=outcome, note="So.")
