"""Holds off a flood of responses, without keeping a note of who sends them."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache

FROM_ONE_ADDRESS = 5
FROM_ALL = 60
SECONDS = 60 * 60


class ResponseThrottle:
    """Counts responses for an hour, from one address and from all together.

    An address is never stored: what stands for it here changes daily.
    """

    def __init__(self, request):
        sender = get_adapter().get_client_ip(request)
        self.limits = {
            f"responses-{sender}": FROM_ONE_ADDRESS,
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
