"""Statements beside the record: what is new, changed or in conflict; writes nothing.

What the record does not have is filled in, a title that was cut gives way to the full
one, and any other difference is kept beside the record's own value, once.
"""

import dataclasses
import json
import re
from collections import Counter
from dataclasses import asdict, dataclass

from django.db.models import Prefetch, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icctracker.models import Ballot, Document, OtherValue

from .cells import alike, read_title, says_the_same, seats_in
from .files import Fault, PassedOver
from .matching import Matcher, vetoers, votes_of

# Findings: single differences between a file and the record, and how they are told.

Field, Standing = OtherValue.Field, OtherValue.Standing
NEW, CHANGED, CONFLICT, SAME, KNOWN, PASSED, DOUBT, FAULT = (
    *("new", "changed", "conflict", "same", "known", "passed", "doubt", "fault"),
)
# An agenda item in other words: listed, while ours stays.
WORDED = "worded"
_SYMBOL = re.compile(r"S/[^\s,;()]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between file and record, and how it is written, if at all."""

    kind: str
    line: int
    symbol: str = ""
    field: str = ""
    ours: str = ""
    theirs: str = ""
    message: str = ""
    write: dict = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts differences on one document, or on one ballot of it, into findings."""

    source: str
    statement: object
    document: Document
    ballot: Ballot | None

    def finding(self, kind, name, ours, theirs, write):
        line, symbol = self.statement.line, self.statement.name
        return Finding(kind, line, symbol, name, ours, theirs, write=write)

    def fill(self, name, value, also=None):
        """A value that the record lacks or has only in part."""
        record = self.ballot or self.document
        before = getattr(record, name)
        write = {"op": "set", "document": self.document.pk, "field": name}
        write |= {"ballot": self.ballot.pk if self.ballot else None}
        write |= {"value": value, "before": before, "also": also or {}}
        ours = "" if before is None else str(before)
        return self.finding(CHANGED, name, ours, str(value), write)

    def conflict(self, name, says, ours, theirs, known, standing=Standing.OPEN):
        """A value that the record has otherwise."""
        write = {"op": "other", "document": self.document.pk, "field": str(name)}
        write |= {"says": says, "standing": str(standing)}
        kind = KNOWN if known else CONFLICT
        return self.finding(kind, str(name), ours, theirs, {} if known else write)

    def is_known(self, name, text):
        """Whether another value that is kept already says so."""
        pattern = re.compile(rf"(?<!\d){re.escape(text)}(?!\d)")
        return any(
            other.field == name and pattern.search(other.says)
            for other in self.document.other_values.all()
        )

    def symbols(self, name, theirs, other, noun):
        """Differences between symbols; more or fewer of the same are none."""
        ours = getattr(self.ballot or self.document, name)
        if not ours:
            yield self.fill(name, theirs)
            return
        mine, others = symbols_in(ours), symbols_in(theirs)
        if not mine or not others or mine <= others or others <= mine:
            return
        says = f"{self.source}, {noun}: {theirs}"[:500]
        known = self.is_known(other, says)
        yield self.conflict(other, says, ours, theirs, known)

    def number(self, name, theirs):
        """Differences between numbers of records in the Library."""
        ours = getattr(self.ballot or self.document, name)
        if ours is None:
            yield self.fill(name, theirs)
        elif ours != theirs:
            noun = "voting record" if self.ballot else "record"
            says = f"{self.source}: {noun} {theirs} of the UN Digital Library"
            known = self.is_known(Field.OTHER, says)
            yield self.conflict(Field.OTHER, says, str(ours), str(theirs), known)


def plain_title(text):
    """A title without differences of case, spaces, quotation marks and final stops."""
    text = re.sub(r"[“”„«»\"'‘’`<>{}]", "", read_title(text)[0].replace("…", ""))
    text = re.sub(r"\s*[-‐‑–—]+\s*", "-", text)
    return " ".join(text.casefold().split()).strip(" .[])")


def symbols_in(text):
    """The symbols of Council documents in a text."""
    return {found.upper().rstrip(".") for found in _SYMBOL.findall(text)}


# Votes that the record does not have: how they are written, and told in short.

UNKNOWN = (None, None, None, None)


def new_record(statement, match):
    """How a vote that the record does not have is written; a new text with it.

    Of a list of vetoes the vetoes are all there is: the votes of others stay unknown.
    """
    yes, no, abstain, non_voting = statement.tally or UNKNOWN
    ballot = {"yes": yes, "no": no, "abstain": abstain, "non_voting": non_voting}
    ballot |= {
        "item": match.item,
        "held_on": statement.held_on.isoformat(),
        "meeting": statement.meeting[:80],
        "outcome": outcome_of(statement),
        "seats": sum(statement.tally or [seats_in(statement.held_on.year)]),
        "library_record": statement.vote_record,
        "note": statement.note,
    }
    if match.document and not alike(statement.agenda_item, match.document.agenda_item):
        ballot["agenda_item"] = statement.agenda_item
    named = statement.named if statement.named != statement.symbol else ""
    document = {
        "symbol": statement.symbol,
        "series": statement.series,
        "number": statement.number,
        "title": statement.title,
        "title_is_cut": statement.title_is_cut,
        "agenda_item": statement.agenda_item,
        "drafts": (statement.drafts or named)[:200],
        "library_record": statement.document_record,
    }
    known = match.document.pk if match.document else None
    write = {"op": "new", "document": known, "facts": document}
    return write | {"ballot": ballot, "votes": statement.votes or vetoes(statement)}


def vetoes(statement):
    """The votes that follow from who cast the veto."""
    return dict.fromkeys(sorted(statement.vetoed_by), "N")


def in_short(statement):
    """What a new vote is, in a line: the day, the votes and the subject."""
    votes = tally_in_words(statement.tally, statement.without_vote)
    if statement.tally is None:
        who = ", ".join(sorted(statement.vetoed_by))
        votes = _("vetoed by %(who)s, %(votes)s") % {"who": who, "votes": votes}
    subject = statement.title or statement.agenda_item
    return f"{date_format(statement.held_on)}: {votes}. {subject}".strip()


def outcome_of(statement):
    """How a vote ended, as the record puts it."""
    if statement.series == "vetoed":
        return "vetoed"
    if statement.without_vote:
        return "without vote"
    yes, *others = statement.tally
    return "unanimous" if not any(others) else "majority"


def tally_in_words(tally, without_vote):
    """A tally as other values say it."""
    if without_vote:
        return "adopted without vote"
    if None in (tally or UNKNOWN):
        return "votes not known"
    return f"{digits(tally)}, not voting {tally[3]}"


def digits(tally):
    """A tally as in 14-0-1."""
    return "-".join(map(str, tally[:3]))


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
        documents, others = _documents(statements), _of_other_series(statements)
        for statement, match in self.matcher.matches(statements, documents):
            if statement.symbol in others and not match.document:
                yield _otherwise(statement, others[statement.symbol])
            else:
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
        if statement.held_within:
            text = _(
                "The record has no such vote on any of these days, and one that is new"
                " needs the day on which it was held."
            )
            return Finding(FAULT, line, name, "date", "", statement.dated, text)
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
        if found := statement.nameless:
            return Finding(
                DOUBT, line, name, found.field, "", found.value, found.message
            )
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
            days = map(date_format, (ballot.held_on, statement.held_on))
            yield told.conflict(Field.DATE, says, *days, known)
        elif statement.dated:
            known = told.is_known(Field.DATE, statement.dated)
            says = f"{self.source} dates it {statement.dated}"[:500]
            ours = date_format(ballot.held_on)
            yield told.conflict(Field.DATE, says, ours, statement.dated, known)
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
    days = {day for each in vetoed for day in each.days}
    wanted |= Q(series="vetoed", ballots__held_on__in=days)
    ballots = Ballot.objects.prefetch_related("votes__member")
    found = Document.objects.filter(wanted).distinct()
    return found.prefetch_related(Prefetch("ballots", ballots), "other_values")


def _of_other_series(statements):
    """What the record has under the symbol of a veto, though not as a vetoed text."""
    symbols = {each.symbol for each in statements if not each.number} - {""}
    if not symbols:
        return {}
    found = Document.objects.filter(symbol__in=symbols).exclude(series="vetoed")
    return {each.symbol: each for each in found}


def _otherwise(statement, document):
    text = _("The record has it otherwise, so this is not added: %(series)s.")
    said = text % {"series": document.get_series_display()}
    return Finding(PASSED, statement.line, statement.name, message=said)


def _missing(statement):
    """What a new vote needs and the file does not say."""
    needed = {"date": statement.held_on}
    if statement.series == "resolution":
        needed["symbol"] = statement.symbol
    return next((name for name, value in needed.items() if not value), "")


# What a comparison found, kept in a file: as long as the import, however large.

KINDS = (NEW, CHANGED, CONFLICT, KNOWN, WORDED, SAME, PASSED, DOUBT, FAULT)
# What is only counted: there is nothing to read in it.
_COUNTED = {SAME}


class Report:
    """Findings in a file, one on a line, and how many there are of each kind."""

    def __init__(self, path):
        self.path, self.counts = path, Counter()

    def keep(self, findings):
        """Write findings down as they come."""
        with self.path.open("w", encoding="utf-8") as file:
            for each in findings:
                self.counts[each.kind] += 1
                if each.kind not in _COUNTED:
                    json.dump(asdict(each), file)
                    file.write("\n")

    def __iter__(self):
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                yield Finding(**json.loads(line))

    def of(self, *kinds):
        """The findings of some kinds."""
        return (each for each in self if each.kind in kinds)


def in_words(finding):
    """What a finding says, beside its line and field."""
    if finding.message:
        said = f"“{finding.theirs}”: " if finding.theirs else ""
        return said + finding.message
    if not finding.ours:
        return finding.theirs
    values = {"theirs": finding.theirs, "ours": finding.ours}
    return _("“%(theirs)s” in the file, “%(ours)s” in the record") % values
