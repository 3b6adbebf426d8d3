"""Until the day that the rule names, time alone changes nothing of what it says."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from icctracker.ruleset import Case, Criterion, Finding, Search, evaluate
from icctracker.ruleset.ageing import first_day_months_beyond, next_change
from icctracker.ruleset.days import minus_months

from .random_cases import any_case, any_parameters

DAY = timedelta(days=1)


def said(case, parameters):
    """What readers are told; on which day it was tested is not a change of it."""
    result = evaluate(case, parameters)
    levels = {code: found.level for code, found in result.criteria.items()}
    lapsed = {code: found.lapsed for code, found in result.criteria.items()}
    fragile = [finding for finding, _status in result.fragile]
    told = result.status, result.contrary, result.trend, result.confidence
    return *told, result.doubts, levels, lapsed, fragile


def days_until(rows, start, end):
    """The day after the first, the last before the end, and some between."""
    last = (end or start + 20_000 * DAY) - DAY
    if last <= start:
        return []
    between = [start + rows.randint(1, (last - start).days) * DAY for _ in range(5)]
    return sorted({start + DAY, last, *between} - {start})


def test_nothing_changes_before_it():
    rows, waited = Random(20130306), 0  # noqa: S311
    for _number in range(800):
        case, parameters = any_case(rows), any_parameters(rows)
        end = next_change(case, parameters)
        before = said(case, parameters)
        for day in days_until(rows, case.as_of, end):
            after = said(replace(case, as_of=day), parameters)
            assert after == before, (case, parameters, day, end)
            waited += 1

    assert waited > 2_000


def test_something_may_change_on_it():
    """It is not too early either: on most of its days something does change."""
    rows, changed, asked = Random(1593), 0, 0  # noqa: S311
    for _number in range(300):
        case, parameters = any_case(rows), any_parameters(rows)
        if end := next_change(case, parameters):
            asked += 1
            there = said(replace(case, as_of=end), parameters)
            changed += said(case, parameters) != there

    assert asked > 200 and changed > asked / 20


def test_without_evidence_there_is_none():
    assert (
        next_change(Case(date(2026, 1, 1), (Criterion("1a", "deliver", True),))) is None
    )


def test_a_search_grows_old_after_a_year():
    case = Case(
        date(2026, 1, 1),
        (Criterion("1a", "deliver", True),),
        searches=(Search("1a", date(2025, 6, 1)),),
    )

    assert next_change(case) == date(2026, 6, 1)


def test_an_occasion_leaves_the_window_after_five_years():
    finding = Finding(
        1, "7a", date(2022, 3, 1), -2, "decision", "A", True, "United Nations"
    )
    case = Case(
        date(2026, 1, 1), (Criterion("7a", "refrain", True),), findings=(finding,)
    )

    assert next_change(case) == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2024, 2, 29), 24),
        (date(2024, 1, 31), 1),
        (date(2023, 12, 31), 2),
        (date(2024, 10, 31), 1),
        (date(2020, 11, 30), 3),
        (date(2024, 5, 15), 120),
    ],
)
def test_months_are_counted_as_a_trend_counts_them_back(day, months):
    first = first_day_months_beyond(day, months)

    assert minus_months(first, months) >= day
    assert minus_months(first - DAY, months) < day
