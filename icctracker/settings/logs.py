"""What no log may hold: links that open an account to whoever reads them."""

import logging
import re

# The part of an address after which a link's own secret stands, and what it is.
BEFORE_A_SECRET = (
    "invitation",
    "email/confirm",
    "email/undo",
    "mail/off",
    "password/reset",
)
_SECRET = re.compile(rf"(/account/(?:{'|'.join(BEFORE_A_SECRET)})/)[^/\s\"'?]+")


def without_secrets(text):
    """The text, with … in place of what makes a link work."""
    return _SECRET.sub(r"\1…", text)


class WithoutSecrets(logging.Formatter):
    """Lines of the log, and what was traced with them, without such links."""

    def format(self, record):
        return without_secrets(super().format(record))
