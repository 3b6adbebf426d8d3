"""What other sources say otherwise than the Council's record."""

import re
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .catalogue import Document, FromImport


class OtherValue(FromImport):
    """What another source says of a value in the record; both are kept and shown."""

    class Standing(models.TextChoices):
        OPEN = "open", _("The sources differ, and the question is open")
        SETTLED = "settled", _("The sources differed; one was followed for a reason")
        MODALITY = "modality", _("The sources describe the same adoption differently")

    class Field(models.TextChoices):
        DATE = "date", _("Date")
        VOTE = "vote", _("Vote")
        VETOED_BY = "vetoed-by", _("Veto cast by")
        TITLE = "title", _("Title")
        MEETING = "meeting", _("Meeting record")
        OTHER = "other", _("Other")

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="other_values",
        verbose_name=_("document"),
    )
    field = models.CharField(_("field"), max_length=12, choices=Field)
    says = models.CharField(_("what the other source says"), max_length=500)
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing, default=Standing.OPEN
    )

    class Meta:
        ordering = ["document", "field", "pk"]
        verbose_name = _("other value")
        verbose_name_plural = _("other values")
        constraints = [
            models.UniqueConstraint(
                name="other_value_once", fields=["document", "field", "says"]
            ),
            models.CheckConstraint(
                name="other_value_says_something", condition=~Q(says="")
            ),
        ]

    def __str__(self):
        return f"{self.get_field_display()}: {self.says}"

    @property
    def in_words(self):
        """What it says, with its dates as readers write them."""
        return capfirst(_ISO_DATE.sub(lambda day: _date_in_words(day[0]), self.says))


_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _date_in_words(text):
    try:
        return date_format(date.fromisoformat(text))
    except ValueError:
        return text
