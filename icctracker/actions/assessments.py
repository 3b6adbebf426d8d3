"""Assessing a recommendation: confirm what the rule suggests, or override it."""

from django.db import transaction
from django.utils.translation import gettext as _

from icctracker import ruleset, standing
from icctracker.actions import ActionRefused
from icctracker.models import Assessment, ImplementationStatus

REASONS = ("contrary practice", "no action found")


@transaction.atomic
def assess(
    recommendation, *, by, as_of, decided, decided_reason="", rationale="", suggested=""
):
    """Record the status of a recommendation on a date.

    ``suggested`` is the code the curator saw; if the evidence has changed it since,
    the assessment is refused, so that nobody confirms what they have not read.
    """
    if not by.has_perm("icctracker.add_assessment"):
        raise ActionRefused(_("Your role does not allow this."))
    result = standing.result_for(recommendation, as_of)
    if suggested and suggested != result.status.code:
        raise ActionRefused(
            _("The evidence has changed: the rule now suggests “%(status)s”.")
            % {"status": ImplementationStatus(result.status.code).label}
        )
    if decided != result.status.code and not rationale.strip():
        raise ActionRefused(
            _("Say why the status differs from what the rule suggests.")
        )
    if decided == ImplementationStatus.NOT_FOLLOWED:
        decided_reason = decided_reason or result.status.reason or REASONS[1]
    else:
        decided_reason = ""
    return Assessment.objects.create(
        recommendation=recommendation,
        codebook=standing.codebook(),
        ruleset=ruleset.VERSION,
        assessed_on=as_of,
        suggested=result.status.code,
        suggested_reason=result.status.reason or "",
        decided=decided,
        decided_reason=decided_reason,
        rationale=rationale.strip(),
        trend=result.trend or "",
        confidence=result.confidence,
        contrary=result.contrary,
        review_due_on=standing.add_months(as_of, result.review_due_months),
        assessed_by=by,
    )
