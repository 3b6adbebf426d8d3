"""The rule as it was first written: every window and every removal worked out anew.

Slow and plain, it is what the quick one is held to: the same result of every case.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from icctracker.ruleset import (
    PUBLISHED,
    Case,
    Criterion,
    CriterionResult,
    Finding,
    Parameters,
    Result,
    Status,
    Step,
)


def minus_months(day: date, months: int) -> date:
    """The same day some months earlier, or the last of a shorter month."""
    years, month = divmod(day.month - 1 - months, 12)
    year, month = max(day.year + years, date.min.year), month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def minus_years(day: date, years: int) -> date:
    """The same day ``years`` earlier; from the 29th of February, the 28th."""
    year = max(day.year - years, date.min.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def first_day_beyond(day: date, years: int) -> date:
    """The first date D for which ``day`` is on or before D minus ``years``."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def weigh(form: str, tier: str, parameters: Parameters = PUBLISHED) -> int:
    """The weight of a form; on a secondary source it carries at most one."""
    full = getattr(parameters, form)
    return min(full, parameters.secondary_cap) if tier == "C" else full


def weight(finding: Finding, parameters: Parameters = PUBLISHED) -> int:
    """The weight of a finding."""
    return weigh(finding.form, finding.tier, parameters)


def evaluate(case: Case, parameters: Parameters = PUBLISHED) -> Result:
    """Suggest the status of one recommendation, with trend, doubts and confidence."""
    findings = _until(case.findings, case.as_of)
    levels = _levels(case, findings, case.as_of, parameters)
    status = _status(case.criteria, levels, findings)
    contrary = any(result.breach for result in levels.values())
    fragile = _fragile(case, findings, levels, status, parameters)
    trend = _trend(case, findings, levels, status, parameters)
    doubts = _doubts(case, findings, levels, fragile, parameters)
    because = _because(case, findings, levels, fragile, parameters)
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
    findings = _until(case.findings, day)
    return _status(case.criteria, _levels(case, findings, day, parameters), findings)


def history(
    case: Case, start: date, parameters: Parameters = PUBLISHED
) -> tuple[tuple[date, Status], ...]:
    """Every change of the suggested status from ``start`` to the case's date.

    The first row is the status on ``start``. A status can only change when a finding
    is made, leaves the window or lapses, or when a search grows old.
    """
    days = {start, case.as_of}
    for finding in case.findings:
        days |= {
            finding.date,
            first_day_beyond(finding.date, parameters.window_years),
            first_day_beyond(finding.date, parameters.lapse_years),
        }
    for search in case.searches:
        days.add(first_day_beyond(search.date, parameters.search_years))
    changes: list[tuple[date, Status]] = []
    for day in sorted(day for day in days if start <= day <= case.as_of):
        status = status_on(case, day, parameters)
        if not changes or changes[-1][1] != status:
            changes.append((day, status))
    return tuple(changes)


def _until(findings: Iterable[Finding], day: date) -> tuple[Finding, ...]:
    known = (finding for finding in findings if finding.date <= day)
    return tuple(sorted(known, key=lambda finding: finding.order))


def _levels(case, findings, day, parameters) -> dict[str, CriterionResult]:
    return {
        criterion.code: _level(criterion, findings, case.searches, day, parameters)
        for criterion in case.criteria
    }


def _level(criterion, findings, searches, day, parameters) -> CriterionResult:
    own = [finding for finding in findings if finding.criterion == criterion.code]
    if criterion.kind != "deliver":
        return _conduct(criterion, own, day, parameters)
    since = minus_years(day, parameters.search_years)
    # A search covers everything up to its own date, so only its age can spoil it.
    searched = any(s.criterion == criterion.code and s.date > since for s in searches)
    if not own and not searched:
        return CriterionResult()
    return _delivery(criterion, own, day, parameters)


def _delivery(
    criterion: Criterion, own: Sequence[Finding], day: date, parameters: Parameters
) -> CriterionResult:
    """Walk the decisions and formal products in order; talk is not delivery."""
    level, last_step_up, steps = 0, None, []
    for finding in own:
        if finding.effect == 0 or finding.form not in ("decision", "formal"):
            continue
        if finding.effect > 0:
            level = max(level, _reached(criterion, finding))
            last_step_up = finding.date
        elif finding.strong:
            level = 0 if finding.effect == -2 else max(level - 1, 0)
        steps.append(Step(finding.id, weight(finding, parameters), level=level))
    since = minus_years(day, parameters.window_years)
    stale = minus_years(day, parameters.lapse_years)
    lapsed = level == 1 and last_step_up is not None and last_step_up <= stale
    breach = any(finding.breach and finding.date > since for finding in own)
    lapse = first_day_beyond(last_step_up, parameters.lapse_years) if lapsed else None
    undone = level == 0 and last_step_up is not None
    return CriterionResult(
        level=0 if lapsed else level,
        lapsed=lapsed,
        breach=breach,
        steps=tuple(steps),
        trace="lapsed" if lapsed else "undone" if undone else "",
        last_on=last_step_up,
        lapsed_on=lapse,
    )


def _reached(criterion: Criterion, finding: Finding) -> int:
    if finding.tier == "C":
        return 1
    decided = finding.form == "decision"
    if finding.effect == 2:
        return 3 if decided or criterion.delivered_by == "formal" else 2
    return 2 if decided else 1


def _conduct(
    criterion: Criterion, own: Sequence[Finding], day: date, parameters: Parameters
) -> CriterionResult:
    """Score the window at ``day``, or at the last occasion that could be measured."""
    occasions = [
        f for f in own if f.occasion and f.effect and weight(f, parameters) > 0
    ]
    current = _window(occasions, day, parameters)
    last_on = max((f.date for f in occasions), default=None)
    for tested_on in [day, *sorted({f.date for f in occasions}, reverse=True)]:
        window = _window(occasions, tested_on, parameters)
        enough = len(window) >= parameters.enough_occasions
        if enough or any(finding.decisive for finding in window):
            found = _scored(criterion, window, tested_on, parameters)
            later = tuple(f.id for f in occasions if f.date > tested_on)
            return replace(found, last_on=last_on, later=later)
    return CriterionResult(
        occasions=len(current),
        complied=sum(f.effect > 0 for f in current),
        last_on=last_on,
    )


def _window(occasions, day, parameters) -> list[Finding]:
    since = minus_years(day, parameters.window_years)
    return [finding for finding in occasions if since < finding.date <= day]


def _scored(criterion, window, tested_on, parameters) -> CriterionResult:
    total = sum(weight(finding, parameters) for finding in window)
    values = _values_of_effects(parameters)
    steps = tuple(
        Step(
            finding.id,
            weight(finding, parameters),
            value=values[finding.effect],
            share=Fraction(weight(finding, parameters), total),
        )
        for finding in window
    )
    score = sum((step.value * step.share for step in steps), Fraction(0))
    breach = any(finding.breach for finding in window)
    level = _conduct_level(criterion.kind, score * 100, breach, parameters)
    return CriterionResult(
        level=level,
        score=score,
        tested_on=tested_on,
        occasions=len(window),
        complied=sum(finding.effect > 0 for finding in window),
        breach=breach,
        steps=steps,
        trace="missed" if level == 0 else "",
        weight=total,
        kept=sum(weight(f, parameters) for f in window if f.effect > 0),
    )


def _values_of_effects(parameters: Parameters) -> dict[int, Fraction]:
    return {
        2: Fraction(1),
        1: Fraction(parameters.part_kept, 100),
        -1: Fraction(parameters.part_departed, 100),
        -2: Fraction(0),
    }


def _conduct_level(kind: str, percent: Fraction, breach: bool, p: Parameters) -> int:
    """A conduct to avoid is judged more strictly than a practice to keep up."""
    if percent >= p.full and not breach:
        return 3
    if kind == "sustain":
        return 2 if percent >= p.sustain_large else int(percent > p.sustain_some)
    return 2 if percent >= p.refrain_large else int(percent >= p.refrain_some)


def _status(criteria, levels, findings) -> Status:
    """All in full; none below largely; some part met; none met."""
    essential = [levels[c.code] for c in criteria if c.essential]
    known = [result.level for result in essential if result.level is not None]
    if not findings and not known:
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
        traces = [result.trace for result in essential]
        for trace in ("lapsed", "undone", "missed"):
            if trace in traces:
                return Status("not-followed", 0, "no action found", trace)
        return Status("not-followed", 0, "no action found")
    return Status("insufficient")


def _fragile(case, findings, levels, status, parameters):
    """The findings whose removal, one at a time, changes the status, and to what."""
    criteria = {criterion.code: criterion for criterion in case.criteria}
    found = []
    for finding in findings:
        rest = tuple(other for other in findings if other is not finding)
        changed = _level(
            criteria[finding.criterion], rest, case.searches, case.as_of, parameters
        )
        without = _status(case.criteria, {**levels, finding.criterion: changed}, rest)
        if without.code != status.code:
            found.append((finding.id, without))
    return tuple(found)


def _trend(case, findings, levels, status, parameters) -> str | None:
    """Compare with some months earlier: status, then criteria, then the mean score."""
    then = minus_months(case.as_of, parameters.trend_months)
    earlier_findings = _until(findings, then)
    earlier = _levels(case, earlier_findings, then, parameters)
    earlier_status = _status(case.criteria, earlier, earlier_findings)
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


def _doubts(case, findings, levels, fragile, parameters) -> tuple[str, ...]:
    """The reasons that lower confidence, one step each."""
    weighed = [f for f in findings if f.effect and weight(f, parameters) > 0]
    publishers = {finding.publisher for finding in weighed if finding.publisher}
    long_ago = minus_years(case.as_of, parameters.untested_years)
    essential = [levels[c.code] for c in case.criteria if c.essential]
    reasons = {
        "thin": len(weighed) < parameters.enough_findings
        or len(publishers) < parameters.enough_publishers,
        "untested": any(
            result.level is None or (result.tested_on or case.as_of) < long_ago
            for result in essential
        ),
        "single-coded": any(not f.double_coded or f.disputed for f in weighed),
        "fragile": bool(fragile),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def _because(case, findings, levels, fragile, parameters):
    """Each reason that holds, with the criteria that it holds of."""
    weighed = [f for f in findings if f.effect and weight(f, parameters) > 0]
    publishers = {finding.publisher for finding in weighed if finding.publisher}
    long_ago = minus_years(case.as_of, parameters.untested_years)
    essential = sorted(c.code for c in case.criteria if c.essential)
    unknown = tuple(code for code in essential if levels[code].level is None)
    old = tuple(
        code
        for code in essential
        if levels[code].level is not None
        and levels[code].tested_on
        and levels[code].tested_on < long_ago
    )
    found = []
    if len(weighed) < parameters.enough_findings:
        found.append(("few-findings", ()))
    if len(publishers) < parameters.enough_publishers:
        found.append(("few-publishers", ()))
    if unknown:
        found.append(("unknown", unknown))
    if old:
        found.append(("untested", old))
    if any(not finding.double_coded for finding in weighed):
        found.append(("coded-once", ()))
    if any(finding.disputed for finding in weighed):
        found.append(("disputed", ()))
    if fragile:
        found.append(("fragile", ()))
    return tuple(found)


def _confidence(doubts, parameters) -> str:
    if not doubts:
        return "high"
    return "low" if len(doubts) >= parameters.low_doubts else "medium"
