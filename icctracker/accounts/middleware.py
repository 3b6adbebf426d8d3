"""Nobody works on with a password that somebody else has seen."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control


class PrivatePagesMiddleware:
    """Keeps what is shown to somebody signed in out of shared caches."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Read now: signing out or in changes whose answer it is.
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if signed_in or request.user.is_authenticated:
            # Not no-store: going back in the browser must keep what was typed.
            patch_cache_control(response, private=True, no_cache=True)
        return response


class OnlyUtf8Middleware:
    """Reads every request as UTF-8, whatever encoding it claims."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.encoding = "utf-8"
        return self.get_response(request)


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
