"""Documents that somebody looked at and set aside: why, and whether still."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DismissalQuerySet(models.QuerySet):
    def standing(self):
        """Those that have not been undone."""
        return self.filter(undone_at__isnull=True)


class Dismissal(models.Model):
    """One document set aside by one person for a reason; undone, never deleted."""

    document = models.ForeignKey(
        "icctracker.Document",
        on_delete=models.PROTECT,
        related_name="dismissals",
        verbose_name=_("document"),
    )
    reason = models.TextField(_("reason"), max_length=500)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="dismissals",
        verbose_name=_("set aside by"),
    )
    dismissed_at = models.DateTimeField(_("set aside at"), default=timezone.now)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("put back by"),
    )
    undone_at = models.DateTimeField(_("put back at"), null=True, blank=True)

    objects = DismissalQuerySet.as_manager()

    class Meta:
        ordering = ["-dismissed_at", "-pk"]
        verbose_name = _("document set aside")
        verbose_name_plural = _("documents set aside")
        constraints = [
            models.UniqueConstraint(
                name="dismissal_stands_once",
                fields=["document"],
                condition=Q(undone_at__isnull=True),
            ),
            models.CheckConstraint(
                name="dismissal_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="dismissal_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
            models.CheckConstraint(
                name="dismissal_undone_afterwards",
                condition=Q(undone_at__isnull=True)
                | Q(undone_at__gte=F("dismissed_at")),
            ),
        ]

    def __str__(self):
        return f"{self.document}: {self.reason}"
