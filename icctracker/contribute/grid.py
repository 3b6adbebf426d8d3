"""How each member of the Council voted, as rows of buttons."""

import re
from dataclasses import dataclass

from django import forms

from icctracker import votes
from icctracker.fields import PlainForm
from icctracker.models import Member, Membership, Vote

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
        if self.missing and not self.errors:
            raise forms.ValidationError(
                votes.MISSING % {"names": ", ".join(self.missing)},
                code="missing",
            )
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
