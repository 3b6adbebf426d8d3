"""Publications, their recommendations, and the codebook that makes them testable."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Publication(models.Model):
    """The document whose recommendations are tracked."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=300)
    author = models.CharField(_("author"), max_length=200, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200)
    published_on = models.DateField(_("published on"))
    form = models.CharField(_("form"), max_length=80, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    about = models.TextField(_("about"), blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["published_on", "pk"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self):
        return self.title


class Addressee(models.Model):
    """Those whom a publication asks to act."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    label = models.CharField(_("label"), max_length=200)
    heading = models.CharField(
        _("heading"),
        max_length=300,
        blank=True,
        help_text=_("The publication's own heading above these recommendations."),
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("addressee")
        verbose_name_plural = _("addressees")

    def __str__(self):
        return self.label


class Recommendation(models.Model):
    """One recommendation, verbatim, with its number, code and addressees."""

    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name=_("publication"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    code = models.CharField(
        _("code"),
        max_length=12,
        unique=True,
        help_text=_("Stable, as in R4: it is cited in print."),
    )
    short_title = models.CharField(_("short title"), max_length=120)
    text = models.TextField(_("text"), help_text=_("Verbatim."))
    addressees = models.ManyToManyField(
        Addressee, related_name="recommendations", verbose_name=_("addressees")
    )

    history = HistoricalRecords(m2m_fields=[addressees])

    class Meta:
        ordering = ["publication", "number"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.UniqueConstraint(
                name="recommendation_number_once_per_publication",
                fields=["publication", "number"],
            ),
            models.CheckConstraint(
                name="recommendation_has_text", condition=~Q(text="")
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.short_title}"

    def get_absolute_url(self):
        return reverse("recommendation-detail", args=[self.code.lower()])


class CodebookQuerySet(models.QuerySet):
    def in_force(self, on=None):
        """The newest version published by a date, or of all."""
        versions = self.filter(published_on__lte=on) if on else self
        return versions.order_by("-published_on", "-pk").first()


class Codebook(models.Model):
    """A version of the criteria. Criteria change only by a new version."""

    version = models.CharField(_("version"), max_length=20, unique=True)
    published_on = models.DateField(_("published on"))
    note = models.TextField(_("what changed, and why"), blank=True)

    history = HistoricalRecords()
    objects = CodebookQuerySet.as_manager()

    class Meta:
        ordering = ["-published_on", "-pk"]
        verbose_name = _("codebook")
        verbose_name_plural = _("codebooks")

    def __str__(self):
        return _("Codebook %(version)s") % {"version": self.version}


class CriterionQuerySet(models.QuerySet):
    def in_force(self):
        """The criteria of the codebook in force."""
        return self.filter(codebook=Codebook.objects.in_force())


class Criterion(models.Model):
    """A testable part of a recommendation: what counts and what does not."""

    class CriterionKind(models.TextChoices):
        DELIVER = "deliver", _("Deliver")
        SUSTAIN = "sustain", _("Sustain")
        REFRAIN = "refrain", _("Refrain")

    class DeliveredBy(models.TextChoices):
        DECISION = "decision", _("A decision")
        FORMAL = "formal", _("A formal product")

    codebook = models.ForeignKey(
        Codebook,
        on_delete=models.PROTECT,
        related_name="criteria",
        verbose_name=_("codebook"),
    )
    recommendation = models.ForeignKey(
        Recommendation,
        on_delete=models.PROTECT,
        related_name="criteria",
        verbose_name=_("recommendation"),
    )
    code = models.CharField(_("code"), max_length=12)
    kind = models.CharField(_("kind"), max_length=10, choices=CriterionKind)
    essential = models.BooleanField(_("essential"), default=True)
    statement = models.TextField(_("statement"))
    counts = models.TextField(_("what counts"))
    does_not_count = models.TextField(_("what does not count"), blank=True)
    delivered_by = models.CharField(
        _("delivered by"),
        max_length=10,
        choices=DeliveredBy,
        default=DeliveredBy.DECISION,
        help_text=_("For a thing to be created: what it takes to deliver it in full."),
    )

    history = HistoricalRecords()
    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation__number", "code"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(
                name="criterion_code_once_per_codebook", fields=["codebook", "code"]
            ),
            models.CheckConstraint(
                name="criterion_kind_is_known",
                condition=Q(kind__in=["deliver", "sustain", "refrain"]),
            ),
            models.CheckConstraint(
                name="criterion_delivered_by_is_known",
                condition=Q(delivered_by__in=["decision", "formal"]),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.statement}"
