"""Where the site's ways of signing in differ from those of django-allauth."""

import time
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as now
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.actions.outbox import put
from icctracker.models import Message
from icctracker.models.sealed import CannotBeOpened, opened, seal

from . import known
from .cookies import SessionsMiddleware
from .middleware import LastSeenMiddleware, SessionEndMiddleware

NOT_RIGHT = gettext_lazy("The name or the password is not right.")


class AccountAdapter(DefaultAccountAdapter):
    """No open sign-up, no stored addresses of readers or researchers, our words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": NOT_RIGHT,
        "email_password_mismatch": NOT_RIGHT,
        "incorrect_password": gettext_lazy("This is not your password."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "too_many_login_attempts": gettext_lazy(
            "Signing in has failed too often. Wait 15 minutes, then try again. Without"
            " waiting you can sign in with a passkey, in a browser in which you have"
            " signed in here before, or in this one once you have chosen a new password"
            " by email."
        ),
        "too_many_in_known_browser": gettext_lazy(
            "Signing in has failed too often in this browser. Wait 15 minutes, then try"
            " again. Without waiting you can sign in with a passkey, or once you have"
            " chosen a new password by email."
        ),
        "busy": gettext_lazy(
            "The site is busy, so that your password was not looked at. Try again in a"
            " minute."
        ),
        "rate_limited": gettext_lazy(
            "Too many attempts. Wait 15 minutes, then try again."
        ),
    }

    def is_open_for_signup(self, request):
        """Nobody makes an account for themselves; curators invite people."""
        return False

    def is_safe_url(self, url):
        """Ours, and not the sign-in page itself, which would lead back for ever."""
        return super().is_safe_url(url) and (
            url.partition("?")[0] != reverse("account_login")
        )

    def is_ajax(self, request):
        """Only the script for passkeys is answered in JSON, and nobody else."""
        wants_json = request.headers.get("Accept") == "application/json"
        return wants_json and request.path == reverse("mfa_login_webauthn")

    def get_login_redirect_url(self, request):
        """The desk for those who have one, else the profile."""
        has_desk = request.user.has_perm("icctracker.add_evidence")
        return resolve_url(settings.LOGIN_REDIRECT_URL if has_desk else "profile")

    def get_password_change_redirect_url(self, request):
        return self.get_login_redirect_url(request)

    def get_reset_password_from_key_url(self, key):
        """An address on the site's own host, whatever host was asked."""
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}
        )
        return settings.SITE_ORIGIN + path.replace("UID-KEY", key)

    def login(self, request, user):
        super().login(request, user)
        LastSeenMiddleware.start(request)
        SessionEndMiddleware.start(request)
        SessionsMiddleware.start(request)

    def clean_password(self, password, user=None):
        """A new password differs from the old: somebody else may have seen that."""
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(
                _("Choose a password that differs from the present one.")
            )
        return super().clean_password(password, user)

    def set_password(self, user, password):
        """One that its owner chose is no longer temporary."""
        user.password_is_temporary = False
        super().set_password(user, password)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Whoever has just signed in is not asked for the password once more."""
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(self.request, self.request.user)
        if any(record["at"] > since for record in records):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_client_ip(self, request):
        """A stand-in for where a request comes from, another one each day.

        Limits have to tell networks apart, not to know them; so no address of a
        person is ever written down, neither with a session nor in the cache. What
        others try from the same network is not held against somebody who is known.
        """
        if account := known.account_behind(request):
            place = f"account {account.pk}"
        else:
            place = ip_address(super().get_client_ip(request))
            if place.version == 6:
                place = IPv6Network((place, 64), strict=False)
        digest = salted_hmac(
            f"icctracker.client.{timezone.now():%Y-%m-%d}", str(place)
        ).digest()
        return str(IPv6Address(digest[:16]))

    def send_mail(self, template_prefix, email, context):
        """Into the outbox, for as long as the link of a password reset is good."""
        request = now.request
        site = get_current_site(request)
        said = {"request": request, "email": email, "current_site": site}
        message = self.render_mail(template_prefix, email, said | context)
        # Of all messages alike, so that none tells whether an account is known.
        lasts = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
        put(message, kind=Message.Kind.ACCOUNT, until=timezone.now() + lasts)

    def pre_authenticate(self, request, **credentials):
        """Count an attempt for the account it is about; refuse one too many.

        One that succeeds is taken back by what calls this.
        """
        self._login_failed_rl_usage = ratelimit.RateLimitUsage(usage=[])
        typed = credentials.get("username") or credentials.get("email", "")
        for action, key in known.counted(request, typed):
            used = ratelimit.consume(request, app=known.APP, action=action, key=key)
            if used:
                self._login_failed_rl_usage.usage += used.usage
            elif not known.is_reached(request, action, key):
                raise self.validation_error("busy")
            elif action == "login_failed":
                raise self.validation_error("too_many_login_attempts")
            else:
                raise self.validation_error("too_many_in_known_browser")


# The second step of signing in: how it is named, and how its secrets are kept.

SITE_NAME = "ICC Tracker"
SECOND_STEP = "second step"


class TwoFactorAdapter(DefaultMFAAdapter):
    """Names no email address, and keeps no secret in the clear."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "This is not right. A code from an app is good for half a minute, and only"
            " once: wait for the next one."
        ),
    }

    def encrypt(self, text):
        return seal(SECOND_STEP, text)

    def decrypt(self, encrypted_text):
        """The secret; after a change of SECRET_KEY, one that nobody knows."""
        try:
            return opened(SECOND_STEP, encrypted_text)
        except CannotBeOpened:
            return get_random_string(32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

    def build_totp_svg(self, url):
        """The picture as an element of the page: nothing is loaded from elsewhere."""
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def generate_authenticator_name(self, user, type):
        number = user.authenticator_set.filter(type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def _get_user_identifier(self, user):
        return user.get_username()

    def _get_site_name(self):
        return SITE_NAME
