"""Deciding where two codings differ; both are kept for ever."""

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.coding import confirm, offer_coding, reconcile, stamp_of
from icctracker.actions.review import decide
from icctracker.models import Evidence, Finding, Reconciliation, ReviewDecision
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
)

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def author(db):
    return make_user("researcher")


@pytest.fixture
def third(db):
    return make_user("reviewer")


@pytest.fixture
def entry(author):
    make_criterion()
    return make_evidence(State.SUBMITTED, by=author)


@pytest.fixture
def coding(entry):
    """Differs from the first: the first coder says -2, the second +1."""
    return make_coding(entry, rows=[finding_row(effect=1, rationale="A first step.")])


@pytest.fixture
def published_coding(author):
    make_criterion()
    entry = make_evidence(by=author)
    return make_coding(entry, rows=[finding_row(effect=1, rationale="A first step.")])


def line(coding, taken="second", **values):
    difference = coding.differences()[0]
    return {
        "criterion": difference.criterion,
        "taken": taken,
        "reason": "It was a step.",
        "effect": None,
        "form": "",
        "occasion": False,
    } | values


def settle(coding, by, *lines):
    return reconcile(
        coding, by=by, lines=lines or [line(coding)], stamp=stamp_of(coding)
    )


class TestAThirdPerson:
    @pytest.mark.parametrize(
        ("taken", "values", "effect", "rationale"),
        [
            ("first", {}, -2, "A permanent member stopped the text."),
            ("second", {}, 1, "A first step."),
            ("other", {"effect": 0, "form": "signal"}, 0, "It was a step."),
        ],
    )
    def test_takes_one_or_the_other_or_neither(
        self, coding, third, taken, values, effect, rationale
    ):
        settle(coding, third, line(coding, taken, **values))

        finding = coding.evidence.findings.get()
        assert (finding.effect, finding.rationale) == (effect, rationale)
        assert finding.coded_twice and not finding.disputed

    def test_does_not_change_the_entry_but_makes_its_pages_old(self, coding, third):
        entry = Evidence.objects.get()
        before = entry.history.count()

        settle(coding, third)

        assert entry.history.count() == before
        assert Evidence.objects.get().version == entry.version + 1

    def test_both_codings_are_kept_with_the_finding(self, coding, third):
        made = settle(coding, third)

        kept = coding.evidence.findings.get().second_coding
        assert kept.reconciliation == made
        assert [each.lines.get().effect for each in (kept.against, kept)] == [-2, 1]
        with pytest.raises(ProtectedError):
            kept.against.delete()

    def test_may_drop_the_finding_if_another_is_left(self, author, third):
        rows = [finding_row(make_criterion(code)) for code in ("7a", "7b")]
        entry = make_evidence(State.SUBMITTED, by=author, findings=rows)
        coding = make_coding(entry, rows=rows[:1])

        settle(coding, third, line(coding, "second"))

        assert entry.findings.get().criterion.code == "7a"

    def test_may_add_what_only_the_second_coder_saw(self, entry, third):
        rows = [finding_row(), finding_row(make_criterion("7b"))]
        coding = make_coding(entry, rows=rows)

        settle(coding, third, line(coding, "second"))

        added = entry.findings.get(criterion__code="7b")
        assert added.coded_twice and added.coded_by == coding.coder

    def test_cannot_leave_an_entry_without_a_finding(self, coding, third):
        with pytest.raises(ActionRefused, match="without a finding"):
            settle(coding, third, line(coding, "other", effect=None))

        assert coding.evidence.findings.get().disputed
        assert not Reconciliation.objects.exists()

    def test_is_a_reviewer(self, coding):
        with pytest.raises(ActionRefused, match="role"):
            settle(coding, make_user("researcher"))

    def test_has_not_coded_the_entry(self, coding, third):
        coding.evidence.findings.update(coded_by=third)

        with pytest.raises(ActionRefused, match="third person"):
            settle(coding, third)

    def test_gives_a_reason(self, coding, third):
        with pytest.raises(ActionRefused, match="Say why"):
            settle(coding, third, line(coding, reason=" "))

    def test_decides_on_all_that_differs(self, entry, third):
        coding = make_coding(
            entry, rows=[finding_row(effect=1), finding_row(make_criterion("7b"))]
        )

        with pytest.raises(ActionRefused, match="every criterion"):
            settle(coding, third, line(coding))

    def test_of_two_at_once_the_second_is_told(self, coding, third):
        shown = stamp_of(coding)
        settle(coding, third)

        with pytest.raises(EditConflict, match="reconciled these"):
            reconcile(
                coding,
                by=make_user("reviewer"),
                lines=[line(coding, "first")],
                stamp=shown,
            )

        assert coding.evidence.findings.get().effect == 1

    def test_an_entry_changed_meanwhile_is_shown_again(self, coding, third):
        shown = stamp_of(coding)
        coding.evidence.refresh_from_db()
        coding.evidence.version += 1
        coding.evidence.save()

        with pytest.raises(EditConflict, match="changed"):
            reconcile(coding, by=third, lines=[line(coding)], stamp=shown)

    def test_who_is_coding_it_again_cannot_look_in(self, published_coding, third):
        settle(published_coding, make_user("reviewer"))
        offer_coding(published_coding.evidence, by=make_user("curator"), coder=third)

        with pytest.raises(ActionRefused, match="blind"):
            settle(published_coding, third)

    def test_what_agrees_is_not_reconciled(self, entry, third):
        coding = make_coding(entry, rows=[finding_row()])

        with pytest.raises(ActionRefused, match="nothing to reconcile"):
            reconcile(coding, by=third, lines=[], stamp=stamp_of(coding))


class TestTheTwoTogether:
    def test_one_proposes_and_the_other_confirms(self, coding, author):
        proposal = settle(coding, coding.coder)
        before = coding.evidence.findings.get()

        made = confirm(coding, by=author, stamp=stamp_of(coding))

        after = coding.evidence.findings.get()
        assert before.disputed and before.effect == -2
        assert (after.effect, after.disputed) == (1, False)
        assert made == proposal and made.confirmed_by == author

    def test_nobody_confirms_their_own_proposal(self, coding, author):
        settle(coding, author)

        with pytest.raises(ActionRefused, match="the other coder"):
            confirm(coding, by=author, stamp=stamp_of(coding))

    def test_nor_does_a_third(self, coding, author, third):
        settle(coding, author)

        with pytest.raises(ActionRefused, match="Only the other"):
            confirm(coding, by=third, stamp=stamp_of(coding))

    def test_without_a_proposal_there_is_nothing_to_confirm(self, coding, author):
        with pytest.raises(ActionRefused, match="Nothing has been proposed"):
            confirm(coding, by=author, stamp=stamp_of(coding))

    def test_the_other_may_propose_otherwise(self, coding, author):
        settle(coding, author, line(coding, "first"))

        settle(coding, coding.coder)
        confirm(coding, by=author, stamp=stamp_of(coding))

        assert coding.evidence.findings.get().effect == 1

    def test_a_proposal_changed_meanwhile_is_not_confirmed_unread(self, coding, author):
        settle(coding, coding.coder)
        shown = stamp_of(coding)
        settle(coding, coding.coder, line(coding, "first"))

        with pytest.raises(EditConflict, match="proposal was changed"):
            confirm(coding, by=author, stamp=shown)

    def test_a_third_may_decide_instead(self, coding, author, third):
        settle(coding, author, line(coding, "first"))

        made = settle(coding, third)

        assert not made.together and made.decided_at
        assert coding.evidence.findings.get().effect == 1

    def test_a_coder_who_is_a_reviewer_proposes_like_any_coder(self, entry):
        reviewer = make_user("reviewer")
        coding = make_coding(entry, coder=reviewer, rows=[finding_row(effect=1)])

        made = settle(coding, reviewer)

        assert made.together and made.decided_at is None

    def test_the_first_data_have_no_coder_to_agree_with(self):
        make_criterion()
        coding = make_coding(
            make_evidence(State.SUBMITTED), rows=[finding_row(effect=1)]
        )

        with pytest.raises(ActionRefused, match="first data"):
            settle(coding, coding.coder)


class TestPublished:
    def test_the_past_stays_as_it_was_known(self, published_coding, third):
        before = timezone.now()

        settle(published_coding, third)

        then, now = Finding.objects.accepted(before).get(), Finding.objects.accepted()
        assert (then.effect, then.disputed) == (-2, True)
        assert (now.get().effect, now.get().disputed) == (1, False)
        assert now.get().supersedes == then

    def test_a_change_is_a_correction_on_record(self, published_coding, third):
        settle(published_coding, third)

        decision = ReviewDecision.objects.get()
        assert (decision.outcome, decision.reviewer) == ("correct", third)
        assert "7a: It was a step." in decision.note
        assert "blind" not in decision.note

    def test_upholding_the_first_is_none(self, published_coding, third):
        settle(published_coding, third, line(published_coding, "first"))

        assert not ReviewDecision.objects.exists()
        assert not Finding.objects.accepted().get().disputed

    def test_published_between_coding_and_reconciling(self, coding, third):
        decide(coding.evidence, reviewer=make_user("reviewer"), outcome="publish")

        settle(coding, third)

        assert Finding.objects.accepted().get().effect == 1
