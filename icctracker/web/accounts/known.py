"""Browsers in which somebody has signed in before, and whose attempts are counted.

What strangers try with an account's name is counted for the account, and after a while
refused. So that nobody can lock another out by that, a browser in which the account was
signed in before is counted by itself: its cookie says so, for this account alone, and
tells whoever reads it nothing of whose it is.
"""

import secrets
import time
from datetime import timedelta

from allauth.account.internal.stagekit import unstash_login
from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from icctracker.texts.folding import fold

# As long as browsers keep a cookie at most; renewed in use.
LASTS = timedelta(days=400)
RENEWED_AFTER = timedelta(days=30)
# The accounts that may share a browser; of more, those of the last are known.
MOST_ACCOUNTS = 5
APP = "allauth.account"
# As the form has it: what is longer names nobody.
LONGEST_NAME = 254


def browser_of(request, account, *, within=LASTS):
    """By what name an account knows this browser, or None if it does not."""
    for token in _tokens(request):
        try:
            return _signer(account).unsign(token, max_age=within)
        except BadSignature:
            continue
    return None


def remember(request, response, account, *, anew=False):
    """Have this browser known to an account; the accounts that knew it still do.

    ``anew`` forgets what was tried in it before.
    """
    known = None if anew else browser_of(request, account)
    name = known or secrets.token_urlsafe(12)
    others = [each for each in _tokens(request) if not _is_of(account, each)]
    tokens = [_signer(account).sign(name), *others][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE,
        "|".join(tokens),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _signer(account):
    return TimestampSigner(salt=f"icctracker.known browser.{account.pk}")


def _tokens(request):
    held = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE, "")
    return [each for each in held.split("|") if each][:MOST_ACCOUNTS]


def _is_of(account, token):
    try:
        return bool(_signer(account).unsign(token))
    except BadSignature:
        return False


class KnownBrowserMiddleware:
    """Makes the browser known to whoever is signed in in it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        user = request.user
        if user.is_authenticated and not browser_of(
            request, user, within=RENEWED_AFTER
        ):
            remember(request, response, user)
        return response


# Whose attempts are counted, and how many there may be.


def accounts_named(typed):
    """The accounts that a sign-in with this name or address would try, in order."""
    if len(typed) > LONGEST_NAME:
        return []
    found = [*filter_users_by_email(typed, for_login=True), get_user_by_username(typed)]
    return list({each.pk: each for each in found if each is not None}.values())


def counted(request, typed):
    """Under which limits an attempt with this name falls: actions and their keys.

    By the account, however it was named; a name that nobody has is counted alike.
    """
    limits = []
    for account in accounts_named(typed):
        if name := browser_of(request, account):
            limits.append(("login_failed_known", f"{account.pk}:{name}"))
            # However many browsers an account knows, all together try only so often.
            limits.append(("login_failed_all_known", str(account.pk)))
        else:
            limits.append(("login_failed", f"account:{account.pk}"))
    return limits or [("login_failed", f"name:{fold(typed)}")]


def account_behind(request):
    """Whose limits a request falls under, wherever it comes from; None for strangers.

    Somebody signed in or past the password, and the owner of a known browser: what
    others try from the same network is not held against them.
    """
    user = getattr(request, "user", None)
    if user is None or user.is_authenticated:
        return user
    if request.method == "POST" and request.path == reverse("account_login"):
        named = accounts_named(request.POST.get("login", "").strip().replace("\0", ""))
        return next((each for each in named if browser_of(request, each)), None)
    pending = unstash_login(request, peek=True)
    return pending.user if pending else None


def is_reached(request, action, key):
    """Whether a limit is reached; if not, what refused was a store that is busy."""
    return any(
        not ratelimit.apply_rate(
            cache.get(ratelimit.get_cache_key(request, **of, rate=rate), []),
            time.time(),
            rate,
            dry_run=True,
        )[0]
        for of in [{"app": APP, "action": action, "key": key}]
        for rate in ratelimit.get_rates(app=APP, action=action)
    )


def store_is_busy():
    """Whether nothing can be counted now: what refuses then is no limit."""
    return not cache.add(f"icctracker.busy.{secrets.token_hex(8)}", 1, 1)
