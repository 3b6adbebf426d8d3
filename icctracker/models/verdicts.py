"""Verdicts: what other trackers and reports say of a recommendation."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class VerdictQuerySet(models.QuerySet):
    def known(self, as_of, known_at=None):
        """What had been said up to a day, as recorded by an instant; newest first."""
        said = self.filter(said_on__lte=as_of)
        return said.filter(recorded_at__lte=known_at) if known_at else said


class Verdict(models.Model):
    """The verdict of another tracker, in its own words; it moves no status of ours."""

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
            ),
        ]

    def __str__(self):
        return f"{self.tracker}: {self.verdict}"
