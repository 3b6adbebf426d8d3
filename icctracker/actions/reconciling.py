"""Deciding where two codings of an entry differ; both are kept."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.blinding import refuse_blind
from icctracker.actions.coding import mark_as_coded, restate
from icctracker.actions.editions import write_edition
from icctracker.actions.evidence import FINDING_FIELDS, add_finding, frozen, lock
from icctracker.actions.status_changes import record_changes_of
from icctracker.models import (
    CODES,
    Coding,
    Evidence,
    ReconciledLine,
    Reconciliation,
    ReviewDecision,
    StatusChange,
)

Taken = ReconciledLine.Taken


def stamp_of(coding):
    """Says which state of the entry and of a proposal somebody was shown."""
    proposal = Reconciliation.objects.filter(coding=coding).first()
    entry = Evidence.objects.values_list("version", flat=True).get(
        pk=coding.evidence_id
    )
    return f"{entry}.{proposal.version if proposal else 0}"


def coders_of(coding):
    """The keys of the two coders; the first data have no first coder."""
    return {coding.coder_id, coding.against.coder_id} - {None}


@transaction.atomic
def reconcile(coding, *, by, lines, stamp):
    """Decide as a third person, or propose as one of the coders, line by line.

    ``lines`` holds one dictionary for each criterion on which the codings differ:
    ``criterion``, ``taken``, ``reason`` and, taken otherwise, the codes. Raises
    EditConflict if somebody else was quicker.
    """
    evidence, coding = _locked(coding, by, stamp)
    together = by.pk in coders_of(coding)
    if together:
        _check_other_coder(coding)
    else:
        _check_third(evidence, by)
    made = _propose(coding, by, lines, together)
    if not together:
        _decide(evidence, coding, made, made.proposed_at)
    return made


@transaction.atomic
def confirm(coding, *, by, stamp):
    """Agree, as the other coder, to what one coder has proposed."""
    evidence, coding = _locked(coding, by, stamp)
    made = Reconciliation.objects.filter(coding=coding).first()
    if made is None:
        raise ActionRefused(_("Nothing has been proposed yet."))
    if by.pk not in coders_of(coding):
        raise ActionRefused(_("Only the other coder can confirm a proposal."))
    if made.proposed_by_id == by.pk:
        raise ActionRefused(_("You proposed this: the other coder must confirm it."))
    made.confirmed_by, made.decided_at = by, timezone.now()
    made.save()
    _decide(evidence, coding, made, made.decided_at)
    return made


def _locked(coding, by, stamp):
    evidence = lock(coding.evidence)
    coding = Coding.objects.select_for_update().get(pk=coding.pk)
    refuse_blind(evidence, by)
    if coding.settled_at:
        raise EditConflict(_("Somebody else has reconciled these codings meanwhile."))
    if not coding.awaits_reconciling or evidence.state not in Coding.CODABLE:
        raise ActionRefused(_("There is nothing to reconcile here."))
    if stamp != stamp_of(coding):
        raise EditConflict(
            _("The entry or a proposal was changed while you were reading it.")
        )
    return evidence, coding


def _check_third(evidence, by):
    if not by.has_perm("icctracker.review_evidence"):
        raise ActionRefused(_("Your role does not allow this."))
    if evidence.findings.current().filter(coded_by=by).exists():
        raise ActionRefused(
            _("You have coded this entry: a third person decides, or both coders.")
        )


def _check_other_coder(coding):
    if len(coders_of(coding)) < 2:
        raise ActionRefused(
            _("The first coding came with the first data: a third person decides.")
        )


def _propose(coding, by, lines, together):
    differing = {each.criterion.pk: each for each in coding.differences()}
    if {row["criterion"].pk for row in lines} != set(differing):
        raise ActionRefused(_("Decide on every criterion on which they differ."))
    now = timezone.now()
    values = {
        "together": together,
        "proposed_by": by,
        "proposed_at": now,
        "decided_at": None if together else now,
    }
    made = Reconciliation.objects.filter(coding=coding).first()
    made = made or Reconciliation(coding=coding, version=0)
    for name, value in values.items():
        setattr(made, name, value)
    made.version += 1
    made.save()
    made.lines.all().delete()
    for row in lines:
        _add_line(made, row, differing[row["criterion"].pk])
    return made


def _add_line(made, row, difference):
    if not row["reason"].strip():
        raise ActionRefused(_("Say why: the reason is kept with the decision."))
    source = {Taken.FIRST: difference.first, Taken.SECOND: difference.second}
    codes = {}
    if row["taken"] in source:
        if line := source[row["taken"]]:
            codes = {name: getattr(line, name) for name in CODES}
    elif row.get("effect") is not None:
        codes = {name: row[name] for name in CODES}
    ReconciledLine.objects.create(
        reconciliation=made,
        criterion=difference.criterion,
        taken=row["taken"],
        reason=row["reason"].strip(),
        **codes,
    )


def _decide(evidence, coding, made, now):
    """Make the entry say what was decided, and settle the matter."""
    differing = {each.criterion.pk: each for each in coding.differences()}
    standing = {
        finding.criterion.code: finding
        for finding in evidence.findings.current().select_related("criterion")
    }
    lines = list(made.lines.select_related("criterion"))
    changed = [
        _apply(evidence, coding, line, differing[line.criterion_id], standing, now)
        for line in lines
    ]
    if not evidence.findings.current().exists():
        raise ActionRefused(
            _(
                "That would leave the entry without a finding. If it shows nothing,"
                " decline it, or withdraw it once it is published."
            )
        )
    coding.settled_at = now
    coding.save()
    mark_as_coded(evidence)
    if any(changed) and evidence.state == Evidence.State.PUBLISHED:
        _record(evidence, made, lines)


def _apply(evidence, coding, line, difference, standing, now):
    """Make one finding what was decided; whether that changed what the entry says."""
    marks = {"coded_twice": True, "disputed": False, "second_coding": coding}
    old = standing.get(line.criterion.code)
    row, by = _row(line, difference, coding, old)
    if old and row and all(getattr(old, name) == row[name] for name in row):
        restate(old, now, **marks)
        return False
    if old and old.accepted_at:
        old.retired_at = now
        old.save(update_fields=["retired_at"])
    elif old:
        old.delete()
    if row:
        extra = frozen(evidence, now) if evidence.published_at else {}
        if old and old.accepted_at:
            extra["supersedes"] = old
        add_finding(evidence, row, by=by, **marks, **extra)
    return bool(old or row)


def _row(line, difference, coding, old):
    """The finding that was decided, as the actions take it, and who coded it."""
    if line.effect is None:
        return None, None
    source = {Taken.FIRST: difference.first, Taken.SECOND: difference.second}
    taken = source.get(line.taken)
    if taken is None:
        row = {name: getattr(line, name) for name in CODES}
        either = difference.first or difference.second
        row |= {"pinpoint": either.pinpoint, "rationale": line.reason}
        row |= {"criterion": line.criterion, "form_reason": ""}
        return row | _form_reason(line, difference), line.reconciliation.proposed_by
    row = {name: getattr(taken, name) for name in FINDING_FIELDS}
    first = line.taken == Taken.FIRST
    by = (old.coded_by if old else coding.against.coder) if first else coding.coder
    return row | {"criterion": taken.criterion}, by


def _form_reason(line, difference):
    """Why this form, as the coder said who chose it."""
    for each in (difference.first, difference.second):
        if each and each.form == line.form and each.form_reason:
            return {"form_reason": each.form_reason}
    return {}


def _record(evidence, made, lines):
    reasons = "; ".join(f"{line.criterion.code}: {line.reason}" for line in lines)
    note = _("Reconciled after a second coding. %(reasons)s")
    decision = ReviewDecision.objects.create(
        evidence=evidence,
        reviewer=made.proposed_by,
        outcome=ReviewDecision.Outcome.CORRECT,
        note=note % {"reasons": reasons},
        decided_at=made.decided_at,
    )
    write_edition(evidence, at=made.decided_at, decision=decision)
    record_changes_of(decision, StatusChange.Cause.CORRECTION)
