"""Where each recommendation stands today: read as it was written, not worked out.

What was written is good until time alone may change it; from then until it is written
anew (``manage.py record_changes``, daily) it is worked out for whoever asks.
"""

from collections import Counter, defaultdict

from icctracker.models import Recommendation
from icctracker.models.standings import WORKED_OUT, PresentStanding
from icctracker.ruleset.ageing import next_change

from .standing import standing_of, standings
from .working import on_record, working


def present(today, recommendations=None):
    """Where each recommendation stands, in order; two queries if all is written."""
    if recommendations is None:
        recommendations = Recommendation.objects.with_parts()
    recommendations = list(recommendations)
    rows = holding(recommendations, today)
    others = [each for each in recommendations if each.pk not in rows]
    worked_out = {
        row.recommendation.pk: row
        for row in (standings(today, recommendations=others) if others else ())
    }
    return [
        _read(rows[each.pk], each, today) if each.pk in rows else worked_out[each.pk]
        for each in recommendations
    ]


def holding(recommendations, today):
    """What is written of them and still holds, by the key of the recommendation."""
    rows = PresentStanding.objects.holding(today).select_related("assessment")
    rows = rows.defer("working")
    return {row.pk: row for row in rows.filter(recommendation__in=recommendations)}


def _read(row, recommendation, today):
    row.recommendation, row.as_of = recommendation, today
    return row


def present_of(recommendation, today):
    """Where one stands today, with the working behind it; one query if written."""
    rows = PresentStanding.objects.holding(today).select_related(
        "assessment", "ruleset"
    )
    row = rows.filter(recommendation=recommendation).first()
    return _read(row, recommendation, today) if row else past_of(recommendation, today)


def past_of(recommendation, as_of, known_at=None):
    """Where one stood, worked out, in the shape in which the present is written."""
    standing = standing_of(recommendation, as_of, known_at)
    (row,) = written([standing], known_at)
    return _read(row, recommendation, as_of)


def written(found, known_at=None):
    """What is written of standings that were worked out for one day; not saved."""
    if not found:
        return []
    recommendations = [standing.recommendation for standing in found]
    findings = on_record(recommendations, found[0].as_of, known_at)
    return [
        as_written(standing, findings[standing.recommendation.pk]) for standing in found
    ]


def as_written(standing, findings):
    """What is written of one, with all its findings on record, newest first."""
    result, case = standing.result, standing.case
    return PresentStanding(
        recommendation=standing.recommendation,
        worked_out_for=case.as_of,
        good_until=next_change(case, standing.parameters),
        codebook_id=standing.codebook_id,
        ruleset=standing.rule,
        assessment=standing.assessment,
        suggested_code=result.status.code,
        suggested_level=result.status.level,
        suggested_reason=result.status.reason or "",
        since=standing.since,
        trend=result.trend or "",
        confidence=result.confidence,
        doubts=list(result.doubts),
        contrary=result.contrary,
        lapsed=standing.lapsed,
        not_tested_since=standing.not_tested_since,
        review_due_months=standing.review_due_months,
        moves=[[day.isoformat(), *codes] for day, *codes in standing.changes],
        counts=_counts(case),
        last_evidence_on=max((f.date for f in _until(case)), default=None),
        working=working(standing, findings),
    )


def _until(case):
    return [finding for finding in case.findings if finding.date <= case.as_of]


def _counts(case):
    """How many findings show what, by criterion and effect; names as JSON has them."""
    counts = defaultdict(Counter)
    for finding in _until(case):
        counts[finding.criterion][str(finding.effect)] += 1
    return {code: dict(effects) for code, effects in sorted(counts.items())}


def otherwise(today):
    """Each that says otherwise than it should: the recommendation and what differs."""
    rows = {row.pk: row for row in PresentStanding.objects.holding(today)}
    for right in written(standings(today)):
        row = rows.get(right.recommendation_id)
        if row is None:
            continue
        names = set(WORKED_OUT) - {"worked_out_for", "good_until"}
        if wrong := sorted(n for n in names if getattr(row, n) != getattr(right, n)):
            yield right.recommendation, wrong
