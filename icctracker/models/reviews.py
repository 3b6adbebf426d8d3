"""Review decisions: one row per decision, never edited."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReviewDecision(models.Model):
    """What somebody decided about an entry, when and why."""

    class Outcome(models.TextChoices):
        PUBLISH = "publish", _("Published")
        RETURN = "return", _("Sent back")
        DECLINE = "decline", _("Declined")
        CORRECT = "correct", _("Corrected")
        WITHDRAW = "withdraw", _("Withdrawn")

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("evidence"),
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    note = models.TextField(_("comment or reason"), blank=True, max_length=5000)
    alone = models.BooleanField(
        _("decided alone by who wrote or changed it"),
        default=False,
        help_text=_("A curator may, alone, with a reason that is shown."),
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        help_text=_("Empty for what came with the first data."),
    )
    decided_at = models.DateTimeField(
        _("decided at"), default=timezone.now, editable=False
    )

    class Meta:
        ordering = ["-decided_at", "-pk"]
        verbose_name = _("review decision")
        verbose_name_plural = _("review decisions")
        constraints = [
            models.CheckConstraint(
                name="decision_against_has_a_reason",
                condition=Q(outcome="publish", alone=False) | ~Q(note=""),
            ),
            models.CheckConstraint(
                name="decision_outcome_is_known",
                condition=Q(
                    outcome__in=["publish", "return", "decline", "correct", "withdraw"]
                ),
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()}, {self.decided_at:%Y-%m-%d}"
