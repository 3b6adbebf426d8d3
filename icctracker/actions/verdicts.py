"""Taking back a verdict of another tracker that was recorded wrongly."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused
from icctracker.models import Verdict


@transaction.atomic
def withdraw_verdict(verdict, *, by, reason):
    """Take a verdict off the page, with a reason; the past stays as it was known."""
    verdict = Verdict.objects.select_for_update().get(pk=verdict.pk)
    if not by.has_perm("icctracker.change_verdict"):
        raise ActionRefused(_("Your role does not allow this."))
    if verdict.withdrawn_at:
        raise ActionRefused(_("This verdict has been withdrawn already."))
    if not reason.strip():
        raise ActionRefused(_("Say why: the reason is kept with the verdict."))
    verdict.withdrawn_at = timezone.now()
    verdict.withdrawal_reason = reason.strip()
    verdict.save()
    return verdict
