"""Coding an entry a second time: offered, picked up, handed in, given back."""

import random

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.models import (
    CODES,
    FINDING_FIELDS,
    Codebook,
    Coding,
    CodingLine,
    Evidence,
    Finding,
    ReconciledLine,
    Reconciliation,
    ReviewDecision,
    Sample,
    StatusChange,
)
from icctracker.models.codings import bars

from . import ActionRefused, EditConflict, require
from .entries import add_finding, frozen, instant_of, lock, write_edition
from .mail import tell_coder
from .status import record_changes_of, write_standings_of

# Who may code an entry blind, and what is kept from whoever does.

State = Coding.State


def refuse_while_coded(evidence):
    """Refuse a decision that would change, or show, what somebody is coding blind."""
    if evidence.codings.filter(state=State.OPEN).exists():
        raise ActionRefused(
            _(
                "Somebody is coding this entry a second time. Wait until the coding is"
                " handed in, or withdraw it first."
            )
        )


def refuse_blind(evidence, person):
    """Refuse what takes reading the first codes to somebody who is coding blind."""
    if Coding.objects.blinding(person).filter(evidence=evidence).exists():
        raise ActionRefused(
            _("You are coding this entry blind: hand your coding in first.")
        )


def close_codings(evidence, reason, *, settle):
    """End what is still under way; with ``settle``, differences no longer matter."""
    for coding in evidence.codings.live():
        end(coding, reason)
    if settle:
        evidence.codings.to_reconcile().update(settled_at=timezone.now())


def end(coding, reason):
    """End a coding that is not handed in, with the reason before the coder's note."""
    coding.note = "\n\n".join(filter(None, [reason.strip(), coding.note]))
    coding.state = State.WITHDRAWN
    coding.version += 1
    coding.save()


def check_may_code(evidence, person):
    """Refuse somebody who cannot be the second coder of an entry."""
    if not (person.is_active and person.has_perm("icctracker.code_evidence")):
        raise ActionRefused(_("This takes somebody who may code evidence."))
    for words, barred in bars(person):
        if Evidence.objects.filter(barred, pk=evidence.pk).exists():
            raise ActionRefused(str(words))


State, Purpose = Coding.State, Coding.Purpose


@transaction.atomic
def offer_coding(evidence, *, by, coder=None):
    """Ask for a second coding: of one person, who is blind from now on, or of anyone.

    Raises ActionRefused if one is under way, or if that person cannot be blind.
    """
    evidence = lock(evidence)
    require(by, "icctracker.review_evidence")
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
    disputed = {difference.criterion.identity for difference in differences}
    for finding in evidence.findings.current().select_related("criterion"):
        restate(
            finding,
            coding.done_at,
            coded_twice=True,
            disputed=finding.criterion.identity in disputed,
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
    write_standings_of(evidence)


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
    tests = [row["criterion"].identity for row in lines]
    if len(set(tests)) < len(tests):
        raise ActionRefused(_("A coding says one thing about each criterion."))
    current = {each.publication_id: each for each in Codebook.objects.each_in_force()}
    in_force = {each.pk for each in current.values()}
    for criterion in (row["criterion"] for row in lines):
        if criterion.codebook_id not in in_force:
            version = current.get(criterion.recommendation.publication_id)
            raise ActionRefused(
                _("The codebook has changed since: choose the criteria of %(version)s.")
                % {"version": version}
            )


# Deciding where two codings of an entry differ; both are kept.

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
    made.confirmed_by, made.decided_at = by, instant_of(evidence)
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
    require(by, "icctracker.review_evidence")
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
    now = instant_of(coding.evidence)
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
        finding.criterion.identity: finding
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
    old = standing.get(line.criterion.identity)
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
        row |= {"criterion": line.criterion}
        return row | _of_form(line, difference), line.reconciliation.proposed_by
    row = {name: getattr(taken, name) for name in FINDING_FIELDS}
    first = line.taken == Taken.FIRST
    by = (old.coded_by if old else coding.against.coder) if first else coding.coder
    return row | {"criterion": taken.criterion}, by


def _of_form(line, difference):
    """Why this form, and what was searched for, as a coder said who chose it."""
    chose = [
        each
        for each in (difference.first, difference.second)
        if each and each.form == line.form
    ]
    names = ("form_reason", "searched_words")
    return {
        name: next(filter(None, (getattr(each, name) for each in chose)), "")
        for name in names
    }


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


# Drawing entries by lot, to be coded again against drift.


@transaction.atomic
def draw_sample(*, year, size, seed):
    """Draw published entries by lot, to be coded again; one sample a year.

    The same entries are drawn from the same record with the same seed.
    """
    if Sample.objects.filter(year=year).exists():
        raise ActionRefused(_("The sample of %(year)s is drawn.") % {"year": year})
    busy = Coding.objects.live().values("evidence")
    entries = Evidence.objects.published().exclude(pk__in=busy).order_by("pk")
    keys = list(entries.values_list("pk", flat=True))
    if not 1 <= size <= len(keys):
        raise ActionRefused(
            _("Draw at least one entry and at most %(most)d, all that there are.")
            % {"most": len(keys)}
        )
    sample = Sample.objects.create(
        year=year, size=size, population=len(keys), seed=seed
    )
    # A lot that anybody can draw again, not a secret.
    drawn = random.Random(seed).sample(keys, size)  # noqa: S311
    for key in sorted(drawn):
        Coding.objects.create(
            evidence_id=key, purpose=Coding.Purpose.DRIFT, sample=sample
        )
    return sample
