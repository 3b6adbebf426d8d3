"""Lists of vetoes: that of the UN's political department, and that of its Library.

Both tell what was vetoed, when and by whom; neither tells how the others voted.
"""

import re

from django.utils.translation import gettext as _

from icctracker.imports.cells import read_day, read_meeting, read_symbols
from icctracker.imports.files import check_formulas
from icctracker.imports.records import Fault, Faulty, Statement
from icctracker.imports.seats import FIVE, folded

# What each column may be called, in small letters and without marks.
COLUMNS = {
    "date": ("date", "date of vote", "vote date", "date of veto"),
    "draft": (
        *("draft", "draft res", "draft resolution", "draft resolution number"),
        *("draft symbol", "draft resolution symbol", "draft no", "draft text"),
    ),
    "meeting": (
        *("record", "meeting", "meeting record", "written record", "verbatim record"),
        *("written record s pv", "meeting record s pv", "s pv", "meeting number"),
    ),
    "agenda": ("agenda", "agenda item", "subject", "topic"),
    "vetoed by": (
        *("vetoed by", "veto by", "veto cast by", "vetoes cast by", "vetoing member"),
        *("permanent member casting negative vote", "permanent members"),
        "permanent member s casting negative vote",
        "permanent members casting negative vote",
    ),
    "CHN": ("china", "chn"),
    "FRA": ("france", "fra"),
    "RUS": ("russian federation ussr", "russian federation", "russia", "ussr", "rus"),
    "GBR": ("united kingdom", "uk", "gbr"),
    "USA": ("united states", "united states of america", "us", "usa"),
}
_YES = {"1", "1.0", "true", "yes", "y", "x", "v", "veto", "n", "no vote"}
_NO = {"0", "0.0", "false", "", "-", "none", "null", "nan"}
_SPLIT = re.compile(r"\s*(?:[;,&/\n]|\band\b)\s*")


def columns_of(header):
    """The columns of a list of vetoes, by what they mean; unknown ones are ignored."""
    plain = {_plain(name): name for name in reversed(header)}
    return {
        meaning: next(plain[name] for name in names if name in plain)
        for meaning, names in COLUMNS.items()
        if any(name in plain for name in names)
    }


def read(table, context):
    """Statements on vetoed texts."""
    columns = columns_of(table.header)
    for row in table:
        if isinstance(row, Fault):
            yield row
            continue
        try:
            yield _statement(*row, columns, context)
        except Faulty as fault:
            yield fault.fault


def _statement(line, cells, columns, context):
    texts = [
        columns[each] for each in ("draft", "meeting", "agenda") if each in columns
    ]
    if fault := check_formulas(line, cells, texts):
        raise Faulty(fault.line, fault.field, fault.value, fault.message)
    column = columns["date"]
    held_on = read_day(cells[column], line, column, context.today, context.order)
    named = " ".join(cells[columns["draft"]].split())
    meeting = read_meeting(cells[columns["meeting"]]) if "meeting" in columns else ""
    symbol = read_symbols(named)[0].split("; ")[0]
    if not named and not meeting:
        text = _("Neither a draft nor a meeting is named here.")
        raise Faulty(line, columns["draft"], "", text)
    agenda = cells[columns["agenda"]] if "agenda" in columns else ""
    return Statement(
        line=line,
        # A text without symbol of its own goes by that of its meeting.
        symbol=symbol if named else meeting.split("; ")[0],
        named=named,
        series="vetoed",
        held_on=held_on,
        agenda_item=" ".join(agenda.split()),
        meeting=meeting,
        vetoed_by=_vetoed_by(line, cells, columns, context),
    )


def _vetoed_by(line, cells, columns, context):
    if "vetoed by" in columns:
        return _named(line, columns["vetoed by"], cells, context)
    found = set()
    for code in FIVE:
        column = columns[code]
        said = cells[column].strip().casefold()
        if said not in _YES | _NO:
            text = _("This says neither that the member cast a veto nor that not.")
            raise Faulty(line, column, cells[column], text)
        if said in _YES:
            found.add(code)
    if not found:
        raise Faulty(line, columns["CHN"], "", _("Nobody is said to have cast a veto."))
    return frozenset(found)


def _named(line, column, cells, context):
    found = set()
    for name in filter(None, _SPLIT.split(cells[column].strip())):
        code = context.seats.names.get(folded(name))
        if code not in FIVE:
            text = _("“%s” is not the name of a permanent member.") % name
            raise Faulty(line, column, cells[column], text)
        found.add(code)
    if not found:
        raise Faulty(line, column, "", _("Nobody is said to have cast a veto."))
    return frozenset(found)


def _plain(name):
    return " ".join(re.sub(r"[^a-z0-9]+", " ", name.casefold()).split())
