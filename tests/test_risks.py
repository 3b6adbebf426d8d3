"""What a reviewer is told to read twice, and why."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from icctracker.actions.answering import confirm, dissent_from_assessment
from icctracker.actions.status import assess, write_standings
from icctracker.models import Evidence, Finding
from icctracker.readings.present import changes_by, prospect_of
from icctracker.readings.risks import NEW_UNTIL, RiskKind, risks_of
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)
from tests.prospects import by_the_whole_case, in_hand

pytestmark = pytest.mark.django_db

State = Evidence.State


def waiting():
    return in_hand().submitted()


def risks():
    """What is said of the entries that wait: by kind, and why."""
    found = risks_of(waiting(), prospect_of(waiting(), timezone.localdate()))
    return [(risk.kind, risk.why) for each in found.values() for risk in each]


def kinds():
    return {kind for kind, _why in risks()}


def why(kind):
    return [text for found, text in risks() if found == kind]


class TestPlainEntry:
    def test_of_a_known_researcher_on_an_official_source_has_none(self):
        author = make_user("researcher")
        for _number in range(NEW_UNTIL):
            make_evidence(by=author)
        make_evidence(State.SUBMITTED, by=author)

        assert risks() == []


class TestNewResearcher:
    @pytest.mark.parametrize(
        ("published", "said"),
        [(0, "No entry of theirs"), (1, "One entry of theirs"), (4, "4 entries")],
    )
    def test_their_first_entries_are_flagged(self, published, said):
        author = make_user("researcher")
        for _number in range(published):
            make_evidence(by=author)
        make_evidence(State.SUBMITTED, by=author)

        assert said in why(RiskKind.NEW_RESEARCHER)[0]

    def test_first_data_have_no_researcher(self):
        make_evidence(State.SUBMITTED)

        assert RiskKind.NEW_RESEARCHER not in kinds()


class TestSources:
    def test_a_secondary_source_alone_is_flagged(self):
        make_evidence(State.SUBMITTED, tier="C")

        assert "tier C" in why(RiskKind.SECONDARY)[0]

    def test_so_is_a_tier_that_no_source_bears_out(self):
        sources = [source_row("https://example.org/", official=False)]
        make_evidence(State.SUBMITTED, sources=sources)

        assert "none of the sources is marked official" in why(RiskKind.SECONDARY)[0]

    def test_what_remains_to_be_checked_is_quoted(self):
        make_evidence(State.SUBMITTED, verification_note="The exact\ndate.")

        assert why(RiskKind.UNCHECKED) == ["The exact date."]


class TestStatus:
    def test_a_finding_that_would_change_it_says_from_what_to_what(self):
        make_evidence(State.SUBMITTED, occurred_on=timezone.localdate())

        assert why(RiskKind.CHANGES_STATUS) == [
            "R7 would go from “Not yet assessed” to “Not followed: contrary practice”."
        ]

    def test_one_that_would_not_is_not_flagged(self):
        make_evidence(occurred_on=timezone.localdate())
        make_evidence(State.SUBMITTED, occurred_on=timezone.localdate())

        assert RiskKind.CHANGES_STATUS not in kinds()

    @pytest.mark.parametrize("written", [True, False])
    def test_it_agrees_with_the_whole_case(self, first_data, written):
        """The short way through all entries says what the long way says of each."""
        today = timezone.localdate()
        if written:
            write_standings()
        found = risks_of(waiting(), prospect_of(waiting(), today))

        for entry in waiting():
            changed = {
                now.recommendation.code
                for now, then in by_the_whole_case(entry, today)
                if now.suggested != then
            }
            told = {
                risk.why.split()[0]
                for risk in found[entry.pk]
                if risk.kind == RiskKind.CHANGES_STATUS
            }
            assert told == changed, entry


class TestContested:
    def decide(self, status="limited"):
        criterion = make_criterion()
        assessment = assess(
            criterion.recommendation,
            by=make_user("curator"),
            as_of=date(2026, 1, 1),
            decided=status,
            rationale="So I read it.",
        )
        make_evidence(State.SUBMITTED)
        return assessment

    def test_where_a_curator_overrode_the_rule(self):
        self.decide()

        assert why(RiskKind.CONTESTED) == [
            "R7: a curator decided otherwise than the rule suggested."
        ]

    def test_where_a_finding_is_in_dispute(self):
        make_evidence()
        Finding.objects.update(disputed=True)
        make_evidence(State.SUBMITTED)

        assert why(RiskKind.CONTESTED) == ["R7: a finding is in dispute."]

    def test_where_there_is_dissent_from_the_assessment(self):
        dissent = dissent_from_assessment(
            self.decide("not-assessed"),
            by=make_user("researcher"),
            status="followed",
            reason="It is.",
        )
        assert RiskKind.CONTESTED not in kinds()

        confirm(dissent, by=make_user("reviewer"))

        assert why(RiskKind.CONTESTED) == ["R7: there is dissent from its assessment."]

    def test_not_where_another_recommendation_is(self):
        self.decide()
        Evidence.objects.submitted().get().findings.all().delete()
        other = finding_row(make_criterion("4a", kind="sustain"))
        make_evidence(State.SUBMITTED, findings=[other])

        assert RiskKind.CONTESTED not in kinds()


class TestCost:
    def test_the_number_of_queries_does_not_grow(
        self, first_data, django_assert_max_num_queries
    ):
        write_standings()
        prospect = prospect_of(waiting(), timezone.localdate())
        assert waiting().count() >= 5

        # Entries, their sources and findings; authors, assessments, criteria; disputes.
        with django_assert_max_num_queries(9):
            risks_of(waiting(), prospect)

    def test_what_an_entry_would_change_is_asked_once(self, first_data):
        """For the table of changes and for the risks beside it."""
        write_standings()
        (entry,) = waiting()[:1]
        prospect = prospect_of([entry], timezone.localdate())
        changes = changes_by(entry, prospect)
        told = prospect.suggested_with

        prospect.suggested_with = None
        risks = risks_of([entry], prospect)[entry.pk]

        prospect.suggested_with = told
        differs = [now for now, then in changes if now.suggested != then]
        moved = [risk for risk in risks if risk.kind == RiskKind.CHANGES_STATUS]
        assert len(changes) > 0 and len(moved) == len(differs)

    def test_what_counts_already_is_not_read(self, first_data):
        write_standings()
        with CaptureQueriesContext(connection) as made:
            prospect = prospect_of(waiting(), timezone.localdate())
            risks_of(waiting(), prospect)

        assert len(prospect.now) > 3
        # What every case of the rule is read with, and nothing else.
        assert not any(
            "in_dispute" in q["sql"] and "event_date" in q["sql"] for q in made
        )
