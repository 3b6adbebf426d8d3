"""Invitations: the only way to an account, save one that a curator makes."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LASTS = timedelta(days=14)


def digest(token):
    """What is stored of a token, so that nobody who reads the table can use it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def end_of_invitation():
    return timezone.now() + LASTS


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Those that still lead to an account."""
        return self.filter(
            accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
        )

    def by_token(self, token):
        """The invitation that a link belongs to, whatever became of it, or None."""
        return self.filter(token_digest=digest(token)).first()


class Invitation(models.Model):
    """A curator's word that somebody may make an account with a role."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("Expired")

    class Role(models.TextChoices):
        RESEARCHER = "researcher", _("Researcher")
        REVIEWER = "reviewer", _("Reviewer")
        CURATOR = "curator", _("Curator")

    email = models.EmailField(
        _("email address"), help_text=_("The invitation is sent to it.")
    )
    role = models.CharField(
        _("role"), max_length=20, choices=Role, default=Role.RESEARCHER
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="invitations",
        editable=False,
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("invited at"), default=timezone.now)
    expires_at = models.DateTimeField(_("good until"), default=end_of_invitation)
    accepted_at = models.DateTimeField(
        _("accepted at"), null=True, blank=True, editable=False
    )
    accepted_by = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="invitation",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("accepted by"),
    )
    withdrawn_at = models.DateTimeField(
        _("withdrawn at"), null=True, blank=True, editable=False
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                name="invitation_accepted_or_withdrawn",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
            ),
            models.CheckConstraint(
                name="invitation_accepted_by_somebody",
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_role_is_known",
                condition=Q(role__in=["researcher", "reviewer", "curator"]),
            ),
        ]

    def __str__(self):
        # Without the address: the admin's log keeps this after it was forgotten.
        return f"{self.get_role_display()}, {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def state(self):
        """What became of it so far."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if self.expires_at <= timezone.now():
            return self.State.EXPIRED
        return self.State.OPEN
