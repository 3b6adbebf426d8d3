"""Correcting and withdrawing what is published; the past stays as it was known."""

from datetime import date

import pytest
from django.utils import timezone

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.review import correct, withdraw
from icctracker.models import Evidence, Finding
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def entry(db):
    make_criterion()
    return make_evidence()


@pytest.fixture
def curator(db):
    return make_user("curator")


def correction(entry, by, **changed):
    """Correct an entry, leaving as it is what is not mentioned."""
    wanted = {
        "reason": "The record says otherwise.",
        "facts": {},
        "sources": [source_row()],
        "findings": [finding_row(form="decision")],
    } | changed
    return correct(entry, by=by, **wanted)


class TestCorrecting:
    def test_a_changed_finding_is_superseded_and_kept(self, entry, curator):
        old = entry.findings.get()

        correction(entry, curator, findings=[finding_row(effect=-1)])

        new = Finding.objects.accepted().get()
        old.refresh_from_db()
        assert (new.effect, old.effect) == (-1, -2)
        assert new.supersedes == old
        assert old.retired_at == new.accepted_at

    def test_what_was_known_before_is_what_was_said_before(self, entry, curator):
        before = timezone.now()

        correction(entry, curator, findings=[finding_row(effect=-1)])

        assert Finding.objects.accepted(before).get().effect == -2
        assert Finding.objects.accepted(timezone.now()).get().effect == -1

    @pytest.mark.parametrize("form", ["decision", "", None])
    def test_an_unchanged_finding_stays(self, entry, curator, form):
        old = entry.findings.get()

        correction(
            entry,
            curator,
            facts={"summary": "Better said."},
            findings=[finding_row(form=form)],
        )

        assert Finding.objects.get() == old

    def test_a_new_date_supersedes_every_finding(self, entry, curator):
        correction(entry, curator, facts={"occurred_on": date(2014, 5, 23)})

        assert Finding.objects.count() == 2
        assert Finding.objects.accepted().get().event_date == date(2014, 5, 23)

    def test_a_new_kind_may_propose_another_form(self, entry, curator):
        correction(
            entry, curator, facts={"kind": "debate"}, findings=[finding_row(form="")]
        )

        assert Finding.objects.accepted().get().form == "process"

    def test_a_dropped_finding_is_retired_and_an_added_one_accepted(
        self, entry, curator
    ):
        other = make_criterion("7b")

        correction(entry, curator, findings=[finding_row(other)])

        assert Finding.objects.accepted().get().criterion == other
        assert Finding.objects.filter(retired_at__isnull=False).count() == 1

    def test_the_correction_is_a_decision_on_record(self, entry, curator):
        decision = correction(entry, curator)

        assert decision.get_outcome_display() == "Corrected"
        assert decision.note == "The record says otherwise."
        entry.refresh_from_db()
        assert (entry.state, entry.version) == (State.PUBLISHED, 2)

    def test_its_address_never_changes(self, entry, curator):
        slug = entry.slug

        correction(entry, curator, facts={"title": "Another title"})

        entry.refresh_from_db()
        assert entry.slug == slug

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"reason": " "}, "Say why"),
            ({"sources": []}, "at least one source"),
            ({"findings": []}, "at least one finding"),
            ({"facts": {"title": "Other", "occurred_on": None}}, "the date"),
            ({"facts": {"title": ""}}, "a title"),
            ({"version": 5}, "changed while you were reading"),
        ],
    )
    def test_refused_it_changes_nothing(self, entry, curator, changed, said):
        wanted = {"facts": {"title": "Half a change"}} | changed

        with pytest.raises(ActionRefused, match=said):
            correction(entry, curator, **wanted)

        unchanged = Evidence.objects.get(pk=entry.pk)
        assert (unchanged.title, unchanged.version) == (entry.title, 1)
        assert entry.sources.count() == entry.findings.accepted().count() == 1

    def test_one_criterion_is_coded_once(self, entry, curator):
        with pytest.raises(ActionRefused, match="one finding for each"):
            correction(entry, curator, findings=[finding_row(), finding_row(effect=1)])

    @pytest.mark.parametrize("role", ["researcher", "reviewer"])
    def test_it_takes_a_curator(self, entry, role):
        with pytest.raises(ActionRefused, match="role"):
            correction(entry, make_user(role))

    @pytest.mark.parametrize("state", [s for s in State if s != State.PUBLISHED])
    def test_only_what_is_published_is_corrected(self, curator, state):
        with pytest.raises(ActionRefused, match="Nothing was changed"):
            correction(make_evidence(state), curator)

    def test_two_people_do_not_correct_the_same_version(self, entry, curator):
        correction(entry, curator, version=1)

        with pytest.raises(EditConflict):
            correction(entry, curator, version=1)


class TestWithdrawing:
    def test_what_was_changed_in_the_meantime_is_not_withdrawn_unread(
        self, entry, curator
    ):
        with pytest.raises(EditConflict):
            withdraw(entry, by=curator, reason="A hoax.", version=entry.version + 1)

        entry.refresh_from_db()
        assert entry.state == State.PUBLISHED

    def test_the_entry_keeps_its_page_but_counts_no_more(self, entry, curator):
        withdraw(entry, by=curator, reason="It was a hoax.")

        entry.refresh_from_db()
        assert entry.state == State.WITHDRAWN
        assert entry in Evidence.objects.public()
        assert not Finding.objects.accepted().exists()
        assert entry.decisions.get().note == "It was a hoax."

    def test_what_was_known_before_stays_known(self, entry, curator):
        before = timezone.now()

        withdraw(entry, by=curator, reason="It was a hoax.")

        assert Finding.objects.accepted(before).count() == 1

    def test_a_reason_is_compulsory(self, entry, curator):
        with pytest.raises(ActionRefused, match="Say why"):
            withdraw(entry, by=curator, reason="")

    def test_it_takes_a_curator(self, entry):
        with pytest.raises(ActionRefused, match="role"):
            withdraw(entry, by=make_user("reviewer"), reason="No.")

    def test_it_is_done_once(self, entry, curator):
        withdraw(entry, by=curator, reason="It was a hoax.")

        with pytest.raises(ActionRefused, match="Withdrawn"):
            withdraw(entry, by=curator, reason="Again.")

    def test_a_draft_is_not_withdrawn(self, curator):
        with pytest.raises(ActionRefused, match="Draft"):
            withdraw(make_evidence(State.DRAFT), by=curator, reason="No.")
