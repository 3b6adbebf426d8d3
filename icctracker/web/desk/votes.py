"""How each member of the Council voted, as rows of buttons."""

import re
from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext as _

from icctracker.models import VOTES, Kind, Member, Membership, Vote, rules
from icctracker.models.vocabulary import OPEN_KINDS
from icctracker.ruleset import votes
from icctracker.ruleset.votes import (
    ADOPTED,
    FAILED,
    VETOED,
)
from icctracker.web.kit.forms import PlainForm

from .fields import NOT_OFFERED

CASTS = [
    (Vote.Cast.YES.value, Vote.Cast.YES.label),
    (Vote.Cast.NO.value, Vote.Cast.NO.label),
    (Vote.Cast.ABSTAIN.value, Vote.Cast.ABSTAIN.label),
    (Vote.Cast.NOT_VOTING.value, Vote.Cast.NOT_VOTING.label),
    (Vote.Cast.UNCERTAIN.value, Vote.Cast.UNCERTAIN.label),
]
YES, UNKNOWN = Vote.Cast.YES.value, Vote.Cast.UNCERTAIN.value


def posted_votes(data):
    """The votes that a form sent, by the code of the member, whoever sat then."""
    casts = dict(CASTS)
    return {
        name.removeprefix("roll-"): cast
        for name, cast in data.items()
        if re.fullmatch(r"roll-[A-Z]{3}", name) and cast in casts
    }


def members_in(year):
    """The members of the Council in a year, permanent members first; one query."""
    if year is None:
        return []
    sat = Membership.objects.filter(year=year).select_related("member")
    members = [row.member for row in sat]
    return sorted(members, key=lambda each: (not each.permanent, each.name))


def lists_members(day):
    """Whether the record lists who sat on the Council on a day, or at all."""
    listed = Membership.objects.all()
    return (listed.filter(year=day.year) if day else listed).exists()


@dataclass(frozen=True)
class Row:
    """A member in the grid: its name then and now, and its buttons."""

    member: Member
    former: str
    field: forms.BoundField

    @property
    def buttons(self):
        """The buttons, each with the words that a screen reader says."""
        name = self.former or self.member.name
        return [(radio, f"{name}: {radio.choice_label}") for radio in self.field]


class Grid(PlainForm):
    """One row of buttons for each member of the Council in a year."""

    def __init__(self, data=None, *, members, year, initial=None):
        given = initial or {} if data is None else posted_votes(data)
        known = {each.code for each in members}
        # Of members in another year: the date may be mended, and they come back.
        self.leftover = {code: given[code] for code in given if code not in known}
        super().__init__(data, prefix="roll", initial=given)
        self.members, self.year = members, year
        for member in members:
            self.fields[member.code] = forms.ChoiceField(
                label=member.name,
                choices=CASTS,
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": NOT_OFFERED},
            )

    casts = CASTS

    @property
    def rows(self):
        return [
            Row(member, member.name_in(self.year), self[member.code])
            for member in self.members
        ]

    def cast(self):
        """How each member voted, as far as it is given and can be read."""
        casts = dict(CASTS)
        found = {code: self[code].value() for code in self.fields}
        return {code: cast for code, cast in found.items() if cast in casts}

    @property
    def missing(self):
        """The names of the members whose vote is not given, if any is."""
        cast = self.cast()
        if not cast:
            return []
        return [each.name for each in self.members if each.code not in cast]

    def clean(self):
        sat = {each.code: each for each in self.members}
        for fault in () if self.errors else rules.unsaid(self.cast(), sat):
            raise forms.ValidationError(fault.what, code="missing")
        return self.cleaned_data

    @property
    def count(self):
        """The votes counted, or None while any is missing or not known."""
        cast = self.cast()
        if not cast or self.missing or UNKNOWN in cast.values():
            return None
        permanent = [each.code for each in self.members if each.permanent]
        return votes.count(cast, permanent=permanent, year=self.year)

    def names(self, codes):
        """The names of members by their codes, in the order of the grid."""
        return [each.name for each in self.members if each.code in codes]


# What an entry's votes make of it: its kind, its totals and, of a veto, its actors.

KINDS = {VETOED: Kind.VETO, ADOPTED: Kind.RESOLUTION, FAILED: Kind.DRAFT_RESOLUTION}


class AsRecorded(rules.Council):
    """The Council's record, of which the document of a form has been read already."""

    def __init__(self, record):
        super().__init__()
        self.record = record

    def outcome(self, facts):
        ballot = self.record.ballot if self.record else None
        if ballot and facts["roll_call"] == self.record.facts.get("roll_call"):
            return ballot.verdict
        return None


@dataclass(frozen=True)
class Verdict:
    """What follows from the votes: nothing, until all of them are known."""

    outcome: str | None = None
    totals: tuple = ()
    vetoes: list = field(default_factory=list)

    @property
    def is_veto(self):
        return self.outcome == VETOED

    def kind(self, chosen):
        """The kind of the entry, given the one that was chosen, if any."""
        if self.is_veto and chosen in OPEN_KINDS:
            return Kind.VETO.value
        return chosen or (KINDS[self.outcome].value if self.outcome else "")

    def warning(self, chosen):
        """What to check about the chosen kind, though it may be right."""
        if self.is_veto and chosen == Kind.RESOLUTION:
            return _(
                "A permanent member voted against. Keep this kind only if the vote was"
                " on a matter of procedure, where there is no veto."
            )
        return ""


def verdict(grid, record):
    """What the votes of a grid amount to; the record's own outcome goes first."""
    if grid is None:
        return Verdict()
    if outcome := AsRecorded(record).outcome({"roll_call": grid.cast()}):
        ballot = record.ballot
        totals = (ballot.yes, ballot.no, ballot.abstain)
        return Verdict(outcome, totals, record.vetoes)
    count = grid.count
    if count is None:
        return Verdict()
    totals = (count.yes, count.no, count.abstain)
    return Verdict(count.verdict, totals, grid.names(count.vetoes))


def derived(verdict, facts):
    """The values of fields that follow from the votes, where they were left empty.

    The kind of a veto always follows: nobody has to know that it is one.
    """
    found = {}
    chosen = facts["kind"].value() or ""
    if verdict.kind(chosen) != chosen:
        found["kind"] = verdict.kind(chosen)
    if verdict.totals and all(_blank(facts[name].value()) for name in VOTES):
        found |= dict(zip(VOTES, verdict.totals, strict=True))
    if verdict.is_veto and _blank(facts["actor_names"].value()):
        found["actor_names"] = "\n".join(verdict.vetoes)
    return found


def _blank(value):
    return value in (None, "", [])
