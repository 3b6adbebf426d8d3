"""Rows of the Council files as plain values: symbols, votes, doubts; saves nothing."""

import re
from dataclasses import dataclass, field
from datetime import date

from icctracker.imports.cells import read_symbols
from icctracker.models import OtherValue, Vote

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

    @property
    def key(self):
        """What tells its document from all others."""
        return self.document["symbol"] or str(self.ballot["held_on"])


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
    found, _remark = read_symbols(row["draft"])
    symbol = oral[1] if oral else found.split("; ")[0]
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


def read_votes(row, names, year):
    """Who voted how, by code of the seat, as far as lists and tallies agree.

    A list longer than its tally leaves its members in doubt. Who is in no list voted
    in favour, unless the lists name fewer members than the tallies leave over.
    """
    members, votes, missing = names.seats[year], {}, 0
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
