"""The codebook's vocabulary: kinds of evidence, forms, tiers, effects."""

from enum import StrEnum
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext_lazy as _

from icctracker.ruleset.votes import AMENDED


class Form(models.TextChoices):
    """How much an act binds; the rule weighs it."""

    DECISION = "decision", _("Decision")
    FORMAL = "formal", _("Formal position")
    PROCESS = "process", _("Process")
    OMISSION = "omission", _("Omission")
    SIGNAL = "signal", _("Signal")


class Seats(StrEnum):
    """A body that votes, and how many votes it has."""

    COUNCIL = "council"
    ASSEMBLY = "assembly"

    def in_year(self, year):
        """How many members can vote."""
        if self is Seats.ASSEMBLY:
            return 193
        return 15 if year >= AMENDED else 11


class Kind(models.TextChoices):
    """What happened. What follows from it stands in ``NATURES``."""

    RESOLUTION = "resolution", _("Council resolution")
    VETO = "veto", _("Veto")
    REFERRAL = "referral", _("Referral to the Court")
    DEFERRAL = "deferral", _("Deferral request (article 16)")
    SANCTIONS_LISTING = "sanctions-listing", _("Sanctions listing")
    COURT_DECISION = "court-decision", _("Decision of the Court")
    GA_RESOLUTION = "ga-resolution", _("General Assembly resolution")
    ASP_RESOLUTION = "asp-resolution", _("Assembly of States Parties resolution")
    PRESIDENTIAL_STATEMENT = "presidential-statement", _("Presidential statement")
    PRESS_STATEMENT = "press-statement", _("Council press statement")
    AGREEMENT = "agreement", _("Agreement")
    ARRANGEMENT = "arrangement", _("Standing arrangement")
    JOINT_STATEMENT = "joint-statement", _("Joint statement")
    DEBATE = "debate", _("Open debate")
    ARRIA_MEETING = "arria-meeting", _("Arria-formula meeting")
    BRIEFING = "briefing", _("Briefing")
    VISIT = "visit", _("Visit or mission")
    DRAFT_RESOLUTION = "draft-resolution", _("Draft resolution not adopted")
    REPORT = "report", _("Report")
    STATEMENT = "statement", _("Statement or pledge")
    OTHER = "other", _("Other")

    @property
    def proposed_form(self):
        """How much such an act binds, unless a finding says otherwise and why."""
        return NATURES[self].form

    @property
    def seats(self):
        """The body that votes on it; None where nothing is put to a vote."""
        return NATURES[self].seats

    @property
    def is_council_vote(self):
        return self.seats is Seats.COUNCIL

    @property
    def is_adopted(self):
        """Whether it stands only if enough members voted for it."""
        return NATURES[self].adopted

    @property
    def is_resolution(self):
        """Whether a resolution of the Council's record may be called so."""
        return NATURES[self].resolution

    @property
    def is_open(self):
        """Whether a text may be called so before its votes are counted."""
        return NATURES[self].open


class Nature(NamedTuple):
    """What a kind of evidence is: what it binds, who votes on it, what it may be."""

    form: Form
    seats: Seats | None
    adopted: bool = False
    resolution: bool = False
    open: bool = False


def of_each(choices, table):
    """The table, if it has a row for each of the choices; else nothing starts."""
    if missing := [choice.value for choice in choices if choice not in table]:
        text = "models/vocabulary.py does not say what these kinds are: {}."
        raise ImproperlyConfigured(text.format(", ".join(missing)))
    return table


NATURES = of_each(
    Kind,
    {
        Kind.RESOLUTION: Nature(
            Form.DECISION, Seats.COUNCIL, adopted=True, resolution=True
        ),
        Kind.VETO: Nature(Form.DECISION, Seats.COUNCIL, open=True),
        Kind.REFERRAL: Nature(
            Form.DECISION, Seats.COUNCIL, adopted=True, resolution=True, open=True
        ),
        Kind.DEFERRAL: Nature(
            Form.DECISION, Seats.COUNCIL, adopted=True, resolution=True, open=True
        ),
        # Many are listed by a committee, which does not vote.
        Kind.SANCTIONS_LISTING: Nature(Form.DECISION, Seats.COUNCIL, resolution=True),
        Kind.COURT_DECISION: Nature(Form.DECISION, None),
        Kind.GA_RESOLUTION: Nature(Form.DECISION, Seats.ASSEMBLY),
        Kind.ASP_RESOLUTION: Nature(Form.DECISION, Seats.ASSEMBLY),
        Kind.PRESIDENTIAL_STATEMENT: Nature(Form.FORMAL, None),
        Kind.PRESS_STATEMENT: Nature(Form.FORMAL, None),
        Kind.AGREEMENT: Nature(Form.FORMAL, None),
        Kind.ARRANGEMENT: Nature(Form.FORMAL, None),
        Kind.JOINT_STATEMENT: Nature(Form.FORMAL, None),
        Kind.DEBATE: Nature(Form.PROCESS, None),
        Kind.ARRIA_MEETING: Nature(Form.PROCESS, None),
        Kind.BRIEFING: Nature(Form.PROCESS, None),
        Kind.VISIT: Nature(Form.FORMAL, None),
        Kind.DRAFT_RESOLUTION: Nature(Form.PROCESS, Seats.COUNCIL, open=True),
        Kind.REPORT: Nature(Form.PROCESS, None),
        Kind.STATEMENT: Nature(Form.SIGNAL, None),
        # Whatever it is, a larger body than the Council may have voted on it.
        Kind.OTHER: Nature(Form.SIGNAL, Seats.ASSEMBLY),
    },
)
# What a text put to the vote can be called before its votes are counted.
OPEN_KINDS = ("", *(kind for kind in Kind if kind.is_open))


class Tier(models.TextChoices):
    """How close to the act the best source stands."""

    OFFICIAL = "A", _("Official record of the acting body")
    OTHER_OFFICIAL = "B", _("Other official record")
    SECONDARY = "C", _("Reputable secondary source")


class Effect(models.IntegerChoices):
    """What a finding says of its criterion, in words."""

    FULL = 2, _("Does what the criterion asks")
    PART = 1, _("Does part of it, or takes a step")
    CONTEXT = 0, _("Context only")
    DEPARTS = -1, _("Departs from it in part")
    BREACH = -2, _("Departs from it, or undoes it")
