"""Telling the caches in front of the site that what readers are shown has changed."""

from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils import timezone

from icctracker.models import DataVersion

# Seconds. A cache that does not answer must not keep the others from being told.
PATIENCE = 5


class Teller:
    """Tells each cache of ``PURGE_URLS`` once that the version or the day has moved.

    When it begins it tells them in any case: the code may be another, too.
    """

    def __init__(self):
        self._told = dict.fromkeys(settings.PURGE_URLS)

    def look(self):
        """Look once; what could not be told, by address, is tried again next time."""
        shown = f"{DataVersion.objects.current()} {timezone.localdate()}"
        failed = {}
        for url in [url for url, told in self._told.items() if told != shown]:
            if fault := _tell(url):
                failed[url] = fault
            else:
                self._told[url] = shown
        return failed


def _tell(url):
    """Ask one cache to drop every open page; what went wrong, or nothing."""
    request = Request(  # noqa: S310 (the operator's own address)
        url, method=settings.PURGE_METHOD, headers=settings.PURGE_HEADERS
    )
    try:
        with urlopen(request, timeout=PATIENCE):  # noqa: S310
            return ""
    except (URLError, OSError, ValueError) as fault:
        return str(fault)
