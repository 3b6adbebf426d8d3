"""The codebook's vocabulary: kinds of evidence, forms, tiers, effects."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Form(models.TextChoices):
    """How much an act binds; the rule weighs it."""

    DECISION = "decision", _("Decision")
    FORMAL = "formal", _("Formal position")
    PROCESS = "process", _("Process")
    OMISSION = "omission", _("Omission")
    SIGNAL = "signal", _("Signal")


class Kind(models.TextChoices):
    """What happened. Each kind proposes a form (see ``default_form``)."""

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
    def default_form(self):
        return _DEFAULT_FORMS.get(self, Form.DECISION)


# What a text put to the vote can be called before its votes are counted.
OPEN_KINDS = ("", Kind.REFERRAL, Kind.DEFERRAL, Kind.DRAFT_RESOLUTION, Kind.VETO)

_DEFAULT_FORMS = {
    Kind.PRESIDENTIAL_STATEMENT: Form.FORMAL,
    Kind.PRESS_STATEMENT: Form.FORMAL,
    Kind.AGREEMENT: Form.FORMAL,
    Kind.ARRANGEMENT: Form.FORMAL,
    Kind.JOINT_STATEMENT: Form.FORMAL,
    Kind.VISIT: Form.FORMAL,
    Kind.DEBATE: Form.PROCESS,
    Kind.ARRIA_MEETING: Form.PROCESS,
    Kind.BRIEFING: Form.PROCESS,
    Kind.DRAFT_RESOLUTION: Form.PROCESS,
    Kind.REPORT: Form.PROCESS,
    Kind.STATEMENT: Form.SIGNAL,
    Kind.OTHER: Form.SIGNAL,
}


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
