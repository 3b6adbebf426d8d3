"""Findings proposed for an entry that is published already, until they are decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .vocabulary import Effect, Form


class ProposalQuerySet(models.QuerySet):
    def waiting(self):
        """What waits for a reviewer, oldest first."""
        return self.filter(outcome=Proposal.Outcome.WAITING).order_by(
            "proposed_at", "pk"
        )


class Proposal(models.Model):
    """What somebody proposes that a published entry shows about one more criterion.

    It is no finding: nothing that reads findings sees it. Accepting it adds one.
    """

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Awaiting review")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("evidence"),
    )
    criterion = models.ForeignKey(
        "icctracker.Criterion",
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("criterion"),
    )
    effect = models.SmallIntegerField(_("effect"), choices=Effect)
    form = models.CharField(
        _("form"),
        max_length=10,
        choices=Form,
        blank=True,
        help_text=_("Empty for the one that the kind of the entry proposes."),
    )
    form_reason = models.CharField(_("why this form"), max_length=500, blank=True)
    occasion = models.BooleanField(_("occasion"), default=False)
    pinpoint = models.CharField(_("pinpoint"), max_length=60, blank=True)
    rationale = models.TextField(_("reason"), max_length=2000)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="proposals",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    note = models.TextField(_("comment or reason"), max_length=5000, blank=True)
    finding = models.OneToOneField(
        "icctracker.Finding",
        on_delete=models.PROTECT,
        related_name="proposal",
        null=True,
        blank=True,
        verbose_name=_("finding"),
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        verbose_name = _("proposed finding")
        verbose_name_plural = _("proposed findings")
        constraints = [
            models.UniqueConstraint(
                name="proposal_waits_once",
                fields=["evidence", "criterion", "proposed_by"],
                condition=Q(outcome="waiting"),
            ),
            models.CheckConstraint(
                name="proposal_effect_in_range",
                condition=Q(effect__gte=-2, effect__lte=2),
            ),
            models.CheckConstraint(
                name="proposal_has_a_reason", condition=~Q(rationale="")
            ),
            models.CheckConstraint(
                name="proposal_is_decided_or_waits",
                condition=Q(
                    outcome="waiting",
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    finding__isnull=True,
                )
                | Q(
                    outcome="accepted",
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    finding__isnull=False,
                )
                | (
                    Q(
                        outcome="declined",
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        finding__isnull=True,
                    )
                    & ~Q(note="")
                ),
            ),
        ]

    def __str__(self):
        return f"{self.criterion.code}: {self.effect:+d}"

    @property
    def waits(self):
        return self.outcome == self.Outcome.WAITING
