"""What nobody has logged yet: documents of the Council's record worth a look.

A document is suggested if it mentions the Court, was vetoed, or lies in a tracked
situation, and neither an entry is about it nor has anybody set it aside. That it
mentions the Court rests on the index of passages, and before 2000 on what was counted.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain

from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icctracker.models import (
    Ballot,
    Dismissal,
    Document,
    Evidence,
    Finding,
    Kind,
    Passage,
    Situation,
    Vote,
)
from icctracker.models.passages import speaks_of_the_court

from . import silence
from .silence import BEGINNING, Spoken
from .years import NewYear

COURT, VETOED, SITUATION = "court", "vetoed", "situation"
REASONS = {
    COURT: gettext_lazy("Mentions the Court"),
    VETOED: gettext_lazy("Was vetoed"),
    SITUATION: gettext_lazy("Lies in a tracked situation"),
}
TAKEN = [Evidence.State.PUBLISHED, Evidence.State.SUBMITTED]


def coded(as_of=None, known_at=None):
    """Published entries with an accepted finding: what the numbers call coded."""
    entries, key = Evidence.objects.published(), "pk"
    if as_of:
        entries = Evidence.objects.known(as_of, known_at)
        # At a past instant what is known are editions of entries.
        key = "evidence" if known_at else "pk"
    findings = Finding.objects.accepted(known_at).filter(evidence=OuterRef(key))
    return entries.filter(Exists(findings))


def taken(user):
    """Entries that make logging again needless: published, under review, one's own.

    A draft of somebody else is not among them: nothing may tell that it is there.
    """
    others, own = _taken(user)
    return others | own


def _taken(user):
    """The same in two, since no one index serves both: of anybody, and one's own."""
    own = Evidence.objects.filter(state__in=Evidence.EDITABLE, submitted_by=user)
    return Evidence.objects.filter(state__in=TAKEN), own


# Very many entries may have no symbol; said like this, no index is read for it.
NAMELESS = ~Q(symbol__gt="")


def about(entries):
    """A condition on documents: that one of these entries is about it.

    As ``Evidence.objects.citing`` has it: by the symbol, or by the day of the veto.
    """
    # Asked of one document after the other: entries are many, documents are not.
    cited = entries.filter(symbol=OuterRef("symbol"))
    vetoes = entries.filter(NAMELESS, kind=Kind.VETO, occurred_on=OuterRef("held_on"))
    ballots = Ballot.objects.filter(Exists(vetoes), document=OuterRef("pk"))
    return ~Q(symbol="") & Exists(cited) | Q(symbol="") & Exists(ballots)


def lying_in(situation):
    """A condition on documents: found by its words, or cited by an entry on it."""
    entries = Evidence.objects.published().filter(situations=situation)
    linked = Situation.documents.through.objects.filter(situation=situation)
    return Q(pk__in=linked.values("document")) | about(entries)


def suggested(user, *, earlier=False):
    """Documents worth a look that are neither taken nor set aside, newest first.

    Unless ``earlier`` ones are wanted too, from the day of the Rome Statute, and in a
    situation from the year in which its tracking begins.
    """
    others, own = _taken(user)
    found = because(COURT) | because(VETOED) | tracked(earlier=earlier)
    # What leaves out most, and costs least to ask of a document, comes first.
    documents = (
        Document.objects.filter(found)
        .exclude(pk__in=Dismissal.objects.stood().values("document"))
        .exclude(about(others) | about(own))
        .dated()
    )
    if not earlier:
        documents = documents.filter(held_on__gte=BEGINNING)
    return documents.order_by(F("held_on").desc(), "-number", "symbol")


def because(reason, *, earlier=False):
    """The condition behind one reason."""
    if reason == COURT:
        return Q(court_mentions__gt=0) | speaks_of_the_court()
    if reason == VETOED:
        return Q(series=Document.Series.VETOED)
    return tracked(earlier=earlier)


def tracked(situation=None, *, earlier=False):
    """A condition on documents: found by the words of a situation, or of this one."""
    links = Situation.documents.through.objects
    if situation:
        links = links.filter(situation=situation)
    if not earlier:
        links = links.filter(
            Q(situation__since__isnull=True)
            | Q(document__ballots__held_on__gte=NewYear("situation__since"))
        )
    return Q(pk__in=links.values("document"))


def unread():
    """Resolutions whose text was not available: what they mention is not known."""
    return Document.objects.filter(
        series=Document.Series.RESOLUTION, court_mentions__isnull=True
    )


def with_reasons(documents):
    """The documents with what ``reasons`` reads, in a handful of queries."""
    vetoes = Vote.objects.vetoes().select_related("member").order_by("member__name")
    ballots = Ballot.objects.prefetch_related(
        Prefetch("votes", vetoes, to_attr="vetoes")
    )
    on_the_court = Passage.objects.on_the_court().order_by("place")
    return documents.prefetch_related(
        "situations",
        Prefetch("ballots", ballots),
        Prefetch("passages", on_the_court, to_attr="on_the_court"),
    )


def reasons(document):
    """Why a document is suggested, in words; wants it read ``with_reasons``."""
    found = []
    if document.on_the_court:
        found.append(_paragraphs(document.on_the_court))
    elif count := document.court_mentions:
        words = ngettext(
            "mentions the Court once", "mentions the Court %(count)d times", count
        )
        found.append(words % {"count": count})
    if document.series == Document.Series.VETOED:
        found.append(_vetoed_by(document))
    names = ", ".join(each.name for each in document.situations.all())
    if names:
        found.append(_("on %(situations)s") % {"situations": names})
    return found


# So many paragraphs are named; the page of the document has all.
NAMED = 3


def _paragraphs(passages):
    """Where a document speaks of the Court."""
    named = ", ".join(each.cited for each in passages[:NAMED])
    more = len(passages) - NAMED
    if more <= 0:
        return _("speaks of the Court in %(paragraphs)s") % {"paragraphs": named}
    words = ngettext(
        "speaks of the Court in %(paragraphs)s and one more paragraph",
        "speaks of the Court in %(paragraphs)s and %(more)d more paragraphs",
        more,
    )
    return words % {"paragraphs": named, "more": more}


def _vetoed_by(document):
    members = {
        vote.member.name: None
        for ballot in document.ballots.all()
        for vote in ballot.vetoes
    }
    *others, last = members or [""]
    if not last:
        return _("vetoed")
    names = _("%(first)s and %(last)s") % {"first": ", ".join(others), "last": last}
    return _("vetoed by %(members)s") % {"members": names if others else last}


# How complete the coding is: the Council's votes in a situation, and which are coded.
#
# Every resolution counts once, however it was adopted, and so does every draft that was
# vetoed or failed for want of votes, however often it was voted on. Statements by the
# President are put to no vote, and do not count.

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
    # Of its texts, statements among them, which could have spoken and which do.
    spoken: Spoken | None = None

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
    as_of = as_of or timezone.localdate()
    spoken = silence.spoken_in(as_of, situations=list(votes)).get(silence.COURT, {})
    here = {
        "coded": record.cited(_rows(coded())),
        "in_hand": record.cited(chain(*map(_rows, _taken(user)))),
        "set_aside": frozenset(
            Dismissal.objects.stood().values_list("document", flat=True)
        ),
    }
    lines = _lines(record, votes, here, spoken)
    return lines, _total(record, lines, here)


@dataclass(frozen=True)
class CriterionLedger:
    """The votes in the situations in which a criterion has occasions."""

    code: str
    lines: list
    total: Line
    # Of what its texts may speak, where the index has terms for it.
    terms: tuple = ()


def of_criteria(findings, as_of, known_at=None, speaking=()):
    """For readers: a ledger for each criterion judged on votes of the Council.

    ``findings`` are accepted ones with their criterion and entry. A situation belongs
    to a criterion if a vote in it is coded as an occasion under it. ``speaking`` are
    the criteria of which it is told which texts speak.
    """
    entries = _occasions(findings)
    if not entries:
        return []
    record, votes = votes_in_situations(as_of, known_at)
    if not votes:
        return []
    anywhere = record.cited(_rows(coded(as_of, known_at)))
    codes = tuple(code for code in sorted(entries) if code in speaking)
    spoken = silence.spoken_in(as_of, known_at, codes, list(votes)) if codes else {}
    found = []
    for code in sorted(entries):
        here = {"coded": record.cited(entries[code]), "elsewhere": anywhere}
        lines = _lines(record, votes, here, spoken.get(code, {}))
        lines = [line for line in lines if line.coded]
        if lines:
            words = silence.words_of(code) if code in codes else ()
            total = _total(record, lines, here)
            found.append(CriterionLedger(code, lines, total, words))
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


def _lines(record, votes, here, spoken):
    """A line for each situation, with what of its texts speaks."""
    return [
        _line(record, each, numbers, here, spoken.get(each.pk))
        for each, numbers in votes.items()
    ]


def _total(record, lines, here):
    """All lines in one, in which a vote or a text of two situations counts once."""
    votes = frozenset().union(*(line.votes for line in lines))
    spoken = silence.together(line.spoken for line in lines if line.spoken)
    return _line(record, None, votes, here, spoken)


def _line(record, situation, votes, here, spoken):
    """A line; ``here`` has the places, and each document goes to the first it fits."""
    left, parts = votes, {}
    for name, documents in here.items():
        parts[name] = left & documents
        left -= documents
    vetoed = votes & record.outcomes[Outcome.VETOED]
    contested = (votes & record.outcomes[Outcome.MAJORITY]) - vetoed
    return Line(situation, votes, vetoed, contested, **parts, spoken=spoken)


def _read(as_of):
    record = Record()
    rows = Ballot.objects.filter(held_on__lte=as_of).order_by("-held_on")
    rows = rows.exclude(outcome=Outcome.STATEMENT)
    first = Situation.objects.order_by("since").filter(since__isnull=False)
    rows = rows.filter(held_on__gte=NewYear(Subquery(first.values("since")[:1])))
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
    # Until a day is asked last: the index by symbol serves best without it.
    entries = Evidence.objects.published()
    if known_at:
        entries = Evidence.objects.known(as_of, known_at)
    for situation, *row in _rows(entries, "situations"):
        for document in record.cited([row]) if row[-1] <= as_of else ():
            yield situation, document


def _rows(entries, *names):
    """Symbol, kind and day of the entries that are about documents of the record."""
    entries, names = entries.order_by(), (*names, "symbol", "kind", "occurred_on")
    symbols = Document.objects.exclude(symbol="").order_by().values("symbol")
    nameless = Ballot.objects.filter(document__symbol="").order_by().values("held_on")
    for cited in (
        entries.filter(symbol__in=symbols),
        entries.filter(NAMELESS, kind=Kind.VETO, occurred_on__in=nameless),
    ):
        yield from cited.values_list(*names)
