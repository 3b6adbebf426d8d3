"""Status changes: what the page of a recommendation said, each time it changed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .assessments import ImplementationStatus


class StatusChange(models.Model):
    """From an instant on readers were shown another status; never edited.

    The first row of a recommendation has nothing before it.
    """

    class Cause(models.TextChoices):
        FIRST = "first", _("the first status on record")
        PUBLICATION = "publication", _("an entry was published")
        CORRECTION = "correction", _("an entry was corrected")
        WITHDRAWAL = "withdrawal", _("an entry was withdrawn")
        ASSESSMENT = "assessment", _("a curator assessed it")
        SEARCH = "search", _("a search was logged or withdrawn")
        CODEBOOK = "codebook", _("another codebook came into force")
        TIME = "time", _("time passed")

    recommendation = models.ForeignKey(
        "icctracker.Recommendation",
        on_delete=models.PROTECT,
        related_name="status_changes",
        verbose_name=_("recommendation"),
    )
    at = models.DateTimeField(_("at"))
    as_of = models.DateField(_("status as of"))
    before = models.CharField(
        _("before"), max_length=20, choices=ImplementationStatus, blank=True
    )
    before_reason = models.CharField(_("with reason"), max_length=40, blank=True)
    after = models.CharField(_("after"), max_length=20, choices=ImplementationStatus)
    after_reason = models.CharField(_("with reason"), max_length=40, blank=True)
    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    decision = models.ForeignKey(
        "icctracker.ReviewDecision",
        on_delete=models.PROTECT,
        related_name="status_changes",
        null=True,
        blank=True,
        verbose_name=_("decision"),
    )
    assessment = models.ForeignKey(
        "icctracker.Assessment",
        on_delete=models.PROTECT,
        related_name="status_changes",
        null=True,
        blank=True,
        verbose_name=_("assessment"),
    )

    class Meta:
        ordering = ["-at", "-pk"]
        get_latest_by = ["at", "pk"]
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        indexes = [models.Index(fields=["at"], name="status_change_at")]
        constraints = [
            models.CheckConstraint(
                name="status_change_changes_something",
                condition=~Q(before=F("after"), before_reason=F("after_reason")),
            ),
            models.CheckConstraint(
                name="status_change_first_has_nothing_before",
                condition=Q(cause="first", before="")
                | (~Q(cause="first") & ~Q(before="")),
            ),
            models.CheckConstraint(
                name="status_change_is_known",
                condition=Q(after__in=ImplementationStatus.values),
            ),
        ]

    def __str__(self):
        return f"{self.recommendation.code}, {self.at:%Y-%m-%d}: {self.after}"
