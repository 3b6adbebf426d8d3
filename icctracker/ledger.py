"""How complete the coding is: the Council's votes in a situation, and which are coded.

Every resolution counts once, however it was adopted, and so does every vetoed text,
however often it was voted on. Drafts that failed for want of votes are not in the
Council's record.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from icctracker.models import Ballot, Dismissal, Evidence, Kind, Situation
from icctracker.suggestions import coded, taken

Outcome = Ballot.Outcome


@dataclass(frozen=True)
class Line:
    """The votes in one situation, or in several, as sets of documents.

    Each is in one place: coded, or else coded elsewhere (under other criteria), or
    else in hand, or else set aside, or else waiting.
    """

    situation: Situation | None
    votes: frozenset = frozenset()
    vetoed: frozenset = frozenset()
    contested: frozenset = frozenset()
    coded: frozenset = frozenset()
    elsewhere: frozenset = frozenset()
    in_hand: frozenset = frozenset()
    set_aside: frozenset = frozenset()

    @property
    def waiting(self):
        """What nobody has coded, taken in hand or set aside."""
        taken = self.coded | self.elsewhere | self.in_hand | self.set_aside
        return self.votes - taken


@dataclass
class Record:
    """The part of the Council's record that the ledger reads, read once."""

    days: dict = field(default_factory=dict)
    outcomes: dict = field(default_factory=lambda: defaultdict(set))
    numbers: dict = field(default_factory=dict)
    nameless: dict = field(default_factory=lambda: defaultdict(set))

    def cited(self, entries):
        """The documents that entries are about, as ``suggestions.about`` has it.

        ``entries`` are rows of symbol, kind and day.
        """
        found = set()
        for symbol, kind, day in entries:
            if symbol in self.numbers:
                found.add(self.numbers[symbol])
            elif kind == Kind.VETO and not symbol:
                found |= self.nameless[day]
        return frozenset(found)


def votes_in_situations(as_of=None, known_at=None):
    """The record, and for each situation with a beginning its documents since then."""
    as_of = as_of or timezone.localdate()
    situations = {
        each.pk: each for each in Situation.objects.filter(since__isnull=False)
    }
    if not situations:
        return Record(), {}
    record = _read(as_of)
    found = {each: set() for each in situations.values()}
    for situation, document in [*_linked(), *_cited(record, as_of, known_at)]:
        owner = situations.get(situation)
        day = record.days.get(document)
        if owner and day and day.year >= owner.since:
            found[owner].add(document)
    return record, {each: frozenset(votes) for each, votes in found.items() if votes}


def ledger(user, as_of=None):
    """For the desk: a line for each situation, and one for all of them."""
    record, votes = votes_in_situations(as_of)
    here = {
        "coded": record.cited(_rows(coded())),
        "in_hand": record.cited(_rows(taken(user))),
        "set_aside": frozenset(
            Dismissal.objects.standing().values_list("document", flat=True)
        ),
    }
    lines = [_line(record, each, numbers, here) for each, numbers in votes.items()]
    return lines, _line(record, None, frozenset().union(*votes.values()), here)


@dataclass(frozen=True)
class CriterionLedger:
    """The votes in the situations in which a criterion has occasions."""

    code: str
    lines: list
    total: Line


def of_criteria(findings, as_of, known_at=None):
    """For readers: a ledger for each criterion judged on votes of the Council.

    ``findings`` are accepted ones with their criterion and entry. A situation belongs
    to a criterion if a vote in it is coded as an occasion under it.
    """
    entries = _occasions(findings)
    if not entries:
        return []
    record, votes = votes_in_situations(as_of, known_at)
    if not votes:
        return []
    anywhere = record.cited(_rows(coded(as_of, known_at)))
    found = []
    for code in sorted(entries):
        here = {"coded": record.cited(entries[code]), "elsewhere": anywhere}
        lines = [_line(record, each, numbers, here) for each, numbers in votes.items()]
        lines = [line for line in lines if line.coded]
        if lines:
            everything = frozenset().union(*(line.votes for line in lines))
            total = _line(record, None, everything, here)
            found.append(CriterionLedger(code, lines, total))
    return found


def _occasions(findings):
    """Symbol, kind and day of the entries that are occasions, by code of criterion."""
    entries = defaultdict(set)
    for finding in findings:
        if finding.occasion and finding.criterion.kind != "deliver":
            entry = finding.evidence
            row = (entry.symbol, entry.kind, finding.event_date)
            entries[finding.criterion.code].add(row)
    return entries


def _line(record, situation, votes, here):
    """A line; ``here`` has the places, and each document goes to the first it fits."""
    left, parts = votes, {}
    for name, documents in here.items():
        parts[name] = left & documents
        left -= documents
    vetoed = votes & record.outcomes[Outcome.VETOED]
    contested = (votes & record.outcomes[Outcome.MAJORITY]) - vetoed
    return Line(situation, votes, vetoed, contested, **parts)


def _read(as_of):
    record = Record()
    rows = Ballot.objects.filter(held_on__lte=as_of).order_by("-held_on")
    first = Situation.objects.order_by("since").filter(since__isnull=False)
    rows = rows.filter(held_on__year__gte=first.values("since")[:1])
    for number, symbol, day, outcome in rows.values_list(
        "document", "document__symbol", "held_on", "outcome"
    ):
        record.days[number] = day
        record.outcomes[outcome].add(number)
        if symbol:
            record.numbers[symbol] = number
        else:
            record.nameless[day].add(number)
    return record


def _linked():
    """Pairs of situation and document, as the words of the situations find them."""
    return Situation.documents.through.objects.values_list("situation", "document")


def _cited(record, as_of, known_at):
    """Pairs of situation and document, as published entries on documents have them."""
    entries = Evidence.objects.known(as_of, known_at).order_by()
    for situation, *row in entries.values_list(
        "situations", "symbol", "kind", "occurred_on"
    ):
        for document in record.cited([row]):
            yield situation, document


def _rows(entries):
    relevant = entries.filter(~Q(symbol="") | Q(kind=Kind.VETO)).order_by()
    return list(relevant.values_list("symbol", "kind", "occurred_on"))
