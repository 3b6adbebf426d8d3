"""The UN Digital Library's Security Council voting file: a row per member and vote."""

import re
from itertools import groupby

from django.utils.translation import gettext as _

from icctracker.imports.cells import (
    check_tally,
    read_council_resolution,
    read_count,
    read_day,
    read_meeting,
    read_title,
)
from icctracker.imports.files import check_formulas
from icctracker.imports.records import Fault, Faulty, Statement
from icctracker.imports.seats import NotSitting

REQUIRED = (
    "ms_code ms_vote date resolution total_yes total_no total_abstentions"
    " total_non_voting total_ms modality"
).split()
SHARED = (
    "date resolution draft meeting description agenda modality total_yes total_no"
    " total_abstentions total_non_voting total_ms undl_id"
).split()
TEXTS = ("description", "agenda", "draft", "meeting", "vote_note")
TOTALS = ("total_yes", "total_no", "total_abstentions", "total_non_voting")
CASTS = "YNAX"
MOST_ROWS = 30


def read(table, context):
    """Statements and faults; rows of one resolution stand together."""
    for found, rows in groupby(table, key=_resolution):
        if isinstance(found, Fault):
            yield from rows
            continue
        try:
            yield _statement(rows, context)
        except Faulty as fault:
            yield fault.fault


def _resolution(row):
    return row if isinstance(row, Fault) else row[1]["resolution"].strip()


def _statement(rows, context):
    line, first = next(rows)
    first = {name: first.get(name, "") for name in (*REQUIRED, *SHARED, *TEXTS)}
    if fault := check_formulas(line, first, TEXTS):
        raise Faulty(fault.line, fault.field, fault.value, fault.message)
    symbol = read_council_resolution(
        first["resolution"], line, "resolution", context.today
    )
    held_on = read_day(first["date"], line, "date", context.today)
    tally = tuple(read_count(first[column], line, column) for column in TOTALS)
    seats = read_count(first["total_ms"], line, "total_ms")
    without_vote = _without_vote(first["modality"], line)
    # Without a vote the totals may be those of nobody, or all of one kind.
    if without_vote and sum(tally) in (0, seats):
        tally = (0, 0, 0, seats)
    check_tally(tally, seats, line, "total_ms")
    votes, doubts = _votes(line, first, rows, symbol.year, context)
    tally = _agreed(line, tally, votes, doubts, without_vote)
    if without_vote:
        votes = dict.fromkeys(votes, "X")
    title, is_cut = read_title(first["description"])
    return Statement(
        line=line,
        symbol=symbol.official,
        series="resolution",
        number=symbol.number,
        held_on=held_on,
        title=title,
        title_is_cut=is_cut,
        agenda_item=first["agenda"].strip().removesuffix("."),
        drafts=first["draft"].strip(),
        meeting=read_meeting(first["meeting"]),
        tally=tally,
        without_vote=without_vote,
        votes=votes,
        doubts=doubts,
        vote_record=_record(first["undl_id"], line),
        note=_note(first["vote_note"], without_vote),
    )


def _votes(line, first, rows, year, context):
    """Who voted how; all rows must agree on everything else."""
    votes, doubts = {}, []
    _vote(votes, doubts, line, first, year, context)
    for count, (at, cells) in enumerate(rows, start=2):
        if count > MOST_ROWS:
            text = _("More rows for one resolution than the Council has members.")
            raise Faulty(at, "resolution", first["resolution"], text)
        for column in SHARED:
            if cells.get(column, "").strip() != first[column].strip():
                text = _("The rows of one resolution differ here; line %d has “%s”.")
                raise Faulty(at, column, cells[column], text % (line, first[column]))
        _vote(votes, doubts, at, cells, year, context)
    return votes, tuple(doubts)


def _vote(votes, doubts, line, cells, year, context):
    """Add the vote of one row, or the doubt about it."""
    cast = cells["ms_vote"].strip().upper()
    if cast not in CASTS or not cast:
        text = _("A vote is Y, N, A or X.")
        raise Faulty(line, "ms_vote", cells["ms_vote"], text)
    try:
        code = context.seats.by_code(cells["ms_code"], year)
    except NotSitting as absent:
        doubts.append(Fault(line, "ms_code", cells["ms_code"], str(absent)))
        return
    except KeyError:
        text = _("No Council member has this code.")
        raise Faulty(line, "ms_code", cells["ms_code"], text) from None
    if code in votes:
        text = _("The same member stands here twice.")
        raise Faulty(line, "ms_code", cells["ms_code"], text)
    votes[code] = cast


def _agreed(line, tally, votes, doubts, without_vote):
    """The tally, once rows and totals agree; without a vote nobody voted."""
    seats = sum(tally)
    if len(votes) + len(doubts) != seats:
        text = _("%(rows)d rows stand here for %(seats)d members.")
        counts = {"rows": len(votes) + len(doubts), "seats": seats}
        raise Faulty(line, "resolution", "", text % counts)
    if without_vote:
        return (0, 0, 0, seats)
    counted = tuple(list(votes.values()).count(cast) for cast in CASTS)
    if counted != tally and not doubts:
        text = _("The totals say %(tally)s, but the rows count %(counted)s.")
        shown = ["-".join(map(str, each)) for each in (tally, counted)]
        values = {"tally": shown[0], "counted": shown[1]}
        raise Faulty(line, "total_yes", shown[0], text % values)
    return tally


def _without_vote(text, line):
    modality = text.strip().casefold()
    if modality not in ("vote", "without vote"):
        wrong = _("The modality is Vote or Without Vote.")
        raise Faulty(line, "modality", text, wrong)
    return modality == "without vote"


def _record(text, line):
    return read_count(text, line, "undl_id") if text.strip() else None


def _note(text, without_vote):
    said = re.fullmatch(r"adopted without (?:a )?vote\.?", text.strip(), re.I)
    return "" if without_vote and said else text.strip()
