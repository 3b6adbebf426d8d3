"""Statements beside the record: what is new, changed or in conflict; writes nothing.

What the record does not have is filled in, a title that was cut gives way to the full
one, and any other difference is kept beside the record's own value, once.
"""

from collections import Counter

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from icctracker.imports.agenda_items import alike, says_the_same
from icctracker.imports.findings import (
    CHANGED,
    DOUBT,
    FAULT,
    NEW,
    PASSED,
    SAME,
    WORDED,
    Field,
    Finding,
    Standing,
    Teller,
    plain_title,
)
from icctracker.imports.matching import Matcher, vetoers, votes_of
from icctracker.imports.new_votes import (
    digits,
    in_short,
    new_record,
    outcome_of,
    tally_in_words,
)
from icctracker.imports.records import Fault, PassedOver
from icctracker.models import Ballot, Document

BATCH = 200


class Comparison:
    """Compares what one file says with the record, a batch at a time."""

    def __init__(self, seats, source):
        self.seats, self.source = seats, source
        self.matcher = Matcher()
        self.said = {}

    def findings(self, read):
        """A Finding for all that is new, changed, in conflict, left out or wrong."""
        for batch in _batches(read):
            statements = []
            for each in batch:
                if isinstance(each, Fault):
                    yield Finding(
                        FAULT, each.line, "", each.field, "", each.value, each.message
                    )
                elif isinstance(each, PassedOver):
                    yield Finding(PASSED, each.line, each.symbol, message=each.reason)
                elif said := self._said_before(each):
                    yield said
                else:
                    statements.append(each)
            yield from self._batch(statements)

    def _said_before(self, statement):
        """What to say of a resolution that stands in the file a second time."""
        if not statement.number:
            return None
        content = hash(repr(statement).replace(f"line={statement.line}", "", 1))
        line, before = self.said.setdefault(statement.number, (statement.line, content))
        if line == statement.line:
            return None
        if before == content:
            text = _("Said already on line %d.") % line
            return Finding(PASSED, statement.line, statement.symbol, message=text)
        text = _("The file says otherwise on line %d.") % line
        name = statement.symbol
        return Finding(FAULT, statement.line, name, "", "", name, text)

    def _batch(self, statements):
        documents = _documents(statements)
        for statement, match in self.matcher.matches(statements, documents):
            yield from self._one(statement, match)

    def _one(self, statement, match):
        if match.repeated:
            text = _("Said already on another line.")
            yield Finding(PASSED, statement.line, statement.name, message=text)
            return
        # A new vote must be whole; one that is there is compared as far as it goes.
        kind = DOUBT if match.ballot else FAULT
        for each in statement.doubts:
            where = (each.line, statement.name, each.field)
            yield Finding(kind, *where, "", each.value, each.message)
        if match.ballot is None:
            if not statement.doubts:
                yield self._new(statement, match)
            return
        yield from self._document(statement, match)
        yield from self._ballot(statement, match)
        yield Finding(SAME, statement.line, statement.name)

    def _new(self, statement, match):
        line, name = statement.line, statement.name
        if match.perhaps:
            text = _(
                "The record has %(other)s, vetoed on that day by the same members. It"
                " may be the same text, so this one is not added."
            )
            return Finding(PASSED, line, name, message=text % {"other": match.perhaps})
        if statement.tally is None and not statement.vetoed_by:
            text = _(
                "Not in the record, and this file does not say how the members voted."
            )
            return Finding(PASSED, line, name, message=text)
        missing = _missing(statement)
        if missing:
            return Finding(FAULT, line, name, missing, "", "", _("This is missing."))
        write = new_record(statement, match)
        return Finding(NEW, line, name, theirs=in_short(statement), write=write)

    def _document(self, statement, match):
        document = match.document
        yield from self._title(statement, document)
        told = self._teller(statement, document)
        yield from self._agenda(statement, match, told)
        if document.goes_by_meeting:
            yield from self._symbol(statement, document, told)
        if statement.series == "resolution" and statement.drafts:
            yield from told.symbols("drafts", statement.drafts, Field.OTHER, "draft")
        if statement.document_record:
            yield from told.number("library_record", statement.document_record)

    def _agenda(self, statement, match, told):
        ours, theirs = match.ballot.on_agenda, statement.agenda_item
        if not theirs or alike(ours, theirs):
            return
        if not ours:
            yield told.fill("agenda_item", theirs)
        elif says_the_same(ours, theirs):
            # Sources shorten it each in their own way: said, but no other value.
            yield told.finding(WORDED, "agenda_item", ours, theirs, {})
        else:
            says = f"{self.source}, agenda item: {theirs}"[:500]
            known = told.is_known(Field.OTHER, says)
            yield told.conflict(Field.OTHER, says, ours, theirs, known)

    def _symbol(self, statement, document, told):
        """The symbol of a text that the record knows by its day or meeting only."""
        theirs = statement.symbol
        if theirs and theirs != document.symbol and not theirs.startswith("S/PV."):
            says = f"{self.source} names the text {theirs}"
            known = told.is_known(Field.OTHER, theirs)
            yield told.conflict(Field.OTHER, says, str(document), theirs, known)

    def _ballot(self, statement, match):
        ballot = match.ballot
        told = self._teller(statement, match.document, ballot)
        if statement.held_on and statement.held_on != ballot.held_on:
            theirs = statement.held_on.isoformat()
            known = told.is_known(Field.DATE, theirs)
            says = f"{self.source} dates it {theirs}"
            yield told.conflict(Field.DATE, says, str(ballot.held_on), theirs, known)
        if statement.meeting:
            yield from told.symbols(
                "meeting", statement.meeting, Field.MEETING, "meeting record"
            )
        if statement.vote_record:
            yield from told.number("library_record", statement.vote_record)
        if statement.tally and not ballot.votes_known:
            yield from self._complete(statement, ballot, told)
        elif statement.tally:
            yield from self._vote(statement, ballot, told)
        elif statement.vetoed_by:
            yield from self._vetoed_by(statement, ballot, told)

    def _title(self, statement, document):
        theirs, ours = statement.title, document.title
        if not theirs:
            return
        told = self._teller(statement, document)
        mine, other = plain_title(ours), plain_title(theirs)
        longer = document.title_is_cut and other.startswith(mine) and mine != other
        completed = document.title_is_cut > statement.title_is_cut and mine == other
        if not ours or longer or completed:
            cut = {"title_is_cut": statement.title_is_cut}
            yield told.fill("title", theirs, also=cut)
        elif mine != other and not (statement.title_is_cut and mine.startswith(other)):
            says = f"{self.source}: {theirs}"[:500]
            known = told.is_known(Field.TITLE, says)
            yield told.conflict(Field.TITLE, says, ours, theirs, known)

    def _vote(self, statement, ballot, told):
        ours = (ballot.yes, ballot.no, ballot.abstain, ballot.non_voting)
        shown = tally_in_words(statement.tally, statement.without_vote)
        shown_ours = tally_in_words(ours, not ballot.was_voted)
        if statement.without_vote != (not ballot.was_voted):
            yield self._modality(statement, ballot, told, shown_ours, shown)
            return
        if statement.tally != ours:
            yield self._other_vote(statement, ballot, told, shown_ours, shown)
            return
        mine = votes_of(ballot)
        certain = {code: cast for code, cast in mine.items() if cast != "U"}
        differing = {
            code: cast
            for code, cast in statement.votes.items()
            if certain.get(code, cast) != cast
        }
        if differing:
            yield self._other_vote(statement, ballot, told, shown_ours, shown)
        elif len(certain) < len(statement.votes):
            write = {"op": "votes", "ballot": ballot.pk, "document": ballot.document_id}
            write |= {"votes": statement.votes, "before": _roll(mine)}
            theirs = _roll(statement.votes)
            yield told.finding(CHANGED, "votes", _roll(mine), theirs, write)

    def _complete(self, statement, ballot, told):
        """The votes of a ballot of which the record had the vetoes only."""
        mine = votes_of(ballot)
        shown = tally_in_words(statement.tally, statement.without_vote)
        against = statement.vetoed_by or vetoers(ballot)
        if against != vetoers(ballot) or len(against) > statement.tally[1]:
            yield from self._vetoed_by(statement, ballot, told)
            yield self._other_vote(statement, ballot, told, ballot.tally, shown)
            return
        write = {"op": "complete", "ballot": ballot.pk, "document": told.document.pk}
        write |= {"tally": statement.tally, "votes": mine | statement.votes}
        write |= {"before": _roll(mine)}
        yield told.finding(CHANGED, "votes", ballot.tally, shown, write)

    def _modality(self, statement, ballot, told, ours, theirs):
        key = "without vote" if statement.without_vote else digits(statement.tally)
        known = told.is_known(Field.VOTE, key)
        says = f"{self.source}: {theirs}"
        same = "unanimous" in (ballot.outcome, outcome_of(statement))
        standing = Standing.MODALITY if same else Standing.OPEN
        return told.conflict(Field.VOTE, says, ours, theirs, known, standing)

    def _other_vote(self, statement, ballot, told, ours, theirs):
        names = self._casts_unlike(statement.votes, votes_of(ballot))
        says = f"{self.source}: {theirs}{names}"[:500]
        known = told.is_known(Field.VOTE, says)
        if statement.tally[:3] != (ballot.yes, ballot.no, ballot.abstain):
            known = known or told.is_known(Field.VOTE, digits(statement.tally))
        return told.conflict(Field.VOTE, says, ours, theirs + names, known)

    def _casts_unlike(self, theirs, ours):
        """Who is said to have voted otherwise than in the record, in words."""
        words = {"Y": "in favour", "N": "against", "A": "abstaining"}
        words["X"] = "not voting"
        found = {}
        for code in sorted(theirs):
            if code in ours and ours[code] != theirs[code]:
                found.setdefault(theirs[code], []).append(self.seats.name(code))
        parts = [
            f"; {words[cast]}: {', '.join(found[cast])}"
            for cast in words
            if cast in found
        ]
        return "".join(parts)

    def _vetoed_by(self, statement, ballot, told):
        ours = vetoers(ballot)
        if statement.vetoed_by and ours != statement.vetoed_by:
            theirs = ",".join(sorted(statement.vetoed_by))
            says = f"{self.source} names {theirs}"
            known = told.is_known(Field.VETOED_BY, theirs)
            shown = ",".join(sorted(ours))
            yield told.conflict(Field.VETOED_BY, says, shown, theirs, known)

    def _teller(self, statement, document, ballot=None):
        return Teller(self.source, statement, document, ballot)


def _roll(votes):
    counts = Counter(votes.values())
    return ", ".join(f"{cast} {counts[cast]}" for cast in sorted(counts))


def _batches(read):
    """Lists of about as many statements; texts voted on several times stay together."""
    batch = []
    for each in read:
        name = getattr(each, "symbol", None)
        full = len(batch) >= BATCH and name != getattr(batch[-1], "symbol", "")
        if full or len(batch) >= 5 * BATCH:
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def _documents(statements):
    """The documents that statements may be about, with all that is compared."""
    numbers = {each.number for each in statements if each.number}
    vetoed = [each for each in statements if not each.number]
    wanted = Q(number__in=numbers, series="resolution")
    wanted |= Q(series="vetoed", symbol__in={each.symbol for each in vetoed} - {""})
    wanted |= Q(series="vetoed", drafts__in={each.named for each in vetoed} - {""})
    # All vetoes of the day: one may be the same text under another name.
    days = {each.held_on for each in vetoed}
    wanted |= Q(series="vetoed", ballots__held_on__in=days)
    ballots = Ballot.objects.prefetch_related("votes__member")
    found = Document.objects.filter(wanted).distinct()
    return found.prefetch_related(Prefetch("ballots", ballots), "other_values")


def _missing(statement):
    """What a new vote needs and the file does not say."""
    needed = {"date": statement.held_on}
    if statement.series == "resolution":
        needed["symbol"] = statement.symbol
    return next((name for name, value in needed.items() if not value), "")
