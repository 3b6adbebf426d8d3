"""What an entry must be: one list of faults, asked at every door.

Desk, admin and imported files ask it of what was typed; submitting, deciding,
correcting and ``check_consistency`` ask it of the record. Each fault says where it is,
what to do about it, and which steps it stops.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from enum import Flag, auto
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.ruleset import votes
from icctracker.texts import pinpoints, symbols

from .codes import FINDING_FIELDS
from .council import Ballot, Document, Membership, Vote
from .evidence import EARLIEST, FACTS, SOURCE_FIELDS, VOTES, Evidence
from .paragraphs import places_in
from .recommendations import Criterion
from .vocabulary import OPEN_KINDS, Form, Kind, Seats, Tier

NO, UNCERTAIN = Vote.Cast.NO.value, Vote.Cast.UNCERTAIN.value
# Series that are dated in the year of their symbol; letters and reports may not be.
_DATED_BY_SYMBOL = (symbols.RESOLUTION, symbols.PRESIDENTIAL_STATEMENT)


# Characters that do not show: controls, formats, separators.
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")
# Where on Earth a day begins first: fourteen hours before it begins in UTC.
_FIRST_TO_WAKE = timedelta(hours=14)


def latest_today():
    """The latest date that somebody on Earth can write; what is later is to come."""
    return (timezone.now().astimezone(UTC) + _FIRST_TO_WAKE).date()


class Stops(Flag):
    """The steps that a fault stops; advice stops none."""

    NOTHING = 0
    SAVING = auto()
    SUBMITTING = auto()
    PUBLISHING = auto()


# What can only be unfinished may be saved; what cannot be may not.
GOING_ON = Stops.SUBMITTING | Stops.PUBLISHING
EVERYTHING = Stops.SAVING | GOING_ON


class Fault(NamedTuple):
    """One thing wrong with an entry.

    ``where`` is a fact, ``sources`` or ``findings``; of these ``row`` says which and
    ``field`` what in it. ``lacks`` names in a few words what is missing, if that is it.
    """

    where: str
    what: str
    stops: Stops = EVERYTHING
    row: int | None = None
    field: str = ""
    lacks: str = ""


class Council:
    """What the record says of the Council; read once, for however many entries."""

    def __init__(self):
        self._sat, self._places = {}, {}

    def sat_in(self, year):
        """The members of a year by their codes; none where the record does not say."""
        if year not in self._sat:
            rows = Membership.objects.filter(year=year).select_related("member")
            self._sat[year] = {row.member.code: row.member for row in rows}
        return self._sat[year]

    def places_in(self, symbol):
        """The paragraphs of a document that are known, and whether these are all."""
        if symbol not in self._places:
            self._places[symbol] = places_in(symbol)
        return self._places[symbol]

    @cached_property
    def in_force(self):
        """What the criteria in force ask: recommendation, code and meaning."""
        asked = Criterion.objects.in_force()
        return set(asked.values_list("recommendation", "code", "meaning"))

    @staticmethod
    def outcome(facts):
        """How the vote ended by the record, if this roll call is the record's own."""
        symbol, day = facts.get("symbol", ""), facts.get("occurred_on")
        documents = Document.objects.filter(symbol=symbol)
        ballots = Ballot.objects.filter(document__in=documents, held_on=day)
        for ballot in ballots.prefetch_related("votes__member"):
            cast = {vote.member.code: vote.cast for vote in ballot.votes.all()}
            if cast == facts["roll_call"]:
                return ballot.verdict
        return None


@dataclass
class Entry:
    """An entry as it is judged, whether it is typed or on record.

    ``facts`` holds the values of its fields, ``roll_call`` (the vote by the code of
    the member) and the names of its ``actors``; ``sources`` and ``findings`` are rows
    of values. What could not be read is left out.
    """

    facts: dict
    sources: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    # Only what was never submitted may have gaps.
    draft: bool = False
    today: date = field(default_factory=latest_today)
    council: Council = field(default_factory=Council)

    @property
    def day(self):
        return self.facts.get("occurred_on")

    @property
    def kind(self):
        """Its kind, or None while there is none."""
        kind = self.facts.get("kind")
        return Kind(kind) if kind else None

    @cached_property
    def sat(self):
        """Who sat on the Council in the year of the entry, by code."""
        return self.council.sat_in(self.day.year) if self.day else {}

    @cached_property
    def count(self):
        """The votes of the members counted, or None without a whole roll call."""
        cast = self.facts.get("roll_call") or {}
        if not cast or not self.day or set(self.sat) - set(cast):
            return None
        permanent = [code for code, each in self.sat.items() if each.permanent]
        return votes.count(cast, permanent=permanent, year=self.day.year)

    @cached_property
    def verdict(self):
        """What the votes amount to; None without them, or where they leave it open.

        Whether a matter was one of procedure, where there is no veto, only the record
        knows: its own outcome goes first.
        """
        if self.count is None:
            return None
        recorded = self.council.outcome(self.facts) if self.vetoing else None
        return recorded or self.count.verdict

    @cached_property
    def vetoing(self):
        """The names of the permanent members who voted against."""
        cast = self.facts.get("roll_call") or {}
        against = [code for code in self.sat if cast.get(code) == NO]
        return sorted(self.sat[c].name for c in against if self.sat[c].permanent)


def entry_of(evidence, **given):
    """A saved entry, to be judged as it stands on record.

    ``given`` are the ``council`` and ``today`` of whoever judges many.
    """
    facts = {name: getattr(evidence, name) for name in FACTS}
    facts["actors"] = [actor.name for actor in evidence.actors.all()]
    findings = getattr(evidence, "current_findings", None)
    if findings is None:
        findings = evidence.findings.current().select_related("criterion")
    return Entry(
        facts,
        sources=[_row(each, SOURCE_FIELDS) for each in evidence.sources.all()],
        findings=[_row(each, ["criterion", *FINDING_FIELDS]) for each in findings],
        draft=evidence.state == Evidence.State.DRAFT,
        **given,
    )


def _row(record, names):
    return {name: getattr(record, name) for name in names}


def faults(entry):
    """Everything that is wrong with an entry, in the order of its form."""
    yield from fact_faults(entry)
    yield from source_faults(entry)
    yield from finding_faults(entry)


def stopping(entry, step):
    """The faults of an entry that stop any of these steps."""
    return [fault for fault in faults(entry) if fault.stops & step]


def missing(found):
    """What these faults say is missing, in short words; None if one is not a gap."""
    lacks = [fault.lacks for fault in found]
    return list(dict.fromkeys(lacks)) if all(lacks) else None


def lacking(entry):
    """What an entry lacks before it can be submitted, in short words.

    Told of the entry alone: neither the record nor the codebook is asked.
    """
    rows = () if entry.findings else finding_faults(entry)
    found = (
        *missing_facts(entry),
        *_totals(entry),
        *source_faults(entry),
        *rows,
    )
    return [fault.lacks for fault in found if fault.lacks]


# What happened.

EVENT_IN_FUTURE = gettext_lazy(
    "%(day)s is in the future. Evidence is logged after it has happened."
)
SEARCH_IN_FUTURE = gettext_lazy(
    "%(day)s is in the future. A search is logged after it was made."
)


def fact_faults(entry):
    """What is wrong with the facts of an entry."""
    yield from missing_facts(entry)
    yield from impossible_day(entry.day, EVENT_IN_FUTURE, today=entry.today)
    for name in ("symbol", "meeting"):
        yield from _symbol(entry, name)
    yield from _totals(entry)
    yield from _roll_call(entry)


NEEDED = {
    "occurred_on": (gettext_lazy("Give the date."), gettext_lazy("the date")),
    "kind": (gettext_lazy("Choose the kind of event."), gettext_lazy("the kind")),
    "title": (gettext_lazy("Give it a title."), gettext_lazy("a title")),
    "summary": (
        gettext_lazy("Say in a few sentences what happened."),
        gettext_lazy("a summary"),
    ),
    "tier": (
        gettext_lazy("Say how close to the act the best source is."),
        gettext_lazy("the tier of the best source"),
    ),
}


def missing_facts(entry):
    """Which facts an entry lacks that only a draft may lack."""
    stops = GOING_ON if entry.draft else EVERYTHING
    for name, (what, lacks) in NEEDED.items():
        if says_nothing(str(entry.facts.get(name) or "")):
            yield Fault(name, str(what), stops, lacks=str(lacks))


def says_nothing(text):
    """Whether a reader would see nothing: no characters, or none that shows."""
    return all(unicodedata.category(each) in _UNSEEN for each in text)


def clash_of_sources(tier, sources):
    """Why the strength that was chosen does not fit the sources; nothing if it does.

    It stops nothing: which document is official is a judgement, too.
    """
    official = any(each.get("official") for each in sources)
    if not official and tier in (Tier.OFFICIAL, Tier.OTHER_OFFICIAL):
        return _(
            "An official record is claimed as the best source, and none of the sources"
            " is marked official."
        )
    if official and tier == Tier.SECONDARY:
        return _(
            "A source is marked official, and the best one is said to be a secondary"
            " source."
        )
    return ""


def impossible_day(day, in_future, *, today=None):
    """Why a day cannot be that of an event or a search."""
    if day is None:
        return
    said = {"day": date_format(day)}
    if day > (today or latest_today()):
        yield Fault("occurred_on", in_future % said)
    if day < EARLIEST:
        text = _(
            "%(day)s is before 26 June 1945, when the Charter was signed; nothing the"
            " tracker deals with is older."
        )
        yield Fault("occurred_on", text % said)


def _symbol(entry, name):
    """A symbol that is meant as one can be read, and fits the date."""
    text = entry.facts.get(name)
    if not text:
        return
    try:
        symbol = symbols.read(text, today_year=entry.today.year)
    except symbols.SymbolError as fault:
        unknown = isinstance(fault, symbols.UnknownSymbol)
        meant = symbols.is_meant_as_one(text) and not unknown
        stops = EVERYTHING if meant else Stops.NOTHING
        yield Fault(name, _(str(fault)), stops)
        return
    if symbol.official != text:
        official = _("Its official form is %(symbol)s.") % {"symbol": symbol.official}
        yield Fault(name, official, Stops.NOTHING)
    for warning in symbol.warnings:
        yield Fault(name, _(warning), Stops.NOTHING)
    if symbol.year and entry.day and _far_apart(symbol, entry.day):
        unlike = _("The year in “%(symbol)s” is not that of the date, %(day)s.")
        said = {"symbol": text, "day": date_format(entry.day)}
        yield Fault(name, unlike % said, Stops.NOTHING)


def _far_apart(symbol, day: date):
    apart = abs(symbol.year - day.year)
    return apart > (0 if symbol.series in _DATED_BY_SYMBOL else 1)


# The vote.


def most_votes(kind, day):
    """How many can have voted: the body follows from the kind, its seats from the year.

    Until the kind is known it may be the largest body; what nobody votes on is held to
    the Council's seats.
    """
    body = Seats.ASSEMBLY if kind is None else kind.seats or Seats.COUNCIL
    return body.in_year(day.year if day else votes.AMENDED)


def _totals(entry):
    """The three totals can be those of one vote, with this outcome."""
    cast = {name: entry.facts.get(name) for name in VOTES}
    given = [vote for vote in cast.values() if vote is not None]
    if len(given) not in (0, len(VOTES)):
        for name in [name for name, vote in cast.items() if vote is None]:
            yield Fault(name, _("Give all three numbers, or none of them."))
    elif given:
        yield from _too_many(entry, sum(given))
        yield from _outcome(entry, cast["votes_yes"], cast["votes_no"])
    elif entry.kind == Kind.VETO and not entry.facts.get("roll_call"):
        text = _("A veto needs the votes.")
        yield Fault("votes_no", text, GOING_ON, lacks=_("the votes"))


def _too_many(entry, total):
    most = most_votes(entry.kind, entry.day)
    if total <= most:
        return
    said = {"seats": most, "total": total}
    if most > Seats.COUNCIL.in_year(votes.AMENDED):
        text = _("There are %(seats)d Member States; these votes add up to %(total)d.")
    elif entry.day and entry.day.year < votes.AMENDED:
        text = _(
            "The Council had %(seats)d members in %(year)d; these votes add up to"
            " %(total)d."
        )
        said["year"] = entry.day.year
    else:
        text = _("The Council has %(seats)d members; these votes add up to %(total)d.")
    yield Fault("votes_yes", text % said)


def _outcome(entry, yes, no):
    """A veto is a vote against, and what the Council adopts has enough in favour."""
    if entry.kind == Kind.VETO and not no and not entry.facts.get("roll_call"):
        text = _("A veto is a vote against: give at least one.")
        yield Fault("votes_no", text)
    if entry.kind and entry.kind.is_adopted:
        needed = votes.needed_in(entry.day.year if entry.day else votes.AMENDED)
        if yes < needed:
            text = _(
                "The Council adopts with at least %(needed)d votes in favour; with"
                " %(yes)d the text was not adopted."
            )
            yield Fault("votes_yes", text % {"needed": needed, "yes": yes})


def unsaid(cast, sat):
    """The members of the year whose vote a roll call leaves out."""
    names = sorted(each.name for code, each in sat.items() if code not in cast)
    if cast and names:
        text = _("Say how these members voted, or mark them as not certain: %(names)s.")
        yield Fault("roll_call", text % {"names": ", ".join(names)})


def _roll_call(entry):
    """The votes of the members are those of its year, and make the entry what it is."""
    cast = entry.facts.get("roll_call") or {}
    if not cast or not entry.day:
        return
    if strangers := set(cast) - set(entry.sat):
        text = _("%(members)s did not sit on the Council in %(year)d.")
        said = {"members": ", ".join(sorted(strangers)), "year": entry.day.year}
        yield Fault("roll_call", text % said)
    elif left_out := list(unsaid(cast, entry.sat)):
        yield from left_out
    else:
        yield from _against_the_votes(entry, cast)


def _against_the_votes(entry, cast):
    """Where kind, totals or actors contradict the votes of the members."""
    if why := objection(entry):
        yield Fault("kind", why)
    counted = (entry.count.yes, entry.count.no, entry.count.abstain)
    typed = tuple(entry.facts.get(name) for name in VOTES)
    if UNCERTAIN not in cast.values() and None not in typed and typed != counted:
        text = _("The votes of the members add up to %(counted)s; here is %(typed)s.")
        said = {"counted": _tally(counted), "typed": _tally(typed)}
        yield Fault("votes_yes", text % said)
    others = set(entry.facts.get("actors") or ()) - set(entry.vetoing)
    if entry.kind == Kind.VETO and entry.verdict == votes.VETOED and others:
        text = _("Those who cast the veto follow from the votes. Take out: %(names)s.")
        yield Fault("actors", text % {"names": ", ".join(sorted(others))})


def objection(entry):
    """Why the votes of the members do not allow the kind; nothing if they do."""
    if entry.kind != Kind.VETO:
        if entry.verdict == votes.VETOED and entry.kind in OPEN_KINDS:
            return _("By these votes the text was vetoed: the kind is veto.")
        return ""
    if entry.verdict == votes.ADOPTED:
        return _("By these votes the text was adopted: that is no veto.")
    if entry.verdict == votes.FAILED:
        return _("By these votes the text failed in any case: that is no veto.")
    if not entry.vetoing:
        return _("By these votes no permanent member voted against: that is no veto.")
    return ""


def _tally(totals):
    return "–".join(map(str, totals))


# What shows it, and what it shows.


def source_faults(entry):
    """At least one, each once, each named."""
    if not entry.sources:
        text = _("Give at least one source: nothing is published without.")
        lacks = _("at least one source")
        yield Fault("sources", text, GOING_ON, field="url", lacks=lacks)
    seen = set()
    for row, source in enumerate(entry.sources):
        url = source.get("url")
        if not url:
            text = _("Give the web address of this source.")
            yield Fault("sources", text, row=row, field="url")
        elif url in seen:
            text = _("This source is already given above.")
            yield Fault("sources", text, row=row, field="url")
        seen.add(url)
        if url and not source.get("label"):
            text = _("Say what this source is.")
            yield Fault("sources", text, GOING_ON, row=row, field="label")


def finding_faults(entry):
    """At least one, with criterion, effect and reason; one for each criterion."""
    if not entry.findings:
        text = _("Give at least one finding: what does this event show?")
        lacks = _("at least one finding")
        yield Fault("findings", text, GOING_ON, field="criterion", lacks=lacks)
    seen = set()
    for number, row in enumerate(entry.findings):
        for name, what, stops in _of_finding(entry, row, seen):
            yield Fault("findings", what, stops, row=number, field=name)
        # A criterion is the same under its code, whatever the version.
        seen.add(getattr(row.get("criterion"), "identity", None))


def _of_finding(entry, row, seen):
    criterion = row.get("criterion")
    if not criterion:
        text = _("Choose the criterion that this finding is about.")
        yield "criterion", text, EVERYTHING
    yield from _needed(row)
    if criterion and criterion.identity in seen:
        text = _(
            "This criterion has a finding above. An entry has one finding for each."
        )
        yield "criterion", text, EVERYTHING
    if criterion and _is_outdated(criterion, entry.council):
        text = _(
            "The codebook has changed: in the version in force %(code)s asks something"
            " else, or nothing. Choose the criterion of that finding again."
        )
        yield "criterion", text % {"code": criterion.code}, Stops.SUBMITTING
    yield from _form_reason(entry, row)
    yield from _searched_words(row)


def _needed(row):
    needed = {
        "effect": _("Say what it does for this criterion."),
        "rationale": _("Give the reason: an effect without one cannot be reviewed."),
    }
    for name, what in needed.items():
        if row.get(name) in (None, ""):
            yield name, what, EVERYTHING


def code_faults(kind, row):
    """What is wrong with codes of an entry of a kind: the field and a sentence each.

    Whatever criterion they are about.
    """
    found = [
        *_needed(row),
        *_form_reason(Entry({"kind": kind}), row),
        *_searched_words(row),
    ]
    return [(name, what) for name, what, _stops in found]


def _is_outdated(criterion, council):
    asks = (criterion.recommendation_id, criterion.code, criterion.meaning)
    return asks not in council.in_force


def _form_reason(entry, row):
    """A form that is not the one the kind proposes is explained."""
    chosen = row.get("form")
    if not (entry.kind and chosen) or (row.get("form_reason") or "").strip():
        return
    proposed = entry.kind.proposed_form
    if chosen != proposed:
        text = _("Say why: this kind of event is taken as “%(form)s”.")
        yield "form_reason", text % {"form": proposed.label}, GOING_ON


def _searched_words(row):
    """Silence is coded with the words that were looked for.

    What was published before that was asked stays as it is.
    """
    named = not says_nothing(row.get("searched_words") or "")
    if row.get("form") == Form.OMISSION and not named:
        text = _("Name the words that were looked for and not found.")
        yield "searched_words", text, Stops.SUBMITTING


def pinpoint_advice(entry):
    """Where a finding is pinned to a paragraph that its document is not known to have.

    It stops nothing, and is asked only where somebody writes: the index has but some
    paragraphs, and a text may have been cut otherwise than it is cited.
    """
    symbol = entry.facts.get("symbol") or ""
    for number, row in enumerate(entry.findings):
        pinpoint = row.get("pinpoint") or ""
        if not symbol or not pinpoints.read(pinpoint):
            continue
        labels, whole = entry.council.places_in(symbol)
        if labels and (missing := pinpoints.unknown(pinpoint, labels, whole)):
            what = _not_known(symbol, missing, whole)
            yield Fault("findings", what, Stops.NOTHING, number, "pinpoint")


def _not_known(symbol, missing, whole):
    said = {"symbol": symbol, "places": ", ".join(map(pinpoints.cited, missing))}
    if whole:
        text = _("The text of %(symbol)s has no %(places)s: check the number.")
    else:
        text = _(
            "The index of paragraphs has no %(places)s of %(symbol)s. It lists only"
            " those with certain terms: check the number in the document."
        )
    return text % said
