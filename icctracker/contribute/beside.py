"""The Council's record beside an entry's form: what it fills, and where they differ."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icctracker import symbols
from icctracker.models import Kind, Vote
from icctracker.prefill import Origin, prefill

from .lookup import ballot_of, read_document

# What people word for themselves; another wording is no difference.
WORDED = ("title", "summary", "situations", "tier")
# The kinds that a resolution of the record may be called.
RESOLUTIONS = (Kind.RESOLUTION, Kind.REFERRAL, Kind.DEFERRAL, Kind.SANCTIONS_LISTING)


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
        return value in RESOLUTIONS
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
