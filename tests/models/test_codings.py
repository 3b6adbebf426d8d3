"""What the database itself refuses of codings and reconciliations."""

import pytest
from django.utils import timezone

from icctracker.models import (
    Coding,
    CodingLine,
    Reading,
    ReconciledLine,
    Reconciliation,
    Sample,
)
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
)

from .refusals import refused_by

pytestmark = pytest.mark.django_db


def refuses(name, call):
    with refused_by(name):
        call()


@pytest.fixture
def entry(db):
    make_criterion()
    return make_evidence("submitted", by=make_user("researcher"))


@pytest.fixture
def coding(entry):
    return make_coding(entry, rows=[finding_row(effect=1)])


def changed(record, **values):
    """Write values past every action."""
    return lambda: type(record).objects.filter(pk=record.pk).update(**values)


class TestCodings:
    def test_one_is_under_way_at_a_time(self, entry):
        make_coding(entry)

        with refused_by("coding_one_at_a_time"):
            Coding.objects.create(evidence=entry, purpose="second")

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("coding_purpose_is_known", {"purpose": "third"}),
            ("coding_state_is_known", {"state": "lost"}),
            (
                "coding_in_hand_has_a_coder",
                {"state": "open", "coder": None, "done_at": None},
            ),
            ("coding_in_hand_has_a_coder", {"state": "offered", "done_at": None}),
            ("coding_handed_in_has_instant", {"done_at": None}),
            ("coding_handed_in_has_instant", {"state": "open"}),
            ("coding_handed_in_is_beside_the_first", {"against": None}),
            ("coding_handed_in_is_beside_the_first", {"purpose": "first"}),
            ("coding_against_drift_is_of_a_sample", {"purpose": "drift"}),
            (
                "coding_settled_if_it_does_not_differ",
                {"differs": False, "settled_at": timezone.now()},
            ),
        ],
    )
    def test_what_cannot_be(self, coding, name, values):
        refuses(name, changed(coding, **values))

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("coding_line_effect_in_range", {"effect": 3}),
            ("coding_line_form_is_known", {"form": "rumour"}),
            ("coding_line_has_a_reason", {"rationale": ""}),
        ],
    )
    def test_lines_that_cannot_be(self, coding, name, values):
        refuses(name, changed(coding.lines.get(), **values))

    def test_a_coding_says_one_thing_about_a_criterion(self, coding):
        line = coding.lines.get()
        line.pk = None

        with refused_by("coding_line_once_per_criterion"):
            CodingLine.objects.bulk_create([line])

    def test_a_reading_is_noted_once(self, entry):
        reader = make_user("reviewer")
        Reading.objects.create(evidence=entry, reader=reader)

        with refused_by("reading_once_per_person"):
            Reading.objects.create(evidence=entry, reader=reader)

    def test_a_sample_is_part_of_what_it_was_drawn_from(self):
        with refused_by("sample_is_part_of_its_population"):
            Sample.objects.create(year=2026, size=3, population=2, seed="x")


class TestReconciliations:
    @pytest.fixture
    def proposal(self, coding):
        return Reconciliation.objects.create(
            coding=coding, together=True, proposed_by=coding.coder
        )

    @pytest.mark.parametrize(
        "values",
        [
            {"together": False},
            {"decided_at": timezone.now()},
        ],
    )
    def test_nobody_decides_alone_on_their_own_coding(self, proposal, values):
        refuses(
            "reconciliation_takes_a_third_person_or_both_coders",
            changed(proposal, **values),
        )

    def test_who_proposed_does_not_confirm(self, proposal):
        refuses(
            "reconciliation_is_confirmed_by_the_other",
            changed(
                proposal,
                confirmed_by=proposal.proposed_by,
                decided_at=timezone.now(),
            ),
        )

    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("reconciled_line_has_a_reason", {"reason": ""}),
            ("reconciled_line_decision_is_known", {"taken": "third"}),
            ("reconciled_line_effect_and_form_together", {"effect": 1, "form": ""}),
            ("reconciled_line_effect_and_form_together", {"effect": None}),
            ("reconciled_line_effect_and_form_together", {"effect": 3}),
        ],
    )
    def test_lines_that_cannot_be(self, coding, proposal, name, values):
        line = ReconciledLine.objects.create(
            reconciliation=proposal,
            criterion=coding.lines.get().criterion,
            taken="second",
            effect=1,
            form="decision",
            reason="So it is.",
        )

        refuses(name, changed(line, **values))

    def test_one_decision_for_a_criterion(self, coding, proposal):
        line = {
            "reconciliation": proposal,
            "criterion": coding.lines.get().criterion,
            "taken": "second",
            "reason": "So it is.",
        }
        ReconciledLine.objects.create(**line)

        with refused_by("reconciled_line_once_per_criterion"):
            ReconciledLine.objects.create(**line)


def test_records_say_what_they_are(coding):
    sample = Sample(year=2026)

    assert str(coding) == "Second coding, handed in"
    assert str(coding.lines.get()) == "7a: +1"
    assert str(sample) == "2026"
