"""What every stranger is answered alike, kept until the data moves.

An open page is good for one version of the data, one day, one language and one version
of the code. From these alone it is known, before anything is built, whether a reader
has it already (304); whoever has not is given the answer that was kept for the one
before. Somebody signed in is always answered anew.
"""

import hashlib
import logging
import zlib
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from functools import cache

from django.conf import settings
from django.core.cache import caches
from django.db import Error
from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.utils.translation import get_language

from icctracker.models import DataVersion
from icctracker.web.kit import replica

logger = logging.getLogger(__name__)

ALIAS = "answers"
# Kept compressed, as quickly as may be. What is longer even so is kept for nobody.
LARGEST = 128 * 1024
KEPT_FOR = timedelta(days=1)
# A token is one reader's own.
TOKEN = b"csrfmiddlewaretoken"


class KeptAnswer:
    """Marks a view that shows every stranger the same, by what is on record alone."""

    # Whether it is worked out whenever it is asked for, and not only of a past day.
    worked_out = False


class KeptAnswersMiddleware:
    """Answers for the open pages from what was kept, or with 304, and keeps answers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if page := getattr(request, "kept_page", None):
            page.keep(response)
        return response

    def process_view(self, request, view, args, kwargs):
        if not _may_be_kept(request, view):
            return None
        # Read before the page is built: what moves meanwhile makes it out of date.
        page = request.kept_page = _Page(request)
        answer = page.unchanged() or page.kept()
        if answer is None and replica.has(page.version):
            return _from_replica(view, request, *args, **kwargs)
        return answer


def version_shown(request):
    """The version that a page is made from, read before anything else of it."""
    page = getattr(request, "kept_page", None)
    return page.version if page else DataVersion.objects.current()


def _may_be_kept(request, view):
    """Whether a stranger reads an open page, with no message meant for them alone."""
    return (
        request.method in ("GET", "HEAD")
        and issubclass(getattr(view, "view_class", object), KeptAnswer)
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and settings.MESSAGES_COOKIE_NAME not in request.COOKIES
    )


def _from_replica(view, request, *args, **kwargs):
    """What a view answers from the replica; None if that failed meanwhile."""
    try:
        with replica.read():
            response = view(request, *args, **kwargs)
            if not getattr(response, "is_rendered", True):
                response.render()
    except Error as fault:
        replica.leave_alone(fault)
        return None
    if response.streaming:
        pieces = replica.read_while_sent(response.streaming_content)
        response.streaming_content = pieces
    return response


class _Page:
    """One address, as every stranger is shown it at one version."""

    def __init__(self, request):
        self._request = request
        self.version, today = DataVersion.objects.current(), timezone.localdate()
        good_for = f"{self.version} {today} {get_language()} {code_version()}"
        self._name = digest(f"{good_for} {request.build_absolute_uri()}")
        # Weak: compressed or not, it says the same.
        self._etag = f'W/"{self._name}"'
        self._modified = _last_modified(self.version, today)
        self._was_kept = False

    def unchanged(self):
        """304, or None where the reader has to be shown the page."""
        response = get_conditional_response(
            self._request, self._etag, self._modified and int(self._modified)
        )
        if response is not None:
            self._was_kept = True
            self._label(response)
        return response

    def kept(self):
        """The answer that was kept, if there is one."""
        if not settings.KEEP_ANSWERS:
            return None
        with if_the_cache_will():
            if found := caches[ALIAS].get(self._name):
                headers, content = found
                response = HttpResponse(zlib.decompress(content), headers=headers)
                self._was_kept = True
                return response
        return None

    def keep(self, response):
        """Label an answer that was built, and keep it for the next reader."""
        if self._was_kept or response.status_code != 200 or response.cookies:
            return
        if response.streaming:
            return self._label(response)
        if TOKEN in response.content:
            return
        self._label(response)
        if settings.KEEP_ANSWERS and self._request.method == "GET":
            self._keep(dict(response.headers), zlib.compress(response.content, 1))

    def _keep(self, headers, content):
        if len(content) <= LARGEST:
            with if_the_cache_will():
                answer = headers, content
                caches[ALIAS].set(self._name, answer, KEPT_FOR.total_seconds())

    def _label(self, response):
        response.headers["ETag"] = self._etag
        if self._modified:
            response.headers["Last-Modified"] = http_date(self._modified)
        # Anybody may hold it, and asks each time whether it is still good; but a shared
        # cache that is told when it is not (``manage.py tell_caches``).
        held = {"s_maxage": settings.SHARED_MAX_AGE} if settings.SHARED_MAX_AGE else {}
        patch_cache_control(
            response, public=True, max_age=0, must_revalidate=True, **held
        )


def _last_modified(version, today):
    """When the page was last other than now: in seconds, or None.

    None while more may still happen in the very second that it would name.
    """
    midnight = datetime.combine(today, time(), timezone.get_current_timezone())
    instants = [midnight, _STARTED, *filter(None, [version.at])]
    if timezone.now() - max(instants) < timedelta(seconds=2):
        return None
    return max(instants).timestamp()


# Another version of the code may show the same data otherwise.
_STARTED = timezone.now()


@cache
def code_version():
    """Changes with every file that pages are made by; the same on every machine."""
    found = hashlib.sha256()
    folders = [
        settings.BASE_DIR / name for name in ("icctracker", "templates", "static")
    ]
    paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
    for path in paths:
        if path.is_file() and path.suffix != ".pyc":
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def digest(text):
    """A short name for a text of any length."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@contextmanager
def if_the_cache_will():
    """A cache that is full or gone costs time, and no answer."""
    try:
        yield
    except Exception as fault:  # Whichever cache it is, it has its own.
        logger.warning("Answers cannot be kept: %s", fault)
