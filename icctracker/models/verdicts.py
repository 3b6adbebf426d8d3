"""Verdicts: what other trackers and reports say of a recommendation."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class VerdictQuerySet(models.QuerySet):
    def known(self, as_of, known_at=None):
        """What had been said up to a day, as it stood at an instant; newest first."""
        said = self.filter(said_on__lte=as_of)
        if known_at is None:
            return said.filter(withdrawn_at__isnull=True)
        return said.filter(recorded_at__lte=known_at).exclude(
            withdrawn_at__lte=known_at
        )


class Verdict(models.Model):
    """The verdict of another tracker, in its own words; it moves no status of ours.

    It is never rewritten: one that was taken down wrongly is withdrawn, with a reason,
    and recorded anew, so that the past stays as it was known.
    """

    recommendation = models.ForeignKey(
        "icctracker.Recommendation",
        on_delete=models.PROTECT,
        related_name="verdicts",
        verbose_name=_("recommendation"),
    )
    tracker = models.CharField(
        _("who says so"),
        max_length=160,
        help_text=_("The tracker or report, and who publishes it."),
    )
    verdict = models.CharField(
        _("verdict"), max_length=300, help_text=_("In their own words, quoted.")
    )
    url = models.URLField(_("where it is said"), max_length=500)
    said_on = models.DateField(_("as of"))
    note = models.TextField(
        _("note"),
        max_length=2000,
        blank=True,
        help_text=_("What they measure, where it is not the same as ours."),
    )
    recorded_at = models.DateTimeField(
        _("recorded at"), default=timezone.now, editable=False
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, editable=False
    )
    withdrawal_reason = models.TextField(
        _("reason for withdrawal"), max_length=2000, blank=True, editable=False
    )

    history = HistoricalRecords()
    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["-said_on", "tracker", "pk"]
        verbose_name = _("verdict of another tracker")
        verbose_name_plural = _("verdicts of other trackers")
        constraints = [
            models.CheckConstraint(
                name="verdict_is_quoted", condition=~Q(verdict="") & ~Q(tracker="")
            ),
            models.UniqueConstraint(
                name="verdict_recorded_once",
                fields=["recommendation", "tracker", "said_on"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="verdict_withdrawn_has_a_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.tracker}: {self.verdict}"
