"""Dissents: a coder would have judged otherwise, and says so on the record."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .assessments import ImplementationStatus
from .vocabulary import Effect

LONGEST_DISSENT = 5000


class DissentQuerySet(models.QuerySet):
    def on_record(self, known_at=None):
        """Confirmed and not taken back, now or at an instant."""
        if known_at is None:
            return self.filter(confirmed_at__isnull=False, withdrawn_at__isnull=True)
        return self.filter(confirmed_at__lte=known_at).exclude(
            withdrawn_at__lte=known_at
        )

    def public(self, known_at=None):
        """What readers see: all that was ever confirmed, taken back or not."""
        confirmed = self.filter(confirmed_at__isnull=False)
        return confirmed.filter(confirmed_at__lte=known_at) if known_at else confirmed

    def waiting(self):
        """What no reviewer has read yet, oldest first."""
        return self.filter(
            confirmed_at__isnull=True,
            refused_at__isnull=True,
            withdrawn_at__isnull=True,
        ).order_by("written_at", "pk")


class Dissent(models.Model):
    """What somebody would have coded or decided instead, and why.

    It is never rewritten. A reviewer other than its author confirms that it is a
    dissent; its author may take it back, with a reason, and it stays on the page.
    """

    finding = models.ForeignKey(
        "icctracker.Finding",
        on_delete=models.PROTECT,
        related_name="dissents",
        null=True,
        blank=True,
        verbose_name=_("finding"),
    )
    assessment = models.ForeignKey(
        "icctracker.Assessment",
        on_delete=models.PROTECT,
        related_name="dissents",
        null=True,
        blank=True,
        verbose_name=_("assessment"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="dissents",
        verbose_name=_("author"),
    )
    effect = models.SmallIntegerField(
        _("effect they would give"), choices=Effect, null=True, blank=True
    )
    status = models.CharField(
        _("status they would decide on"),
        max_length=20,
        choices=ImplementationStatus,
        blank=True,
    )
    reason = models.TextField(_("reason"), max_length=LONGEST_DISSENT)
    written_at = models.DateTimeField(
        _("written at"), default=timezone.now, editable=False
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("refused by"),
    )
    refused_at = models.DateTimeField(_("refused at"), null=True, blank=True)
    refusal_reason = models.TextField(
        _("reason for refusal"), max_length=2000, blank=True
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.TextField(
        _("reason for withdrawal"), max_length=2000, blank=True
    )

    objects = DissentQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("dissent")
        verbose_name_plural = _("dissents")
        constraints = [
            models.CheckConstraint(
                name="dissent_is_from_one_thing",
                condition=Q(finding__isnull=False, assessment__isnull=True, status="")
                & Q(effect__isnull=False)
                | Q(finding__isnull=True, assessment__isnull=False)
                & Q(effect__isnull=True)
                & ~Q(status=""),
            ),
            models.CheckConstraint(
                name="dissent_says_a_known_code",
                condition=(Q(effect__isnull=True) | Q(effect__gte=-2, effect__lte=2))
                & (Q(status="") | Q(status__in=ImplementationStatus.values)),
            ),
            models.CheckConstraint(
                name="dissent_has_a_reason", condition=~Q(reason="")
            ),
            models.CheckConstraint(
                name="dissent_is_confirmed_by_another",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(confirmed_by=F("author")),
            ),
            models.CheckConstraint(
                name="dissent_is_refused_with_a_reason",
                condition=Q(
                    refused_at__isnull=True, refused_by__isnull=True, refusal_reason=""
                )
                | Q(
                    refused_at__isnull=False,
                    refused_by__isnull=False,
                    confirmed_at__isnull=True,
                )
                & ~Q(refusal_reason=""),
            ),
            models.CheckConstraint(
                name="dissent_is_withdrawn_with_a_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""),
            ),
            models.UniqueConstraint(
                name="dissent_once_from_a_finding",
                fields=["finding", "author"],
                condition=Q(withdrawn_at__isnull=True, refused_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="dissent_once_from_an_assessment",
                fields=["assessment", "author"],
                condition=Q(withdrawn_at__isnull=True, refused_at__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.subject}: {self.would_say}"

    @property
    def subject(self):
        """The finding or the assessment it dissents from."""
        return self.finding or self.assessment

    @property
    def would_say(self):
        """The code its author would give, in words."""
        if self.effect is not None:
            return self.get_effect_display()
        return self.get_status_display()

    @property
    def waits(self):
        """Whether no reviewer has read it yet."""
        return not (self.confirmed_at or self.refused_at or self.withdrawn_at)
