"""From which earlier paragraph a paragraph was taken, and what has none after it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .council import Document, Import
from .paragraphs import DocumentText


class Descent(models.Model):
    """One paragraph and its nearest forerunner; or words that no later text has.

    It is shipped, or was computed from the texts that were imported. Both are kept
    beside each other, and no words of either.
    """

    class Kind(models.TextChoices):
        MANDATE = "mandate", _("Mandates")
        SANCTIONS = "sanctions", _("Sanctions")
        OTHER = "other", _("Other resolutions")
        STATEMENT = "statement", _("Statements by the President")
        DRAFT = "draft", _("Drafts not adopted")

    class Change(models.TextChoices):
        SAME = "same", _("the same words")
        ADAPTED = "adapted", _("adapted")
        REWORKED = "reworked", _("reworked")
        NEW = "new", _("no forerunner found")
        DROPPED = "dropped", _("dropped")
        ENDED = "ended", _("the texts ended")

    # A forerunner was found; or words have nothing after them.
    TAKEN = (Change.SAME, Change.ADAPTED, Change.REWORKED)
    ENDS = (Change.DROPPED, Change.ENDED)

    series = models.CharField(_("series"), max_length=400)
    kind = models.CharField(_("kind of text"), max_length=10, choices=Kind)
    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="descents",
        verbose_name=_("document"),
    )
    label = models.CharField(
        _("paragraph"),
        max_length=80,
        blank=True,
        help_text=_("Empty where the document has nothing like the earlier words."),
    )
    previous = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="descendants",
        null=True,
        blank=True,
        verbose_name=_("earlier document"),
    )
    previous_label = models.CharField(_("its paragraph"), max_length=80, blank=True)
    similarity = models.FloatField(
        _("share of words kept in order"), null=True, blank=True
    )
    change = models.CharField(_("change"), max_length=10, choices=Change)
    words = models.PositiveIntegerField(_("length in words"), null=True, blank=True)
    words_added = models.PositiveIntegerField(_("words added"), null=True, blank=True)
    words_removed = models.PositiveIntegerField(
        _("words dropped"), null=True, blank=True
    )
    terms = models.CharField(_("terms"), max_length=200, blank=True)
    terms_added = models.CharField(_("terms gained"), max_length=200, blank=True)
    terms_removed = models.CharField(_("terms lost"), max_length=200, blank=True)
    # What is shipped was loaded; what was computed rests on a text.
    imported = models.ForeignKey(
        Import,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("import"),
    )
    text = models.ForeignKey(
        DocumentText,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("text that it was computed from"),
    )
    # With how many texts it was compared, of how many it is to be.
    compared = models.PositiveSmallIntegerField(
        _("texts compared"), null=True, blank=True
    )
    comparable = models.PositiveSmallIntegerField(
        _("texts to be compared"), null=True, blank=True
    )

    class Meta:
        ordering = ["document", "pk"]
        verbose_name = _("descent of a paragraph")
        verbose_name_plural = _("descents of paragraphs")
        constraints = [
            *(
                models.UniqueConstraint(
                    name=f"descent_{what}_once_{how}",
                    fields=fields,
                    condition=Q(is_so) & condition,
                )
                for how, is_so in (
                    ("shipped", ("imported__isnull", False)),
                    ("computed", ("imported__isnull", True)),
                )
                for what, fields, condition in (
                    ("of_paragraph", ["document", "label"], ~Q(label="")),
                    ("end", ["previous", "previous_label"], Q(label="")),
                )
            ),
            models.CheckConstraint(
                name="descent_change_has_its_ends",
                condition=(
                    Q(
                        change__in=["same", "adapted", "reworked"],
                        previous__isnull=False,
                    )
                    & ~Q(label="")
                    & ~Q(previous_label="")
                )
                | (
                    Q(change="new", previous__isnull=True, previous_label="")
                    & ~Q(label="")
                )
                | (
                    Q(change__in=["dropped", "ended"], previous__isnull=False, label="")
                    & ~Q(previous_label="")
                ),
            ),
            models.CheckConstraint(
                name="descent_is_shipped_or_computed",
                condition=Q(
                    imported__isnull=False,
                    text__isnull=True,
                    compared__isnull=True,
                    comparable__isnull=True,
                )
                | Q(
                    imported__isnull=True,
                    text__isnull=False,
                    compared__isnull=False,
                    comparable__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="descent_kind_is_known",
                condition=Q(
                    kind__in=["mandate", "sanctions", "other", "statement", "draft"]
                ),
            ),
        ]

    def __str__(self):
        return f"{self.document}, {self.label or self.get_change_display()}"

    @property
    def is_shipped(self):
        return self.imported_id is not None

    @property
    def is_whole(self):
        """Whether it was compared with all that it is to be compared with."""
        return self.is_shipped or self.compared == self.comparable


class DescentCorrectionQuerySet(models.QuerySet):
    def standing(self):
        """Those that were not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class DescentCorrection(models.Model):
    """A reviewer's word on the forerunner of a paragraph: another, or none; with why.

    What the table or the texts say of it stays beside. Whoever sets it anew, or takes
    it back, leaves this one on record.
    """

    document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        related_name="descent_corrections",
        verbose_name=_("document"),
    )
    label = models.CharField(_("paragraph"), max_length=80)
    previous = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("earlier document"),
        help_text=_("Empty if it was taken from none."),
    )
    previous_label = models.CharField(_("its paragraph"), max_length=80, blank=True)
    reason = models.TextField(_("reason"))
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("corrected by"),
    )
    corrected_at = models.DateTimeField(_("corrected at"), default=timezone.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("taken back by"),
    )
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    withdrawal_reason = models.TextField(_("why it was taken back"), blank=True)

    objects = DescentCorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-corrected_at", "-pk"]
        verbose_name = _("correction of a descent")
        verbose_name_plural = _("corrections of descents")
        constraints = [
            models.UniqueConstraint(
                name="descent_correction_one_standing",
                fields=["document", "label"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="descent_correction_has_a_reason",
                condition=~Q(reason="") & ~Q(label=""),
            ),
            models.CheckConstraint(
                name="descent_correction_names_a_paragraph",
                condition=Q(previous__isnull=True, previous_label="")
                | (Q(previous__isnull=False) & ~Q(previous_label="")),
            ),
            models.CheckConstraint(
                name="descent_correction_withdrawn_with_a_reason",
                condition=Q(
                    withdrawn_at__isnull=True,
                    withdrawn_by__isnull=True,
                    withdrawal_reason="",
                )
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawal_reason="")
                ),
            ),
        ]

    def __str__(self):
        return f"{self.document}, {self.label}"
