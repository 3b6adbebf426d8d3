"""Documents that the Council's record grew by: statements, and drafts that failed.

Adds what is missing and changes nothing; the tables are described in
``fixtures/council``.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from icctracker.models import Ballot, Document, OtherValue, Vote
from icctracker.models.vocabulary import Seats

from .first_record import BATCH

Outcome, Series = Ballot.Outcome, Document.Series
Field, Standing = OtherValue.Field, OtherValue.Standing
_TALLY = "yes no abstain non_voting".split()
# The lists of voters, all of them given, with the tally each must match.
_LISTS = (
    ("voted_for", "yes", Vote.Cast.YES),
    ("voted_against", "no", Vote.Cast.NO),
    ("abstained", "abstain", Vote.Cast.ABSTAIN),
    ("did_not_vote", "non_voting", Vote.Cast.NOT_VOTING),
)
_IN_METADATA = re.compile(r"metadata date (\S+)|meeting (\S+) in the metadata")


@dataclass
class Found:
    """What is to be added, until it is written."""

    documents: list = field(default_factory=list)
    ballots: list = field(default_factory=list)
    cast: list = field(default_factory=list)
    others: list = field(default_factory=list)

    def write(self):
        """Write it, with how each member voted."""
        for model, rows in (
            (Document, self.documents),
            (Ballot, self.ballots),
            (OtherValue, self.others),
        ):
            model.objects.bulk_create(rows, batch_size=BATCH)
        votes = [
            Vote(ballot_id=ballot.pk, member_id=member, cast=cast)
            for ballot, votes in zip(self.ballots, self.cast, strict=True)
            for member, cast in votes.items()
        ]
        Vote.objects.bulk_create(votes, batch_size=BATCH)


def add_statements(rows, texts, known, imported):
    """The statements that are missing; ``texts`` has what each contains."""
    found = Found()
    for row in rows:
        if row["symbol"] in known:
            continue
        text = texts.get(row["symbol"], {})
        document = Document(
            symbol=row["symbol"],
            series=Series.STATEMENT,
            agenda_item=row["agenda_item"],
            court_mentions=int(text["court_names"]) if text else None,
            languages=row["languages"],
            sources="UN-XML",
            imported=imported,
        )
        found.documents.append(document)
        found.ballots.append(_made(row, document, imported))
        found.cast.append({})
        found.others += _otherwise(row["note"], document, imported)
    found.write()
    return len(found.documents)


def _made(row, document, imported):
    """When and at which meeting a statement was made; nobody votes on it."""
    held_on = date.fromisoformat(row["date"])
    seats = Seats.COUNCIL.in_year(held_on.year)
    return Ballot(
        document=document,
        held_on=held_on,
        meeting=row["meeting"],
        outcome=Outcome.STATEMENT,
        **dict.fromkeys(_TALLY, 0) | {"non_voting": seats},
        seats=seats,
        sources="UN-XML",
        imported=imported,
    )


def _otherwise(note, document, imported):
    """What the data of the file say otherwise than the statement itself."""
    said = _IN_METADATA.fullmatch(note)
    if said is None:
        return []
    name, says = Field.MEETING, f"the data of the file name {said[2]}"
    if said[1]:
        name, says = Field.DATE, f"the data of the file date it {said[1]}"
    settled = {"standing": Standing.SETTLED, "imported": imported}
    return [OtherValue(document=document, field=name, says=says, **settled)]


def add_failed_drafts(rows, known, names, members, imported):
    """The votes on failed drafts that are missing, and the drafts; how many of each.

    ``known`` has the documents on record by symbol: of one whose parts were vetoed,
    other parts failed. ``members`` has the keys of the members by their codes.
    """
    documents = {symbol: Document(pk=key) for symbol, key in known.items()}
    there, items = _ballots_on_record([row["draft"] for row in rows])
    found = Found()
    for row in rows:
        symbol, held_on = row["draft"], date.fromisoformat(row["date"])
        if there[symbol, held_on]:
            there[symbol, held_on] -= 1
            continue
        if symbol not in documents:
            documents[symbol] = _draft(row, imported)
            found.documents.append(documents[symbol])
        items[symbol, held_on] += 1
        ballot = _ballot(row, documents[symbol], items[symbol, held_on], imported)
        votes, strangers = read_lists(row, names, held_on.year)
        if strangers:
            named = f"The source names {', '.join(strangers)}, no member in that year."
            ballot.note = f"{ballot.note} {named}".strip()
        found.ballots.append(ballot)
        found.cast.append({members[code]: cast for code, cast in votes.items()})
    found.write()
    return len(found.documents), len(found.ballots)


def _ballots_on_record(symbols):
    """How many failed ballots, and how many items, each draft has on each day."""
    there, items = Counter(), defaultdict(int)
    ballots = Ballot.objects.filter(document__symbol__in=symbols).order_by()
    for symbol, day, item, outcome in ballots.values_list(
        "document__symbol", "held_on", "item", "outcome"
    ):
        there[symbol, day] += outcome == Outcome.FAILED
        items[symbol, day] = max(items[symbol, day], item)
    return there, items


def read_lists(row, names, year):
    """Who voted how, by code of the seat; and who is named but did not sit then.

    All lists are given: who is in none has no known vote.
    """
    votes, strangers = {}, []
    for column, tally, cast in _LISTS:
        listed = [name for name in map(str.strip, row[column].split(";")) if name]
        certain = len(listed) <= int(row[tally] or 0)
        for name in listed:
            try:
                code = names.code(name, year)
            except KeyError:
                strangers.append(name)
            else:
                votes[code] = cast if certain else Vote.Cast.UNCERTAIN
    return votes, strangers


def _draft(row, imported):
    return Document(
        symbol=row["draft"],
        series=Series.FAILED,
        agenda_item=row["agenda_item"],
        sources=row["sources"],
        imported=imported,
    )


def _ballot(row, document, item, imported):
    held_on = date.fromisoformat(row["date"])
    counted = {name: int(row[name]) if row[name] else None for name in _TALLY}
    meeting = row["meeting"]
    if not meeting and row["draft"].startswith("S/PV."):
        meeting = row["draft"]
    own = row["agenda_item"] if document.pk else ""
    return Ballot(
        document=document,
        item=item,
        held_on=held_on,
        meeting=meeting,
        outcome=Outcome.FAILED,
        **counted,
        seats=int(row["total_members"] or Seats.COUNCIL.in_year(held_on.year)),
        agenda_item=own,
        note=_sentence(row["note"]),
        sources=row["sources"],
        imported=imported,
    )


def _sentence(note):
    return f"{note[0].upper()}{note[1:]}." if note else ""
