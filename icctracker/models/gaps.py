"""Known gaps: what the data does not hold, and says so."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class GapQuerySet(models.QuerySet):
    def open_on(self, day):
        """The gaps that were known on a day and not yet closed."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))


class Gap(models.Model):
    """Something the data is known to lack; readers see it until it is closed."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    text = models.TextField(_("what is missing"))
    noted_on = models.DateField(_("noted on"))
    closed_on = models.DateField(
        _("closed on"), null=True, blank=True, help_text=_("When it was filled.")
    )

    history = HistoricalRecords()
    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("known gap")
        verbose_name_plural = _("known gaps")
        constraints = [
            models.CheckConstraint(name="gap_says_what", condition=~Q(text="")),
            models.CheckConstraint(
                name="gap_closed_after_noted",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("noted_on")),
            ),
        ]

    def __str__(self):
        return self.slug
