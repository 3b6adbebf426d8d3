"""The Council's record beside an entry's form: what it fills, and where they differ."""

import re
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from icctracker.models import VOTES, Ballot, Document, Evidence, Kind, Vote, rules
from icctracker.models.folded import asking
from icctracker.readings.days import why_no_day
from icctracker.readings.record import Origin, near, prefill
from icctracker.texts import dates, symbols
from icctracker.web.kit.forms import whole_number

from .votes import YES

# Entries about the same document or event as the one being written, if any.

State = Evidence.State


class Alike:
    """What this person may see that is logged already, or much like what they write."""

    def __init__(self, entry, user):
        self.entry, self.user = entry, user

    @cached_property
    def visible(self):
        seen = Evidence.objects.visible_to(self.user).exclude(state=State.DECLINED)
        return seen.exclude(pk=self.entry.evidence.pk)

    @cached_property
    def logged(self):
        """Entries on the same document."""
        record = self.entry.record
        if record:
            found = self.visible.citing(record.document)
        else:
            symbol = self.entry.facts["symbol"].value() or ""
            # An empty symbol would be that of many.
            found = self.visible.filter(symbol=symbols.normalise(symbol))
            found = found.exclude(symbol="")
        return list(found.order_by("-occurred_on", "pk")[:MOST])

    @cached_property
    def near(self):
        """Entries near it by date, situation or title, with what makes them near."""
        facts = self.entry.facts
        others = self.visible.exclude(pk__in=[each.pk for each in self.logged])
        return near(
            others,
            day=facts.day,
            situations=facts["situations"].value() or [],
            title=facts["title"].value() or "",
        )[:MOST]


MOST = 5


# Which parts of an entry's form can be read at a glance, and need no open fields.

NEEDED = ("occurred_on", "kind", "title", "summary")
# The facts that stand elsewhere in the form.
ELSEWHERE = {"tier", "counter_evidence", "reason"}


class Glance:
    """What the record has filled so far that it need only be read."""

    def __init__(self, entry):
        self.entry = entry

    @property
    def begins(self):
        """Whether nothing is in the form yet."""
        entry = self.entry
        return not (entry.posted or entry.evidence.pk or entry.found)

    @property
    def is_filled(self):
        """Whether one vote of the record has filled all the facts that are needed."""
        entry = self.entry
        if entry.correcting or not (entry.record and entry.record.ballot):
            return False
        return all(entry.facts[name].value() for name in NEEDED)

    @property
    def facts_are_sound(self):
        """Whether no fact is wrong or other than in the record."""
        grid, notes = self.entry.grid, self.entry.notes.values()
        wrong = set(self.entry.facts.errors) - ELSEWHERE
        wrong = wrong or (grid is not None and grid.errors)
        wrong = wrong or self.entry.votes_are_to_be_read
        return not wrong and not any(note.differs for note in notes)

    @property
    def sources_are_filled(self):
        """Whether every source says what it is, beside facts that are filled."""
        rows = self.entry.sources
        whole = all(row["url"].value() and row["label"].value() for row in rows)
        return self.is_filled and bool(rows.forms) and whole

    @property
    def sources_are_sound(self):
        """Whether no source is wrong or has just been added."""
        entry = self.entry
        wrong = any(entry.sources.errors) if entry.sources.is_bound else False
        return not (wrong or "tier" in entry.facts.errors or "source" in entry.focus)


# Looking a document up in the Council's record: by symbol, number, day or words.

MOST_SHOWN = 8
# What sentences set around a word.
_AROUND = ".,;:!?()[]"
_NUMBER = re.compile(r"\d{1,5}")


@dataclass
class Found:
    """What a look-up came to: votes in the record, a symbol outside it, or neither."""

    text: str = ""
    ballots: list = field(default_factory=list)
    total: int = 0
    symbol: symbols.Symbol | None = None
    refusal: str = ""
    # A good symbol that what was found is near to, but not of.
    near_to: symbols.Symbol | None = None

    @property
    def more(self):
        return self.total - len(self.ballots)

    @property
    def exact(self):
        """The one vote on the one document of a symbol, if that is what was found."""
        return self.ballots[0] if self.symbol and self.total == 1 else None

    @property
    def in_parts(self):
        """Whether all of these are votes on one text."""
        return self.total > 1 and len({b.document_id for b in self.ballots}) == 1

    @property
    def outside(self):
        """Whether the symbol is a good one that the record does not have."""
        return bool(self.symbol and not self.ballots)

    @property
    def misnamed(self):
        """Whether the record has a resolution of that number, but of another year."""
        return bool(self.near_to and _misfits(self.near_to))


def look_up(text):
    """What the record has for a symbol in any spelling, a number, a day or words."""
    text = " ".join(text.split())
    if not text:
        return Found()
    if len(text) > symbols.LONGEST_ADDRESS:
        return Found(text, refusal=_("This is too long to look up; write less."))
    try:
        days = dates.read_span(text)
        return _found(text, Q(held_on__range=(days.first, days.last)))
    except dates.Ambiguous as either:
        return Found(text, refusal=why_no_day(text, either))
    except dates.DateError:
        pass
    if _NUMBER.fullmatch(text):
        ending = Q(document__symbol__endswith=f"/{text}")
        return _found(text, Q(document__number=int(text)) | ending)
    return _by_symbol(text) or _by_words(text)


def ballot_of(key):
    """The ballot of a key, with its document, or None."""
    if key is None:
        return None
    return Ballot.objects.filter(pk=key).select_related("document").first()


def read_document(**wanted):
    """A document with all that ``prefill`` wants, or None."""
    documents = Document.objects.with_votes().select_related("imported")
    return documents.filter(**wanted).first()


def _by_symbol(text):
    """Votes on the document of a symbol, or at its meeting; None if it is no symbol."""
    try:
        symbol = symbols.read(text, today_year=rules.latest_today().year)
    except symbols.SymbolError as fault:
        begun = _found(text, Q(document__symbol__istartswith=text))
        if begun.ballots or not symbols.is_meant_as_one(text):
            return begun if begun.ballots else None
        return Found(text, refusal=_(str(fault)))
    official = symbol.official
    found = _found(text, Q(document__symbol=official))
    if found.ballots:
        found.symbol = symbol
        return found
    near = Q(document__drafts__contains=official) | Q(meeting__contains=official)
    near |= Q(document__symbol__istartswith=official)
    if _misfits(symbol):
        near |= Q(document__series="resolution", document__number=symbol.number)
    found = _found(text, near)
    if found.ballots:
        found.near_to = symbol
    else:
        found.symbol = symbol
    return found


def outside_the_record(text):
    """What a good symbol alone comes to, whatever the record has that is near it."""
    try:
        symbol = symbols.read(text, today_year=rules.latest_today().year)
    except symbols.SymbolError:
        return Found(text)
    return Found(text, symbol=symbol)


def _misfits(symbol):
    """Whether it is that of a Council resolution, but its year is doubtful."""
    council = symbol.body == symbols.SECURITY_COUNCIL
    return council and symbol.series == symbols.RESOLUTION and bool(symbol.warnings)


def _by_words(text):
    plain = " ".join(filter(None, (word.strip(_AROUND) for word in text.split())))
    having = asking(plain, _in_record)
    return _found(text, having) if having else Found(text)


def _in_record(piece):
    return Q(document__folded__contains=piece) | Q(folded__contains=piece)


def _found(text, having):
    ballots = Ballot.objects.filter(having).select_related("document")
    ballots = ballots.order_by("-held_on", F("document__number").desc(), "item")
    shown = list(ballots[: MOST_SHOWN + 1])
    total = ballots.count() if len(shown) > MOST_SHOWN else len(shown)
    # Of one text, voted on in parts, all parts are shown.
    if total > MOST_SHOWN and len({each.document_id for each in shown}) == 1:
        shown = list(ballots)
        return Found(text, shown, total)
    return Found(text, shown[:MOST_SHOWN], total)


# What people word for themselves; another wording is no difference.
WORDED = ("title", "summary", "situations", "tier")


@dataclass(frozen=True)
class Note:
    """What the record says of one field of the form."""

    name: str
    origin: Origin
    says: str
    same: bool
    empty: bool
    reworded: bool

    @property
    def differs(self):
        return not (self.same or self.reworded)

    @property
    def is_composed(self):
        """Whether it is put into words from the record rather than copied."""
        return self.name in ("title", "summary")

    @property
    def button(self):
        """What the button that takes it from the record sends."""
        return "votes" if self.name == "roll_call" else self.name


def record_of(entry):
    """What the record fills in the entry of a form, or None; nine queries at most."""
    ballot = ballot_of(entry.ballot_key)
    if ballot:
        document = read_document(pk=ballot.document_id)
    else:
        symbol = entry.facts["symbol"].value()
        document = read_document(symbol=symbols.normalise(symbol)) if symbol else None
    if document is None:
        return None
    if ballot is None:
        ballot = _of_the_day(document, entry.facts.day)
    return record_with(document, ballot)


def record_with(document, ballot):
    """What the record fills, given one of the ballots of a document read whole."""
    chosen = [each for each in document.ballots.all() if ballot and each == ballot]
    return prefill(document, *chosen)


def _of_the_day(document, day):
    """The ballot of a day, if there was but one on it."""
    held = [each for each in document.ballots.all() if each.held_on == day]
    return held[0] if len(held) == 1 else None


def as_typed(name, value):
    """A fact of the record as the form holds it."""
    if name == "situations":
        return [each.slug for each in value]
    if name == "actor_names":
        return "\n".join(value)
    return value


def fill(facts, sources, record, *, before=None, only=None):
    """Fill what is empty, or what another document had filled; nothing that was typed.

    With ``only`` the named facts are filled whatever they hold.
    """
    old = before.facts if before else {}
    facts = dict(facts)
    for name, value in record.facts.items():
        now = facts.get(name)
        untouched = name in old and same(name, now, old[name])
        wanted = name in only if only else is_empty(now) or untouched
        if wanted:
            facts[name] = as_typed(name, value)
    if not only:
        for name in set(old) - set(record.facts):
            if same(name, facts.get(name), old[name]):
                facts[name] = ""
        sources = _with_sources(sources, record, before)
    return facts, sources


def _with_sources(rows, record, before):
    dropped = {row["url"] for row in before.sources} if before else set()
    kept = [row for row in rows if row.get("url") and row["url"] not in dropped]
    given = {row["url"] for row in kept}
    added = [row for row in record.sources if row["url"] not in given]
    return (kept + added) or [{}]


def notes(entry, record):
    """A Note for each field that the record can say something of."""
    values = {name: entry.facts[name].value() for name in entry.facts.fields}
    values["roll_call"] = entry.grid.cast() if entry.grid else {}
    known = {name: value for name, value in record.facts.items() if name in values}
    return {
        name: _note(name, record.origins[name], value, values[name])
        for name, value in known.items()
    }


def _note(name, origin, recorded, now):
    agrees, empty = same(name, now, recorded), is_empty(now)
    return Note(
        name=name,
        origin=origin,
        says=in_words(name, recorded),
        same=agrees,
        empty=empty,
        reworded=name in WORDED and not agrees and not empty,
    )


def is_empty(value):
    return value in (None, "", [], {})


def same(name, value, recorded):
    """Whether the form holds what the record has."""
    if name == "kind" and recorded == Kind.RESOLUTION:
        return value in Kind.values and Kind(value).is_resolution
    if name == "occurred_on":
        return str(value) == str(recorded)
    if name == "actor_names":
        typed = value if isinstance(value, list) else (value or "").splitlines()
        return sorted(filter(None, map(str.strip, typed))) == sorted(recorded)
    if name == "situations":
        return sorted(value or []) == sorted(each.slug for each in recorded)
    if name == "roll_call":
        return (value or {}) == recorded
    return _plain(value) == _plain(recorded)


def _plain(value):
    return "" if value is None else " ".join(str(value).split())


def in_words(name, value):
    """A fact of the record as people read it."""
    if isinstance(value, date):
        return date_format(value)
    if name == "kind":
        return str(Kind(value).label)
    if name == "roll_call":
        against = [code for code, cast in value.items() if cast == Vote.Cast.NO]
        return _("against: %(codes)s") % {"codes": ", ".join(against) or "–"}
    if name == "situations":
        return ", ".join(map(str, value))
    return ", ".join(value) if isinstance(value, list) else str(value)


# What the buttons of the form fill in: a document of the record, the votes.

# Buttons that fill in and save nothing.
VOTE_BUTTONS = "show_grid rest_in_favour clear_grid".split()
BUTTONS = ["look_up", "choose", "use_symbol", "use_record", *VOTE_BUTTONS]
# What stands together is taken from the record together.
TOGETHER = {"votes": {*VOTES, "roll_call"}}


def assist(entry, buttons, facts, sources):
    """The facts and sources of a form, after what the pressed button fills in."""
    if any(button in buttons for button in VOTE_BUTTONS):
        entry.focus = "votes"
    if "look_up" in buttons:
        entry.found = look_up(buttons.get("lookup", ""))
    elif "use_symbol" in buttons:
        entry.found = outside_the_record(buttons["use_symbol"])
    if entry.found and entry.found.exact:
        return choose(entry, entry.found.exact, facts, sources)
    if entry.found and entry.found.outside:
        return _outside(entry.found.symbol, facts, sources)
    if ballot := ballot_of(whole_number(buttons.get("choose"))):
        return choose(entry, ballot, facts, sources)
    if "use_record" in buttons and entry.record:
        wanted = buttons["use_record"]
        only = TOGETHER.get(wanted, {wanted})
        return fill(facts, sources, entry.record, only=only)
    if "clear_grid" in buttons:
        facts = facts | {"roll_call": {}}
    if "rest_in_favour" in buttons and entry.grid:
        rest = {member.code: YES for member in entry.grid.members}
        facts = facts | {"roll_call": rest | facts.get("roll_call", {})}
    return facts, sources


def choose(entry, ballot, facts, sources):
    """Fill in one vote of the record; what was typed stays."""
    before = entry.record
    record = record_with(read_document(pk=ballot.document_id), ballot)
    entry.ballot_key, entry.focus = ballot.pk, "from-record"
    return fill(facts, sources, record, before=before)


def _outside(symbol, facts, sources):
    """A symbol that the record does not have gives itself and its address."""
    if not facts.get("symbol"):
        facts = facts | {"symbol": symbol.official}
    given = [row for row in sources if row.get("url")]
    if symbol.url and not given:
        sources = [{"url": symbol.url, "official": True}]
    return facts, sources
