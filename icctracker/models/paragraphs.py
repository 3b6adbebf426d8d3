"""The words of Council documents, to the paragraph; a site is complete without any."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from icctracker.texts import pinpoints
from icctracker.texts.legible import direction_of

from .council import Import
from .passages import Passage


class DocumentTextQuerySet(models.QuerySet):
    def official(self):
        """Those from the files that the United Nations publishes."""
        return self.filter(typed_by__isnull=True)

    def shown(self):
        """The official text of each language before one that somebody typed."""
        return self.order_by("language", models.F("typed_by").asc(nulls_first=True))


class DocumentText(models.Model):
    """The text of one document in one language, and where it comes from.

    It came from an official file, by an import, or was typed by a person; the one never
    takes the place of the other.
    """

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        FRENCH = "fr", _("French")
        SPANISH = "es", _("Spanish")
        RUSSIAN = "ru", _("Russian")
        ARABIC = "ar", _("Arabic")
        CHINESE = "zh", _("Chinese")
        GERMAN = "de", _("German")

    class Variant(models.TextChoices):
        AKOMA_NTOSO = "akn", _("the official file")
        REPAIRED = "repaired", _("the official file, which is broken and was mended")
        PASTED = "pasted", _("pasted")
        PDF = "pdf", _("read from a PDF")

    document = models.ForeignKey(
        "icctracker.Document",
        on_delete=models.CASCADE,
        related_name="texts",
        verbose_name=_("document"),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language)
    variant = models.CharField(_("taken from"), max_length=10, choices=Variant)
    source = models.CharField(
        _("file"), max_length=200, blank=True, help_text=_("Its name.")
    )
    job = models.CharField(
        _("job number"),
        max_length=20,
        blank=True,
        help_text=_("Two files with one job number are one text."),
    )
    # Of all passages, so that the same text is known again.
    digest = models.CharField(_("digest"), max_length=64)
    imported = models.ForeignKey(
        Import,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("import"),
    )
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("typed by"),
    )
    kept_at = models.DateTimeField(_("kept since"), default=timezone.now)

    objects = DocumentTextQuerySet.as_manager()

    class Meta:
        ordering = ["document", "language", "pk"]
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of documents")
        constraints = [
            models.UniqueConstraint(
                name="official_text_once_a_language",
                fields=["document", "language"],
                condition=Q(typed_by__isnull=True),
            ),
            models.UniqueConstraint(
                name="typed_text_once_a_language",
                fields=["document", "language"],
                condition=Q(typed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="text_is_imported_or_typed",
                condition=Q(imported__isnull=True) ^ Q(typed_by__isnull=True),
            ),
            models.CheckConstraint(
                name="text_language_is_known",
                condition=Q(language__in=["en", "fr", "es", "ru", "ar", "zh", "de"]),
            ),
        ]

    def __str__(self):
        return f"{self.document}, {self.get_language_display()}"

    @property
    def is_typed(self):
        """Whether a person typed it, instead of an official file."""
        return self.typed_by_id is not None

    @property
    def own_name(self):
        """The language by its own name."""
        return OWN_NAMES[self.language]

    @property
    def direction(self):
        """From where to where it is read."""
        return direction_of(self.language)


# What each language calls itself.
OWN_NAMES = {
    **{"en": "English", "fr": "français", "es": "español", "ru": "русский"},
    **{"ar": "العربية", "zh": "中文", "de": "Deutsch"},
}


class Paragraph(models.Model):
    """One paragraph, or one heading, of a text, under the label it is cited by."""

    class Place(models.TextChoices):
        OPENING = "opening", _("opening words")
        PREAMBLE = "preamble", _("preamble")
        OPERATIVE = "operative", _("operative part")
        STATEMENT = "statement", _("statement")
        ANNEX = "annex", _("annex")

    text = models.ForeignKey(
        DocumentText,
        on_delete=models.CASCADE,
        related_name="paragraphs",
        verbose_name=_("text"),
    )
    order = models.PositiveIntegerField(_("order"))
    place = models.CharField(_("place"), max_length=10, choices=Place)
    label = models.CharField(
        _("label"),
        max_length=80,
        blank=True,
        help_text=_("As the United Nations cites it, such as OP 30 (f) (i)."),
    )
    # The same in all languages, so that they are aligned by it.
    anchor = models.CharField(_("address"), max_length=120)
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    section = models.CharField(_("section"), max_length=20, blank=True)
    annex = models.CharField(_("annex"), max_length=300, blank=True)
    is_heading = models.BooleanField(_("heading"), default=False)
    is_quotation = models.BooleanField(
        _("quotation"),
        default=False,
        help_text=_("In an annex that gives the words of others."),
    )
    words = models.TextField(_("words"))

    class Meta:
        ordering = ["text", "order"]
        verbose_name = _("paragraph")
        verbose_name_plural = _("paragraphs")
        constraints = [
            models.UniqueConstraint(
                name="paragraph_order_once", fields=["text", "order"]
            ),
            models.UniqueConstraint(
                name="paragraph_address_once", fields=["text", "anchor"]
            ),
            models.CheckConstraint(
                name="paragraph_says_something", condition=~Q(words="")
            ),
            models.CheckConstraint(
                name="paragraph_place_is_known",
                condition=Q(
                    place__in=[
                        *("opening", "preamble", "operative", "statement", "annex")
                    ]
                ),
            ),
            models.CheckConstraint(
                name="heading_bears_no_label",
                condition=Q(is_heading=False) | Q(label=""),
            ),
        ]

    def __str__(self):
        return self.label or self.words[:40]

    @property
    def cited(self):
        """Its label as it is cited within the document, in an annex with its name."""
        if not self.label or self.place != self.Place.ANNEX:
            return self.label
        return f"{self.annex[:40]}, {self.label}"


def places_in(symbol):
    """The paragraphs of a document that are known, and whether these are all it has.

    Each as a pinpoint is read; from a text that was imported, else from the index,
    which lists only those with a term. Two queries.
    """
    rows = Paragraph.objects.filter(text__document__symbol=symbol, is_heading=False)
    rows = rows.exclude(label="").values_list("label", "annex", "place").order_by()
    annex = Paragraph.Place.ANNEX
    found = {
        pinpoints.label(label, (title or "annex") if place == annex else "")
        for label, title, place in rows.distinct()
    }
    if found:
        return frozenset(found), True
    passages = Passage.objects.filter(document__symbol=symbol)
    return frozenset(each.pinpoint for each in passages), False
