"""What the Council's record already knows of an entry about one of its documents.

Nothing is invented: every value is the record's own or is composed of such values,
says where it comes from, and says so where it is not certain.
"""

import re
from collections import Counter, namedtuple
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import (
    VOTES,
    Ballot,
    Document,
    Evidence,
    Kind,
    OtherValue,
    Situation,
    TitleWord,
    Vote,
)
from icctracker.models.evidence import NEWEST_FIRST, title_words, words_in

from . import composing
from .naming import COUNCIL

# Whom the Council's record is compiled from, as readers know them.

SOURCES = {
    "SCPO": gettext_lazy("Sciences Po, UNSC votes since 1946"),
    "UN-LIB": gettext_lazy(
        "Dag Hammarskjöld Library, meeting tables and list of vetoes"
    ),
    "UN-XML": gettext_lazy("United Nations, machine-readable Council documents"),
    "TEXT": gettext_lazy("the text of the resolutions"),
    "PRESS": gettext_lazy("press reports only"),
}
# What readers call the values that an import may fill in or change.
OF_DOCUMENT = {
    "title": gettext_lazy("title"),
    "agenda_item": gettext_lazy("agenda item"),
    "drafts": gettext_lazy("drafts"),
    "library_record": gettext_lazy("record in the UN Digital Library"),
    "court_mentions": gettext_lazy("mentions of the Court"),
    "chapter_vii": gettext_lazy("Chapter VII"),
    "languages": gettext_lazy("languages of the text"),
    "subjects": gettext_lazy("subjects"),
    "bodies": gettext_lazy("bodies and instruments"),
}
OF_BALLOT = {
    "agenda_item": gettext_lazy("agenda item"),
    "meeting": gettext_lazy("meeting record"),
    "library_record": gettext_lazy("voting record in the UN Digital Library"),
    "tally": gettext_lazy("totals of the vote"),
    "votes": gettext_lazy("votes of the members"),
}


def named_sources(codes):
    """The sources a record names by their codes."""
    return [SOURCES.get(code, code) for code in codes.split("+") if code]


def sources_of(row):
    """The sources of a row of the record; of one that names none, those of its file."""
    codes = getattr(row, "sources", "")
    return named_sources(codes) or [row.imported.credit or row.imported.source]


@dataclass(frozen=True)
class Later:
    """Values of a document that one import brought after the document itself."""

    values: list
    imported: object

    @property
    def in_words(self):
        """Which values, from where and since when."""
        source = filter(None, [self.imported.credit, self.imported.source])
        return _("%(values)s: %(source)s, imported %(day)s") % {
            "values": capfirst(", ".join(self.values)),
            "source": ", ".join(source),
            "day": date_format(self.imported.imported_at),
        }


class Origins:
    """Which import each value of a document came from, as it stands now; one query.

    Wants a document with its ballots and their imports.
    """

    def __init__(self, document):
        self.document, self.ballots = document, list(document.ballots.all())
        rows = document.origins.select_related("imported").order_by("pk")
        self.latest = {(row.ballot_id, row.field): row for row in rows}

    def of(self, row, field):
        """The row that names the import of a value: its own origin, else its record."""
        ballot = None if row == self.document else row.pk
        return self.latest.get((ballot, field), row)

    def later(self, ballots=None):
        """What came later, by import; of the ballots all, unless some are given."""
        found = {}
        for value, imported in self._later(ballots or self.ballots):
            found.setdefault(imported, []).append(value)
        oldest_first = sorted(found, key=lambda each: (each.imported_at, each.pk))
        return [Later(found[imported], imported) for imported in oldest_first]

    def _later(self, ballots):
        """Pairs of a value, in words, and the import it came from."""
        for name, row in self._changed(None):
            yield str(OF_DOCUMENT.get(name, name)), row.imported
        for ballot in ballots:
            vote = _("vote %(item)d") % {"item": ballot.item}
            if ballot.imported_id != self.document.imported_id:
                yield vote, ballot.imported
            for name, row in self._changed(ballot.pk):
                value = str(OF_BALLOT.get(name, name))
                alone = len(self.ballots) == 1
                yield value if alone else f"{value} ({vote})", row.imported

    def _changed(self, ballot):
        """The fields of the document, or of one ballot, that have an origin."""
        return [(name, row) for (pk, name), row in self.latest.items() if pk == ballot]


# Guesses by likeness: shown as guesses, and never a reason to refuse anything.

# So many entries, and so large a part of them, make a guess worth showing.
LIKE_ENTRIES, LIKE_SHARE = 2, 0.75
# How near another entry has to be, and how much of two titles has to be the same.
DAYS_APART, DAYS_OF_SITUATION, WORDS_SHARED = 3, 30, 0.5
# How many are looked at: of each day, month or word, and by their titles.
MOST_NEAR, MOST_JUDGED = 300, 600

Near = namedtuple("Near", "entry reasons")


def near(entries, *, day, situations, title):
    """Entries that may be about the same event, the likeliest first.

    In six queries, and in time that the number of entries does not tell in.

    They lie within three days, or within a month in the same situation, or have a
    title much like this one.
    """
    if not day and not title:
        return []
    keys = {*_alike_in_title(entries, title)}
    if day:
        keys |= _keys(entries.filter(_within(day, DAYS_APART)))
        in_situation = Evidence.situations.through.objects.filter(
            evidence=OuterRef("pk"), situation__slug__in=situations
        )
        in_time = entries.filter(_within(day, DAYS_OF_SITUATION))
        keys |= _keys(in_time.filter(Exists(in_situation)))
    found = entries.filter(pk__in=keys).prefetch_related("situations")
    rows = [Near(each, _reasons(each, day, situations, title)) for each in found]
    return sorted(rows, key=lambda row: (-len(row.reasons), -row.entry.pk))


def _within(day, days):
    span = timedelta(days=days)
    return Q(occurred_on__gte=day - span, occurred_on__lte=day + span)


def _keys(entries):
    """The keys of the newest of them, as many as anybody would look at."""
    return {*entries.order_by(*NEWEST_FIRST).values_list("pk", flat=True)[:MOST_NEAR]}


def _alike_in_title(entries, title):
    """Those with a title much like this one, of the newest that share its rare words.

    Who has half of the words has one of any half and one more; so the rarest will do.
    """
    words = sorted(title_words(title))
    if not words:
        return []
    having = TitleWord.objects.newest_with(words, MOST_NEAR)
    rarest = sorted(words, key=lambda word: len(having[word]))[: len(words) // 2 + 1]
    shared = Counter(key for word in words for key in having[word])
    candidates = {key for word in rarest for key in having[word]}
    likeliest = sorted(candidates, key=lambda key: (-shared[key], -key))[:MOST_JUDGED]
    titles = entries.filter(pk__in=likeliest).values_list("pk", "title")
    return [pk for pk, other in titles if words_shared(title, other) >= WORDS_SHARED]


def _reasons(entry, day, situations, title):
    reasons = []
    if day and entry.occurred_on:
        apart = abs((entry.occurred_on - day).days)
        if apart == 0:
            reasons.append(_("the same day"))
        elif apart <= DAYS_APART:
            reasons.append(_("within three days"))
    if {each.slug for each in entry.situations.all()} & set(situations):
        reasons.append(_("the same situation"))
    if words_shared(title, entry.title) >= WORDS_SHARED:
        reasons.append(_("a similar title"))
    return reasons


def words_shared(one, other):
    """How much of two titles is the same: 1 if they have all their words in common."""
    one, other = set(words_in(one)), set(words_in(other))
    return len(one & other) / len(one | other) if one and other else 0


def situations_of(document):
    """The situations a document may concern: a guess, to be checked.

    By the words of its title, else as most published entries on documents of the same
    agenda item have it, else by the words of the agenda item.
    """
    everything = list(Situation.objects.all())
    return (
        _named_in(document.title, everything)
        or _as_like_entries(document, everything)
        or _named_in(document.agenda_item, everything)
    )


def _named_in(text, situations):
    """Those named in a text; none if it also has a name that several bear."""
    names = [(each, phrase) for each in situations for phrase in _phrases(each)]
    bearers = Counter(phrase for _each, phrase in names)
    words = f" {_plain(text)} "
    found = []
    # The longer name first: South Sudan is not Sudan.
    for each, phrase in sorted(names, key=lambda row: -len(row[1])):
        if f" {phrase} " in words:
            words = words.replace(f" {phrase} ", " · ")
            if bearers[phrase] > 1:
                return []
            found.append(each)
    return [each for each in situations if each in found]


def _phrases(situation):
    """The names of a situation: the parts of its name, and a slug that is a word."""
    parts = [*re.split(r"[/()]", situation.name), situation.slug]
    return {phrase for phrase in map(_plain, parts) if len(phrase) > 3}


def _plain(text):
    """Its words in small letters, with single spaces."""
    return " ".join(words_in(text))


def _as_like_entries(document, situations):
    if not document.agenda_item:
        return []
    like = type(document).objects.filter(agenda_item=document.agenda_item)
    entries = Evidence.objects.published().filter(
        symbol__in=like.exclude(symbol="").values("symbol")
    )
    found = Counter(entries.values_list("situations", flat=True))
    enough = max(LIKE_ENTRIES, LIKE_SHARE * found.total())
    return [each for each in situations if found[each.pk] >= enough]


Cast, Outcome, Other = Vote.Cast, Ballot.Outcome, OtherValue.Field
# The facts of an entry that another source may give otherwise.
DIFFERING = {
    Other.DATE: ("occurred_on",),
    Other.VOTE: (*VOTES, "roll_call"),
    Other.VETOED_BY: ("actor_names",),
    Other.TITLE: ("title",),
    Other.MEETING: ("meeting",),
}


@dataclass(frozen=True)
class Origin:
    """Where a value comes from, and whatever makes it less than certain."""

    text: str
    doubts: tuple = ()

    @property
    def uncertain(self):
        return bool(self.doubts)


@dataclass
class Prefill:
    """An entry as far as the record can fill it.

    ``facts`` is what ``actions.evidence.save_entry`` wants, ``situations`` and
    ``actor_names`` among them; ``sources`` are rows for it; ``origins`` has an Origin
    for each fact, and one for ``sources``. Of a text voted on in parts ``ballots`` has
    them all, and what depends on the vote is left out until a ``ballot`` is chosen.
    """

    document: object
    ballot: object = None
    ballots: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)
    sources: list = field(default_factory=list)
    origins: dict = field(default_factory=dict)

    @property
    def doubts(self):
        """Everything that is not certain, each said once."""
        return list(dict.fromkeys(d for o in self.origins.values() for d in o.doubts))

    @cached_property
    def imports(self):
        """Which import each value of the record came from."""
        return Origins(self.document)

    @property
    def credit(self):
        """Which sources the record is compiled from, and since when it is here."""
        return imported(self.ballot or self.document)

    @property
    def later(self):
        """Which of its values came from later imports, each with its own credit."""
        return self.imports.later([self.ballot] if self.ballot else None)

    @property
    def by_vote(self):
        """The members by how they voted: pairs of the vote in words and the names."""
        ballot = self.ballot
        if ballot is None or not ballot.was_voted:
            return []
        order = (Cast.NO, Cast.ABSTAIN, Cast.YES, Cast.NOT_VOTING, Cast.UNCERTAIN)
        names = [(cast.label, composing.voted(ballot, cast)) for cast in order]
        return [(words, who) for words, who in names if who]

    @property
    def vetoes(self):
        """The names of the permanent members whose vote against was a veto."""
        return vetoing(self.ballot) if self.ballot else []

    def put(self, name, value, origin):
        """Fill one fact, and say where it comes from."""
        self.facts[name] = value
        self.origins[name] = Origin(str(origin))

    def copy(self, name, value, row, field):
        """Fill one fact from a field of the record, and credit whom it came from."""
        self.put(name, value, imported(self.imports.of(row, field)))

    def doubt(self, why, *names):
        """Mark facts, as far as they are filled, as not certain."""
        for name in names:
            if origin := self.origins.get(name):
                self.origins[name] = replace(origin, doubts=(*origin.doubts, str(why)))


def prefill(document, ballot=None):
    """What the record can say in an entry about a document; at most five queries.

    Wants a document read ``with_votes()`` and with its import. ``ballot`` is one of
    its own; a document with a single ballot needs none.
    """
    ballots = list(document.ballots.all())
    if ballot is None and len(ballots) == 1:
        ballot = ballots[0]
    filled = Prefill(document, ballot, ballots)
    _fill_document(filled)
    if ballot:
        _fill_ballot(filled)
    _fill_sources(filled)
    _fill_situations(filled)
    _doubt_document(filled)
    if ballot:
        _doubt_ballot(filled)
    return filled


def vetoing(ballot):
    """The present names of the permanent members whose vote against was a veto."""
    if ballot.outcome != Outcome.VETOED:
        return []
    return [
        vote.member.name
        for vote in ballot.votes.all()
        if vote.cast == Cast.NO and vote.member.permanent
    ]


def imported(row):
    """Which sources a row of the record is compiled from, and since when it is here."""
    return _("Council's record: %(sources)s, imported %(day)s") % {
        "sources": "; ".join(map(str, sources_of(row))),
        "day": date_format(row.imported.imported_at),
    }


def _fill_document(filled):
    document = filled.document
    kind = _kind(document, filled.ballot)
    why = _("derived from the outcome of the vote")
    if document.is_statement:
        why = _("what the document is")
    filled.put("kind", kind.value, why)
    if document.symbol:
        filled.copy("symbol", document.symbol, document, "symbol")
    if document.is_resolution:
        filled.put("actor_names", [COUNCIL], _("whose resolution it is"))
    if document.is_statement:
        filled.put("actor_names", [COUNCIL], _("whose statement it is"))
    if len({ballot.held_on for ballot in filled.ballots}) == 1:
        ballot = filled.ballots[0]
        filled.copy("occurred_on", ballot.held_on, ballot, "held_on")
    title = composing.title(document, filled.ballot)
    filled.put("title", title, _("composed from the record; change it as you wish"))


# What an entry on a document is of, by its series.
_KINDS = {
    Document.Series.RESOLUTION: Kind.RESOLUTION,
    Document.Series.VETOED: Kind.VETO,
    Document.Series.FAILED: Kind.DRAFT_RESOLUTION,
    Document.Series.STATEMENT: Kind.PRESIDENTIAL_STATEMENT,
}


def _kind(document, ballot):
    """The kind of an entry: of a text voted on in parts, by the vote it is about."""
    if ballot and ballot.outcome == Outcome.FAILED:
        return Kind.DRAFT_RESOLUTION
    return _KINDS[document.series]


def _fill_ballot(filled):
    ballot = filled.ballot
    filled.copy("occurred_on", ballot.held_on, ballot, "held_on")
    if ballot.meeting_symbols:
        filled.copy("meeting", ballot.meeting_symbols[0][0], ballot, "meeting")
    if ballot.was_voted and ballot.votes_known:
        counts = (ballot.yes, ballot.no, ballot.abstain)
        for name, number in zip(VOTES, counts, strict=True):
            filled.copy(name, number, ballot, "tally")
        cast = {vote.member.code: vote.cast for vote in ballot.votes.all()}
        filled.copy("roll_call", cast, ballot, "votes")
    if vetoes := vetoing(ballot):
        filled.put("actor_names", vetoes, _("derived from the votes of the members"))
    said = composing.summary(filled.document, ballot)
    filled.put("summary", said, _("composed from the record; change it as you wish"))


def _fill_sources(filled):
    document, ballot = filled.document, filled.ballot
    named = [(document.symbol, document.url)] if document.symbol else []
    named += ballot.meeting_symbols if ballot else []
    rows = {
        url: _("UN document %(symbol)s") % {"symbol": symbol} for symbol, url in named
    }
    rows |= {document.library_url: _("UN Digital Library, record of the document")}
    if ballot:
        rows |= {ballot.library_url: _("UN Digital Library, voting record")}
    filled.sources = [
        {"url": url, "label": label, "official": True}
        for url, label in rows.items()
        if url
    ]
    if filled.sources:
        filled.origins["sources"] = Origin(
            _("official addresses that follow from the symbols; not opened by us")
        )


def _fill_situations(filled):
    """Those that curators' words find, else a guess."""
    if linked := list(filled.document.situations.all()):
        origin = _("the title or agenda item has words by which curators know it")
        filled.put("situations", linked, origin)
        return
    found = situations_of(filled.document)
    if found:
        filled.put("situations", found, _("guessed from title and agenda item"))
        filled.doubt(_("The situation is a guess: please check it."), "situations")


def _doubt_document(filled):
    document = filled.document
    if document.unconfirmed:
        why = _("No official record of this text was read.")
        filled.doubt(why, *filled.origins)
    if document.note:
        why = _("Note in the record: %(note)s.") % {"note": document.note.rstrip(".")}
        filled.doubt(why, "symbol", *([] if document.symbol else ["title"]))
    if document.title_is_cut:
        filled.doubt(_("The source cuts the title short."), "summary")
    if document.symbol.startswith("S/PV."):
        why = _("The record gives no symbol of the text, only that of the meeting.")
        filled.doubt(why, "symbol")
    for other in document.other_values.all():
        if other.standing == OtherValue.Standing.OPEN:
            why = _("The sources differ, and the question is open: %(other)s.")
            names = DIFFERING.get(other.field, ("title",))
            filled.doubt(why % {"other": other.in_words}, *names)


def _doubt_ballot(filled):
    ballot = filled.ballot
    known = [vote for vote in ballot.votes.all() if vote.cast != Cast.UNCERTAIN]
    if not ballot.votes_known:
        filled.doubt(_("The record does not know the votes of the others."), "summary")
    elif ballot.was_voted and len(known) < ballot.seats:
        why = _(
            "The roll call is incomplete: of %(seats)d members %(known)d are known."
        )
        said = {"seats": ballot.seats, "known": len(known)}
        filled.doubt(why % said, "roll_call", "actor_names")
    if ballot.library_list == Ballot.LibraryList.NO:
        why = _("This vote is not in the Library's list of vetoes.")
        filled.doubt(why, "kind", "actor_names")
    if ballot.note:
        why = _("Note in the record: %(note)s.") % {"note": ballot.note.rstrip(".")}
        filled.doubt(why, "meeting" if "meeting" in ballot.note else "symbol")
