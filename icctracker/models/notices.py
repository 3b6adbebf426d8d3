"""What a person is to be told by email, until it has been sent."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# A sender that took a notice and died is taken for dead after this long.
STALE_CLAIM = timedelta(hours=1)


class NoticeQuerySet(models.QuerySet):
    """Notices, by what is still to be done with them."""

    def waiting(self):
        """Not sent, and not being sent at this moment by another process."""
        stale = Q(claimed_at__isnull=True) | Q(
            claimed_at__lt=timezone.now() - STALE_CLAIM
        )
        return self.filter(stale, sent_at__isnull=True)


class Notice(models.Model):
    """One thing that one person is to be told by email.

    It holds no words of its own: the message is written when it is sent, from what is
    true and may be seen by that person then.
    """

    class Kind(models.TextChoices):
        DECISION = "decision", _("A decision about one's own entry")
        NEW_ENTRY = "new-entry", _("An entry awaits review")
        CODING = "coding", _("An entry to be coded a second time")
        COMMENT = "comment", _("A comment on an entry")
        RESPONSE = "response", _("A correction or reply from outside")
        PROPOSAL = "proposal", _("A finding proposed for a published entry")
        DUE = "due", _("Something is due")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("evidence"),
        null=True,
        blank=True,
    )
    recommendation = models.ForeignKey(
        "icctracker.Recommendation",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("recommendation"),
        null=True,
        blank=True,
    )
    outcome = models.CharField(
        _("what was decided, or why it is due"), max_length=10, blank=True
    )
    path = models.CharField(_("page"), max_length=300)
    created_at = models.DateTimeField(
        _("created at"), default=timezone.now, editable=False
    )
    claimed_at = models.DateTimeField(_("being sent since"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["sent_at", "person"], name="notice_unsent")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d}"
