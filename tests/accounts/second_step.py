"""A second step, as an app for one-time codes would take it."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)

PASSWORD = "a long password"


def code_for(secret):
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_app(user):
    """Set up an app for somebody; the secret that it holds."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def give_codes(user):
    """Make recovery codes for somebody; the codes."""
    return RecoveryCodes.activate(user).get_unused_codes()
