"""How the past of a criterion moves when findings come or go: as far as they reach.

The whole rule is what it is held to (``tests/ruleset/test_shortened.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from .parameters import Parameters
from .records import Case, Criterion, Finding, Grade, TooShort
from .rule import moves_of, part_of, parts_of, until

Moves = list[tuple[date, Grade]]


def moves_in(case: Case, start: date, parameters: Parameters) -> dict[str, Moves]:
    """Each change of the grade of each criterion from ``start`` to the case's date."""
    findings = until(case.findings, case.as_of)
    parts = parts_of(case, findings, parameters)
    return {code: moves_of(part, start, case.as_of) for code, part in parts.items()}


def moved(
    moves: Moves,
    criterion: Criterion,
    findings: Sequence[Finding],
    days: Collection[date],
    *,
    since: date | None,
    until: date | None = None,
    searched_on: date | None,
    as_of: date,
    parameters: Parameters,
) -> Moves:
    """The moves of a criterion up to a day, once findings of some days came or went.

    ``findings`` are those that it has now, in order, without those up to ``since`` and
    those after ``until``, if there are such days. Raises TooShort if these do not tell.
    """
    first, last = max(moves[0][0], min(days)), max(days)
    later = [finding for finding in findings if finding.date > last]
    settled = part_of(criterion, later, searched_on, parameters, last).settled()
    if first > as_of or settled and settled <= first:
        return moves
    end = min(settled or as_of, as_of)
    if until and end > until:
        raise TooShort(criterion.code)
    part = part_of(criterion, findings, searched_on, parameters, since)
    before = [row for row in moves if row[0] < first]
    new = moves_of(part, first, end)
    if before and before[-1][1] == new[0][1]:
        del new[0]
    return [*before, *new, *(row for row in moves if row[0] > end)]
