"""Months and years before a day, and the first day after some years."""

from calendar import monthrange
from datetime import date


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
