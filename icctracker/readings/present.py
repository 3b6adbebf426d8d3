"""Where each recommendation stands today: read as it was written, not worked out.

What was written is good until time alone may change it; from then until it is written
anew (``manage.py record_changes``, daily) it is worked out for whoever asks.
"""

from collections import Counter, defaultdict

from icctracker.models import Recommendation
from icctracker.models.standings import WORKED_OUT, PresentStanding
from icctracker.ruleset import gist_of, status_with
from icctracker.ruleset.ageing import next_change

from .standing import (
    as_findings,
    parameters_of,
    standing_of,
    standings,
    suggested_with,
)
from .versions import mark_outdated
from .working import counted, on_record, working


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
    rows = rows.defer("working", "gist").filter(recommendation__in=recommendations)
    return {row.pk: row for row in rows}


# What an entry that waits would change. Read from the gist of what is written; only
# where that does not tell, all that a recommendation rests on is read.


class Prospect:
    """Where recommendations stand today, and would with findings that wait."""

    def __init__(self, today, recommendations):
        self.today, self._asked, self._then = today, set(), {}
        rows = PresentStanding.objects.holding(today)
        rows = rows.select_related("assessment", "ruleset")
        rows = rows.filter(recommendation__in=recommendations)
        written = {row.pk: row for row in rows}
        others = [each for each in recommendations if each.pk not in written]
        self._worked_out = {
            row.recommendation.pk: row
            for row in (standings(today, recommendations=others) if others else ())
        }
        self.now = [
            _read(written[each.pk], each, today)
            if each.pk in written
            else self._worked_out[each.pk]
            for each in recommendations
        ]

    def once_published(self, entries):
        """The status of each recommendation, were an entry published, by the two.

        Entries have ``current_findings`` with criteria, and sources. What was asked of
        an entry before is not worked out again.
        """
        new = [entry for entry in entries if entry not in self._asked]
        if new:
            mark_outdated([row for entry in new for row in entry.current_findings])
            self._then |= self.suggested_with(
                {
                    entry: [row for row in entry.current_findings if not row.outdated]
                    for entry in new
                }
            )
            self._asked |= {*new}
        return self._then

    def suggested_with(self, drafts_of):
        """The status the rule would suggest for each, were an entry published.

        ``drafts_of`` has the findings of each entry, which speak to the versions in
        force; entries have their sources prefetched, findings their criteria. Statuses
        by entry and recommendation; what no gist tells is read for all in one go.
        """
        pairs = [
            (now, entry, [row for row in drafts if _adds_to(row, now)])
            for entry, drafts in drafts_of.items()
            for now in self.now
            if any(_speaks_to(row, now) for row in entry.current_findings)
        ]
        told = [self._by_gist(*pair) for pair in pairs]
        untold = {
            now.recommendation: None
            for (now, _entry, _drafts), status in zip(pairs, told, strict=True)
            if status is None and now.recommendation.pk not in self._worked_out
        }
        for row in standings(self.today, recommendations=untold) if untold else ():
            self._worked_out[row.recommendation.pk] = row
        return {
            (entry, now.recommendation): status
            or suggested_with(self._worked_out[now.recommendation.pk], entry, drafts)
            for (now, entry, drafts), status in zip(pairs, told, strict=True)
        }

    def _by_gist(self, now, evidence, drafts):
        """The status with some findings, or None where no gist tells."""
        if not isinstance(now, PresentStanding):
            return None
        codes = {each["code"] for each in now.gist["criteria"]}
        added = as_findings(now.recommendation, codes, evidence, drafts)
        return status_with(now.gist, added, self.today, parameters_of(now.ruleset))


def _adds_to(finding, standing):
    """Whether it is not counted yet: what was accepted stands in the case already."""
    return not finding.accepted_at and _speaks_to(finding, standing)


def _speaks_to(finding, standing):
    return finding.criterion.recommendation_id == standing.recommendation.pk


def prospect_of(entries, today):
    """The prospect of the recommendations that the findings of entries speak to.

    Wants ``current_findings`` with criteria and their recommendations.
    """
    concerned = {
        finding.criterion.recommendation: None
        for entry in entries
        for finding in entry.current_findings
    }
    in_order = sorted(concerned, key=lambda each: (each.publication_id, each.number))
    return Prospect(today, in_order)


def changes_by(evidence, prospect):
    """Where each that an entry bears on stands, and the status once it is published.

    Wants ``current_findings`` with criteria, and sources.
    """
    then = prospect.once_published([evidence])
    return [(now, then[evidence, now.recommendation]) for now in prospect.now]


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
    case = standing.case
    return row_of(
        standing,
        counted(standing, findings),
        good_until=_good_until(standing),
        counts=_counts(case),
        last_evidence_on=max((f.date for f in _until(case)), default=None),
        seen=[len(findings), sum(finding.key for finding in findings)],
    )


def row_of(standing, numbers, *, seen, **fields):
    """What is written of a Standing, with what is counted of its findings.

    ``seen`` tells which findings it rests on: how many, and the sum of their keys.
    """
    result, case = standing.result, standing.case
    moves = {
        code: [[day.isoformat(), *grade] for day, grade in rows]
        for code, rows in standing.moves.items()
    }
    return PresentStanding(
        recommendation=standing.recommendation,
        worked_out_for=case.as_of,
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
        working=working(standing, numbers),
        grounds=standing.grounds,
        gist=gist_of(case, standing.parameters)
        | {"moves": moves, "seen": seen, "grounded": True},
        **fields,
    )


def _good_until(standing):
    """The first day on which time alone may change it; None if it never can."""
    days = [
        next_change(standing.case, standing.parameters),
        standing.assessed_anew_on,
    ]
    return min(filter(None, days), default=None)


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
    # One after the other: all that they rest on is more than memory need hold.
    for recommendation in Recommendation.objects.with_parts().filter(pk__in=rows):
        (right,) = written(standings(today, recommendations=[recommendation]))
        row = rows[recommendation.pk]
        names = set(WORKED_OUT) - {"worked_out_for", "good_until"}
        if wrong := sorted(n for n in names if getattr(row, n) != getattr(right, n)):
            yield right.recommendation, wrong
