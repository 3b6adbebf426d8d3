"""Coding an entry a second time: offered, picked up, handed in, given back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.blinding import check_may_code, end
from icctracker.actions.evidence import FINDING_FIELDS, lock
from icctracker.actions.notices import tell_coder
from icctracker.models import (
    Codebook,
    Coding,
    CodingLine,
    Finding,
)

State, Purpose = Coding.State, Coding.Purpose


@transaction.atomic
def offer_coding(evidence, *, by, coder=None):
    """Ask for a second coding: of one person, who is blind from now on, or of anyone.

    Raises ActionRefused if one is under way, or if that person cannot be blind.
    """
    evidence = lock(evidence)
    if not by.has_perm("icctracker.review_evidence"):
        raise ActionRefused(_("Your role does not allow this."))
    _check_codable(evidence)
    if evidence.codings.live().exists():
        raise ActionRefused(_("A second coding of this entry is under way already."))
    if evidence.codings.to_reconcile().exists():
        raise ActionRefused(_("Two codings of this entry are still to be reconciled."))
    if coder:
        check_may_code(evidence, coder)
    coding = Coding.objects.create(
        evidence=evidence,
        purpose=Purpose.SECOND,
        offered_by=by,
        coder=coder,
        state=State.OPEN if coder else State.OFFERED,
        taken_at=timezone.now() if coder else None,
    )
    tell_coder(coding)
    return coding


@transaction.atomic
def pick_up(coding, *, by, unread):
    """Take an offered coding in hand; ``unread`` is the coder's word to be blind."""
    evidence = lock(coding.evidence)
    coding = Coding.objects.select_for_update().get(pk=coding.pk)
    if coding.state != State.OFFERED:
        raise ActionRefused(_("Somebody else has picked it up, or it was withdrawn."))
    _check_codable(evidence)
    check_may_code(evidence, by)
    if not unread:
        raise ActionRefused(
            _("Only somebody who has not read the first codes can code it blind.")
        )
    coding.coder, coding.state, coding.taken_at = by, State.OPEN, timezone.now()
    coding.version += 1
    coding.save()
    return coding


@transaction.atomic
def save_coding(coding, *, by, lines, note="", version=None):
    """Keep what the coder has so far; nobody else sees it."""
    coding = _in_hand(coding, by, version)
    return _write(coding, lines, note)


@transaction.atomic
def hand_in(coding, *, by, lines, note="", version=None):
    """Hand a coding in, for ever, and compare it with what the entry says.

    What the entry says is kept as the first coding. Findings on which both agree are
    coded twice from now on; the others are in dispute until they are reconciled.
    """
    evidence = lock(coding.evidence)
    coding = _in_hand(coding, by, version)
    _check_codable(evidence)
    _check_criteria(lines)
    if not lines and not note.strip():
        raise ActionRefused(
            _("Code at least one criterion, or say in the note why none is concerned.")
        )
    coding = _write(coding, lines, note)
    coding.state, coding.done_at = State.DONE, timezone.now()
    coding.against = _first_coding(evidence, coding.done_at)
    differences = coding.differences()
    coding.differs = bool(differences)
    coding.save()
    disputed = {difference.criterion.code for difference in differences}
    for finding in evidence.findings.current().select_related("criterion"):
        restate(
            finding,
            coding.done_at,
            coded_twice=True,
            disputed=finding.criterion.code in disputed,
            second_coding=coding,
        )
    mark_as_coded(evidence)
    return coding


@transaction.atomic
def give_back(coding, *, by, reason=""):
    """End a coding before it is handed in: by its coder, or by a reviewer.

    What a coder gives back is offered again; what a reviewer withdraws is not.
    """
    lock(coding.evidence)
    coding = Coding.objects.select_for_update().get(pk=coding.pk)
    own = coding.coder_id == by.pk
    if not own and not by.has_perm("icctracker.review_evidence"):
        raise ActionRefused(_("Your role does not allow this."))
    if coding.state not in (State.OFFERED, State.OPEN):
        raise ActionRefused(_("This coding is no longer under way."))
    if not reason.strip():
        raise ActionRefused(_("Say why: the reason is kept with the coding."))
    end(coding, reason)
    if own and coding.evidence.state in Coding.CODABLE:
        Coding.objects.create(
            evidence=coding.evidence,
            purpose=coding.purpose,
            offered_by=coding.offered_by,
            sample=coding.sample,
        )
    return coding


def mark_as_coded(evidence):
    """Give an entry a new version, without a row in its history.

    A coding and a reconciliation are on record by themselves. Whoever is in the history
    of a waiting entry has changed it, and may not publish it.
    """
    evidence.version += 1
    evidence.save_without_historical_record()


def restate(finding, now, **marks):
    """Mark a finding; one that is accepted is superseded, so that the past stays."""
    if not finding.accepted_at:
        Finding.objects.filter(pk=finding.pk).update(**marks)
        return
    changed = ("coded_twice", "disputed")
    if all(getattr(finding, name) == marks[name] for name in changed):
        return
    Finding.objects.filter(pk=finding.pk).update(retired_at=now)
    old, finding.pk = Finding.objects.get(pk=finding.pk), None
    finding._state.adding = True
    finding.accepted_at, finding.supersedes = now, old
    for name, value in marks.items():
        setattr(finding, name, value)
    finding.save()


def _first_coding(evidence, now):
    """What the entry says now, kept as a coding of its own."""
    first = Coding.objects.create(
        evidence=evidence,
        purpose=Purpose.FIRST,
        state=State.DONE,
        coder=evidence.submitted_by,
        offered_at=now,
        done_at=now,
    )
    CodingLine.objects.bulk_create(
        CodingLine(
            coding=first,
            criterion_id=finding.criterion_id,
            **{name: getattr(finding, name) for name in FINDING_FIELDS},
        )
        for finding in evidence.findings.current()
    )
    return first


def _write(coding, lines, note):
    coding.lines.all().delete()
    proposed = coding.evidence.default_form or "signal"
    for row in lines:
        values = {n: row[n] for n in FINDING_FIELDS if row.get(n) is not None}
        values["form"] = values.get("form") or proposed
        CodingLine.objects.create(coding=coding, criterion=row["criterion"], **values)
    coding.note = note.strip()
    coding.version += 1
    coding.save()
    return coding


def _in_hand(coding, by, version):
    coding = Coding.objects.select_for_update().get(pk=coding.pk)
    if coding.coder_id != by.pk:
        raise ActionRefused(_("This coding is not yours."))
    if coding.state != State.OPEN:
        raise ActionRefused(
            _("This coding is %(state)s and can no longer be changed.")
            % {"state": coding.get_state_display().lower()}
        )
    if version is not None and coding.version != version:
        raise EditConflict(
            _("You saved this coding elsewhere in the meantime; compare the two.")
        )
    return coding


def _check_codable(evidence):
    if evidence.state not in Coding.CODABLE:
        raise ActionRefused(
            _("This entry is “%(state)s” now and is not coded a second time.")
            % {"state": evidence.get_state_display()}
        )


def _check_criteria(lines):
    codes = [row["criterion"].code for row in lines]
    if len(set(codes)) < len(codes):
        raise ActionRefused(_("A coding says one thing about each criterion."))
    current = Codebook.objects.in_force()
    if any(row["criterion"].codebook_id != current.pk for row in lines):
        raise ActionRefused(
            _("The codebook has changed since: choose the criteria of %(version)s.")
            % {"version": current}
        )
