"""Where requests come from."""

from django.conf import settings


def address_of(request):
    """Where a request comes from; behind a proxy, what the proxy itself noted."""
    if settings.SECURE_PROXY_SSL_HEADER:
        # Only the last address was written by our own proxy; others can be made up.
        noted = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if noted:
            return noted
    return request.META.get("REMOTE_ADDR", "")
