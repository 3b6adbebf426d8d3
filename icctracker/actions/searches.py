"""Logging a search that found nothing, and taking it off the log again."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused
from icctracker.actions.status_changes import record_changes
from icctracker.models import Search, StatusChange


def log_search(*, by, criterion, searched_on, where, query, outcome):
    """Put a search on the log; the same one twice is refused."""
    if not by.has_perm("icctracker.add_search"):
        raise ActionRefused(_("Your role does not allow this."))
    try:
        with transaction.atomic():
            search = Search.objects.create(
                searched_by=by,
                criterion=criterion,
                searched_on=searched_on,
                where=where,
                query=query,
                outcome=outcome,
            )
            _record(search, search.recorded_at)
            return search
    except IntegrityError as clash:
        raise ActionRefused(_("This search is already on the log.")) from clash


@transaction.atomic
def withdraw_search(search, *, by, reason):
    """Take a search off the log, with a reason; the past stays as it was known."""
    search = Search.objects.select_for_update().get(pk=search.pk)
    if not by.has_perm("icctracker.change_search"):
        raise ActionRefused(_("Your role does not allow this."))
    if search.withdrawn_at:
        raise ActionRefused(_("This search has been withdrawn already."))
    if not reason.strip():
        raise ActionRefused(_("Say why: the reason is kept with the search."))
    search.withdrawn_at = timezone.now()
    search.withdrawal_reason = reason.strip()
    search.save()
    _record(search, search.withdrawn_at)
    return search


def _record(search, at):
    recommendation = search.criterion.recommendation
    record_changes(StatusChange.Cause.SEARCH, [recommendation], at=at)
