"""What evidence is about, and who acted."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Situation(models.Model):
    """A situation or theme that evidence belongs to."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    note = models.TextField(_("note"), blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("situation")
        verbose_name_plural = _("situations")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("situation-detail", args=[self.slug])


class Actor(models.Model):
    """Who acted: a State, an organ, a committee, a person in office."""

    name = models.CharField(_("name"), max_length=160, unique=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name = _("actor")
        verbose_name_plural = _("actors")

    def __str__(self):
        return self.name
