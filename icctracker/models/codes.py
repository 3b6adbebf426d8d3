"""Codes: what somebody says that an event shows about one criterion."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .shared import names_of
from .vocabulary import Effect, Form

# What of a coding is compared. Where it can be read, and why, may be said differently.
CODES = ("effect", "occasion", "form")


class Codes(models.Model):
    """What somebody says that an event shows about one criterion."""

    effect = models.SmallIntegerField(
        _("effect"),
        choices=Effect,
        validators=[MinValueValidator(-2), MaxValueValidator(2)],
    )
    form = models.CharField(_("form"), max_length=10, choices=Form)
    form_reason = models.CharField(_("why this form"), max_length=500, blank=True)
    # Of an omission: what whoever calls a text silent has looked for in it.
    searched_words = models.CharField(
        _("words searched for"), max_length=500, blank=True, default="", db_default=""
    )
    occasion = models.BooleanField(_("occasion"), default=False)
    pinpoint = models.CharField(_("pinpoint"), max_length=120, blank=True)
    rationale = models.TextField(_("reason"), max_length=2000)

    class Meta:
        abstract = True

    @property
    def codes(self):
        return tuple(getattr(self, name) for name in CODES)


FINDING_FIELDS = names_of(Codes)
