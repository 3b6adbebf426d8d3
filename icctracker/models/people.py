"""The people who work on the tracker. Their names are private unless they say so."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .folded import FoldedField, Searched

ADDRESS_TAKEN = _("Another account has this address.")


class User(Searched, AbstractUser):
    """A person with an account: researcher, reviewer or curator."""

    public_name = models.CharField(
        _("public name"),
        max_length=120,
        blank=True,
        help_text=_("How you wish to be named, if at all."),
    )
    show_name = models.BooleanField(
        _("show my public name on the site"),
        default=False,
        help_text=_("Off by default. Without it the site names only your role."),
    )
    password_is_temporary = models.BooleanField(
        _("password is temporary"),
        default=False,
        help_text=_("The person must choose a password of their own to go on."),
    )

    closed_at = models.DateTimeField(
        _("account closed at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Then the person was forgotten and only their work stayed."),
    )

    class Mail(models.TextChoices):
        DAILY = "daily", _("One message a day, when there is something")
        AT_ONCE = "at-once", _("A message for each thing, at once")
        NEVER = "never", _("No messages")

    mail = models.CharField(
        _("messages by email"), max_length=8, choices=Mail, default=Mail.DAILY
    )

    folded = FoldedField(of=("username", "email", "public_name"))

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="closed_account_names_nobody",
                condition=Q(closed_at=None)
                | Q(
                    is_active=False,
                    email="",
                    first_name="",
                    last_name="",
                    public_name="",
                    show_name=False,
                ),
            ),
        ]

    def clean(self):
        """One may sign in with an address: it is written in one way, and one's own."""
        super().clean()
        self.email = self.email.lower()
        if people_named(self.email).exclude(pk=self.pk).exists():
            raise ValidationError({"email": ADDRESS_TAKEN})
        others = User.objects.exclude(pk=self.pk)
        if self.username and others.filter(email__iexact=self.username).exists():
            text = _("This user name is taken. Choose another.")
            raise ValidationError({"username": text})

    @property
    def name_shown(self):
        """The public name if its owner allows it, else an empty text."""
        return self.public_name if self.show_name else ""


def people_named(email):
    """Those who sign in with an address, be it their name; nobody without one."""
    if not email:
        return User.objects.none()
    return User.objects.filter(Q(email__iexact=email) | Q(username__iexact=email))


# Invitations: the only way to an account, save one that a curator makes.

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


# Changes of the address that a person is written to, and signs in with.


class EmailChangeQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody has taken back, undone or replaced."""
        return self.filter(ended_at=None)

    def waiting(self):
        """Those that the new address may still confirm."""
        since = timezone.now() - EmailChange.CONFIRM_WITHIN
        return self.standing().filter(confirmed_at=None, asked_at__gt=since)

    def undoable(self):
        """Those that the former address may still undo."""
        since = timezone.now() - EmailChange.UNDO_WITHIN
        return self.standing().filter(asked_at__gt=since)


class EmailChange(models.Model):
    """That a person asked for another address, and what became of it.

    It holds once the new address has confirmed it; the former can undo it for a while.
    """

    CONFIRM_WITHIN = timedelta(days=3)
    UNDO_WITHIN = timedelta(days=14)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_changes"
    )
    former = models.EmailField(_("former address"), blank=True)
    email = models.EmailField(_("new address"))
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    confirm_digest = models.CharField(max_length=64, unique=True, editable=False)
    undo_digest = models.CharField(max_length=64, unique=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        constraints = [
            models.UniqueConstraint(
                name="email_change_one_at_a_time",
                fields=["person"],
                condition=Q(confirmed_at=None, ended_at=None),
            )
        ]

    def __str__(self):
        # Without the addresses, as an invitation.
        return f"{self.person_id}, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def confirm_until(self):
        """The last instant at which the new address may confirm it."""
        return self.asked_at + self.CONFIRM_WITHIN

    @property
    def undo_until(self):
        """The last instant at which the former address may undo it."""
        return self.asked_at + self.UNDO_WITHIN
