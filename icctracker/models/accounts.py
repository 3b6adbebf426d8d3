"""The people who work on the tracker. Their names are private unless they say so."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
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
        """One may sign in with an address, so it is written in one way only."""
        super().clean()
        self.email = self.email.lower()

    @property
    def name_shown(self):
        """The public name if its owner allows it, else an empty text."""
        return self.public_name if self.show_name else ""
