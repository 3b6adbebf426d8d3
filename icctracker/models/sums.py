"""What is counted though nobody lists it: sums that triggers of the database keep.

Each says what it is called and of which rows it is the number. Whoever writes one of
these rows adds to it or takes from it, so that a page reads the sum and no rows. They
stand beside the numbers of lists (``models/listings.py``), which makes them anew.
"""

import re
from datetime import date
from typing import NamedTuple

from .evidence import Edition, Evidence
from .findings import Finding
from .reviews import ReviewDecision
from .triggers import EVENTS

EVIDENCE = Evidence._meta.db_table
SITUATIONS = Evidence.situations.through._meta.db_table
FINDING = Finding._meta.db_table
COUNT = "icctracker_listingcount"
# What is not told apart by time is counted on this day.
EVER = date(1945, 1, 1)
ROWS = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}


class Sum(NamedTuple):
    """The number of pairs of rows, by mark and period.

    ``tables`` has each table by its letter; ``{letter}`` is a row of it. A row belongs
    to the entry that ``entry`` names by the same letter, if writers may meet there.
    """

    mark: str
    period: str
    day: str
    tables: dict
    conditions: tuple
    entry: dict = {}  # noqa: RUF012 - nobody writes into it


_ACCEPTED = "{f}.accepted_at IS NOT NULL", "{f}.retired_at IS NULL"
_PUBLISHED = "{e}.state = 'published'"
_OF = {"s": "{s}.evidence_id", "f": "{f}.evidence_id"}
_DECIDED = "{d}.decided_at{utc}"
# What was published at one instant is told as one change; the first of it counts.
_FIRST = f"""NOT EXISTS (
    SELECT 1 FROM "{ReviewDecision._meta.db_table}" o WHERE o.outcome = 'publish'
    AND o.decided_at = {{d}}.decided_at AND o.id {{before}} {{d}}.id)"""  # noqa: S608
_DECISIONS = {"d": ReviewDecision._meta.db_table}
SUMS = (
    # Entries of each kind, and findings of each effect, in a situation.
    Sum(
        "'kind-in:' || {s}.situation_id || ':' || {e}.kind",
        "ever",
        "{e}.occurred_on",
        {"s": SITUATIONS, "e": EVIDENCE},
        (_PUBLISHED, "{s}.evidence_id = {e}.id"),
        {"s": "{s}.evidence_id"},
    ),
    Sum(
        "'effect-in:' || {s}.situation_id || ':' || {f}.effect",
        "year",
        "{f}.event_date",
        {"s": SITUATIONS, "f": FINDING},
        (*_ACCEPTED, "{s}.evidence_id = {f}.evidence_id"),
        _OF,
    ),
    # Findings coded by one or two people, and those in dispute.
    Sum(
        "'coded:' || CASE WHEN {f}.coded_twice THEN 'twice' ELSE 'once' END"
        " || CASE WHEN {f}.disputed THEN ':disputed' ELSE '' END",
        "ever",
        "{f}.event_date",
        {"f": FINDING},
        _ACCEPTED,
    ),
    # What was decided in public, as the list of changes tells it.
    Sum(
        "'changed:' || {d}.outcome",
        "month",
        _DECIDED,
        _DECISIONS,
        ("{d}.outcome IN ('correct', 'withdraw')",),
    ),
    Sum(
        "'changed:publish'",
        "month",
        _DECIDED,
        _DECISIONS,
        ("{d}.outcome = 'publish'", _FIRST),
    ),
    Sum(
        "'changed:restore'",
        "month",
        _DECIDED,
        _DECISIONS | {"n": Edition._meta.db_table},
        (
            "{d}.outcome = 'correct'",
            "{n}.restores_id IS NOT NULL",
            "{n}.decision_id = {d}.id",
        ),
    ),
)


def first_of(connection, period, day):
    """The first day of the period that a day lies in, in SQL."""
    on_sqlite = connection.vendor == "sqlite"
    if period == "ever":
        return f"'{EVER}'" if on_sqlite else f"DATE '{EVER}'"
    if on_sqlite:
        return f"date({day}, 'start of {period}')"
    return f"date_trunc('{period}', {day})::date"


def own(connection):
    """The transaction whose row is written: on SQLite there is one for all."""
    return "0" if connection.vendor == "sqlite" else "txid_current()"


ADDED = f"""ON CONFLICT (mark, month, "transaction")
    DO UPDATE SET number = "{COUNT}".number + excluded.number"""


def counted_rows(connection):
    """Mark and period of all that is counted here, a row for each that counts."""
    return " UNION ALL ".join(
        _rows(connection, each, {letter: letter for letter in each.tables})
        for each in SUMS
    )


def triggers(connection):
    """Table, event, columns, condition and statements of each trigger."""
    for each in SUMS:
        for letter, table in each.tables.items():
            said = " ".join([each.mark, each.day, *each.conditions])
            columns = sorted(set(re.findall(rf"{{{letter}}}\.(\w+)", said)))
            for event in EVENTS:
                of = f" OF {', '.join(columns)}" if event == "UPDATE" else ""
                when = " OR ".join(_when(each, letter, row) for row in ROWS[event])
                does = [
                    sql
                    for row in ROWS[event]
                    for sql in _counting(connection, each, letter, row)
                ]
                yield table, event, of, when, does


def _when(each, letter, row):
    """What is asked of a row alone before anything is counted."""
    own = [
        condition.format(**{letter: row})
        for condition in each.conditions
        if set(re.findall(r"{(\w+)}", condition)) == {letter}
    ]
    return f"({' AND '.join(own)})" if own else "1 = 1"


def _counting(connection, each, letter, row):
    """What a trigger does about a row that was added or went."""
    names = {name: name for name in each.tables} | {letter: row}
    on_sqlite = connection.vendor == "sqlite"
    if letter in each.entry and not on_sqlite:
        # Two who write about one entry come one by one, and the second sees the first.
        entry = each.entry[letter].format(**names)
        yield f'PERFORM 1 FROM "{EVIDENCE}" WHERE id = {entry} FOR NO KEY UPDATE'  # noqa: S608
    step, stands = (1, "true") if row == "NEW" else (-1, "true")
    if row == "OLD" and on_sqlite:
        # Where all are being deleted, none is left behind.
        stands = f"""EXISTS (SELECT 1 FROM "{COUNT}" c
            WHERE c.mark = moved.mark AND c.month = moved.month)"""  # noqa: S608
    rows = _rows(connection, each, names)
    yield f"""INSERT INTO "{COUNT}" (mark, month, "transaction", number)
        SELECT mark, month, {own(connection)}, {step} * count(*)
        FROM ({rows}) AS moved WHERE {stands} GROUP BY mark, month {ADDED}"""  # noqa: S608


def _rows(connection, each, names):
    """The rows that count, with what is named ``OLD`` or ``NEW`` as it is written."""
    words = names | {
        "utc": "" if connection.vendor == "sqlite" else " AT TIME ZONE 'UTC'",
        # Of what went, nothing counts as long as another is left.
        "before": "<>" if "OLD" in names.values() else "<",
    }
    read = ", ".join(
        f'"{table}" {letter}'
        for letter, table in each.tables.items()
        if names[letter] == letter
    )
    conditions = " AND ".join(each.conditions).format(**words)
    month = first_of(connection, each.period, each.day.format(**words))
    return (
        f"SELECT {each.mark.format(**words)} AS mark, {month} AS month"  # noqa: S608
        f" {f'FROM {read}' if read else ''} WHERE {conditions}"
    )
