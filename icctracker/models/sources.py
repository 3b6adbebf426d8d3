"""Sources: the documents and pages that show an event."""

from urllib.parse import urlsplit

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

# Publishers that speak through several hosts; every other publisher is its host.
_PUBLISHERS = {
    "un.org": "United Nations",
    "undocs.org": "United Nations",
    "unvienna.org": "United Nations",
    "unmultimedia.org": "United Nations",
    "icc-cpi.int": "International Criminal Court",
    "securitycouncilreport.org": "Security Council Report",
}


def publisher_of(url):
    """Who publishes at an address: a known name, else the host without ``www``."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    for known, name in _PUBLISHERS.items():
        if host == known or host.endswith(f".{known}"):
            return name
    return host


class Source(models.Model):
    """A document or page that shows an event. An entry rests on the first one."""

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.CASCADE,
        related_name="sources",
        verbose_name=_("evidence"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    url = models.URLField(
        _("address"),
        max_length=500,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    label = models.CharField(_("what it is"), max_length=200)
    publisher = models.CharField(_("publisher"), max_length=120, blank=True)
    official = models.BooleanField(
        _("official"),
        default=False,
        help_text=_("Issued by the UN, the Court or a government."),
    )
    archived_url = models.URLField(
        _("archived copy"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.UniqueConstraint(
                name="source_once_per_entry", fields=["evidence", "url"]
            ),
            models.CheckConstraint(
                name="source_address_is_http",
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
            ),
        ]

    def __str__(self):
        return self.label

    def save(self, **kwargs):
        longest = self._meta.get_field("publisher").max_length
        self.publisher = self.publisher or publisher_of(self.url)[:longest]
        super().save(**kwargs)
