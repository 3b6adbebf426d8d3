"""The second step of signing in: how it is named, and how its secrets are kept."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SITE_NAME = "ICC Tracker"


def box():
    """What secrets are locked with; it opens with SECRET_KEY and its predecessors."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    salted = [hashlib.sha256(f"icctracker.second step {key}".encode()) for key in keys]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(each.digest())) for each in salted]
    )


class TwoFactorAdapter(DefaultMFAAdapter):
    """Names no email address, and keeps no secret in the clear."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "This is not right. A code from an app is good for half a minute, and only"
            " once: wait for the next one."
        ),
    }

    def encrypt(self, text):
        return box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """The secret; after a change of SECRET_KEY, one that nobody knows."""
        try:
            return box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
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
