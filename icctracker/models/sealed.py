"""Secrets that lie in the database: locked, so that its reader cannot use them."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotBeOpened(Exception):
    """It was locked with a SECRET_KEY that nobody has any more."""


def box(purpose):
    """What is locked for one purpose; it opens with SECRET_KEY and its predecessors."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    salted = [hashlib.sha256(f"icctracker.{purpose} {key}".encode()) for key in keys]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(each.digest())) for each in salted]
    )


def seal(purpose, text):
    """A text that only this site reads."""
    return box(purpose).encrypt(text.encode()).decode()


def opened(purpose, sealed):
    """The text again; raises CannotBeOpened."""
    try:
        return box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise CannotBeOpened from None
