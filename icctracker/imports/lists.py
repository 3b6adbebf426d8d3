"""Sciences Po's file of all votes since 1946: a row per vote, a column per country."""

import re

from django.utils.translation import gettext as _

from .cells import (
    check_tally,
    read_agenda,
    read_cast,
    read_council_resolution,
    read_count,
    read_days,
    read_meeting,
    read_symbols,
    read_title,
)
from .files import Fault, Faulty, PassedOver, Statement, check_cells
from .seats import FIVE, NotSitting

SYMBOL, OUTCOME, DAY = "UN classification", "Vote outcome", "Date"
TITLE, NON_VOTING, TOTAL = "Official full title", "Non-Voting", "Total"
TOTALS = ("Yes", "No", "Abstentions", NON_VOTING)
REQUIRED = (SYMBOL, OUTCOME, DAY, *TOTALS, TOTAL)
OTHERS = {
    *REQUIRED,
    *("Vote in the DB", "Vote outcome typology-Observable", "Resolution number"),
    *(TITLE, "Title-Observable", "(of which veto)"),
}
CASTS = {"Y": "Y", "N": "N", "A": "A", "X": "X", "?": "", "": ""}


def read_roll_calls(table, context):
    """Statements on adopted and vetoed texts; no others are imported."""
    countries = [name for name in table.header if name and name not in OTHERS]
    for row in table:
        if not isinstance(row, tuple):
            yield row
            continue
        try:
            yield _roll_call_statement(*row, countries, context)
        except Faulty as fault:
            yield fault.fault


def _roll_call_statement(line, cells, countries, context):
    check_cells(line, cells, (SYMBOL, TITLE))
    outcome = cells[OUTCOME].strip().casefold()
    if outcome == "lack of maj.":
        reason = _(
            "Not adopted for lack of votes: such texts come with the site, and are not"
            " imported from this file."
        )
        return PassedOver(line, " ".join(cells[SYMBOL].split()), reason)
    if outcome not in ("adopted", "vetoed"):
        text = _("The outcome is adopted, vetoed or lack of maj.")
        raise Faulty(line, OUTCOME, cells[OUTCOME], text)
    when = read_days(cells[DAY], line, DAY, context)
    tally = tuple(read_count(cells[column], line, column) for column in TOTALS)
    check_tally(tally, read_count(cells[TOTAL], line, TOTAL), line, TOTAL)
    said = {"line": line, "tally": tally, **when}
    if outcome == "adopted":
        return _adopted(cells, said, countries, context)
    return _vetoed(cells, said, countries, context)


def _adopted(cells, said, countries, context):
    line = said["line"]
    symbol = read_council_resolution(cells[SYMBOL], line, SYMBOL, context.today)
    title, is_cut = read_title(cells.get(TITLE, ""))
    without_vote = not any(said["tally"][:3])
    return Statement(
        symbol=symbol.official,
        series="resolution",
        number=symbol.number,
        title=title,
        title_is_cut=is_cut,
        without_vote=without_vote,
        **_roll_call_votes(cells, countries, said, symbol.year, context),
        **said,
    )


def _vetoed(cells, said, countries, context):
    day = said.get("held_on") or said["held_within"].first
    roll_call = _roll_call_votes(cells, countries, said, day.year, context)
    votes = roll_call["votes"]
    vetoed_by = frozenset(code for code in FIVE if votes.get(code) == "N")
    if votes and not vetoed_by:
        text = _("Vetoed, but no permanent member is said to have voted against.")
        raise Faulty(said["line"], OUTCOME, cells[OUTCOME], text)
    named = " ".join(cells[SYMBOL].split())
    symbol = read_symbols(named)[0].split("; ")[0]
    return Statement(
        symbol=symbol,
        named=named,
        nameless=None if symbol else _nameless(said["line"], SYMBOL, named),
        series="vetoed",
        agenda_item=read_agenda(cells.get(TITLE, "")),
        **roll_call,
        vetoed_by=vetoed_by,
        **said,
    )


def _roll_call_votes(cells, countries, said, year, context):
    """Who voted how; nothing for those of whom the file does not tell."""
    line, votes, doubts, unknown = said["line"], {}, [], False
    for country in countries:
        text = read_cast(cells[country])
        if not text:
            continue
        if text not in CASTS:
            wrong = _("A vote is Y, N, A, NV or ?.")
            raise Faulty(line, country, cells[country], wrong)
        try:
            code = context.seats.by_name(country, year)
        except NotSitting as absent:
            doubts.append(Fault(line, country, text, str(absent)))
            continue
        except KeyError:
            wrong = _("No Council member has this name.")
            raise Faulty(line, country, text, wrong) from None
        unknown = unknown or text == "?"
        if CASTS[text]:
            votes[code] = CASTS[text]
    if not doubts and not unknown:
        _check_agreement(line, said["tally"], votes)
    return {"votes": votes, "doubts": tuple(doubts)}


def _check_agreement(line, tally, votes):
    counted = tuple(list(votes.values()).count(cast) for cast in "YNAX")
    if votes and counted != tally:
        text = _("The totals say %(tally)s, but the countries count %(counted)s.")
        shown = ["-".join(map(str, each)) for each in (tally, counted)]
        values = {"tally": shown[0], "counted": shown[1]}
        raise Faulty(line, "Yes", shown[0], text % values)


# Lists of vetoes: that of the UN's political department, and that of its Library.
#
# Both tell what was vetoed, when and by whom; neither tells how the others voted.

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
_NO = {"0", "0.0", "false", "no", ""}
_SPLIT = re.compile(r"\s*(?:[,&/]|\band\b)\s*")


def columns_of(header):
    """The columns of a list of vetoes, by what they mean; unknown ones are ignored."""
    plain = {_plain(name): name for name in reversed(header)}
    return {
        meaning: next(plain[name] for name in names if name in plain)
        for meaning, names in COLUMNS.items()
        if any(name in plain for name in names)
    }


def read_vetoes(table, context):
    """Statements on vetoed texts."""
    columns = columns_of(table.header)
    for row in table:
        if not isinstance(row, tuple):
            yield row
            continue
        try:
            yield _veto_statement(*row, columns, context)
        except Faulty as fault:
            yield fault.fault


def _veto_statement(line, cells, columns, context):
    texts = [
        columns[each] for each in ("draft", "meeting", "agenda") if each in columns
    ]
    check_cells(line, {name: cells[name] for name in columns.values()}, texts)
    column = columns["date"]
    when = read_days(cells[column], line, column, context)
    named = " ".join(cells[columns["draft"]].split())
    meeting = read_meeting(cells[columns["meeting"]]) if "meeting" in columns else ""
    symbol = read_symbols(named)[0].split("; ")[0]
    # A text without symbol of its own goes by that of its meeting.
    symbol = symbol if named else meeting.split("; ")[0]
    agenda = cells[columns["agenda"]] if "agenda" in columns else ""
    return Statement(
        line=line,
        symbol=symbol,
        named=named,
        nameless=None if symbol else _nameless(line, columns["draft"], named),
        series="vetoed",
        **when,
        agenda_item=read_agenda(agenda),
        meeting=meeting,
        vetoed_by=_vetoed_by(line, cells, columns, context),
    )


def _nameless(line, column, named):
    """That nothing which can be read says what was voted on."""
    text = _("Neither a draft nor a meeting is named here.")
    if named:
        text = _("No symbol of a document can be read in this.")
    return Fault(line, column, named, text)


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
    for name in _names(cells[column], context.seats):
        code = context.seats.code(name)
        if code not in FIVE:
            text = _("“%s” is not the name of a permanent member.") % name
            raise Faulty(line, column, cells[column], text)
        found.add(code)
    if not found:
        raise Faulty(line, column, "", _("Nobody is said to have cast a veto."))
    return frozenset(found)


def _names(text, seats):
    """The names in a cell; one that is known may hold what parts others."""
    for whole in filter(None, map(str.strip, re.split(r"[;\n]", text))):
        yield from [whole] if seats.code(whole) else filter(None, _SPLIT.split(whole))


def _plain(name):
    return " ".join(re.sub(r"[^a-z0-9]+", " ", name.casefold()).split())
