"""Which ballot of the record a statement is about."""

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from icctracker.models import Ballot, Document

from .cells import alike

_REVISION = re.compile(r"/(?:Rev|Add|Corr|Amend)\.?.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Match:
    """The document and ballot of a statement, as far as the record has them."""

    document: Document | None = None
    ballot: Ballot | None = None
    # The number of a ballot that is new.
    item: int = 1
    repeated: bool = False
    # A veto of that day by the same members, under a name much like this one.
    perhaps: Document | None = None


class Matcher:
    """Remembers over a whole file which ballots are spoken for.

    A text that was voted on in parts has several ballots on one day. Those that agree
    with the record find each other first, whatever their order.
    """

    def __init__(self):
        self._taken = defaultdict(set)
        self._new = defaultdict(set)

    def matches(self, statements, documents):
        """Pairs of statement and Match, in the order of the file."""
        index = _Index(documents)
        found, rest = {}, []
        statements = [_on_its_day(statement, index) for statement in statements]
        for at, statement in enumerate(statements):
            document = index.find(statement)
            match = self._exact(statement, document)
            if match is None:
                rest.append((at, statement, document))
            else:
                found[at] = match
        for at, statement, document in rest:
            match = None if document else self._like(statement, index)
            if match is None or match.perhaps and statement.tally:
                match = self._other(statement, document)
            found[at] = match
        for at, statement in enumerate(statements):
            yield statement, found[at]

    def _exact(self, statement, document):
        if document is None:
            return None
        free = self._free(document)
        if document.is_resolution:
            return Match(document, free[0]) if free else None
        same = [each for each in free if agrees(statement, each)]
        # Members can vote alike on several applications at one meeting.
        said = statement.agenda_item
        same.sort(key=lambda ballot: not alike(ballot.on_agenda, said))
        return self._take(document, same[0]) if same else None

    def _other(self, statement, document):
        if document is None:
            return self._not_there(statement, document)
        taken = [
            each for each in document.ballots.all() if each not in self._free(document)
        ]
        if any(agrees(statement, each) for each in taken):
            return Match(document, repeated=True)
        free = self._free(document)
        that_day = [each for each in free if each.held_on == statement.held_on]
        nearest = that_day or [
            each
            for each in free
            if not statement.tally or _tally(each) == statement.tally
        ]
        if nearest:
            return self._take(document, nearest[0])
        if statement.tally is None and document.ballots.all():
            return Match(document, repeated=True)
        return self._not_there(statement, document)

    def _like(self, statement, index):
        """What a veto may be that the record has under no such name.

        A text without symbol of its own is the same if day and members are.
        """
        like = [
            (document, each)
            for document in index.vetoed[statement.held_on]
            for each in self._free(document)
            if statement.vetoed_by and vetoers(each) == statement.vetoed_by
        ]
        unnamed = [each for each in like if each[0].goes_by_meeting]
        if len(unnamed) == 1:
            return self._take(*unnamed[0])
        akin = [each for each, _ballot in like if _akin(statement, each)]
        return Match(perhaps=akin[0]) if akin else None

    def _not_there(self, statement, document):
        """A ballot that the record lacks; several on one text are numbered."""
        key = (statement.series, statement.number or statement.name, statement.held_on)
        votes = tuple(sorted(statement.votes.items()))
        content = (statement.tally, votes, statement.vetoed_by)
        if content in self._new[key]:
            return Match(document, repeated=True)
        there = document.ballots.all() if document else []
        last = max((b.item for b in there if b.held_on == statement.held_on), default=0)
        self._new[key].add(content)
        return Match(document, item=last + len(self._new[key]))

    def _free(self, document):
        taken = self._taken[document.pk]
        return [each for each in document.ballots.all() if each.pk not in taken]

    def _take(self, document, ballot):
        self._taken[document.pk].add(ballot.pk)
        return Match(document, ballot)


class _Index:
    """Documents by what statements call them."""

    def __init__(self, documents):
        self.numbers, self.symbols, self.names, self.days = {}, {}, {}, {}
        self.vetoed = defaultdict(list)
        for document in documents:
            if document.is_resolution:
                self.numbers[document.number] = document
                continue
            if document.symbol:
                self.symbols[document.symbol] = document
            for day in {ballot.held_on for ballot in document.ballots.all()}:
                self.vetoed[day].append(document)
            for ballot in document.ballots.all():
                self.names[document.drafts, ballot.held_on] = document
                if not document.symbol:
                    self.days[ballot.held_on] = document

    def vetoes_on(self, day):
        """The ballots of a day that ended in a veto."""
        return [each for text in self.vetoed[day] for each in text.ballots.all()]

    def find(self, statement):
        if statement.number:
            return self.numbers.get(statement.number)
        if statement.symbol:
            return self.symbols.get(statement.symbol)
        if not statement.named:
            return None
        found = self.names.get((statement.named, statement.held_on))
        return found or self.days.get(statement.held_on)


def _on_its_day(statement, index):
    """A vote of several days, as of the one on which the record has it."""
    if statement.held_within is None:
        return statement
    for day in statement.days:
        one = replace(statement, held_on=day, held_within=None)
        document = index.find(one)
        held = document.ballots.all() if document else index.vetoes_on(day)
        like = [each for each in held if each.held_on == day]
        if statement.vetoed_by and not document:
            like = [each for each in like if vetoers(each) == statement.vetoed_by]
        if like:
            return one
    return statement


def agrees(statement, ballot):
    """Whether a ballot is just what the statement says, as far as it says anything."""
    if statement.held_on != ballot.held_on:
        return False
    if statement.tally is None or not ballot.votes_known:
        return vetoers(ballot) == statement.vetoed_by
    return _tally(ballot) == statement.tally and votes_of(ballot) == statement.votes


def vetoers(ballot):
    """The codes of the permanent members that voted against."""
    votes = ballot.votes.all()
    return {v.member.code for v in votes if v.cast == "N" and v.member.permanent}


def votes_of(ballot):
    """How members voted in a ballot of the record, by code."""
    return {vote.member.code: vote.cast for vote in ballot.votes.all()}


def _akin(statement, document):
    """Whether two names may be of one text: revisions of one, or none of its own."""
    theirs = _REVISION.sub("", statement.symbol)
    unnamed = not theirs or theirs.startswith("S/PV.")
    return unnamed or theirs == _REVISION.sub("", document.symbol)


def _tally(ballot):
    return (ballot.yes, ballot.no, ballot.abstain, ballot.non_voting)
