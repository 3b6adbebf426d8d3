"""What an entry's votes make of it: its kind, its totals and, of a veto, its actors."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from icctracker.models import Kind
from icctracker.models.vocabulary import OPEN_KINDS
from icctracker.votes import (
    ADOPTED,
    FAILED,
    NO_VETO,
    OTHER_ACTORS,
    OTHER_TOTALS,
    VETOED,
)

from .forms import VOTES

KINDS = {VETOED: Kind.VETO, ADOPTED: Kind.RESOLUTION, FAILED: Kind.DRAFT_RESOLUTION}


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

    def objection(self, chosen):
        """Why the chosen kind cannot be; nothing if it can."""
        if chosen != Kind.VETO or self.is_veto:
            return ""
        return NO_VETO.get(self.outcome) or _(
            "A veto is not chosen: it follows from the votes. Give below how each"
            " member voted."
        )

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
    ballot = record.ballot if record else None
    if ballot and grid.cast() == record.facts.get("roll_call"):
        outcome = VETOED if ballot.outcome == ballot.Outcome.VETOED else ADOPTED
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


def agree(entry):
    """Refuse a kind, totals or actors that the votes of the members contradict."""
    facts, verdict = entry.facts, entry.verdict
    data = facts.cleaned_data
    objection = verdict.objection(data.get("kind"))
    if objection and (verdict.outcome or not entry.veto_is_typed):
        facts.add_error("kind", objection)
    totals = tuple(data.get(name) for name in VOTES)
    if verdict.totals and None not in totals and totals != verdict.totals:
        facts.add_error(
            "votes_yes",
            OTHER_TOTALS % {"counted": _tally(verdict.totals), "typed": _tally(totals)},
        )
    others = set(data.get("actor_names", ())) - set(verdict.vetoes)
    if data.get("kind") == Kind.VETO and verdict.is_veto and others:
        facts.add_error(
            "actor_names",
            OTHER_ACTORS % {"names": ", ".join(sorted(others))},
        )


def _tally(totals):
    return "–".join(map(str, totals))


def _blank(value):
    return value in (None, "", [])
