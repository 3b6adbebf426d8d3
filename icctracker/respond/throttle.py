"""Holds off a flood of responses, without keeping a note of who sends them."""

import hmac
import ipaddress
import secrets

from django.core.cache import cache
from django.utils import timezone

from icctracker.clients import address_of

FROM_ONE_ADDRESS = 5
FROM_ALL = 60
SECONDS = 60 * 60
_DAY = 24 * 60 * 60


class ResponseThrottle:
    """Counts responses for an hour, from one address and from all together.

    An address is never stored: it is hashed with a random salt that lasts a day.
    """

    def __init__(self, request):
        self.limits = {
            f"responses-{_digest(address_of(request))}": FROM_ONE_ADDRESS,
            "responses-from-all": FROM_ALL,
        }

    @property
    def holds_off(self):
        """Whether there have been so many that no more are taken for now."""
        return any(cache.get(key, 0) >= most for key, most in self.limits.items())

    def count(self):
        """Count one; the first one starts the hour."""
        for key in self.limits:
            cache.add(key, 0, SECONDS)
            try:
                cache.incr(key)
            except ValueError:
                # It expired between the two lines.
                cache.set(key, 1, SECONDS)


def _digest(address):
    key = f"responses-salt-{timezone.now():%Y-%m-%d}"
    salt = cache.get_or_set(key, lambda: secrets.token_hex(32), _DAY)
    return hmac.digest(salt.encode(), _network(address).encode(), "sha256").hex()


def _network(address):
    """The address; of IPv6 the first half, since one house has all of the other."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((known, 64), strict=False))
