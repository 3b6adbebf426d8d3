"""Dissent: put on record by a coder, confirmed by another, taken back by its author.

A dissent never changes a status; a finding that is dissented from counts as disputed.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused
from icctracker.models import Assessment, Dissent, Evidence


@transaction.atomic
def dissent_from_finding(finding, *, by, effect, reason):
    """Say which effect one would give a published finding, and why.

    Raises ActionRefused if the finding no longer stands, is one's own, or has that
    effect already.
    """
    _require(by, "icctracker.add_evidence")
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
    _require(by, "icctracker.add_evidence")
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
    dissent = _waiting(dissent, by)
    dissent.confirmed_by, dissent.confirmed_at = by, timezone.now()
    dissent.save()
    return dissent


@transaction.atomic
def refuse(dissent, *, by, reason):
    """Keep a text off the site that is no dissent, with the reason."""
    dissent = _waiting(dissent, by)
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
    return dissent


def _add(by, reason, **what):
    try:
        with transaction.atomic():
            return Dissent.objects.create(author=by, reason=_reason(reason), **what)
    except IntegrityError as clash:
        raise ActionRefused(
            _("Your dissent from this is on the record already.")
        ) from clash


def _waiting(dissent, by):
    dissent = Dissent.objects.select_for_update().get(pk=dissent.pk)
    _require(by, "icctracker.review_evidence")
    if dissent.author_id == by.pk:
        raise ActionRefused(_("Somebody other than its author must confirm a dissent."))
    if not dissent.waits:
        raise ActionRefused(
            _("Nothing was changed: somebody has decided about it already.")
        )
    return dissent


def _reason(text):
    if not text.strip():
        raise ActionRefused(_("Say why: the reason is kept."))
    return text.strip()


def _require(user, permission):
    if not user.has_perm(permission):
        raise ActionRefused(_("Your role does not allow this."))
