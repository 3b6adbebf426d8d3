"""Searches: logged looks for evidence that found nothing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .recommendations import speaks_to


class SearchQuerySet(models.QuerySet):
    def known(self, known_at=None):
        """What stands on the log now, or stood on it at an instant."""
        if known_at is None:
            return self.filter(withdrawn_at__isnull=True)
        return self.filter(recorded_at__lte=known_at).exclude(
            withdrawn_at__lte=known_at
        )

    def under(self, codebook):
        """Those that speak to the criteria of a version as it means them."""
        return self.filter(speaks_to(codebook))


class Search(models.Model):
    """A logged look for evidence that found nothing.

    It is what tells "no action found" from "nobody has looked".
    """

    criterion = models.ForeignKey(
        "icctracker.Criterion",
        on_delete=models.PROTECT,
        related_name="searches",
        verbose_name=_("criterion"),
    )
    searched_on = models.DateField(_("date of the search"))
    where = models.CharField(_("where"), max_length=300)
    query = models.CharField(_("what was asked"), max_length=500)
    outcome = models.TextField(_("outcome"), max_length=2000)
    searched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="searches",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("by"),
        help_text=_("Empty for what came with the first data."),
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
    objects = SearchQuerySet.as_manager()

    class Meta:
        ordering = ["-searched_on", "-pk"]
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        constraints = [
            models.UniqueConstraint(
                name="search_logged_once",
                fields=["criterion", "searched_on", "where", "query"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="search_withdrawn_has_a_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code}, {self.searched_on}: {self.query}"
