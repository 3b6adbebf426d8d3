"""Nobody works on with a password that somebody else has seen."""

from django.shortcuts import redirect
from django.urls import reverse


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
