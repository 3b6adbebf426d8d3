"""Reconciliations: what is decided where two codings of an entry differ."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .codings import Coding
from .vocabulary import Effect, Form


class Reconciliation(models.Model):
    """What a third person decides, or one coder proposes and the other confirms.

    Until it is decided a proposal may be replaced; afterwards it is never changed.
    Both codings are kept with it.
    """

    coding = models.OneToOneField(
        Coding,
        on_delete=models.PROTECT,
        related_name="reconciliation",
        verbose_name=_("second coding"),
    )
    together = models.BooleanField(
        _("by the two coders"),
        help_text=_("One proposed it and the other confirmed it."),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reconciliations",
        verbose_name=_("decided or proposed by"),
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="reconciliations_confirmed",
        null=True,
        blank=True,
        verbose_name=_("confirmed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        constraints = [
            models.CheckConstraint(
                name="reconciliation_takes_a_third_person_or_both_coders",
                condition=Q(
                    together=False, decided_at__isnull=False, confirmed_by__isnull=True
                )
                | Q(together=True, decided_at__isnull=True, confirmed_by__isnull=True)
                | Q(
                    together=True, decided_at__isnull=False, confirmed_by__isnull=False
                ),
            ),
            models.CheckConstraint(
                name="reconciliation_is_confirmed_by_the_other",
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("proposed_by")),
            ),
        ]

    def __str__(self):
        return str(_("Decided") if self.decided_at else _("Proposed"))


class ReconciledLine(models.Model):
    """What is decided about one criterion on which two codings differ, and why.

    Without an effect the entry is to have no finding about the criterion.
    """

    class Taken(models.TextChoices):
        FIRST = "first", _("As the first coder")
        SECOND = "second", _("As the second coder")
        OTHER = "other", _("Otherwise")

    reconciliation = models.ForeignKey(
        Reconciliation, on_delete=models.PROTECT, related_name="lines"
    )
    criterion = models.ForeignKey(
        "icctracker.Criterion",
        on_delete=models.PROTECT,
        related_name="reconciled_lines",
        verbose_name=_("criterion"),
    )
    taken = models.CharField(_("decision"), max_length=10, choices=Taken)
    effect = models.SmallIntegerField(
        _("effect"), choices=Effect, null=True, blank=True
    )
    form = models.CharField(_("form"), max_length=10, choices=Form, blank=True)
    occasion = models.BooleanField(_("occasion"), default=False)
    reason = models.TextField(_("reason"), max_length=2000)

    class Meta:
        ordering = ["reconciliation", "criterion__code"]
        verbose_name = _("reconciled line")
        verbose_name_plural = _("reconciled lines")
        constraints = [
            models.UniqueConstraint(
                name="reconciled_line_once_per_criterion",
                fields=["reconciliation", "criterion"],
            ),
            models.CheckConstraint(
                name="reconciled_line_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="reconciled_line_decision_is_known",
                condition=Q(taken__in=["first", "second", "other"]),
            ),
            models.CheckConstraint(
                name="reconciled_line_effect_and_form_together",
                condition=Q(effect__isnull=True, form="", occasion=False)
                | Q(
                    effect__isnull=False,
                    effect__gte=-2,
                    effect__lte=2,
                    form__in=Form.values,
                ),
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code}: {self.get_taken_display()}"
