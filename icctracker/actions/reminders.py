"""Reminding curators of what is due: once each, not every day."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.notices import people_with, tell
from icctracker.due import CHANGED, OVERDUE, criteria_unsearched, reviews_due
from icctracker.models import Notice
from icctracker.standing import standings

DUE = Notice.Kind.DUE
# Searching goes on all year; a line a month is enough to keep it in mind.
BETWEEN_SEARCH_REMINDERS = timedelta(days=30)


@transaction.atomic
def remind_of_due(today):
    """Tell each curator what is to be assessed, and once a month what to search.

    Of an assessment each is told once for every day it falls due, for every time the
    evidence overtakes it, and once where there is none. Returns the number of notices.
    """
    curators = list(people_with("curate_evidence"))
    reviews = sum(_remind(curators, due) for due in reviews_due(standings(today)))
    return reviews + _remind_of_searches(curators, today)


def _remind(curators, due):
    recommendation = due.standing.recommendation
    told = Notice.objects.filter(kind=DUE, recommendation=recommendation)
    if due.why == OVERDUE:
        told = told.filter(created_at__date__gte=due.since)
    elif due.why == CHANGED:
        told = told.filter(created_at__gte=due.standing.assessment.recorded_at)
    return tell(
        _others(curators, told),
        DUE,
        path=reverse("assessment-create", args=[recommendation.code.lower()]),
        recommendation=recommendation,
        outcome=due.why,
    )


def _remind_of_searches(curators, today):
    if not criteria_unsearched(today):
        return 0
    since = timezone.now() - BETWEEN_SEARCH_REMINDERS
    told = Notice.objects.filter(kind=DUE, recommendation=None, created_at__gt=since)
    return tell(_others(curators, told), DUE, path=f"{reverse('due-list')}#searches")


def _others(curators, told):
    known = set(told.values_list("person", flat=True))
    return [curator for curator in curators if curator.pk not in known]
