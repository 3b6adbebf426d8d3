"""Coding findings again under a draft of the codebook, and putting that in force.

Until the draft is published nothing of it counts. Then each finding is superseded by
what was coded, at the instant at which the version takes effect.
"""

from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.models import (
    FINDING_FIELDS,
    Edition,
    Evidence,
    Finding,
    Recoding,
    rules,
)
from icctracker.models.evidence import SUBJECTS
from icctracker.models.findings import COPIED
from icctracker.readings.recoding import asked_anew, ready, stamp, to_code

from . import ActionRefused, EditConflict
from .coding import refuse_blind
from .drafts import held_draft
from .entries import INSTANT, write_editions_of

AT_ONCE = 500
Outcome = Recoding.Outcome


class Row(NamedTuple):
    """A finding and what it says under the draft: codes, or none where ``silent``."""

    finding: Finding
    codes: dict
    silent: bool = False


@transaction.atomic
def recode(draft, finding, *, by, seen=None, silent=False, **codes):
    """Say what a finding says under the changed test of its criterion.

    ``codes`` are those of a finding; what is not given stays as it was coded. With
    ``silent`` it no longer speaks to the criterion, and ``rationale`` says why.
    ``seen`` is the stamp of what was read; raises EditConflict if it is otherwise now.
    ``by`` is nobody for what comes with the data.
    """
    seen = None if seen is None else {finding.pk: seen}
    return recode_many(draft, [Row(finding, codes, silent)], by=by, seen=seen)[0]


@transaction.atomic
def confirm_many(draft, findings, *, by, seen=None):
    """Let findings stand as they were coded, under the changed test of each.

    ``seen`` has the stamp of what was read of each, by its key.
    """
    rows = [Row(finding, {}) for finding in findings]
    return recode_many(draft, rows, by=by, seen=seen)


@transaction.atomic
def recode_many(draft, rows, *, by, seen=None):
    """The same for many findings at once; returns their Recodings, in order.

    All or none: raises ActionRefused for the first that cannot be coded again.
    """
    draft = held_draft(draft, by, "icctracker.change_codebook")
    asked, held = asked_anew(draft), _held(row.finding for row in rows)
    standing = _standing(draft, asked, held)
    earlier = _earlier(draft, held)
    made, now = [], timezone.now()
    for row in rows:
        finding = _checked(row, by, asked, held, standing)
        criterion = asked[finding.criterion.identity]
        said = _said(row, finding) | {"test": criterion.test}
        old = earlier.get(finding.pk)
        if old and _says(old, said):
            made.append(old)
            continue
        if seen is not None and seen.get(finding.pk) != stamp(finding, old, criterion):
            raise EditConflict(
                _(
                    "Somebody coded this again, or changed the criterion, while you"
                    " were reading."
                )
            )
        made.append(_written(draft, finding, said, old, by, now))
    return _save(made)


@transaction.atomic
def take_back(draft, finding, *, by, seen=None):
    """Leave a finding to be coded again after all."""
    draft = held_draft(draft, by, "icctracker.change_codebook")
    if by is not None:
        refuse_blind(finding.evidence, by)
    found = Recoding.objects.filter(codebook=draft, finding=finding)
    old = found.select_related("finding__criterion").first()
    if old is None:
        raise ActionRefused(_("It is still to be coded again: nothing to take back."))
    criterion = asked_anew(draft).get(old.finding.criterion.identity)
    if seen is not None and criterion and seen != stamp(finding, old, criterion):
        raise EditConflict(_("Somebody coded this again while you were reading."))
    found.delete()


def hold_entries(draft):
    """Hold the entries of what was coded, so that nobody corrects one meanwhile."""
    rows = Recoding.objects.filter(codebook=draft)
    _hold(rows.values_list("finding__evidence", flat=True))


def _hold(keys):
    entries = Evidence.objects.filter(pk__in=set(keys)).order_by("pk")
    list(entries.select_for_update().values_list("pk"))


def _held(findings):
    """The findings as they are now, by key, their entries held until the end."""
    findings = list(findings)
    _hold(finding.evidence_id for finding in findings)
    found = Finding.objects.select_related("evidence", "criterion")
    return found.in_bulk([finding.pk for finding in findings])


def _standing(draft, asked, held):
    """The keys of those findings that the draft has coded again."""
    found = to_code(draft, asked).filter(pk__in=held)
    return set(found.values_list("pk", flat=True))


def _earlier(draft, held):
    rows = Recoding.objects.filter(codebook=draft, finding__in=held)
    return {row.finding_id: row for row in rows}


def _checked(row, by, asked, held, standing):
    """The finding as it is now, if it may be coded again by that person."""
    finding = held.get(row.finding.pk)
    if finding is None or finding.criterion.identity not in asked:
        raise ActionRefused(
            _("The test of this criterion does not change in the draft.")
        )
    if finding.pk not in standing:
        raise EditConflict(
            _("This finding was corrected or withdrawn while you were reading it.")
        )
    if by is not None:
        refuse_blind(finding.evidence, by)
    if finding.disputed:
        raise ActionRefused(
            _(
                "Two people coded this finding otherwise: reconcile their codings"
                " first, then code it again."
            )
        )
    return finding


def _said(row, finding):
    """What a Recoding would hold of it; refused where that is no coding."""
    kept = {name: getattr(finding, name) for name in FINDING_FIELDS}
    if row.silent:
        said = {name: Finding._meta.get_field(name).get_default() for name in kept}
        said |= {"effect": None, "form": "", "form_reason": ""}
        said |= {"rationale": row.codes.get("rationale", "").strip()}
        if not said["rationale"]:
            raise ActionRefused(
                _("Say why it no longer speaks to the criterion: readers are told.")
            )
        return said | {"outcome": Outcome.SILENT}
    said = kept | {n: v for n, v in row.codes.items() if n in kept and v is not None}
    said["form"] = said["form"] or kept["form"]
    said["rationale"] = said["rationale"].strip()
    # How an earlier coding stands needs no new reason.
    faults = [] if said == kept else rules.code_faults(finding.evidence.kind, said)
    if faults:
        raise ActionRefused(" ".join(what for _name, what in faults))
    return said | {"outcome": Outcome.STANDS if said == kept else Outcome.CHANGED}


def _says(recoding, said):
    return all(getattr(recoding, name) == value for name, value in said.items())


def _written(draft, finding, said, old, by, now):
    """A Recoding that is not saved yet: a new one, or the earlier one changed."""
    made = old or Recoding(codebook=draft, finding=finding, version=0)
    for name, value in said.items():
        setattr(made, name, value)
    made.coded_by, made.coded_at = by, now
    made.version += 1
    return made


def _save(made):
    new = [each for each in made if each.pk is None]
    others = [each for each in made if each.pk is not None]
    Recoding.objects.bulk_create(new)
    changed = [*FINDING_FIELDS, "outcome", "test", "coded_by", "coded_at", "version"]
    if others:
        Recoding.objects.bulk_update(others, changed, batch_size=AT_ONCE)
    return made


# Putting in force what was coded, with the version.


def instant_for(draft):
    """When a draft takes effect: never before what was done to the entries it codes."""
    entries = Recoding.objects.filter(codebook=draft).values("finding__evidence")
    findings = Finding.objects.filter(evidence__in=entries)
    editions = Edition.objects.filter(evidence__in=entries)
    lasts = (
        findings.aggregate(last=Max("accepted_at"))["last"],
        editions.aggregate(last=Max("at"))["last"],
    )
    return max([timezone.now(), *(last + INSTANT for last in lasts if last)])


def put_in_force(draft, *, at):
    """Let what was coded under a draft supersede what stood; returns the Recodings.

    In the transaction that publishes the draft, before it is published.
    """
    asked, came = asked_anew(draft), []
    rows = ready(draft, asked).select_related("finding__criterion").order_by("pk")
    rows = list(rows)
    last = _last_of_their_entries(rows)
    for first in range(0, len(rows), AT_ONCE):
        came += _supersede(rows[first : first + AT_ONCE], last, asked, at)
    entries = sorted({row.finding.evidence_id for row in came})
    for first in range(0, len(entries), AT_ONCE):
        _keep_editions(entries[first : first + AT_ONCE], draft, at)
    return came


def _last_of_their_entries(rows):
    """Findings that say nothing any more, of entries that would be left with none.

    They stay, and count no more than others whose test has changed: a published entry
    has a finding until a curator corrects or withdraws it.
    """
    silent = {row.finding_id: row.finding.evidence_id for row in rows if row.is_silent}
    others = Finding.objects.accepted().filter(evidence__in=set(silent.values()))
    speaking = set(
        others.exclude(pk__in=silent).values_list("evidence", flat=True).distinct()
    )
    return {key for key, entry in silent.items() if entry not in speaking}


def _supersede(rows, last, asked, at):
    """Retire each finding, and add the one that takes its place, if any."""
    old = [row.finding_id for row in rows if row.finding_id not in last]
    Finding.objects.filter(pk__in=old).update(retired_at=at)
    for row in rows:
        row.took_effect_at = at
    speaking = [row for row in rows if not row.is_silent]
    added = Finding.objects.bulk_create(
        _successor(row, asked[row.finding.criterion.identity], at) for row in speaking
    )
    for row, finding in zip(speaking, added, strict=True):
        row.became = finding
    Recoding.objects.bulk_update(rows, ["took_effect_at", "became"], batch_size=100)
    return rows


def _successor(row, criterion, at):
    """Of one person: whoever coded the earlier one twice did so under another test."""
    return Finding(
        evidence_id=row.finding.evidence_id,
        criterion=criterion,
        coded_by_id=row.coded_by_id,
        accepted_at=at,
        supersedes=row.finding,
        **{name: getattr(row, name) for name in FINDING_FIELDS},
        **{name: getattr(row.finding, name) for name in COPIED},
    )


def _keep_editions(keys, draft, at):
    entries = Evidence.objects.filter(pk__in=keys)
    entries = entries.prefetch_related("sources", *SUBJECTS).order_by("pk")
    write_editions_of(list(entries), draft, at=at)
