"""Assessing a recommendation: confirm what the rule suggests, or override it."""

from django.db import transaction
from django.utils.translation import gettext as _

from icctracker import ruleset, standing
from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.status_changes import record_changes
from icctracker.models import (
    Assessment,
    ImplementationStatus,
    Recommendation,
    StatusChange,
)

REASONS = ("contrary practice", "no action found")


@transaction.atomic
def assess(
    recommendation,
    *,
    by,
    as_of,
    decided,
    decided_reason="",
    rationale="",
    suggested="",
    after=None,
):
    """Record the status of a recommendation on a date.

    ``suggested`` is the code the curator saw; if the evidence has changed it since,
    the assessment is refused, so that nobody confirms what they have not read.
    ``after`` is the key of the newest assessment the curator saw, 0 for none; raises
    EditConflict if there is a newer one.
    """
    if not by.has_perm("icctracker.add_assessment"):
        raise ActionRefused(_("Your role does not allow this."))
    # Held until the end, so that two curators, or two clicks, come one by one.
    Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    _check_newest(recommendation, after)
    result = standing.result_for(recommendation, as_of)
    if suggested and suggested != result.status.code:
        raise ActionRefused(
            _(
                "On the evidence as it is now, the rule suggests “%(status)s” for this"
                " date. Read it again before you decide."
            )
            % {"status": ImplementationStatus(result.status.code).label}
        )
    reason = _reason(result.status, decided, decided_reason)
    differs = (decided, reason) != (result.status.code, result.status.reason or "")
    if differs and not rationale.strip():
        raise ActionRefused(
            _("Say why the status differs from what the rule suggests.")
        )
    assessment = Assessment.objects.create(
        recommendation=recommendation,
        codebook=standing.codebook(),
        ruleset=ruleset.VERSION,
        assessed_on=as_of,
        suggested=result.status.code,
        suggested_reason=result.status.reason or "",
        decided=decided,
        decided_reason=reason,
        rationale=rationale.strip(),
        trend=result.trend or "",
        confidence=result.confidence,
        contrary=result.contrary,
        review_due_on=standing.add_months(as_of, result.review_due_months),
        assessed_by=by,
    )
    record_changes(
        StatusChange.Cause.ASSESSMENT,
        [recommendation],
        at=assessment.recorded_at,
        assessment=assessment,
    )
    return assessment


def _check_newest(recommendation, after):
    if after is None:
        return
    newest = recommendation.assessments.order_by("-pk").first()
    if (newest.pk if newest else 0) != after:
        raise EditConflict(
            _("This recommendation was assessed while you were reading: see below.")
        )


def _reason(suggested, decided, reason):
    """Which *not followed* it is; the rule's own reason where it says the same."""
    if decided not in ImplementationStatus.values:
        raise ActionRefused(_("That is not a status."))
    if decided != ImplementationStatus.NOT_FOLLOWED:
        return ""
    reason = reason or suggested.reason or ""
    if reason not in REASONS:
        raise ActionRefused(
            _("Say which: contrary practice, or no action that could be found.")
        )
    return reason
