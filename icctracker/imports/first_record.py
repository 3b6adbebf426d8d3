"""Loads the Council's own record; adds what is missing and changes nothing.

Three CSV files compiled from public records, described in ``fixtures/council``. A
document that exists already is left as it is, with its ballots and votes.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import connection, transaction
from django.utils.text import slugify

from icctracker.models import (
    Ballot,
    Document,
    Import,
    Member,
    Membership,
    OtherValue,
    Vote,
)
from icctracker.texts import states

from .cells import alike, read_symbols
from .seats import Names, seat

# Rows of the Council files as plain values: symbols, votes, doubts; saves nothing.

Cast, Field, Standing = Vote.Cast, OtherValue.Field, OtherValue.Standing

# The lists of voters, with the tally each must match.
LISTS = (
    ("voted_against", "no", Cast.NO),
    ("abstained", "abstain", Cast.ABSTAIN),
    ("did_not_vote", "non_voting", Cast.NOT_VOTING),
)
ALL = "all members"
CHECKS = {
    "resolved": Standing.SETTLED,
    "modality": Standing.MODALITY,
    "conflict": Standing.OPEN,
}
_ORAL = re.compile(r"oral amendment to (S/\S+?)[,.]", re.IGNORECASE)
_LIBRARY = re.compile(r"Library list (dates it|names) (\S+)")


@dataclass
class Row:
    """One row of a file, read."""

    document: dict
    ballot: dict
    votes: dict
    other_values: list = field(default_factory=list)


# What tells the document of a row from all others, as told by the row itself.


def key_of_resolution(row):
    return row["symbol"]


def key_of_vetoed(row):
    return _vetoed(row) or row["date"]


def read_resolution(row, names):
    """A row of the list of resolutions."""
    held_on = date.fromisoformat(row["date"])
    meeting, remark = read_symbols(row["meeting"])
    # What a note repeats is kept once, as another value.
    note = row["note"] if row["note"] != row["date_alternatives"] else ""
    document = {
        "symbol": row["symbol"],
        "series": "resolution",
        "number": int(row["number"]),
        "title": row["title"],
        "title_is_cut": row["title_truncated"] == "1",
        "agenda_item": row["agenda_item"],
        "drafts": row["draft"],
        "court_mentions": _number(row["icc_mentions"]),
        "library_record": _number(row["undl_document_record"]),
        "sources": row["sources"],
    }
    ballot = _ballot(row, held_on, meeting, row["outcome"]) | {
        "library_record": _number(row["undl_vote_record"]),
        "note": _joined(note, remark),
    }
    standing = CHECKS.get(row["vote_check"], Standing.SETTLED)
    differing = [
        (field, says, standing)
        for field, says, standing in (
            (Field.VOTE, row["vote_alternative"], standing),
            (Field.DATE, row["date_alternatives"], Standing.SETTLED),
        )
        if says
    ]
    return Row(document, ballot, read_votes(row, names, held_on.year), differing)


def read_vetoed(row, names):
    """A row of the list of vetoes; its drafts can be several, or a meeting."""
    held_on = date.fromisoformat(row["date"])
    meeting, remark = read_symbols(row["meeting"])
    oral = _ORAL.search(row["note"])
    symbol = _vetoed(row)
    draft = row["draft"] if row["draft"] != symbol else ""
    document = {
        "symbol": symbol,
        "series": "vetoed",
        "agenda_item": row["agenda_item"],
        "drafts": draft,
        "unconfirmed": row["sources"] == "PRESS",
        "note": row["note"] if oral or not symbol else "",
        "sources": row["sources"],
    }
    named = f"The record names it “{draft}”." if draft else ""
    library = _LIBRARY.fullmatch(row["note"])
    noted = "" if document["note"] or library else row["note"]
    ballot = _ballot(row, held_on, meeting, "vetoed") | {
        "note": _joined(noted, named, remark),
        "library_list": row["in_library_veto_list"].split()[0],
    }
    differing = []
    if library:
        differs_in = Field.DATE if library[1] == "dates it" else Field.VETOED_BY
        differing = [(differs_in, row["note"], Standing.OPEN)]
    return Row(document, ballot, read_votes(row, names, held_on.year), differing)


def _vetoed(row):
    """The symbol of the draft that was vetoed, if it has one."""
    if oral := _ORAL.search(row["note"]):
        return oral[1]
    found, _remark = read_symbols(row["draft"])
    return found.split("; ")[0]


def read_votes(row, names, year):
    """Who voted how, by code of the seat, as far as lists and tallies agree.

    A list longer than its tally leaves its members in doubt. Who is in no list voted
    in favour, unless the lists name fewer members than the tallies leave over.
    """
    members, votes, missing = sorted(names.seats[year]), {}, 0
    for column, tally, cast in LISTS:
        listed = [name.strip() for name in row[column].split(";") if name.strip()]
        if listed == [ALL]:
            return dict.fromkeys(members, cast)
        counted = int(row[tally])
        missing += counted - len(listed)
        for name in listed:
            certain = len(listed) <= counted
            votes[names.code(name, year)] = cast if certain else Cast.UNCERTAIN
    if missing <= 0:
        votes = dict.fromkeys(members, Cast.YES) | votes
    return votes


def _ballot(row, held_on, meeting, outcome):
    tallies = {name: int(row[name]) for name in "yes no abstain non_voting".split()}
    return tallies | {
        "held_on": held_on,
        "meeting": meeting,
        "outcome": outcome,
        "seats": int(row["total_members"]),
        "sources": row["sources"],
    }


def _number(text):
    return int(text) if text else None


def _joined(*notes):
    sentences = [note[0].upper() + note[1:].rstrip(".") + "." for note in notes if note]
    return " ".join(sentences)


MEMBERS, RESOLUTIONS, VETOES = "members.csv", "resolutions.csv", "vetoes.csv"
CREDITS = {
    MEMBERS: "Wikipedia, list of Council members (CC BY-SA 4.0), by the UNSC members"
    " API (MIT)",
    RESOLUTIONS: "United Nations (Dag Hammarskjöld Library; DGACM machine-readable"
    " resolutions); Sciences Po, UNSC votes since 1946; CR-UNSC",
    VETOES: "United Nations (Dag Hammarskjöld Library; DGACM machine-readable"
    " resolutions); Sciences Po, UNSC votes since 1946",
}
# How a row of each file is told from others, and how it is read.
READERS = {
    RESOLUTIONS: (key_of_resolution, read_resolution),
    VETOES: (key_of_vetoed, read_vetoed),
}
BATCH = 2000


class CouncilRecordError(ValueError):
    """A row that cannot be right; the message names the file and the line."""


def load_council_record(folder):
    """Load members, resolutions and vetoes from a folder of CSV files.

    Returns a Counter of what was added, by noun. All rows or none: any error undoes
    the whole.
    """
    added = Counter()
    with transaction.atomic():
        members = sorted(rows_of(folder, MEMBERS), key=lambda row: row["year"])
        _load_members(members, added)
        names, known = Names(members), _known_keys()
        for file in READERS:
            _load_ballots(file, _read(folder, file, names, known), added)
        if +added:
            _tell_planner()
    return +added


def _tell_planner():
    """PostgreSQL plans for empty tables until it has looked at what was loaded."""
    if connection.vendor == "postgresql":
        names = ", ".join(each._meta.db_table for each in (Document, Ballot, Vote))
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {names}")


def rows_of(folder, file):
    with (Path(folder) / file).open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _read(folder, file, names, known):
    """Each row that is not on record yet, with its key; an error says where."""
    key_of, read = READERS[file]
    for line, row in enumerate(rows_of(folder, file), start=2):
        try:
            if (key := key_of(row)) not in known:
                yield key, read(row, names)
        except KeyError as missing:
            raise CouncilRecordError(
                f"{file}, line {line}: no member of that year or column {missing}."
            ) from missing
        except ValueError as fault:
            raise CouncilRecordError(f"{file}, line {line}: {fault}.") from fault


def _load_members(rows, added):
    """Members, and the years they sat; of a seat that no table has, the newest name."""
    present = set(Member.objects.values_list("code", flat=True))
    names = {seat(row["iso3"]): row["name"] for row in rows}
    names |= {code: states.every()[code].name for code in names.keys() & states.every()}
    permanent = {seat(row["iso3"]) for row in rows if row["permanent"] == "1"}
    new = [
        Member(
            code=code,
            name=names[code],
            slug=slugify(names[code]),
            permanent=code in permanent,
        )
        for code in {seat(row["iso3"]): None for row in rows}
        if code not in present
    ]
    Member.objects.bulk_create(new)
    members = {member.code: member for member in Member.objects.all()}
    sat = set(Membership.objects.values_list("member__code", "year"))
    imported = Import(source=MEMBERS, credit=CREDITS[MEMBERS])
    years = [
        Membership(
            member=members[seat(row["iso3"])],
            year=int(row["year"]),
            code=row["iso3"],
            name=row["name"],
            regional_group=row["regional_group"],
            imported=imported,
        )
        for row in rows
        if (seat(row["iso3"]), int(row["year"])) not in sat
    ]
    if years:
        imported.save()
    Membership.objects.bulk_create(years, batch_size=BATCH)
    added["Council members"] += len(new)
    added["years of membership"] += len(years)


def _known_keys():
    """What tells the documents on record from all others, as the readers tell it."""
    symbols = Document.objects.exclude(symbol="").values_list("symbol", flat=True)
    unnamed = Ballot.objects.filter(document__symbol="")
    return {*symbols, *map(str, unnamed.values_list("held_on", flat=True))}


def _other_values(document, row, imported):
    return [
        OtherValue(
            document=document,
            field=field,
            says=says,
            standing=standing,
            imported=imported,
        )
        for field, says, standing in row.other_values
    ]


def _votes(ballots, cast):
    """The votes of saved ballots, by their keys alone: there are tens of thousands."""
    members = dict(Member.objects.values_list("code", "pk"))
    return [
        Vote(ballot_id=ballot.pk, member_id=members[code], cast=vote)
        for ballot, votes in zip(ballots, cast, strict=True)
        for code, vote in votes.items()
    ]


def _load_ballots(file, rows, added):
    """Documents that are not there yet, with their ballots, votes and other values."""
    imported = Import(source=file, credit=CREDITS[file])
    documents, ballots, cast, others = {}, [], [], []
    items = Counter()
    for key, row in rows:
        document = documents.get(key)
        if document is None:
            document = Document(**row.document, imported=imported)
            documents[key] = document
        # Items are counted in the order of the file: drafts can share a symbol.
        items[key, row.ballot["held_on"]] += 1
        item = items[key, row.ballot["held_on"]]
        ballot = Ballot(**row.ballot, item=item, document=document, imported=imported)
        if not alike(row.document["agenda_item"], document.agenda_item):
            ballot.agenda_item = row.document["agenda_item"]
        ballots.append(ballot)
        cast.append(row.votes)
        others += _other_values(document, row, imported)
    if not documents:
        return
    imported.save()
    for model, found in (
        (Document, list(documents.values())),
        (Ballot, ballots),
        (OtherValue, others),
    ):
        model.objects.bulk_create(found, batch_size=BATCH)
    votes = Vote.objects.bulk_create(_votes(ballots, cast), batch_size=BATCH)
    added["resolutions" if file == RESOLUTIONS else "vetoed texts"] += len(documents)
    added["ballots"] += len(ballots)
    added["votes"] += len(votes)
