"""Cases drawn from a seeded generator: small ones that touch every edge, long ones.

Days are few and stand close to one another, to leap days and to the ends of windows,
so that findings share days, and leave a window or lapse on the day of another.
"""

from dataclasses import replace
from datetime import date, timedelta

from icctracker.ruleset import (
    FORMS,
    KINDS,
    TIERS,
    Case,
    Criterion,
    Finding,
    Parameters,
    Search,
)
from icctracker.ruleset.parameters import LIMITS, NAMES, as_values, faults

LEAP_DAYS = [date(2012, 2, 29), date(2016, 2, 29), date(2020, 2, 29)]
EFFECTS = (-2, -1, 0, 1, 2)
PUBLISHERS = ("", "United Nations", "Court")


def any_case(rows):
    """A case of up to three criteria and a dozen findings."""
    codes = "abc"[: rows.randint(1, 3)]
    criteria = tuple(
        Criterion(
            code=code,
            kind=rows.choice(KINDS),
            essential=rows.random() < 0.8,
            delivered_by=rows.choice(["decision", "formal"]),
        )
        for code in codes
    )
    days = [_day(rows) for _ in range(rows.randint(1, 8))]
    plain = rows.choice([None, *FORMS])
    findings = tuple(
        _finding(rows, number, codes, days, plain)
        for number in range(rows.choice([0, 1, 1, 2, 3, 4, 5, 6, 8, 12]))
    )
    searches = tuple(
        Search(rows.choice(codes), rows.choice([*days, _day(rows)]))
        for _ in range(rows.choice([0, 0, 1, 2]))
    )
    as_of = rows.choice([*days, _day(rows), date(2027, 3, 1), date(2031, 1, 1)])
    return Case(as_of, criteria, _shuffled(rows, findings), searches)


def any_parameters(rows):
    """The published values, or some that they allow, with a few or all moved."""
    while True:
        names = rows.sample(NAMES, rows.choice([0, 0, 1, 2, 4, len(NAMES)]))
        moved = {name: _value(rows, name) for name in names}
        parameters = replace(Parameters(), **moved)
        if not any(faults(as_values(parameters))):
            return parameters


def long_case(rows, length, kinds=KINDS, forms=FORMS):
    """A case of one criterion of each kind and so many findings over sixteen years."""
    codes = "abc"[: len(kinds)]
    criteria = tuple(
        Criterion(code, kind, essential=True)
        for code, kind in zip(codes, kinds, strict=True)
    )
    start = date(2010, 1, 1)
    findings = tuple(
        _finding(
            rows,
            number,
            codes,
            [start + timedelta(days=rows.randint(0, 365 * 16))],
            rows.choice(forms),
        )
        for number in range(length)
    )
    return Case(date(2026, 11, 23), criteria, findings, (Search("a", start),))


def _finding(rows, number, codes, days, form):
    """One finding; in ``form``, or in any where none is given."""
    effects = rows.choice([EFFECTS, (-2, -1, 1, 2), (1, 2), (-2, 2)])
    return Finding(
        id=rows.choice([number, str(number)]),
        criterion=rows.choice(codes),
        date=rows.choice(days),
        effect=rows.choice(effects),
        form=form or rows.choice(FORMS),
        tier=rows.choice(TIERS),
        occasion=rows.random() < 0.8,
        publisher=rows.choice(PUBLISHERS),
        double_coded=rows.random() < 0.8,
        disputed=rows.random() < 0.1,
    )


def _day(rows):
    """A day that others may share, or stand whole years from."""
    start = rows.choice([*LEAP_DAYS, date(2015, 6, 1), date(2021, 6, 1)])
    return start.replace(year=start.year + rows.choice([0, 0, 4, 4, 8])) + timedelta(
        days=rows.choice([-1, 0, 0, 1, 2, 30, 400, 365])
    )


def _value(rows, name):
    least, most = LIMITS[name]
    return rows.choice([least, rows.randint(least, most), min(most, least + 3)])


def _shuffled(rows, findings):
    return tuple(rows.sample(findings, len(findings)))
