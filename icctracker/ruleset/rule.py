"""The rule: what the evidence suggests about one recommendation on one date.

A pure function of its input: no clock, no database, no Django. It suggests; a
curator decides. Which values it judges by is the ruleset's, handed in with the case.
The rule is published on the methodology page in the same order: what was delivered
(``delivery``), what was kept up or avoided (``conduct``), and what follows from both.

Run alone, it reads a case as JSON and prints the result as JSON:

    python -m icctracker.ruleset < case.json

A malformed case ends with exit code 2 and one line that names the field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import cache

from .conduct import Conduct
from .days import minus_months, minus_years
from .delivery import Delivery
from .parameters import PUBLISHED, Parameters
from .records import (
    NO_ACTION,
    TRACES,
    Case,
    Finding,
    Grade,
    Result,
    Status,
    TooShort,
    weight,
)

# The version that ``PUBLISHED`` holds the values of.
VERSION = "1.0"


def evaluate(case: Case, parameters: Parameters = PUBLISHED) -> Result:
    """Suggest the status of one recommendation, with trend, doubts and confidence."""
    findings = until(case.findings, case.as_of)
    parts = parts_of(case, findings, parameters)
    levels = {code: part.result(case.as_of) for code, part in parts.items()}
    status = status_from(
        case.criteria, levels, is_on_record(case, findings, case.as_of)
    )
    contrary = any(result.breach for result in levels.values())
    fragile = _fragile(case, findings, parts, levels, status)
    trend = _trend(case, findings, parts, levels, status, parameters)
    because = _because(case, findings, levels, fragile, parameters)
    doubts = tuple(dict.fromkeys(DOUBTS[name] for name, _codes in because))
    confidence = _confidence(doubts, parameters)
    soon = trend == "regressing" or contrary or confidence == "low"
    return Result(
        status=status,
        contrary=contrary,
        criteria=levels,
        fragile=fragile,
        trend=trend,
        confidence=confidence,
        doubts=doubts,
        review_due_months=parameters.review_months_soon
        if soon
        else parameters.review_months,
        because=because,
    )


def status_on(case: Case, day: date, parameters: Parameters = PUBLISHED) -> Status:
    """The suggested status alone on ``day``, for histories."""
    findings = until(case.findings, day)
    parts = parts_of(case, findings, parameters)
    grades = {code: part.grade(day) for code, part in parts.items()}
    return status_from(case.criteria, grades, is_on_record(case, findings, day))


def history(
    case: Case, start: date, parameters: Parameters = PUBLISHED
) -> tuple[tuple[date, Status], ...]:
    """Every change of the suggested status from ``start`` to the case's date.

    The first row is the status on ``start``. A status can only change when a finding
    is made, leaves the window or lapses, or when a search grows old.
    """
    if start > case.as_of:
        return ()
    findings = until(case.findings, case.as_of)
    parts = parts_of(case, findings, parameters)
    moves = {code: moves_of(part, start, case.as_of) for code, part in parts.items()}
    first = findings[0].date if findings else None
    return history_from(case.criteria, moves, start, first)


def history_from(criteria, moves, start: date, first: date | None):
    """The history that follows from the moves of each criterion since ``start``.

    ``first`` is the day of the first finding, if there is one.
    """
    by_day = defaultdict(dict)
    for code, rows in moves.items():
        for day, grade in rows:
            by_day[day][code] = grade
    days = {start, *by_day}
    if first:
        # Whatever the first one shows, from its day on something is on record.
        days.add(max(start, first))
    grades: dict[str, Grade] = {}
    changes: list[tuple[date, Status]] = []
    for day in sorted(days):
        grades |= by_day[day]
        status = status_from(criteria, grades, first is not None and first <= day)
        if not changes or changes[-1][1] != status:
            changes.append((day, status))
    return tuple(changes)


def since(
    changes: Sequence[tuple[date, Status]], parameters: Parameters = PUBLISHED
) -> date:
    """The day from which the last status of a ``history`` has stood.

    What interrupted it for fewer than ``held_days``, one status or several on end, is
    passed over. Raises IndexError if there is no history.
    """
    *earlier, (found, last) = changes
    interrupted = found
    for day, status in reversed(earlier):
        if status.code == last.code:
            if (found - interrupted).days >= max(parameters.held_days, 1):
                break
            found = day
        interrupted = day
    return found


def moves_of(part, start: date, end: date) -> list[tuple[date, Grade]]:
    """Each change of a criterion's grade; the first is the grade on ``start``."""
    moves, last = [], None
    for day in sorted({start, *part.turns()}):
        if start <= day <= end and (grade := part.grade(day)) != last:
            moves.append((day, last := grade))
    return moves


def until(findings: Iterable[Finding], day: date) -> tuple[Finding, ...]:
    """The findings made by ``day``, in order."""
    known = (finding for finding in findings if finding.date <= day)
    return tuple(sorted(known, key=lambda finding: finding.order))


def is_on_record(case: Case, findings: Sequence[Finding], day: date) -> bool:
    """Whether any of these findings, which are in order, was made by ``day``."""
    found = bool(findings) and findings[0].date <= day
    if case.since and not found:
        raise TooShort
    return found


def parts_of(case, findings, parameters) -> dict[str, Conduct | Delivery]:
    """Each criterion with its own findings, ready to be judged on any day."""
    own, searched, since = defaultdict(list), {}, dict(case.since)
    for finding in findings:
        own[finding.criterion].append(finding)
    for search in sorted(case.searches, key=lambda search: search.date):
        searched[search.criterion] = search.date
    return {
        c.code: part_of(
            c, own[c.code], searched.get(c.code), parameters, since.get(c.code)
        )
        for c in case.criteria
    }


def part_of(criterion, findings, searched_on, parameters, since=None):
    """One criterion with its findings, in order, and the day of its last search."""
    if criterion.kind == "deliver":
        return Delivery(criterion, findings, searched_on, parameters, since)
    return Conduct(criterion, findings, parameters, since)


def status_from(criteria, levels, on_record: bool) -> Status:
    """What the essential criteria come to; on record is any finding at all.

    Not what the weakest does: some part that is met makes it *limited*, even where
    another is not met at all.
    """
    essential = [levels[c.code] for c in criteria if c.essential]
    known = [result.level for result in essential if result.level is not None]
    if not on_record and not known:
        return Status("not-assessed")
    complete = bool(essential) and len(known) == len(essential)
    if complete and min(known) == 3:
        return Status("followed", 3)
    if complete and min(known) == 2:
        return Status("substantial", 2)
    if any(level >= 1 for level in known):
        return Status("limited", 1)
    if complete:
        contrary = any(result.breach for result in essential)
        if contrary:
            return Status("not-followed", 0, "contrary practice")
        traces = {result.trace for result in essential}
        trace = next((each for each in TRACES if each in traces), "")
        return Status("not-followed", 0, NO_ACTION, trace)
    return Status("insufficient")


def _fragile(case, findings, parts, levels, status):
    """The findings whose removal, one at a time, changes the status, and to what."""
    found = [
        (finding, without)
        for code in parts
        for finding, without in _without_each(code, case, findings, parts, levels)
        if without.code != status.code
    ]
    found.sort(key=lambda pair: pair[0].order)
    return tuple((finding.id, without) for finding, without in found)


def _without_each(code, case, findings, parts, levels):
    """Each finding on one criterion, with the status were it not there."""

    if case.since and len(findings) < 2:
        raise TooShort

    @cache
    def status(grade):
        return status_from(case.criteria, {**levels, code: grade}, len(findings) > 1)

    for finding, grade in parts[code].without_each(case.as_of):
        yield finding, status(grade)


def _trend(case, findings, parts, levels, status, parameters) -> str | None:
    """Compare with some months earlier: status, then criteria, then the mean score."""
    then = minus_months(case.as_of, parameters.trend_months)
    earlier = {code: part.result(then) for code, part in parts.items()}
    earlier_status = status_from(
        case.criteria, earlier, is_on_record(case, findings, then)
    )
    if status.level is None or earlier_status.level is None:
        return None
    pairs = [(earlier[c.code], levels[c.code]) for c in case.criteria if c.essential]
    moved = (
        status.level - earlier_status.level
        or _one_way(pairs)
        or _mean_move(pairs, parameters)
    )
    if moved:
        return "advancing" if moved > 0 else "regressing"
    active = any(finding.effect and finding.date > then for finding in findings)
    return "stalled" if status.level in (1, 2) and not active else "steady"


def _one_way(pairs) -> int:
    """+1 where some criterion went up and none down, -1 for the reverse, else 0."""
    known = [(a.level, b.level) for a, b in pairs if None not in (a.level, b.level)]
    up, down = any(b > a for a, b in known), any(b < a for a, b in known)
    return up - down


def _mean_move(pairs, parameters) -> int:
    """The sign of the change in mean score, if it moved far enough."""
    known = [(a.score, b.score) for a, b in pairs if None not in (a.score, b.score)]
    if not known:
        return 0
    change = sum((b - a for a, b in known), Fraction(0)) / len(known)
    enough = Fraction(parameters.trend_movement, 100)
    return (change >= enough) - (change <= -enough)


# What lowers confidence, and the doubt that it is part of: each doubt is one step.
DOUBTS = {
    "few-findings": "thin",
    "few-publishers": "thin",
    "unknown": "untested",
    "untested": "untested",
    "coded-once": "single-coded",
    "disputed": "single-coded",
    "fragile": "fragile",
}


def _because(case, findings, levels, fragile, parameters):
    """What holds of all that lowers confidence, and of which criteria."""
    number, publishers, once, disputed = case.weighed or _weighed(findings, parameters)
    few = number < parameters.enough_findings
    few_publishers = publishers < parameters.enough_publishers
    if case.since and not case.weighed:
        if few or few_publishers or not (once and disputed):
            raise TooShort
    long_ago = minus_years(case.as_of, parameters.untested_years)
    essential = {c.code: levels[c.code] for c in case.criteria if c.essential}
    rows = sorted(essential.items())
    unknown = tuple(code for code, found in rows if found.level is None)
    untested = tuple(
        code
        for code, found in rows
        if found.level is not None and (found.tested_on or case.as_of) < long_ago
    )
    holds = {
        "few-findings": few,
        "few-publishers": few_publishers,
        "unknown": unknown,
        "untested": untested,
        "coded-once": once,
        "disputed": disputed,
        "fragile": fragile,
    }
    of = {"unknown": unknown, "untested": untested}
    return tuple((name, of.get(name, ())) for name in DOUBTS if holds[name])


def _weighed(findings, parameters) -> tuple[int, int, bool, bool]:
    """How many weigh, of how many publishers, if any is coded once, if any disputed."""
    weighed = [f for f in findings if f.effect and weight(f, parameters) > 0]
    publishers = {finding.publisher for finding in weighed if finding.publisher}
    once = any(not finding.double_coded for finding in weighed)
    disputed = any(finding.disputed for finding in weighed)
    return len(weighed), len(publishers), once, disputed


def _confidence(doubts, parameters) -> str:
    if not doubts:
        return "high"
    return "low" if len(doubts) >= parameters.low_doubts else "medium"
