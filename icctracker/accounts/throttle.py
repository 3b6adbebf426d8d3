"""Holds off sign-in after repeated failures for one name from one address."""

import hashlib
import unicodedata

from django.core.cache import cache

from icctracker.clients import address_of

FAILURES = 10
SECONDS = 15 * 60


class SignInThrottle:
    """Counts failures for a name from an address, for a quarter of an hour."""

    def __init__(self, request, username):
        name = unicodedata.normalize("NFKC", username).strip().casefold()
        # Hashed, since some caches refuse long keys and keys with spaces.
        digest = hashlib.sha256(f"{name} {address_of(request)}".encode()).hexdigest()
        self.key = f"sign-in-failures-{digest}"

    @property
    def holds_off(self):
        """Whether there have been so many failures that no more are tried."""
        return cache.get(self.key, 0) >= FAILURES

    def failed(self):
        """Count a failure; the first one starts the quarter of an hour."""
        cache.add(self.key, 0, SECONDS)
        try:
            cache.incr(self.key)
        except ValueError:
            # It expired between the two lines.
            cache.set(self.key, 1, SECONDS)

    def clear(self):
        """Forget the failures once the right password was given."""
        cache.delete(self.key)
