"""Noting each time that readers are shown another status, and why."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from icctracker.models import Recommendation, StatusChange
from icctracker.standing import codebook, standings

Cause = StatusChange.Cause
INSTANT = timedelta(microseconds=1)


def record_changes_of(decision, cause):
    """Note what a decision about an entry changed; returns the rows added."""
    recommendations = Recommendation.objects.filter(
        criteria__findings__evidence=decision.evidence_id
    )
    return record_changes(
        cause, recommendations.distinct(), at=decision.decided_at, decision=decision
    )


@transaction.atomic
def record_changes(cause=Cause.TIME, recommendations=None, *, at=None, **links):
    """Note each recommendation whose public status is no longer the last one noted.

    What had changed just before ``at`` without anybody's doing is noted first, so that
    no decision is said to have caused what time did. Doing it twice adds nothing.
    """
    at = at or timezone.now()
    rows = _locked(recommendations)
    added = _record(rows, at - INSTANT, cause=None)
    if cause != Cause.TIME:
        added += _record(rows, at, cause=cause, **links)
    return added


def _locked(recommendations):
    """The recommendations, held so that two writers come one by one."""
    chosen = Recommendation.objects.all()
    if recommendations is not None:
        chosen = chosen.filter(pk__in=[each.pk for each in recommendations])
    list(chosen.select_for_update().order_by("pk"))
    return list(chosen.select_related("publication"))


def _record(recommendations, at, *, cause, **links):
    last = _last(recommendations)
    changes = [
        _change(standing, last.get(standing.recommendation.pk), at, cause, links)
        for standing in standings(at.date(), at, recommendations)
    ]
    return StatusChange.objects.bulk_create(filter(None, changes))


def _last(recommendations):
    """The newest row of each recommendation, by its key."""
    rows = StatusChange.objects.filter(recommendation__in=recommendations)
    return {row.recommendation_id: row for row in rows.order_by("at", "pk")}


def _change(standing, last, at, cause, links):
    status = standing.status
    before = (last.after, last.after_reason) if last else ("", "")
    after = (status.code, status.reason or "")
    if before == after:
        return None
    return StatusChange(
        recommendation=standing.recommendation,
        at=at,
        as_of=standing.case.as_of,
        before=before[0],
        before_reason=before[1],
        after=after[0],
        after_reason=after[1],
        cause=cause or _of_itself(last, at),
        **(links if last else {}),
    )


def _of_itself(last, at):
    """Why a status changed that nobody has decided about."""
    if last is None:
        return Cause.FIRST
    return Cause.CODEBOOK if codebook(last.at) != codebook(at) else Cause.TIME
