"""When time alone may change what the rule says of a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from .days import first_day_beyond
from .parameters import PUBLISHED, Parameters
from .records import Case, Finding


def next_change(case: Case, parameters: Parameters = PUBLISHED) -> date | None:
    """The first day after the case's on which another result is possible.

    Until then, and with the same evidence, the rule says the same: status, trend,
    confidence, levels. None if that can no longer change of itself.
    """
    turns = set(_turns(_days(case.findings), parameters))
    turns |= {
        first_day_beyond(search.date, parameters.search_years)
        for search in case.searches
    }
    return _first_after(case.as_of, turns, parameters)


def next_change_by(
    findings: Iterable[Finding], day: date, parameters: Parameters = PUBLISHED
) -> date | None:
    """The first day after ``day`` on which these findings may change anything."""
    return _first_after(day, set(_turns(_days(findings), parameters)), parameters)


def _days(findings):
    return {finding.date for finding in findings}


def _first_after(day, turns, parameters):
    # A trend compares with some months earlier, so each turn has an echo.
    turns |= {first_day_months_beyond(day, parameters.trend_months) for day in turns}
    return min((turn for turn in turns if turn > day), default=None)


def _turns(days: Iterable[date], parameters: Parameters) -> Iterator[date]:
    """The days on which evidence happens, leaves the window, lapses or grows old."""
    for day in days:
        yield day
        yield first_day_beyond(day, parameters.window_years)
        yield first_day_beyond(day, parameters.lapse_years)
        # Tested for the last time more than some years ago, not exactly so many.
        if day < date.max:
            yield first_day_beyond(day + timedelta(1), parameters.untested_years)


def first_day_months_beyond(day: date, months: int) -> date:
    """The first date D for which ``day`` is on or before D minus ``months``."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > date.max.year:
        return date.max
    try:
        return day.replace(year=year, month=month)
    except ValueError:
        # The month is too short to have that day.
        return date(year + month // 12, month % 12 + 1, 1)
