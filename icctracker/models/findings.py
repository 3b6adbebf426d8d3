"""Findings: what one piece of evidence shows about one criterion."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from icctracker import ruleset

from .dissents import Dissent
from .recommendations import speaks_to
from .vocabulary import Effect, Form, Tier


class FindingQuerySet(models.QuerySet):
    def accepted(self, known_at=None):
        """What is accepted now, or was at an instant."""
        if known_at is None:
            return self.filter(accepted_at__isnull=False, retired_at__isnull=True)
        return self.filter(accepted_at__lte=known_at).exclude(retired_at__lte=known_at)

    def under(self, codebook):
        """Those that speak to the criteria of a version as it means them."""
        return self.filter(speaks_to(codebook))

    def current(self):
        """Accepted or still in draft, but not superseded."""
        return self.filter(retired_at__isnull=True)

    def with_dispute(self, known_at=None):
        """Annotate whether it was in dispute: marked so, or dissented from.

        A dissent outlives a correction and a second coding, as a dispute does: it is
        settled once the finding has the effect that its author would give.
        """
        dissents = (
            Dissent.objects.on_record(known_at)
            .filter(
                finding__evidence=OuterRef("evidence"),
                # By code: a version of the codebook later, it is the same criterion.
                finding__criterion__code=OuterRef("criterion__code"),
                # From the finding itself, or from one that it took the place of.
                finding__accepted_at__lte=OuterRef("accepted_at"),
            )
            .exclude(effect=OuterRef("effect"))
        )
        return self.annotate(
            in_dispute=ExpressionWrapper(
                Q(disputed=True) | Exists(dissents), output_field=models.BooleanField()
            )
        )


class Finding(models.Model):
    """What one piece of evidence shows about one criterion.

    Once accepted it is never edited: a correction retires it and adds another that
    says which one it supersedes. Acceptance copies what the rule reads of the entry
    (date, tier, publisher), so that the past can be computed as it was known.
    """

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.PROTECT,
        related_name="findings",
        verbose_name=_("evidence"),
    )
    criterion = models.ForeignKey(
        "icctracker.Criterion",
        on_delete=models.PROTECT,
        related_name="findings",
        verbose_name=_("criterion"),
    )
    effect = models.SmallIntegerField(
        _("effect"),
        choices=Effect,
        validators=[MinValueValidator(-2), MaxValueValidator(2)],
    )
    form = models.CharField(_("form"), max_length=10, choices=Form)
    form_reason = models.CharField(
        _("why this form"),
        max_length=500,
        blank=True,
        help_text=_("Where the form differs from the one its kind proposes."),
    )
    occasion = models.BooleanField(
        _("occasion"),
        default=False,
        help_text=_("The addressee could have complied or not at that moment."),
    )
    pinpoint = models.CharField(_("pinpoint"), max_length=60, blank=True)
    rationale = models.TextField(_("reason"), max_length=2000)
    coded_twice = models.BooleanField(_("coded twice"), default=False)
    disputed = models.BooleanField(_("in dispute"), default=False)
    second_coding = models.ForeignKey(
        "icctracker.Coding",
        on_delete=models.PROTECT,
        related_name="findings",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("second coding"),
        help_text=_("Keeps the first coding, and what was decided where they differ."),
    )
    coded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="findings",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("coded by"),
    )

    event_date = models.DateField(null=True, blank=True, editable=False)
    tier = models.CharField(max_length=1, choices=Tier, blank=True, editable=False)
    publisher = models.CharField(max_length=120, blank=True, editable=False)
    accepted_at = models.DateTimeField(
        _("accepted at"), null=True, blank=True, editable=False
    )
    retired_at = models.DateTimeField(
        _("retired at"), null=True, blank=True, editable=False
    )
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="superseded_by",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("supersedes"),
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["evidence", "criterion__code", "pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        indexes = [
            models.Index(fields=["accepted_at", "retired_at"], name="finding_known")
        ]
        constraints = [
            models.UniqueConstraint(
                name="finding_once_per_criterion",
                fields=["evidence", "criterion"],
                condition=Q(retired_at__isnull=True),
            ),
            models.CheckConstraint(
                name="finding_effect_in_range",
                condition=Q(effect__gte=-2, effect__lte=2),
            ),
            models.CheckConstraint(
                name="finding_form_is_known", condition=Q(form__in=Form.values)
            ),
            models.CheckConstraint(
                name="finding_has_a_reason", condition=~Q(rationale="")
            ),
            models.CheckConstraint(
                name="finding_accepted_is_frozen",
                condition=Q(accepted_at__isnull=True, event_date__isnull=True, tier="")
                | (
                    Q(accepted_at__isnull=False, event_date__isnull=False) & ~Q(tier="")
                ),
            ),
            models.CheckConstraint(
                name="finding_retired_after_accepted",
                condition=Q(retired_at__isnull=True)
                | Q(retired_at__gte=F("accepted_at")),
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code}: {self.effect:+d}"

    def says_the_same(self, other):
        """Whether another finding differs in nothing that readers are told."""
        said = "effect form form_reason occasion pinpoint rationale".split()
        said += ["event_date", "tier", "publisher"]
        return all(getattr(self, name) == getattr(other, name) for name in said)

    @property
    def weight(self):
        """The weight the rule gives it, by its form and the tier of its source."""
        return ruleset.weigh(self.form, self.tier or self.evidence.tier)
