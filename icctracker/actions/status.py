"""Assessing a recommendation: confirm what the rule suggests, or override it."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker import ruleset
from icctracker.models import (
    Assessment,
    Evidence,
    ImplementationStatus,
    PresentStanding,
    Recommendation,
    Search,
    StatusChange,
    Verdict,
)
from icctracker.models.standings import WORKED_OUT
from icctracker.readings import standing
from icctracker.readings.present import holding, written
from icctracker.readings.renewed import renewed
from icctracker.readings.standing import codebook_of, rule_of, standings
from icctracker.ruleset.records import NO_ACTION, TRACES

from . import ActionRefused, EditConflict, lines, require

# Noting each time that readers are shown another status, and why.

Cause = StatusChange.Cause
INSTANT = timedelta(microseconds=1)


def record_changes_of(decision, cause):
    """Note what a decision about an entry changed; returns the rows added."""
    entry, at = decision.evidence_id, decision.decided_at
    lines.keep([entry])
    return record_changes(
        cause, _spoken_to(entry), at=at, entry=entry, decision=decision
    )


def _spoken_to(evidence):
    """The recommendations that an entry has findings on."""
    found = Recommendation.objects.filter(criteria__findings__evidence=evidence)
    return found.distinct()


@transaction.atomic
def record_changes(
    cause=Cause.TIME, recommendations=None, *, at=None, entry=None, **links
):
    """Note each recommendation whose public status is no longer the last one noted.

    What had changed just before ``at`` without anybody's doing is noted first, so that
    no decision is said to have caused what time did. Doing it twice adds nothing.
    Where each stands from now on is written for readers, in the same transaction;
    where only findings of one ``entry`` changed, by taking what was written further.
    """
    at = at or timezone.now()
    rows = _locked(recommendations)
    until = at if cause == Cause.TIME else at - INSTANT
    added = _record_change(_unsettled(rows, at.date()), until, cause=None)
    if cause != Cause.TIME:
        added += _record_change(rows, at, cause=cause, entry=entry, **links)
    return added


@transaction.atomic
def write_standings(recommendations=None, *, at=None, entry=None):
    """Write where each recommendation stands today; returns how many.

    For what changes no status, but how sure it is: dissent, a second coding.
    """
    at = at or timezone.now()
    return len(_worked_out(_locked(recommendations), at, entry))


def write_standings_of(evidence):
    """The same for those that an entry speaks to, once it counts."""
    if evidence.state == Evidence.State.PUBLISHED:
        write_standings(_spoken_to(evidence), entry=evidence)


def _worked_out(recommendations, at, entry=None):
    """Where each stands, as it is written; of an entry, as far as it moved them."""
    today = at.date()
    new = renewed(recommendations, entry, today, at) if entry else {}
    others = [each for each in recommendations if each.pk not in new]
    found = standings(today, at, others) if others else []
    rows = [*new.values(), *written(found, at)]
    for row in rows:
        row.as_of = today
    _write(rows)
    in_order = {row.pk: row for row in rows}
    return [in_order[each.pk] for each in recommendations]


def _write(rows):
    return PresentStanding.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["recommendation"],
        update_fields=WORKED_OUT,
    )


def _locked(recommendations):
    """The recommendations, held so that two writers come one by one."""
    chosen = Recommendation.objects.all()
    if recommendations is not None:
        chosen = chosen.filter(pk__in=[each.pk for each in recommendations])
    list(chosen.select_for_update().order_by("pk"))
    return list(chosen.select_related("publication"))


def _unsettled(recommendations, day):
    """Those of which what is written no longer holds, or is not what was noted."""
    rows, last = holding(recommendations, day), _last(recommendations)
    return [
        each
        for each in recommendations
        if each.pk not in rows
        or each.pk not in last
        or _noted(last[each.pk]) != _shown(rows[each.pk])
    ]


def _noted(change):
    """The status that was noted: of whatever there was, that no action was found."""
    reason = change.after_reason
    return change.after, NO_ACTION if reason in TRACES else reason


def _shown(standing):
    return standing.status.code, standing.status.reason or ""


def _record_change(recommendations, at, *, cause, entry=None, **links):
    last = _last(recommendations)
    changes = [
        _change(standing, last.get(standing.pk), at, cause, links)
        for standing in _worked_out(recommendations, at, entry)
    ]
    return StatusChange.objects.bulk_create(filter(None, changes))


def _last(recommendations):
    """The newest row of each recommendation, by its key."""
    rows = StatusChange.objects.filter(recommendation__in=recommendations)
    return {row.recommendation_id: row for row in rows.order_by("at", "pk")}


def _change(standing, last, at, cause, links):
    before = _noted(last) if last else ("", "")
    after = _shown(standing)
    if before == after:
        return None
    return StatusChange(
        recommendation=standing.recommendation,
        at=at,
        as_of=standing.as_of,
        before=before[0],
        before_reason=last.after_reason if last else "",
        after=after[0],
        # No reader is told of nothing where there was something.
        after_reason=standing.status.trace or after[1],
        cause=cause or _of_itself(last, at),
        **(links if last else {}),
    )


def _of_itself(last, at):
    """Why a status changed that nobody has decided about."""
    if last is None:
        return Cause.FIRST
    publication = last.recommendation.publication_id
    if codebook_of(publication, last.at) != codebook_of(publication, at):
        return Cause.CODEBOOK
    if rule_of(publication, last.at) != rule_of(publication, at):
        return Cause.RULESET
    return Cause.TIME


REASONS = ("contrary practice", NO_ACTION)


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

    ``suggested`` is the code the curator saw; refused if the evidence has changed it.
    ``after`` is the key of the newest assessment they saw, 0 for none; raises
    EditConflict if there is a newer one.
    """
    _check_role(by)
    # Held until the end, so that two curators, or two clicks, come one by one.
    Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    _check_newest(recommendation, after)
    found = standing.standing_of(recommendation, as_of)
    _check_suggested(found.suggested, suggested)
    reason = _reason(found.suggested, decided, decided_reason)
    _check_rationale(found.suggested, decided, reason, rationale)
    assessment = Assessment.objects.create(
        recommendation=recommendation,
        assessed_on=as_of,
        decided=decided,
        decided_reason=_kept(reason, found),
        rationale=rationale.strip(),
        assessed_by=by,
        **_suggestion(found),
    )
    when = {"at": assessment.recorded_at, "assessment": assessment}
    record_changes(StatusChange.Cause.ASSESSMENT, [recommendation], **when)
    return assessment


def _check_role(by):
    require(by, "icctracker.add_assessment")


def _check_suggested(status, suggested):
    """Nobody confirms what they have not read."""
    if suggested and suggested != status.code:
        raise ActionRefused(
            _(
                "On the evidence as it is now, the rule suggests “%(status)s” for this"
                " date. Read it again before you decide."
            )
            % {"status": ImplementationStatus(status.code).label}
        )


def _check_rationale(status, decided, reason, rationale):
    """Whoever differs from the rule says why."""
    differs = (decided, reason) != (status.code, status.reason or "")
    if differs and not rationale.strip():
        raise ActionRefused(
            _("Say why the status differs from what the rule suggests.")
        )


def _suggestion(found):
    """What the rule says, as an assessment keeps it, and by which of its versions."""
    result = found.result
    return {
        "codebook": codebook_of(found.recommendation.publication_id),
        "ruleset": found.rule.version if found.rule else ruleset.VERSION,
        "suggested": result.status.code,
        "suggested_reason": _kept(result.status.reason or "", found),
        "trend": result.trend or "",
        "confidence": result.confidence,
        "contrary": result.contrary,
        "review_due_on": standing.add_months(
            found.case.as_of, result.review_due_months
        ),
    }


def _kept(reason, found):
    """The reason as it is kept: no lack of action is put on record where a step was."""
    return reason == NO_ACTION and found.suggested.trace or reason


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


# Logging a search that found nothing, and taking it off the log again.


def log_search(*, by, criterion, searched_on, where, query, outcome):
    """Put a search on the log; the same one twice is refused."""
    require(by, "icctracker.add_search")
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
            _record_search(search, search.recorded_at)
            return search
    except IntegrityError as clash:
        raise ActionRefused(_("This search is already on the log.")) from clash


@transaction.atomic
def withdraw_search(search, *, by, reason):
    """Take a search off the log, with a reason; the past stays as it was known."""
    search = Search.objects.select_for_update().get(pk=search.pk)
    require(by, "icctracker.change_search")
    if search.withdrawn_at:
        raise ActionRefused(_("This search has been withdrawn already."))
    if not reason.strip():
        raise ActionRefused(_("Say why: the reason is kept with the search."))
    search.withdrawn_at = timezone.now()
    search.withdrawal_reason = reason.strip()
    search.save()
    _record_search(search, search.withdrawn_at)
    return search


def _record_search(search, at):
    recommendation = search.criterion.recommendation
    record_changes(StatusChange.Cause.SEARCH, [recommendation], at=at)


# Taking back a verdict of another tracker that was recorded wrongly.


@transaction.atomic
def withdraw_verdict(verdict, *, by, reason):
    """Take a verdict off the page, with a reason; the past stays as it was known."""
    verdict = Verdict.objects.select_for_update().get(pk=verdict.pk)
    require(by, "icctracker.change_verdict")
    if verdict.withdrawn_at:
        raise ActionRefused(_("This verdict has been withdrawn already."))
    if not reason.strip():
        raise ActionRefused(_("Say why: the reason is kept with the verdict."))
    verdict.withdrawn_at = timezone.now()
    verdict.withdrawal_reason = reason.strip()
    verdict.save()
    return verdict
