"""Sciences Po's file of all votes since 1946: a row per vote, a column per country."""

from django.utils.translation import gettext as _

from icctracker.imports.cells import (
    check_tally,
    read_council_resolution,
    read_count,
    read_day,
    read_symbols,
    read_title,
)
from icctracker.imports.files import check_formulas
from icctracker.imports.records import Fault, Faulty, PassedOver, Statement
from icctracker.imports.seats import FIVE, NotSitting

SYMBOL, OUTCOME, DAY = "UN classification", "Vote outcome", "Date"
TITLE, NON_VOTING, TOTAL = "Official full title", "Non-Voting", "Total"
TOTALS = ("Yes", "No", "Abstentions", NON_VOTING)
REQUIRED = (SYMBOL, OUTCOME, DAY, *TOTALS, TOTAL)
OTHERS = {
    *REQUIRED,
    *("Vote in the DB", "Vote outcome typology-Observable", "Resolution number"),
    *(TITLE, "Title-Observable", "(of which veto)"),
}
CASTS = {"Y": "Y", "N": "N", "A": "A", "NV": "X", "?": "", "": ""}


def read(table, context):
    """Statements on adopted and vetoed texts; the record has no others."""
    countries = [name for name in table.header if name and name not in OTHERS]
    for row in table:
        if isinstance(row, Fault):
            yield row
            continue
        try:
            yield _statement(*row, countries, context)
        except Faulty as fault:
            yield fault.fault


def _statement(line, cells, countries, context):
    if fault := check_formulas(line, cells, (SYMBOL, TITLE)):
        raise Faulty(fault.line, fault.field, fault.value, fault.message)
    outcome = cells[OUTCOME].strip().casefold()
    if outcome == "lack of maj.":
        reason = _("Not adopted for lack of votes: the record has no such texts.")
        return PassedOver(line, " ".join(cells[SYMBOL].split()), reason)
    if outcome not in ("adopted", "vetoed"):
        text = _("The outcome is adopted, vetoed or lack of maj.")
        raise Faulty(line, OUTCOME, cells[OUTCOME], text)
    held_on = read_day(cells[DAY], line, DAY, context.today)
    tally = tuple(read_count(cells[column], line, column) for column in TOTALS)
    check_tally(tally, read_count(cells[TOTAL], line, TOTAL), line, TOTAL)
    said = {"line": line, "held_on": held_on, "tally": tally}
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
        **_votes(cells, countries, said, symbol.year, context),
        **said,
    )


def _vetoed(cells, said, countries, context):
    roll_call = _votes(cells, countries, said, said["held_on"].year, context)
    votes = roll_call["votes"]
    vetoed_by = frozenset(code for code in FIVE if votes.get(code) == "N")
    if votes and not vetoed_by:
        text = _("Vetoed, but no permanent member is said to have voted against.")
        raise Faulty(said["line"], OUTCOME, cells[OUTCOME], text)
    named = " ".join(cells[SYMBOL].split())
    return Statement(
        symbol=read_symbols(named)[0].split("; ")[0],
        named=named,
        series="vetoed",
        agenda_item=" ".join(cells.get(TITLE, "").split()),
        **roll_call,
        vetoed_by=vetoed_by,
        **said,
    )


def _votes(cells, countries, said, year, context):
    """Who voted how; nothing for those of whom the file does not tell."""
    line, votes, doubts, unknown = said["line"], {}, [], False
    for country in countries:
        text = cells[country].strip().upper()
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
