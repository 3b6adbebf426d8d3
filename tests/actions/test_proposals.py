"""Proposing a finding for a published entry, and deciding about it."""

import pytest
from django.db import IntegrityError, transaction

from icctracker.actions import ActionRefused
from icctracker.actions.answering import (
    accept_proposal,
    decline_proposal,
    propose_finding,
)
from icctracker.actions.review import correct, withdraw
from icctracker.models import Finding, Proposal
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return make_evidence(findings=[finding_row(make_criterion("7a"))])


@pytest.fixture
def criterion():
    return make_criterion("4a")


@pytest.fixture
def researcher():
    return make_user("researcher")


@pytest.fixture
def proposal(entry, criterion, researcher):
    return propose_finding(entry, finding_row(criterion), by=researcher)


class TestProposing:
    def test_adds_no_finding(self, proposal, entry):
        assert proposal.waits
        assert entry.findings.count() == 1

    @pytest.mark.parametrize("state", ["draft", "submitted", "declined", "withdrawn"])
    def test_is_refused_for_an_entry_that_is_not_published(
        self, state, criterion, researcher
    ):
        entry = make_evidence(state)

        with pytest.raises(ActionRefused, match="only while the entry is published"):
            propose_finding(entry, finding_row(criterion), by=researcher)

    def test_is_refused_where_there_is_a_finding_on_the_criterion(
        self, entry, researcher
    ):
        row = finding_row(entry.findings.get().criterion)

        with pytest.raises(ActionRefused, match="has a finding on criterion 7a"):
            propose_finding(entry, row, by=researcher)

    def test_is_refused_twice_to_the_same_person_but_not_to_another(
        self, proposal, entry, criterion, researcher
    ):
        with pytest.raises(ActionRefused, match="You have proposed"):
            propose_finding(entry, finding_row(criterion), by=researcher)

        propose_finding(entry, finding_row(criterion), by=make_user("researcher"))
        assert Proposal.objects.waiting().count() == 2

    def test_is_for_those_who_log_evidence(self, entry, criterion):
        with pytest.raises(ActionRefused, match="Your role"):
            propose_finding(entry, finding_row(criterion), by=make_user())


class TestAccepting:
    def test_adds_the_finding_as_its_author_wrote_it(
        self, proposal, entry, researcher, criterion
    ):
        accept_proposal(proposal, reviewer=make_user("reviewer"))

        finding = entry.findings.accepted().get(criterion=criterion)
        assert finding.coded_by == researcher
        assert finding.event_date == entry.occurred_on
        assert finding.form == "decision"
        proposal.refresh_from_db()
        assert (proposal.outcome, proposal.finding) == ("accepted", finding)

    def test_is_on_the_record_of_the_entry(self, proposal, entry):
        accept_proposal(proposal, reviewer=make_user("reviewer"), note="Read OP 7.")

        decision = entry.decisions.get(outcome="correct")
        assert decision.note == "Finding on criterion 4a added. Read OP 7."
        assert not decision.alone
        entry.refresh_from_db()
        assert entry.version == 2

    def test_takes_somebody_else(self, entry, criterion):
        reviewer = make_user("reviewer")
        own = propose_finding(entry, finding_row(criterion), by=reviewer)

        with pytest.raises(ActionRefused, match="Somebody other"):
            accept_proposal(own, reviewer=reviewer)

    def test_a_curator_may_alone_with_a_reason_that_is_shown(self, entry, criterion):
        curator = make_user("curator")
        own = propose_finding(entry, finding_row(criterion), by=curator)

        with pytest.raises(ActionRefused, match="say why"):
            accept_proposal(own, reviewer=curator)
        accept_proposal(own, reviewer=curator, note="Nobody else reads Arabic.")

        assert entry.decisions.get(outcome="correct").alone

    def test_is_for_reviewers(self, proposal):
        with pytest.raises(ActionRefused, match="Your role"):
            accept_proposal(proposal, reviewer=make_user("researcher"))

    def test_happens_once(self, proposal):
        reviewer = make_user("reviewer")
        accept_proposal(proposal, reviewer=reviewer)

        with pytest.raises(ActionRefused, match="now “Accepted”"):
            accept_proposal(proposal, reviewer=reviewer)

    def test_is_refused_once_the_entry_is_withdrawn(self, proposal, entry):
        withdraw(entry, by=make_user("curator"), reason="Wrong.")

        with pytest.raises(ActionRefused, match="only while"):
            accept_proposal(proposal, reviewer=make_user("reviewer"))

    def test_is_refused_once_a_curator_has_coded_the_criterion(
        self, proposal, entry, criterion
    ):
        coded = entry.findings.get().criterion
        correct(
            entry,
            by=make_user("curator"),
            reason="It was missing.",
            facts={},
            sources=[source_row()],
            findings=[finding_row(coded), finding_row(criterion)],
        )

        with pytest.raises(ActionRefused, match="has a finding"):
            accept_proposal(proposal, reviewer=make_user("reviewer"))


class TestDeclining:
    def test_keeps_the_reason_and_adds_nothing(self, proposal, entry):
        decline_proposal(proposal, reviewer=make_user("reviewer"), note="Not shown.")

        proposal.refresh_from_db()
        assert (proposal.outcome, proposal.note) == ("declined", "Not shown.")
        assert Finding.objects.count() == 1
        assert not entry.decisions.filter(outcome="correct").exists()

    def test_needs_a_reason(self, proposal):
        with pytest.raises(ActionRefused, match="Say why"):
            decline_proposal(proposal, reviewer=make_user("reviewer"), note=" ")

    def test_leaves_the_way_free_for_another(
        self, proposal, entry, criterion, researcher
    ):
        decline_proposal(proposal, reviewer=make_user("reviewer"), note="Not shown.")

        again = propose_finding(entry, finding_row(criterion), by=researcher)

        assert again.waits


class TestTheRecordOfIt:
    @pytest.mark.parametrize(
        "values",
        [
            {"effect": 3},
            {"rationale": ""},
            {"outcome": "accepted"},
            {"outcome": "declined"},
            {"outcome": "odd"},
            {"note": "x", "decided_at": "2026-01-01T00:00Z"},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, proposal, values):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(**values)
