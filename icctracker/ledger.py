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
    """The votes in one situation, or in all, as sets of documents."""

    situation: Situation | None
    votes: frozenset = frozenset()
    vetoed: frozenset = frozenset()
    contested: frozenset = frozenset()
    coded: frozenset = frozenset()
    in_hand: frozenset = frozenset()
    set_aside: frozenset = frozenset()

    @property
    def uncoded(self):
        """What no published entry codes."""
        return self.votes - self.coded

    @property
    def waiting(self):
        """What nobody has coded, taken in hand or set aside."""
        return self.votes - self.coded - self.in_hand - self.set_aside


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
        found = {self.numbers.get(symbol) for symbol, _kind, _day in entries}
        for symbol, kind, day in entries:
            if kind == Kind.VETO and symbol not in self.numbers:
                found |= self.nameless[day]
        return frozenset(found - {None})


def votes_in_situations(as_of=None, known_at=None):
    """The record, and for each situation with a beginning its documents since then."""
    as_of = as_of or timezone.localdate()
    situations = {
        each.pk: each for each in Situation.objects.filter(since__isnull=False)
    }
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


def of_criteria(findings, as_of, known_at=None):
    """For readers: pairs of a criterion judged on occasions and its lines.

    ``findings`` are accepted ones with their criterion and entry. A situation belongs
    to a criterion if a vote in it is coded as an occasion under it.
    """
    entries = defaultdict(set)
    criteria = {}
    for finding in findings:
        if finding.occasion and finding.criterion.kind != "deliver":
            entry, code = finding.evidence, finding.criterion.code
            criteria[code] = finding.criterion
            entries[code].add((entry.symbol, entry.kind, finding.event_date))
    if not entries:
        return []
    record, votes = votes_in_situations(as_of, known_at)
    found = []
    for code in sorted(entries):
        here = {"coded": record.cited(entries[code])}
        lines = [_line(record, each, numbers, here) for each, numbers in votes.items()]
        if lines := [line for line in lines if line.coded]:
            found.append((criteria[code], lines))
    return found


def _line(record, situation, votes, here):
    """A line: each document that is coded is that alone, then in hand, then aside."""
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
    entries = Evidence.objects.known(as_of, known_at).values("pk")
    pairs = Evidence.situations.through.objects.filter(evidence__in=entries)
    for situation, symbol in pairs.values_list("situation", "evidence__symbol"):
        if symbol in record.numbers:
            yield situation, record.numbers[symbol]


def _rows(entries):
    relevant = entries.filter(~Q(symbol="") | Q(kind=Kind.VETO)).order_by()
    return list(relevant.values_list("symbol", "kind", "occurred_on"))
