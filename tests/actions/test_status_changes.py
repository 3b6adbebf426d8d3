"""Noting that readers are shown another status, and why."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from icctracker.actions.codebook import draft_next, revise_criterion
from icctracker.actions.codebook import publish as publish_codebook
from icctracker.actions.review import correct, decide, withdraw
from icctracker.actions.status import (
    assess,
    log_search,
    record_changes,
    withdraw_search,
)
from icctracker.models import Codebook, Evidence, StatusChange
from tests.factories import (
    finding_row,
    make_codebook,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

RECENT = date(2026, 1, 15)


@pytest.fixture
def recommendation():
    return make_criterion().recommendation


@pytest.fixture
def curator(db):
    return make_user("curator")


def rows():
    """Before, after and cause of every row, oldest first."""
    changes = StatusChange.objects.order_by("at", "pk")
    return [(row.before, row.after, row.cause) for row in changes]


def draft_of(version):
    return Codebook.objects.get(version=version)


def publish(by, **facts):
    entry = make_evidence(Evidence.State.SUBMITTED, **facts)
    return decide(entry, reviewer=by, outcome="publish").evidence


class TestRecordChanges:
    def test_the_first_time_it_lays_a_row_for_each_recommendation(self, recommendation):
        (row,) = record_changes()

        assert row.recommendation == recommendation
        assert rows() == [("", "not-assessed", "first")]

    def test_doing_it_again_adds_nothing(self, recommendation):
        record_changes()

        assert record_changes() == []

    def test_a_publication_is_named_as_the_cause(self, recommendation, curator):
        record_changes()

        entry = publish(curator)

        assert rows()[1:] == [("not-assessed", "not-followed", "publication")]
        assert StatusChange.objects.latest().decision.evidence == entry

    def test_without_a_first_row_what_stood_before_is_laid_first(
        self, recommendation, curator
    ):
        publish(curator)

        assert [row[2] for row in rows()] == ["first", "publication"]

    def test_a_correction_and_a_withdrawal_as_well(self, recommendation, curator):
        entry = publish(curator)
        correct(
            entry,
            by=curator,
            reason="It was the reverse.",
            facts={},
            sources=[source_row()],
            findings=[finding_row(effect=2)],
        )
        withdraw(entry, by=curator, reason="It was another meeting.")

        assert [row[2] for row in rows()[2:]] == ["correction", "withdrawal"]
        assert rows()[-1][1] == "not-assessed"

    def test_what_changes_no_status_leaves_no_row(self, recommendation, curator):
        publish(curator)
        before = rows()

        publish(curator)

        assert rows() == before

    def test_an_assessment_is_a_cause_if_it_overrides(self, recommendation, curator):
        record_changes()

        assessment = assess(
            recommendation,
            by=curator,
            as_of=RECENT,
            decided="overtaken",
            rationale="The body is gone.",
        )

        assert rows()[1:] == [("not-assessed", "overtaken", "assessment")]
        assert StatusChange.objects.latest().assessment == assessment

    def test_a_search_is_a_cause_logged_or_withdrawn(self, curator):
        criterion = make_criterion("1a", kind="deliver")
        record_changes()

        search = log_search(
            by=curator,
            criterion=criterion,
            searched_on=date.today(),
            where="A catalogue",
            query="words",
            outcome="Nothing counts.",
        )
        withdraw_search(search, by=curator, reason="The wrong catalogue.")

        assert [row[2] for row in rows()[1:]] == ["search", "search"]

    def test_what_time_did_is_not_put_down_to_the_next_decision(
        self, recommendation, curator
    ):
        record_changes()
        StatusChange.objects.update(after="followed")

        publish(curator)

        assert rows()[1:] == [
            ("followed", "not-assessed", "time"),
            ("not-assessed", "not-followed", "publication"),
        ]

    def test_nor_what_another_codebook_did(self, recommendation):
        make_evidence()
        record_changes()
        day_before = StatusChange.objects.get().at.replace(year=2020)
        StatusChange.objects.update(at=day_before)

        make_criterion(
            "7x",
            recommendation=recommendation,
            codebook=make_codebook("2.0", date(2026, 1, 1)),
        )
        record_changes()

        assert rows()[-1][1:] == ("not-assessed", "codebook")

    def test_publishing_a_codebook_is_named_as_the_cause(self, recommendation, curator):
        make_criterion("7b")
        make_evidence(findings=[finding_row(recommendation.criteria.get(code="7a"))])
        record_changes()
        draft = draft_next(by=curator, version="1.1")
        criterion = draft.criteria.get(code="7b")
        revise_criterion(criterion, by=curator, recode=False, essential=False)

        publish_codebook(draft, by=curator, reason="It is minor.")

        assert rows()[-1] == ("insufficient", "not-followed", "codebook")
        assert StatusChange.objects.latest().at == draft_of("1.1").published_at

    def test_the_command_says_what_it_noted(self, recommendation):
        said = StringIO()
        call_command("record_changes", stdout=said)
        call_command("record_changes", stdout=said)

        assert said.getvalue().splitlines() == [
            "R7: from nothing to Not yet assessed (the first status on record)"
        ]
