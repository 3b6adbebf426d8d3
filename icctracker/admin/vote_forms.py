"""The votes of the members as lines of a cell, checked as the desk's grid is."""

from django import forms
from django.utils.translation import gettext as _

from icctracker import votes
from icctracker.imports.seats import NotSitting
from icctracker.models import Kind, Vote
from icctracker.models.vocabulary import OPEN_KINDS

from .cells import lines_of, read_vote
from .entry_forms import VOTES, FactsForm


class VotesForm(FactsForm):
    """Facts with the votes of the members, and what follows from them."""

    roll_call = forms.CharField(required=False)

    def clean_roll_call(self):
        lines = lines_of(self.cleaned_data["roll_call"])
        day = self.cleaned_data.get("occurred_on")
        if not lines or day is None:
            return {}
        return _roll_call(lines, day.year, self.known["seats"])

    def clean(self):
        if cast := self.cleaned_data.get("roll_call"):
            self._follow(cast)
        return super().clean()

    def _follow(self, cast):
        """Fill what is blank from the votes; refuse what contradicts them."""
        members = self.known["seats"].members
        permanent = [code for code in cast if members[code].permanent]
        year = self.cleaned_data["occurred_on"].year
        count = votes.count(cast, permanent=permanent, year=year)
        against = [code for code in permanent if cast[code] == Vote.Cast.NO]
        kind = self.cleaned_data.get("kind")
        if objection := _objection(kind, against, count.verdict):
            self.add_error("kind", objection)
        elif kind == Kind.VETO:
            names = sorted(members[code].name for code in against)
            self._follow_actors(names, certain=count.verdict == votes.VETOED)
        if votes.UNKNOWN not in cast.values():
            self._follow_totals((count.yes, count.no, count.abstain))

    def _follow_totals(self, counted):
        typed = tuple(self.cleaned_data.get(name) for name in VOTES)
        if any(name in self.errors for name in VOTES):
            return
        if typed == (None, None, None):
            self.cleaned_data |= dict(zip(VOTES, counted, strict=True))
        elif None not in typed and typed != counted:
            said = {"counted": _tally(counted), "typed": _tally(typed)}
            self.add_error("votes_yes", votes.OTHER_TOTALS % said)

    def _follow_actors(self, names, *, certain):
        actors = self.cleaned_data.get("actors")
        if actors == []:
            self.cleaned_data["actor_names"] = names
        others = {actor.name for actor in actors or ()} - set(names)
        if others and certain:
            said = {"names": ", ".join(sorted(others))}
            self.add_error("actors", votes.OTHER_ACTORS % said)


def _roll_call(lines, year, seats):
    """The votes by the code of the member; all who sat that year, each once."""
    sat = seats.of(year)
    if not sat:
        text = _(
            "The Council's record does not list its members in %(year)d: leave this"
            " empty."
        )
        raise forms.ValidationError(text % {"year": year})
    cast, faults = {}, []
    for line in lines:
        try:
            code, vote = _read(line, year, seats)
        except forms.ValidationError as fault:
            faults += fault.messages
            continue
        if code in cast:
            text = _("The vote of %(name)s is given twice.")
            faults.append(text % {"name": seats.name(code)})
        cast[code] = vote
    missing = sorted(seats.name(code) for code in sat - set(cast))
    if missing and not faults:
        faults.append(votes.MISSING % {"names": ", ".join(missing)})
    if faults:
        raise forms.ValidationError(faults)
    return cast


def _read(line, year, seats):
    """The code of a member of that year and its vote, of one line."""
    code, cast = read_vote(line)
    if cast not in Vote.Cast.values:
        text = _(
            "“%(line)s”: write the member and its vote as in “CHN | N”; the vote is one"
            " of %(votes)s."
        )
        said = {"line": line[:30], "votes": ", ".join(Vote.Cast.values)}
        raise forms.ValidationError(text % said)
    try:
        return seats.by_code(code, year), cast
    except NotSitting as fault:
        raise forms.ValidationError(str(fault)) from fault
    except KeyError as fault:
        text = _("There is no Council member with the code “%(code)s”.")
        raise forms.ValidationError(text % {"code": code[:30]}) from fault


def _objection(kind, against, verdict):
    """Why the kind cannot be, by these votes; nothing if it can."""
    if kind != Kind.VETO:
        if verdict == votes.VETOED and kind in OPEN_KINDS:
            return _("By these votes the text was vetoed: the kind is veto.")
        return ""
    if not against:
        return _("By these votes no permanent member voted against: that is no veto.")
    return votes.NO_VETO.get(verdict, "")


def _tally(totals):
    return "–".join(map(str, totals))
