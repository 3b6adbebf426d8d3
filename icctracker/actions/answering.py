"""What waits for an answer: dissents, proposed findings, what comes from outside."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.models import (
    FINDING_FIELDS,
    Answer,
    Assessment,
    Criterion,
    Dissent,
    Evidence,
    Proposal,
    Response,
    ReviewDecision,
    StatusChange,
)

from . import ActionRefused, EditConflict, require
from .coding import refuse_blind, refuse_while_coded
from .entries import add_finding, instant_of, lock, write_edition
from .mail import tell_of_proposal, tell_of_response, tell_proposer
from .review import frozen
from .status import record_changes_of, write_standings_of

# Dissent: put on record by a coder, confirmed by another, taken back by its author.
#
# A dissent never changes a status; a finding that is dissented from counts as disputed.


@transaction.atomic
def dissent_from_finding(finding, *, by, effect, reason):
    """Say which effect one would give a published finding, and why.

    Raises ActionRefused if the finding no longer stands, is one's own, or has that
    effect already.
    """
    require(by, "icctracker.add_evidence")
    published = finding.evidence.state == Evidence.State.PUBLISHED
    if not published or finding.accepted_at is None or finding.retired_at is not None:
        raise ActionRefused(
            _("This finding no longer stands: it was corrected or withdrawn.")
        )
    if finding.coded_by_id == by.pk:
        raise ActionRefused(
            _("You coded this finding yourself. Ask for a correction instead.")
        )
    if finding.effect == effect:
        raise ActionRefused(_("The finding has this effect already."))
    return _add(by, reason, finding=finding, effect=effect)


@transaction.atomic
def dissent_from_assessment(assessment, *, by, status, reason):
    """Say which status one would have decided on, and why.

    Raises ActionRefused if a newer assessment has taken its place, if it is one's own,
    or if it decided on that status.
    """
    require(by, "icctracker.add_evidence")
    newest = Assessment.objects.filter(recommendation=assessment.recommendation)
    if newest.first() != assessment:
        raise ActionRefused(_("A newer assessment has taken its place. Read that one."))
    if assessment.assessed_by_id == by.pk:
        raise ActionRefused(
            _("You made this assessment yourself. Make a new one instead.")
        )
    if assessment.decided == status:
        raise ActionRefused(_("That is what was decided."))
    return _add(by, reason, assessment=assessment, status=status)


@transaction.atomic
def confirm(dissent, *, by):
    """Publish a dissent: it is one, and no abuse. Its author cannot."""
    dissent = _waiting_dissent(dissent, by)
    dissent.confirmed_by, dissent.confirmed_at = by, timezone.now()
    dissent.save()
    _write_standing(dissent)
    return dissent


@transaction.atomic
def refuse(dissent, *, by, reason):
    """Keep a text off the site that is no dissent, with the reason."""
    dissent = _waiting_dissent(dissent, by)
    dissent.refusal_reason = _reason(reason)
    dissent.refused_by, dissent.refused_at = by, timezone.now()
    dissent.save()
    return dissent


@transaction.atomic
def take_back(dissent, *, by, reason):
    """Take one's own dissent back, with a reason; what was public stays readable."""
    dissent = Dissent.objects.select_for_update().get(pk=dissent.pk)
    if dissent.author_id != by.pk:
        raise ActionRefused(_("Only its author may take a dissent back."))
    if dissent.withdrawn_at or dissent.refused_at:
        raise ActionRefused(_("Nothing was changed: it no longer stands."))
    dissent.withdrawal_reason = _reason(reason)
    dissent.withdrawn_at = timezone.now()
    dissent.save()
    _write_standing(dissent)
    return dissent


def _add(by, reason, **what):
    try:
        with transaction.atomic():
            return Dissent.objects.create(author=by, reason=_reason(reason), **what)
    except IntegrityError as clash:
        raise ActionRefused(
            _("Your dissent from this is on the record already.")
        ) from clash


def _write_standing(dissent):
    """How sure a status is depends on whether a finding is in dispute."""
    if dissent.finding:
        write_standings_of(dissent.finding.evidence)


def _waiting_dissent(dissent, by):
    dissent = Dissent.objects.select_for_update().get(pk=dissent.pk)
    require(by, "icctracker.review_evidence")
    if dissent.author_id == by.pk:
        raise ActionRefused(_("Somebody other than its author must confirm a dissent."))
    if not dissent.waits:
        raise ActionRefused(
            _("Nothing was changed: somebody has decided about it already.")
        )
    return dissent


def _reason(text, otherwise=None):
    """The reason that was given; where there is none, refused in these words."""
    if not text.strip():
        raise ActionRefused(otherwise or _("Say why: the reason is kept."))
    return text.strip()


Outcome = Proposal.Outcome


@transaction.atomic
def propose_finding(evidence, row, *, by):
    """Propose a finding for a published entry; a reviewer decides about it.

    Raises ActionRefused if the entry is not published, has a finding on the criterion,
    or has one proposed by the same person.
    """
    require(by, "icctracker.add_evidence")
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
    proposal, evidence = _waiting_proposal(proposal, reviewer)
    alone = _check_four_eyes(proposal, reviewer, note)
    _check_published(evidence)
    refuse_while_coded(evidence)
    _check_criterion(evidence, proposal.criterion)
    now = instant_of(evidence)
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
    proposal, _evidence = _waiting_proposal(proposal, reviewer)
    _check_four_eyes(proposal, reviewer, note)
    reason = _reason(note, _("Say why: the reason is kept with the decision."))
    _decide(proposal, Outcome.DECLINED, reviewer, reason)
    return proposal


def _waiting_proposal(proposal, reviewer):
    """The proposal and its entry as they are now, held until the transaction ends."""
    require(reviewer, "icctracker.review_evidence")
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
    same = {
        "criterion__code": criterion.code,
        "criterion__recommendation": criterion.recommendation_id,
    }
    if evidence.findings.accepted().filter(**same).exists():
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
    _reason(note, _("You proposed this. To decide on it alone, say why: it is shown."))
    return True


def _decide(proposal, outcome, reviewer, note):
    proposal.outcome, proposal.note = outcome, note.strip()
    proposal.decided_by, proposal.decided_at = reviewer, timezone.now()
    proposal.save()
    tell_proposer(proposal)


# Corrections and replies from outside: received, and answered in public.


@transaction.atomic
def receive(*, creation_key, **facts):
    """Keep a response; returns it, and whether it is new.

    The same form sent twice leads to the one it has made.
    """
    made, is_new = Response.objects.get_or_create(
        creation_key=creation_key, defaults=facts
    )
    if is_new:
        tell_of_response(made)
    return made, is_new


@transaction.atomic
def answer(response, *, by, outcome, text, after=None):
    """Publish a response with our answer, or withhold its text with the reason.

    ``after`` is how many answers its reader saw; raises EditConflict if there are more.
    """
    response = Response.objects.select_for_update().get(pk=response.pk)
    require(by, "icctracker.review_evidence")
    if outcome not in Answer.Outcome.values:
        raise ActionRefused(_("That is not an answer."))
    if after is not None and response.answers.count() != after:
        raise EditConflict(_("Somebody answered this while you were writing."))
    said = _reason(text, _("Write the answer, or the reason: readers see it."))
    return Answer.objects.create(
        response=response, outcome=outcome, text=said, answered_by=by
    )
