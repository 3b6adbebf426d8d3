"""Assessments: what the rule suggested, what the curator decided, and why."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ImplementationStatus(models.TextChoices):
    """The words a reader may quote; the last two are set by a curator only."""

    NOT_ASSESSED = "not-assessed", _("Not yet assessed")
    INSUFFICIENT = "insufficient", _("Insufficient evidence")
    NOT_FOLLOWED = "not-followed", _("Not followed")
    LIMITED = "limited", _("Followed to a limited extent")
    SUBSTANTIAL = "substantial", _("Largely followed")
    FOLLOWED = "followed", _("Followed")
    OVERTAKEN = "overtaken", _("Overtaken by events")
    NOT_TESTABLE = "not-testable", _("Cannot be tested as worded")


class Trend(models.TextChoices):
    ADVANCING = "advancing", _("Advancing")
    STEADY = "steady", _("Steady")
    STALLED = "stalled", _("Stalled")
    REGRESSING = "regressing", _("Regressing")


class Confidence(models.TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class AssessmentQuerySet(models.QuerySet):
    def in_force(self, as_of, known_at=None):
        """What had been assessed for a date, as known at an instant, newest first."""
        known = self.filter(assessed_on__lte=as_of)
        if known_at:
            known = known.filter(recorded_at__lte=known_at)
        return known.order_by("-assessed_on", "-recorded_at", "-pk")


class Assessment(models.Model):
    """The status of one recommendation on one date; never edited, only followed."""

    recommendation = models.ForeignKey(
        "icctracker.Recommendation",
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("recommendation"),
    )
    codebook = models.ForeignKey(
        "icctracker.Codebook",
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("codebook"),
    )
    ruleset = models.CharField(_("ruleset"), max_length=20)
    assessed_on = models.DateField(_("status as of"))
    suggested = models.CharField(
        _("suggested by the rule"), max_length=20, choices=ImplementationStatus
    )
    suggested_reason = models.CharField(_("with reason"), max_length=40, blank=True)
    decided = models.CharField(
        _("decided by the curator"), max_length=20, choices=ImplementationStatus
    )
    decided_reason = models.CharField(_("with reason"), max_length=40, blank=True)
    rationale = models.TextField(
        _("reason for the decision"),
        blank=True,
        max_length=5000,
        help_text=_("Compulsory where the decision differs from the suggestion."),
    )
    trend = models.CharField(_("trend"), max_length=12, choices=Trend, blank=True)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence)
    contrary = models.BooleanField(_("contrary practice present"), default=False)
    review_due_on = models.DateField(_("next review due"))
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("assessed by"),
    )
    recorded_at = models.DateTimeField(
        _("recorded at"), default=timezone.now, editable=False
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-assessed_on", "-recorded_at", "-pk"]
        get_latest_by = ["assessed_on", "recorded_at"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.CheckConstraint(
                name="assessment_override_has_a_reason",
                condition=Q(decided=F("suggested")) | ~Q(rationale=""),
            ),
            models.CheckConstraint(
                name="assessment_statuses_are_known",
                condition=Q(decided__in=ImplementationStatus.values)
                & Q(suggested__in=ImplementationStatus.values),
            ),
            models.CheckConstraint(
                name="assessment_review_follows",
                condition=Q(review_due_on__gt=F("assessed_on")),
            ),
        ]

    def __str__(self):
        return f"{self.recommendation.code}, {self.assessed_on}: {self.decided}"

    @property
    def overrides(self):
        """Whether the curator decided otherwise than the rule suggested."""
        return self.decided != self.suggested
