"""The outbox: every message by email, until it has been sent or given up."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Whoever claims a message has it for so long; then its sender is taken for dead.
LEASE = timedelta(minutes=15)
# A message that says nothing else is worth sending for so long.
LASTS = timedelta(days=3)


def end_of_use():
    return timezone.now() + LASTS


class MessageQuerySet(models.QuerySet):
    """Messages, by what is still to be done with them."""

    def waiting(self):
        """Neither sent nor given up."""
        return self.filter(state=Message.State.WAITING)

    def due(self):
        """Those to be tried now: nobody is sending them, and the pause is over."""
        return self.waiting().filter(next_at__lte=timezone.now())

    def stuck(self):
        """Those that could not be sent at least three times, or not at all."""
        return self.filter(
            Q(state=Message.State.WAITING, attempts__gt=3)
            | Q(state=Message.State.GIVEN_UP)
        )


class Message(models.Model):
    """One message to one person, written with what it tells of, sent afterwards.

    Its text lies here sealed and goes when the message has been sent or given up; one
    that tells of notices has no text until it is sent.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("About an account")
        INVITATION = "invitation", _("An invitation")
        NOTICES = "notices", _("Notices")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        NEEDLESS = "needless", _("Not needed any more")
        GIVEN_UP = "given-up", _("Given up")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OTHER)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.WAITING
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="messages",
        null=True,
        blank=True,
        verbose_name=_("person"),
        help_text=_("Whose notices it tells of; it is written when it is sent."),
    )
    shown_to = models.CharField(
        _("to"), max_length=120, blank=True, help_text=_("As much as tells them apart.")
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    # By which those to one address are found; it does not tell the address.
    address_digest = models.CharField(max_length=64, blank=True, editable=False)
    sealed = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(
        _("written at"), default=timezone.now, editable=False
    )
    valid_until = models.DateTimeField(
        _("of use until"),
        default=end_of_use,
        help_text=_("A link in it is good no longer; then the message is given up."),
    )
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now, null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    fault = models.CharField(_("why not"), max_length=200, blank=True)
    ended_at = models.DateTimeField(_("sent or given up at"), null=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("message by email")
        verbose_name_plural = _("messages by email")
        constraints = [
            models.CheckConstraint(
                name="message_state_is_known",
                condition=Q(state__in=["waiting", "sent", "needless", "given-up"]),
            ),
            models.CheckConstraint(
                name="message_kind_is_known",
                condition=Q(kind__in=["account", "invitation", "notices", "other"]),
            ),
            # A one-time link is not kept where nobody needs it any more.
            models.CheckConstraint(
                name="message_ended_keeps_no_text",
                condition=Q(state="waiting", ended_at=None, next_at__isnull=False)
                | ~Q(state="waiting")
                & Q(sealed="", address_digest="", ended_at__isnull=False, next_at=None),
            ),
            models.CheckConstraint(
                name="message_has_a_text_or_a_person",
                condition=~Q(state="waiting")
                | Q(sealed="", person__isnull=False)
                | ~Q(sealed="") & Q(person=None),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_at"], name="message_by_next_attempt")
        ]

    def __str__(self):
        # Without the address: the admin's log keeps this after it was forgotten.
        return f"{self.get_kind_display()}, {self.created_at:%Y-%m-%d %H:%M}"
