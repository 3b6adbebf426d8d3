"""What every request of somebody signed in goes through."""

from datetime import timedelta
from functools import partial

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions import middleware as sessions
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from icctracker.web.kit.unwritable import READING, aside, cause

# Recovery codes alone are no second step: they are what one falls back on.
SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# The rooms of which a page is for everybody, unless it asks who one is.
OPEN_ROOMS = ("icctracker.web.public.", "icctracker.web.respond.", "whitenoise.")
# Those of one's own account: on them a second step is set up.
OWN_ROOMS = ("icctracker.web.accounts.", "allauth.")
# What opens an account to whoever reads it: codes, keys, and links that work once.
SECRET = (
    "mfa_activate_totp mfa_view_recovery_codes mfa_generate_recovery_codes"
    " mfa_download_recovery_codes account_reset_password_from_key invitation"
    " address-confirm address-undo"
).split()


def lacks_second_step(user):
    """Whether somebody's role asks for a second step that is not set up yet.

    Once it is, no session lasts that was begun without: setting it up ended them.
    """
    return (
        settings.REQUIRE_TWO_FACTOR
        and (user.is_superuser or user.has_perm("icctracker.review_evidence"))
        and not is_mfa_enabled(user, SECOND_STEPS)
    )


def is_private(view):
    """Whether a page takes a second step: all do that nobody has said to be open."""
    view = getattr(view, "view_class", view)
    if view.__module__.startswith(OWN_ROOMS):
        return False
    asks_who = isinstance(view, type) and issubclass(view, AccessMixin)
    return asks_who or not view.__module__.startswith(OPEN_ROOMS)


class BrowserPolicyMiddleware:
    """Tells browsers what no page of ours needs, and that no other site embeds any."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class PrivatePagesMiddleware:
    """Keeps what is shown to somebody signed in out of shared caches.

    Secrets no browser keeps; and it forgets the rest when its owner signs out.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Read now: signing out or in changes whose answer it is.
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if signed_in or request.user.is_authenticated:
            # Not no-store: going back in the browser must keep what was typed.
            patch_cache_control(response, private=True, no_cache=True)
        if signed_in and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache"'
        match = request.resolver_match
        if match and match.url_name in SECRET:
            patch_cache_control(response, private=True, no_store=True)
        return response


class OnlyUtf8Middleware:
    """Reads every request as UTF-8, whatever encoding it claims."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.encoding = "utf-8"
        return self.get_response(request)


class SessionMiddleware(sessions.SessionMiddleware):
    """Notes what a reader's session should remember, if that can be noted.

    On the pages of accounts a session holds what the next step rests on: without it
    they are not shown.
    """

    def process_response(self, request, response):
        saved, save = [], super().process_response
        if self._is_a_note(request):
            if not aside(lambda: saved.append(save(request, response))):
                request.session.modified = False
        if saved:
            return saved[0]
        try:
            return save(request, response)
        except SessionInterrupted as fault:
            # Django takes whatever hinders it from saving for a session that is gone.
            if cause(fault):
                raise OperationalError("The session cannot be saved") from fault
            raise

    def _is_a_note(self, request):
        return (
            request.method in READING
            and request.session.modified
            and not request.session.is_empty()
            and not request.path.startswith(reverse("profile"))
        )


class LastSeenMiddleware:
    """Notes every ten minutes that a session is in use, for its owner's list."""

    key = "seen_at"
    interval = timedelta(minutes=10)

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        seen = request.session.get(self.key)
        if seen is not None and request.user.is_authenticated:
            # Either way: a clock may be set back.
            since = abs(timezone.now().timestamp() - seen)
            if since > self.interval.total_seconds():
                here = request.session.session_key
                of_this = UserSession.objects.filter(session_key=here)
                if aside(partial(of_this.update, last_seen_at=timezone.now())):
                    self.start(request)
        return self.get_response(request)

    @classmethod
    def start(cls, request):
        """Begin to note it, when somebody signs in."""
        request.session[cls.key] = timezone.now().timestamp()


class SessionEndMiddleware:
    """Ends a session some days after signing in, however busily it has been used.

    What was typed meanwhile is kept as it is for anybody whose session has run out.
    """

    key = "began_at"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        longest = settings.SESSION_ENDS_AFTER
        if request.user.is_authenticated:
            # Either way: one that began while the clock was ahead would last for ever.
            if abs(timezone.now().timestamp() - self._began(request)) > longest:
                self._end(request)
        return self.get_response(request)

    def _end(self, request):
        if not aside(partial(logout, request)):
            # It has ended all the same, and is deleted when that can be done.
            request.session.clear()
            request.user = AnonymousUser()

    def _began(self, request):
        """When; of one from before it was noted, no later than the last signing in."""
        noted, last = request.session.get(self.key), request.user.last_login
        return noted or (last.timestamp() if last else timezone.now().timestamp())

    @classmethod
    def start(cls, request):
        """Begin to count, when somebody signs in."""
        request.session[cls.key] = timezone.now().timestamp()


class TemporaryPasswordMiddleware:
    """Sends a person with a one-time password to choose their own first."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated and user.password_is_temporary:
            allowed = {reverse("password-change"), reverse("sign-out")}
            if request.path not in allowed:
                return redirect("password-change")
        return self.get_response(request)


class TwoFactorMiddleware:
    """Opens no private page to a reviewer or curator without a second step.

    What the open site shows to everybody stays open to them too, and so do the pages
    on which a second step is set up. Any other page is private, wherever it stands.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.user.is_authenticated and is_private(view):
            if lacks_second_step(request.user):
                return self._refuse(request)
        return None

    def _refuse(self, request):
        if request.method in ("GET", "HEAD"):
            return redirect("mfa_index")
        # A role can change while its owner writes: a redirect would lose the text.
        return render(request, "accounts/two_factor_needed.html", status=403)
