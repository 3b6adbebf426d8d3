"""Drafting a version of the codebook, changing it, publishing it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.codebook import (
    add_criterion,
    discard,
    draft_next,
    drop_criterion,
    next_version,
    publish,
    restore_criterion,
    revise_criterion,
)
from icctracker.actions.status import assess
from icctracker.models import Codebook, Criterion
from icctracker.readings.versions import preview
from tests.factories import (
    finding_row,
    make_codebook,
    make_criterion,
    make_draft,
    make_evidence,
    make_recommendation,
    make_user,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


@pytest.fixture
def criterion():
    return make_criterion("7a")


@pytest.fixture
def curator():
    return make_user("curator")


@pytest.fixture
def draft(criterion, curator):
    return make_draft(curator)


def texts(**changed):
    return {
        "kind": "sustain",
        "essential": True,
        "statement": "It is done.",
        "counts": "Each time.",
        "does_not_count": "Words.",
        "delivered_by": "decision",
    } | changed


class TestDrafting:
    def test_it_begins_as_a_copy_and_changes_nothing(self, criterion, curator):
        make_evidence()

        draft = draft_next(by=curator, version="1.1")

        copy = draft.criteria.get()
        assert draft.is_draft
        assert (copy.code, copy.statement, copy.meaning) == (
            criterion.code,
            criterion.statement,
            1,
        )
        assert Codebook.objects.in_force() == criterion.codebook
        assert preview(draft, TODAY).is_empty
        assert preview(draft, TODAY).moved == []

    def test_there_is_one_at_a_time(self, draft, curator):
        with pytest.raises(ActionRefused, match="being drafted already"):
            draft_next(by=curator, version="1.2")

    @pytest.mark.parametrize("version", ["1.0", "0.9", "1", "", "1.1.1", "a.b", "٢.٠"])
    def test_its_number_is_higher_than_the_last(self, criterion, curator, version):
        with pytest.raises(ActionRefused):
            draft_next(by=curator, version=version)

        assert Codebook.objects.count() == 1

    def test_ten_comes_after_nine(self, curator):
        make_criterion(codebook=make_codebook("1.9", date(2020, 1, 1)))

        assert next_version(Codebook.objects.in_force()) == "1.10"
        assert draft_next(by=curator, version="1.10").is_draft

    def test_without_a_first_version_there_is_nothing_to_begin_from(self, curator):
        with pytest.raises(ActionRefused, match="no version yet"):
            draft_next(by=curator, version="1.1")

    @pytest.mark.parametrize("role", [None, "researcher", "reviewer"])
    def test_it_is_for_curators(self, draft, role):
        other, criterion = make_user(role), draft.criteria.get()
        tries = [
            lambda: draft_next(by=other, version="1.2"),
            lambda: revise_criterion(criterion, by=other, recode=True),
            lambda: add_criterion(
                draft,
                by=other,
                recommendation=criterion.recommendation,
                code="7b",
                **texts(),
            ),
            lambda: drop_criterion(criterion, by=other),
            lambda: restore_criterion(draft, "7a", by=other),
            lambda: discard(draft, by=other),
            lambda: publish(draft, by=other, reason="So."),
        ]

        for attempt in tries:
            with pytest.raises(ActionRefused, match="role"):
                attempt()


class TestChangingTheDraft:
    def test_new_words_carry_over_and_a_new_test_does_not(self, draft, curator):
        criterion = draft.criteria.get()

        revise_criterion(criterion, by=curator, recode=False, counts="Each vote.")
        worded = draft.criteria.get().meaning
        revise_criterion(criterion, by=curator, recode=True)
        revise_criterion(criterion, by=curator, recode=True)
        tested = draft.criteria.get().meaning

        assert (worded, tested) == (1, 2)
        revise_criterion(criterion, by=curator, recode=False)
        assert draft.criteria.get().meaning == 1

    @pytest.mark.parametrize("name", ["statement", "counts", "does_not_count"])
    def test_a_criterion_says_what_it_tests_and_what_counts(self, draft, curator, name):
        with pytest.raises(ActionRefused, match="says before anything is coded"):
            revise_criterion(
                draft.criteria.get(), by=curator, recode=False, **{name: "  "}
            )

    def test_a_version_in_force_never_changes(self, criterion, curator):
        with pytest.raises(ActionRefused, match="has taken effect"):
            revise_criterion(criterion, by=curator, recode=False, counts="All.")
        with pytest.raises(ActionRefused, match="has taken effect"):
            drop_criterion(criterion, by=curator)
        with pytest.raises(ActionRefused, match="has taken effect"):
            discard(criterion.codebook, by=curator)

        assert Criterion.objects.get() == criterion

    def test_two_who_edit_at_once_hear_of_each_other(self, draft, curator):
        criterion, seen = draft.criteria.get(), draft.revision
        values = {"by": curator, "recode": False, "revision": seen}
        revise_criterion(criterion, counts="One.", **values)

        with pytest.raises(EditConflict):
            revise_criterion(criterion, counts="Two.", **values)

        assert draft.criteria.get().counts == "One."

    def test_a_criterion_is_added_under_a_new_code(self, draft, curator):
        owner = draft.criteria.get().recommendation

        added = add_criterion(
            draft, by=curator, recommendation=owner, code=" 7B", **texts()
        )

        assert (added.code, added.codebook) == ("7b", draft)

    @pytest.mark.parametrize("code", ["", "b", "7", "7-b", "7abc", "seven"])
    def test_a_code_is_a_number_and_a_letter(self, draft, curator, code):
        owner = draft.criteria.get().recommendation

        with pytest.raises(ActionRefused, match="not a code"):
            add_criterion(draft, by=curator, recommendation=owner, code=code, **texts())

    def test_a_code_is_never_used_for_something_else(self, draft, curator):
        owner = draft.criteria.get().recommendation
        drop_criterion(draft.criteria.get(), by=curator)

        with pytest.raises(ActionRefused, match="was used in version 1.0"):
            add_criterion(draft, by=curator, recommendation=owner, code="7a", **texts())

    def test_an_added_criterion_has_its_words_as_well(self, draft, curator):
        owner = draft.criteria.get().recommendation

        with pytest.raises(ActionRefused, match="says before anything is coded"):
            add_criterion(
                draft,
                by=curator,
                recommendation=owner,
                code="7b",
                **texts(counts=""),
            )

    def test_what_was_left_out_or_changed_can_be_taken_back(self, draft, curator):
        drop_criterion(draft.criteria.get(), by=curator)

        restore_criterion(draft, "7a", by=curator)

        assert preview(draft, TODAY).is_empty

    def test_only_what_is_in_force_can_be_taken_back(self, draft, curator):
        with pytest.raises(ActionRefused, match="no such criterion"):
            restore_criterion(draft, "7z", by=curator)

    def test_discarding_leaves_everything_as_it_was(self, draft, criterion, curator):
        discard(draft, by=curator)

        assert list(Codebook.objects.all()) == [criterion.codebook]
        assert list(Criterion.objects.all()) == [criterion]

    def test_a_draft_discarded_meanwhile_is_said_to_be(self, draft, curator):
        discard(Codebook.objects.draft(), by=curator)

        with pytest.raises(ActionRefused, match="discarded meanwhile"):
            publish(draft, by=curator, reason="So.")


class TestPublishing:
    @pytest.fixture
    def changed(self, draft, curator):
        revise_criterion(draft.criteria.get(), by=curator, recode=False, counts="Any.")
        return draft

    def test_it_takes_effect_now_and_says_who_when_and_why(self, changed, curator):
        before = timezone.now()

        publish(changed, by=curator, reason=" Clearer. ")

        found = Codebook.objects.in_force()
        assert (found.version, found.note) == ("1.1", "Clearer.")
        assert found.published_by == curator
        assert found.published_on == timezone.localdate()
        assert before <= found.published_at <= timezone.now()

    def test_a_reason_is_compulsory(self, changed, curator):
        with pytest.raises(ActionRefused, match="Say why"):
            publish(changed, by=curator, reason="  ")

    def test_it_changes_something(self, draft, curator):
        with pytest.raises(ActionRefused, match="changes nothing"):
            publish(draft, by=curator, reason="So.")

    def test_every_criterion_has_its_words(self, changed, curator):
        changed.criteria.update(does_not_count="")

        with pytest.raises(ActionRefused, match="7a does not say: what does not"):
            publish(changed, by=curator, reason="So.")

    def test_no_recommendation_is_left_without_an_essential_criterion(
        self, changed, curator
    ):
        revise_criterion(
            changed.criteria.get(), by=curator, recode=False, essential=False
        )
        make_recommendation("R9")

        with pytest.raises(ActionRefused) as refusal:
            publish(changed, by=curator, reason="So.")

        assert "R7 would be left" in str(refusal.value)
        assert "R9 would be left" in str(refusal.value)

    def test_it_is_published_once(self, changed, curator):
        publish(changed, by=curator, reason="So.")

        with pytest.raises(ActionRefused, match="has taken effect"):
            publish(changed, by=curator, reason="So.")

    def test_what_was_read_is_what_is_published(self, changed, curator):
        token = preview(changed, timezone.localdate()).token
        revise_criterion(changed.criteria.get(), by=curator, recode=True)

        with pytest.raises(EditConflict, match="changed while you were reading"):
            publish(changed, by=curator, reason="So.", token=token)

        assert Codebook.objects.draft()

    def test_evidence_that_moves_what_it_would_change_is_read_first(
        self, changed, curator
    ):
        revise_criterion(changed.criteria.get(), by=curator, recode=True)
        token = preview(changed, timezone.localdate()).token
        make_evidence(occurred_on=timezone.localdate())

        with pytest.raises(EditConflict):
            publish(changed, by=curator, reason="So.", token=token)

    def test_an_assessment_keeps_the_version_it_used(self, criterion, curator):
        make_evidence()
        day = date(2015, 1, 1)
        first = assess(
            criterion.recommendation, by=curator, as_of=day, decided="not-followed"
        )
        draft = make_draft(curator)
        revise_criterion(draft.criteria.get(), by=curator, recode=False, counts="Any.")
        publish(draft, by=curator, reason="So.")

        second = assess(
            criterion.recommendation, by=curator, as_of=day, decided="not-followed"
        )

        first.refresh_from_db()
        assert (first.codebook.version, second.codebook.version) == ("1.0", "1.1")


class TestPreview:
    def test_a_new_test_touches_findings_and_moves_the_status(
        self, draft, curator, criterion
    ):
        entry = make_evidence()
        make_evidence("submitted")
        revise_criterion(draft.criteria.get(), by=curator, recode=True)

        shown = preview(draft, date(2016, 1, 1))

        [(now, then)] = shown.moved
        assert (now.suggested.code, then.suggested.code) == (
            "not-followed",
            "not-assessed",
        )
        [touched] = shown.touched
        assert touched.findings == [entry.findings.get()]
        assert (touched.waiting, touched.searches) == (1, 0)
        assert not touched.change.keeps_findings

    def test_new_words_touch_findings_that_carry_over(self, draft, curator):
        entry = make_evidence()
        revise_criterion(draft.criteria.get(), by=curator, recode=False, counts="Any.")

        shown = preview(draft, date(2016, 1, 1))

        assert shown.moved == []
        [touched] = shown.touched
        assert touched.findings == [entry.findings.get()]
        assert touched.change.keeps_findings

    def test_a_dropped_criterion_takes_its_findings_out(self, criterion, curator):
        other = make_criterion("7b", kind="sustain")
        make_evidence(findings=[finding_row(criterion), finding_row(other, effect=2)])
        draft = make_draft(curator)
        drop_criterion(draft.criteria.get(code="7a"), by=curator)

        [(now, then)] = preview(draft, date(2016, 1, 1)).moved

        assert (now.suggested.code, then.suggested.code) == ("limited", "followed")

    def test_a_level_that_moves_without_the_status_is_told(self, criterion, curator):
        other = make_criterion("7b", kind="sustain", essential=False)
        make_evidence(findings=[finding_row(criterion), finding_row(other)])
        draft = make_draft(curator)
        revise_criterion(draft.criteria.get(code="7b"), by=curator, recode=True)

        shown = preview(draft, date(2016, 1, 1))

        assert shown.moved == []
        assert [now.recommendation.code for now, _then in shown.shifted] == ["R7"]

    def test_the_number_of_queries_does_not_grow(self, draft, curator):
        make_evidence()
        revise_criterion(draft.criteria.get(), by=curator, recode=True)
        few = self.queries(draft, 1)
        for code in ("1a", "2a", "3a"):
            criterion = make_criterion(code)
            make_evidence(findings=[finding_row(criterion)])
            make_evidence("submitted", findings=[finding_row(criterion)])

        assert self.queries(draft, 4) == few

    def queries(self, draft, moved):
        with CaptureQueriesContext(connection) as queries:
            shown = preview(draft, TODAY)
            assert len(shown.moved) == moved
        return len(queries)
