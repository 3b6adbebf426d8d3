"""Writing an entry: save, submit, discard; and what each refuses."""

import pytest

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.entries import discard, save_entry, submit
from icctracker.models import Evidence, Finding
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

State = Evidence.State
FACTS = {
    "occurred_on": "2014-05-22",
    "kind": "veto",
    "title": "A draft is vetoed",
    "summary": "Two permanent members voted against.",
}


@pytest.fixture
def author(db):
    return make_user("researcher")


class TestSaving:
    def test_a_new_entry_is_a_draft_of_its_author(self, author):
        entry = save_entry(Evidence(), by=author, facts=FACTS)

        entry.refresh_from_db()
        assert (entry.state, entry.submitted_by) == (State.DRAFT, author)

    def test_a_draft_may_hold_next_to_nothing(self, author):
        entry = save_entry(Evidence(), by=author, facts={})

        assert Evidence.objects.get() == entry

    def test_sources_findings_and_situations_are_kept_with_it(self, author):
        syria = make_situation()

        entry = save_entry(
            Evidence(),
            by=author,
            facts=FACTS | {"situations": [syria]},
            sources=[source_row(), source_row("https://www.icc-cpi.int/syria")],
            findings=[finding_row()],
        )

        assert [s.publisher for s in entry.sources.all()] == [
            "United Nations",
            "International Criminal Court",
        ]
        assert entry.findings.get().coded_by == author
        assert entry.situations.get() == syria

    def test_the_kind_proposes_the_form_of_a_finding(self, author):
        entry = save_entry(
            Evidence(), by=author, facts=FACTS, findings=[finding_row(form="")]
        )

        assert entry.findings.get().form == "decision"

    def test_saving_again_replaces_what_was_there(self, author):
        entry = make_evidence(State.DRAFT, by=author)
        other = source_row("https://undocs.org/en/S/2014/349")

        save_entry(entry, by=author, facts={"title": "Other"}, sources=[other])

        entry.refresh_from_db()
        assert entry.title == "Other"
        assert [s.url for s in entry.sources.all()] == [other["url"]]
        assert not entry.findings.exists()

    def test_what_is_not_mentioned_stays(self, author):
        entry = make_evidence(State.DRAFT, by=author, title="As it was")

        save_entry(entry, by=author, facts={"summary": "New."})

        entry.refresh_from_db()
        assert entry.title == "As it was"

    def test_what_was_sent_back_may_not_lose_what_it_had(self, author):
        entry = make_evidence(State.RETURNED, by=author, title="As it was")

        with pytest.raises(ActionRefused, match="a title, a summary"):
            save_entry(entry, by=author, facts={"title": "", "summary": ""})

        entry.refresh_from_db()
        assert entry.title == "As it was"

    def test_each_save_is_a_new_version(self, author):
        entry = make_evidence(State.DRAFT, by=author)

        save_entry(entry, by=author, facts={}, version=1)

        entry.refresh_from_db()
        assert entry.version == 2

    def test_a_source_that_stays_keeps_its_place_in_history(self, author):
        entry = make_evidence(State.DRAFT, by=author)
        source = entry.sources.get()

        save_entry(entry, by=author, facts={}, sources=[source_row()])

        assert entry.sources.get() == source
        assert source.history.count() == 1

    def test_nobody_else_may_edit_it(self, author):
        entry = make_evidence(State.DRAFT, by=author)

        with pytest.raises(ActionRefused, match="Only its author"):
            save_entry(entry, by=make_user("curator"), facts={"title": "Mine"})

    @pytest.mark.parametrize("state", [State.SUBMITTED, State.PUBLISHED])
    def test_it_may_not_be_edited_once_it_left_the_desk(self, author, state):
        entry = make_evidence(state, by=author)

        with pytest.raises(ActionRefused, match="can no longer be edited"):
            save_entry(entry, by=author, facts={"title": "Late"})

    def test_an_older_version_does_not_overwrite_a_newer_one(self, author):
        entry = make_evidence(State.DRAFT, by=author)
        save_entry(entry, by=author, facts={"title": "First"}, version=1)

        with pytest.raises(EditConflict):
            save_entry(entry, by=author, facts={"title": "Second"}, version=1)

        entry.refresh_from_db()
        assert entry.title == "First"


class TestSubmitting:
    @pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
    def test_a_complete_entry_goes_to_the_reviewers(self, author, state):
        entry = make_evidence(state, by=author)

        submit(entry, by=author, version=1)

        entry.refresh_from_db()
        assert entry.state == State.SUBMITTED
        assert entry.submitted_at

    @pytest.mark.parametrize(
        ("lacking", "named"),
        [
            ({"occurred_on": None}, "the date"),
            ({"kind": ""}, "the kind"),
            ({"title": ""}, "a title"),
            ({"summary": ""}, "a summary"),
            ({"sources": []}, "at least one source"),
        ],
    )
    def test_what_is_missing_is_named(self, author, lacking, named):
        make_criterion()
        entry = make_evidence(
            State.DRAFT, by=author, findings=[finding_row(form="decision")], **lacking
        )

        with pytest.raises(ActionRefused, match=named):
            submit(entry, by=author)

        entry.refresh_from_db()
        assert entry.state == State.DRAFT

    def test_it_must_show_something(self, author):
        entry = make_evidence(State.DRAFT, by=author, findings=[])

        with pytest.raises(ActionRefused, match="needs: at least one finding"):
            submit(entry, by=author)

    def test_it_is_submitted_once(self, author):
        entry = make_evidence(State.DRAFT, by=author)
        submit(entry, by=author)

        with pytest.raises(ActionRefused, match="awaiting review"):
            submit(entry, by=author)

    def test_only_its_author_submits_it(self, author):
        entry = make_evidence(State.DRAFT, by=author)

        with pytest.raises(ActionRefused, match="Only its author"):
            submit(entry, by=make_user("researcher"))

    def test_a_version_that_nobody_has_read_is_not_submitted(self, author):
        entry = make_evidence(State.DRAFT, by=author)

        with pytest.raises(EditConflict):
            submit(entry, by=author, version=7)


class TestDiscarding:
    def test_a_draft_is_gone_with_its_findings(self, author):
        entry = make_evidence(State.DRAFT, by=author)

        discard(entry, by=author)

        assert not Evidence.objects.exists()
        assert not Finding.objects.exists()

    def test_what_was_reviewed_is_kept(self, author):
        entry = make_evidence(State.RETURNED, by=author)

        with pytest.raises(ActionRefused, match="is kept"):
            discard(entry, by=author)

        assert Evidence.objects.filter(pk=entry.pk).exists()

    def test_only_its_author_discards_it(self, author):
        entry = make_evidence(State.DRAFT, by=author)

        with pytest.raises(ActionRefused, match="Only its author"):
            discard(entry, by=make_user("curator"))
