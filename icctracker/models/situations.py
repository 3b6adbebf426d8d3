"""What evidence is about, and who acted."""

import re

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

FIRST_YEAR = 1946


class Situation(models.Model):
    """A situation or theme that evidence belongs to, and the words that tell it."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), blank=True)
    since = models.PositiveSmallIntegerField(
        _("tracked since"),
        null=True,
        blank=True,
        validators=[MinValueValidator(FIRST_YEAR)],
        help_text=_("The year with which the count of its votes begins."),
    )
    title_words = models.TextField(
        _("words in the title"),
        blank=True,
        help_text=_(
            "One word or phrase a line. A document of the Council belongs to this"
            " situation if its title has one of them. A symbol may stand here too."
        ),
    )
    agenda_words = models.TextField(
        _("words in the agenda item"),
        blank=True,
        help_text=_("One word or phrase a line; the agenda item has one of them."),
    )
    ignored_words = models.TextField(
        _("phrases to pass over"),
        blank=True,
        help_text=_(
            "One a line. “South Sudan” here keeps the word “Sudan” from being found"
            " in it."
        ),
    )
    documents = models.ManyToManyField(
        "icctracker.Document",
        related_name="situations",
        blank=True,
        editable=False,
        verbose_name=_("documents its words find"),
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("situation")
        verbose_name_plural = _("situations")
        constraints = [
            models.CheckConstraint(
                name="situation_since_1946",
                condition=Q(since__isnull=True) | Q(since__gte=FIRST_YEAR),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("situation-detail", args=[self.slug])

    def finder(self):
        """A function that tells whether a document, by its texts, belongs here."""
        ignored = _any_of(self.ignored_words)
        in_title, in_agenda = _any_of(self.title_words), _any_of(self.agenda_words)

        def found(words, text):
            text = " ".join(text.split())
            return words.search(ignored.sub(" ", text) if ignored else text)

        def belongs(symbol, title, agenda_item):
            return bool(
                (in_title and found(in_title, f"{title} {symbol}"))
                or (in_agenda and found(in_agenda, agenda_item))
            )

        return belongs


def _any_of(lines):
    """A pattern for any of these phrases as whole words, or None if there is none."""
    phrases = [" ".join(line.split()) for line in lines.splitlines() if line.strip()]
    if not phrases:
        return None
    parts = "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{parts})(?!\w)", re.IGNORECASE)


class Actor(models.Model):
    """Who acted: a State, an organ, a committee, a person in office."""

    name = models.CharField(_("name"), max_length=160, unique=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("actor")
        verbose_name_plural = _("actors")

    def __str__(self):
        return self.name
