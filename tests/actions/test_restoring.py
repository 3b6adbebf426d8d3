"""Restoring an earlier version: a correction that says what it brings back."""

from datetime import date

import pytest

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.review import correct, restore, withdraw
from icctracker.models import Actor, Evidence, Finding
from tests.factories import (
    finding_row,
    make_codebook,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

REPORT = source_row("https://example.org/report", label="A report")


@pytest.fixture
def curator(db):
    return make_user("curator")


@pytest.fixture
def criterion(db):
    return make_criterion()


@pytest.fixture
def entry(criterion):
    return make_evidence(
        title="First title",
        situations=[make_situation()],
        actors=[Actor.objects.create(name="China")],
        counter_evidence="For the reviewer.",
    )


def corrected(entry, by, **changed):
    """Correct an entry, leaving as it is what is not mentioned."""
    wanted = {
        "reason": "The record says otherwise.",
        "facts": {},
        "sources": [source_row()],
        "findings": [finding_row(form="decision")],
    } | changed
    correct(entry, by=by, **wanted)
    entry.refresh_from_db()
    return entry


def restored(entry, by, number=1, reason="The first was right.", **more):
    return restore(entry, number=number, by=by, reason=reason, **more)


class TestRestoring:
    def test_facts_situations_actors_sources_and_findings_come_back(
        self, entry, curator
    ):
        corrected(
            entry,
            curator,
            facts={
                "title": "Second title",
                "occurred_on": date(2014, 5, 23),
                "situations": [],
                "actors": [],
            },
            sources=[source_row(), REPORT],
            findings=[finding_row(effect=2, form="decision", rationale="Reversed.")],
        )

        restored(entry, curator)

        entry.refresh_from_db()
        assert (entry.title, entry.occurred_on) == ("First title", date(2014, 5, 22))
        assert [str(s) for s in entry.situations.all()] == ["Syrian Arab Republic"]
        assert [str(a) for a in entry.actors.all()] == ["China"]
        assert entry.sources.get().url == source_row()["url"]
        assert Finding.objects.accepted().get().effect == -2
        assert entry.counter_evidence == "For the reviewer."

    def test_it_is_a_correction_that_names_what_it_restores(self, entry, curator):
        corrected(entry, curator, facts={"title": "Second title"})

        decision = restored(entry, curator)

        first, second, third = entry.editions.order_by("number")
        assert (decision.outcome, decision.note) == ("correct", "The first was right.")
        assert (third.decision, third.restores) == (decision, first)
        assert second.until == third.at == decision.decided_at

    def test_the_past_is_not_rewritten(self, entry, curator):
        corrected(entry, curator, findings=[finding_row(effect=1)])

        restored(entry, curator)

        effects = entry.findings.order_by("pk").values_list("effect", flat=True)
        assert list(effects) == [-2, 1, -2]
        titles = entry.editions.order_by("number").values_list("title", flat=True)
        assert len(titles) == 3

    def test_a_finding_that_was_dropped_comes_back(self, criterion, curator):
        other = make_criterion("7b")
        rows = [finding_row(criterion), finding_row(other)]
        entry = make_evidence(findings=rows)
        corrected(entry, curator, findings=[finding_row(criterion, form="decision")])

        restored(entry, curator)

        codes = Finding.objects.accepted().values_list("criterion__code", flat=True)
        assert sorted(codes) == ["7a", "7b"]


class TestRefusals:
    def refused(self, entry, by, **more):
        """Why it is refused; nothing has changed."""
        before = self.state(entry)
        with pytest.raises(ActionRefused) as refusal:
            restored(entry, by, **more)
        assert self.state(entry) == before
        return str(refusal.value)

    @staticmethod
    def state(entry):
        fresh = Evidence.objects.get(pk=entry.pk)
        rows = (fresh.editions, fresh.findings, fresh.decisions, fresh.sources)
        return [fresh.title, fresh.version, *(row.count() for row in rows)]

    def test_a_withdrawn_entry(self, entry, curator):
        corrected(entry, curator, facts={"title": "Second title"})
        withdraw(entry, by=curator, reason="It never happened.")

        said = self.refused(entry, curator)

        assert said == "Nothing was changed: this entry is now “Withdrawn”."

    @pytest.mark.parametrize("role", ["researcher", "reviewer"])
    def test_somebody_who_is_no_curator(self, entry, curator, role):
        corrected(entry, curator, facts={"title": "Second title"})

        said = self.refused(entry, make_user(role))

        assert said == "Your role does not allow this."

    def test_without_a_reason(self, entry, curator):
        corrected(entry, curator, facts={"title": "Second title"})

        assert self.refused(entry, curator, reason="  ").startswith("Say why")

    def test_a_version_that_says_what_is_said_today(self, entry, curator):
        assert "says the same today" in self.refused(entry, curator)

    def test_a_version_that_is_not_there(self, entry, curator):
        assert "no such version" in self.refused(entry, curator, number=9)

    def test_a_version_that_cites_a_source_that_was_removed(self, entry, curator):
        corrected(entry, curator, sources=[REPORT])

        said = self.refused(entry, curator)

        assert "cites a source that has been removed since" in said
        assert source_row()["url"] in said

    def test_once_the_source_is_cited_again_it_may(self, entry, curator):
        corrected(entry, curator, sources=[REPORT], facts={"title": "Second title"})
        corrected(entry, curator, sources=[REPORT, source_row()])

        restored(entry, curator)

        entry.refresh_from_db()
        assert entry.title == "First title"

    def test_a_version_that_cites_a_criterion_no_longer_in_force(
        self, criterion, curator
    ):
        other = make_criterion("7b")
        entry = make_evidence(findings=[finding_row(criterion), finding_row(other)])
        corrected(entry, curator, findings=[finding_row(criterion, form="decision")])
        make_criterion("7a", codebook=make_codebook("2.0", date(2020, 1, 1)))

        said = self.refused(entry, curator)

        assert "criterion 7b, which is no longer in force" in said

    def test_another_version_than_the_one_that_was_read(self, entry, curator):
        read = entry.version
        corrected(entry, curator, facts={"title": "Second title"})

        with pytest.raises(EditConflict):
            restored(entry, curator, version=read)

    def test_a_correction_of_a_withdrawn_entry(self, entry, curator):
        withdraw(entry, by=curator, reason="It never happened.")
        before = self.state(entry)

        with pytest.raises(ActionRefused, match="this entry is now “Withdrawn”"):
            corrected(entry, curator, facts={"title": "Second title"})

        assert self.state(entry) == before
