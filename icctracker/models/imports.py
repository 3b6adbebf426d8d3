"""Imports of files into the Council's record: what ran, and what came from where."""

import os
import socket
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from .catalogue import Ballot, Document, FromImport, Import

# A run that has given no sign for so long has ended without saying so.
SILENCE = timedelta(minutes=10)


class ImportRun(models.Model):
    """One attempt to bring in one file: how far it is, and what it found."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Being compared with the record")
        CHECKED = "checked", _("Compared; nothing is imported yet")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Imported")
        REFUSED = "refused", _("Not imported")
        STOPPED = "stopped", _("Stopped before its end; nothing was imported")
        DISCARDED = "discarded", _("Discarded; nothing was imported")

    file = models.CharField(_("file"), max_length=200)
    layout = models.CharField(_("recognised as"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State)
    date_order = models.CharField(_("order in dates"), max_length=12, blank=True)
    partly = models.BooleanField(_("import what has no fault"), default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    started_at = models.DateTimeField(_("started at"), default=timezone.now)
    # The last sign of life; a run that is silent for long no longer holds the lock.
    seen_at = models.DateTimeField(_("last seen at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(_("read, in per cent"), default=0)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    message = models.TextField(_("message"), blank=True)
    # Machine and process, as in web1:4711: one that has died no longer holds the lock.
    process = models.CharField(_("process"), max_length=120, blank=True)
    # Only one run writes to the record at a time.
    holds_lock = models.BooleanField(_("is writing"), default=False)
    imported = models.ForeignKey(
        Import,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name=_("import"),
    )

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        constraints = [
            models.UniqueConstraint(
                name="one_import_at_a_time",
                fields=["holds_lock"],
                condition=Q(holds_lock=True),
            ),
            models.CheckConstraint(
                name="import_run_ends_without_the_lock",
                condition=Q(holds_lock=False) | Q(finished_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.file}, {date_format(self.started_at)}"

    def get_absolute_url(self):
        return reverse("admin:icctracker_importrun_change", args=[self.pk])

    @property
    def folder(self):
        """Where its file and its report lie until they are no longer needed."""
        return settings.VAR_DIR / "imports" / str(self.pk)

    @property
    def is_running(self):
        return self.state in (self.State.CHECKING, self.State.IMPORTING)

    @property
    def is_silent(self):
        """Whether it should be running but has died, or given no sign for long."""
        if not self.is_running:
            return False
        return self.has_died or timezone.now() - self.seen_at > SILENCE

    @property
    def has_died(self):
        """Whether its process is known to be gone; only its own machine can tell."""
        host, _colon, number = self.process.rpartition(":")
        if host != socket.gethostname():
            return False
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


class ValueOrigin(FromImport):
    """Where one value was taken from later than the record it stands in.

    What no row names comes from the import of its document or ballot.
    """

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        related_name="origins",
        verbose_name=_("document"),
    )
    ballot = models.ForeignKey(
        Ballot,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="origins",
        verbose_name=_("ballot"),
    )
    field = models.CharField(_("field"), max_length=40)
    before = models.TextField(_("value before"), blank=True)

    class Meta:
        ordering = ["document", "pk"]
        verbose_name = _("origin of a value")
        verbose_name_plural = _("origins of values")
        constraints = [
            models.CheckConstraint(name="origin_names_a_field", condition=~Q(field="")),
        ]

    def __str__(self):
        return f"{self.document}, {self.field}"
