"""Proposing one more finding for a published entry, and deciding about it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused
from icctracker.actions.blinding import refuse_blind, refuse_while_coded
from icctracker.actions.editions import write_edition
from icctracker.actions.evidence import FINDING_FIELDS, add_finding, lock
from icctracker.actions.notices import tell_of_proposal, tell_proposer
from icctracker.actions.review import frozen
from icctracker.actions.status_changes import record_changes_of
from icctracker.models import (
    Criterion,
    Evidence,
    Proposal,
    ReviewDecision,
    StatusChange,
)

Outcome = Proposal.Outcome


@transaction.atomic
def propose_finding(evidence, row, *, by):
    """Propose a finding for a published entry; a reviewer decides about it.

    Raises ActionRefused if the entry is not published, has a finding on the criterion,
    or has one proposed by the same person.
    """
    if not by.has_perm("icctracker.add_evidence"):
        raise ActionRefused(_("Your role does not allow this."))
    evidence = lock(evidence)
    refuse_blind(evidence, by)
    _check_published(evidence)
    _check_criterion(evidence, row["criterion"])
    waiting = evidence.proposals.waiting().filter(proposed_by=by)
    if waiting.filter(criterion=row["criterion"]).exists():
        raise ActionRefused(
            _("You have proposed a finding on this criterion; it awaits a reviewer.")
        )
    values = {name: row[name] for name in FINDING_FIELDS if row.get(name) is not None}
    proposal = Proposal.objects.create(
        evidence=evidence, criterion=row["criterion"], proposed_by=by, **values
    )
    tell_of_proposal(proposal)
    return proposal


@transaction.atomic
def accept_proposal(proposal, *, reviewer, note=""):
    """Add the proposed finding to its entry, on the record.

    Raises ActionRefused if it no longer waits, if the entry can no longer take it, or
    if the reviewer proposed it (a curator may decide alone, with a note).
    """
    proposal, evidence = _waiting(proposal, reviewer)
    alone = _check_four_eyes(proposal, reviewer, note)
    _check_published(evidence)
    refuse_while_coded(evidence)
    _check_criterion(evidence, proposal.criterion)
    now = timezone.now()
    row = {name: getattr(proposal, name) for name in FINDING_FIELDS}
    proposal.finding = add_finding(
        evidence,
        row | {"criterion": proposal.criterion},
        by=proposal.proposed_by,
        **frozen(evidence, now),
    )
    _decide(proposal, Outcome.ACCEPTED, reviewer, note)
    evidence.version += 1
    evidence.save()
    said = _("Finding on criterion %(code)s added.") % {"code": proposal.criterion.code}
    decision = ReviewDecision.objects.create(
        evidence=evidence,
        reviewer=reviewer,
        outcome=ReviewDecision.Outcome.CORRECT,
        note=f"{said} {note.strip()}".strip(),
        alone=alone,
        decided_at=now,
    )
    write_edition(evidence, at=now, decision=decision)
    record_changes_of(decision, StatusChange.Cause.CORRECTION)
    return proposal


@transaction.atomic
def decline_proposal(proposal, *, reviewer, note):
    """Turn a proposed finding down, with the reason, which its author reads."""
    proposal, _evidence = _waiting(proposal, reviewer)
    _check_four_eyes(proposal, reviewer, note)
    if not note.strip():
        raise ActionRefused(_("Say why: the reason is kept with the decision."))
    _decide(proposal, Outcome.DECLINED, reviewer, note)
    return proposal


def _waiting(proposal, reviewer):
    """The proposal and its entry as they are now, held until the transaction ends."""
    if not reviewer.has_perm("icctracker.review_evidence"):
        raise ActionRefused(_("Your role does not allow this."))
    evidence = lock(proposal.evidence)
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if not proposal.waits:
        raise ActionRefused(
            _("Nothing was changed: this proposal is now “%(outcome)s”.")
            % {"outcome": proposal.get_outcome_display()}
        )
    return proposal, evidence


def _check_published(evidence):
    if evidence.state != Evidence.State.PUBLISHED:
        raise ActionRefused(
            _("A finding can be added only while the entry is published.")
        )


def _check_criterion(evidence, criterion):
    if not Criterion.objects.in_force().filter(pk=criterion.pk).exists():
        raise ActionRefused(
            _(
                "Criterion %(code)s has another wording in the codebook now in force."
                " Propose the finding again under that one."
            )
            % {"code": criterion.code}
        )
    if evidence.findings.accepted().filter(criterion__code=criterion.code).exists():
        raise ActionRefused(
            _(
                "This entry has a finding on criterion %(code)s. A curator can correct"
                " it; a second one is not added."
            )
            % {"code": criterion.code}
        )


def _check_four_eyes(proposal, reviewer, note):
    """Whether the reviewer proposed it; refused unless a curator says why."""
    if proposal.proposed_by_id != reviewer.pk:
        return False
    if not reviewer.has_perm("icctracker.curate_evidence"):
        raise ActionRefused(_("Somebody other than its author must review a finding."))
    if not note.strip():
        raise ActionRefused(
            _("You proposed this. To decide on it alone, say why: it is shown.")
        )
    return True


def _decide(proposal, outcome, reviewer, note):
    proposal.outcome, proposal.note = outcome, note.strip()
    proposal.decided_by, proposal.decided_at = reviewer, timezone.now()
    proposal.save()
    tell_proposer(proposal)
