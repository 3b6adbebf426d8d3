"""Cookies by the names that browsers guard (``COOKIE_PREFIX``), and those of before."""

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage

from .middleware import SessionMiddleware

# How they were called by releases that did not guard them.
SESSION, TOKEN = "sessionid", "csrftoken"


class SessionsMiddleware(SessionMiddleware):
    """Sessions; whoever signed in before an upgrade stays signed in, and goes on.

    Any neighbour of the host can set a cookie by its name of before. So a session is
    taken from there only if it began under a release that knew no other, and it ends
    within ``SESSION_ENDS_AFTER``, as all do.
    """

    mark = "guarded"

    def process_request(self, request):
        super().process_request(request)
        held = request.COOKIES
        if settings.SESSION_COOKIE_NAME in held or SESSION not in held:
            return
        session = self.SessionStore(held[SESSION])
        if SESSION_KEY in session and not session.get(self.mark):
            self._take_over(request, session)

    @classmethod
    def start(cls, request):
        """Mark a session as one of a release that guards it, when somebody signs in."""
        request.session[cls.mark] = True

    def _take_over(self, request, session):
        """Go on with a session, and have both cookies set by their present names."""
        held = request.COOKIES
        held[settings.SESSION_COOKIE_NAME] = held[SESSION]
        session.modified = True
        request.session = session
        if TOKEN in held:
            # Of the page that is open in the browser, whose form may come now.
            held[settings.CSRF_COOKIE_NAME] = held[TOKEN]
            request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True


class _InCookie(CookieStorage):
    @property
    def cookie_name(self):
        return settings.MESSAGES_COOKIE_NAME


class Messages(FallbackStorage):
    """Messages for the next page, in a guarded cookie; long ones in the session."""

    storage_classes = (_InCookie, SessionStorage)
