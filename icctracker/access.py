"""What becomes of words that could not be recorded: who wrote them gets them back."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

# Texts that count even if they are a single word; in rows, after the row's prefix.
WRITTEN = ("note", "rationale", "text", "reason")


def prose(request):
    """The sentences and addresses in a form: what would be a loss to type again."""
    try:
        data = request.POST
    except (SuspiciousOperation, BadRequest, MultiPartParserError, OSError):
        return []
    return [
        text.strip()
        for name, texts in data.lists()
        if "password" not in name
        for text in texts
        if _is_prose(name, text)
    ]


def _is_prose(name, text):
    if name.rpartition("-")[2] in WRITTEN:
        return bool(text.strip())
    return len(text.split()) > 1 or "://" in text


def not_recorded(request, reason, *, onward, typed=None, status=409):
    """A page that says why nothing was recorded, and gives back what was typed.

    ``onward`` is an address and what the link to it says.
    """
    context = {
        "reason": reason,
        "typed": prose(request) if typed is None else typed,
        "onward": onward,
    }
    return render(request, "not_recorded.html", context, status=status)


class NothingLost(PermissionRequiredMixin):
    """For a role alone; whoever was signed out while writing is shown what they wrote.

    Whoever lost the role is given it back by the page that refuses.
    """

    def handle_no_permission(self):
        request = self.request
        written = prose(request) if request.method == "POST" else []
        if not written or request.user.is_authenticated:
            return super().handle_no_permission()
        reason = _(
            "You were signed out in the meantime. Copy what you wrote, then sign in and"
            " send it again."
        )
        sign_in = reverse("sign-in", query={"next": self.form_page()})
        onward = (sign_in, _("Sign in"))
        return not_recorded(request, reason, onward=onward, status=403)

    def form_page(self):
        """The page on which the form can be filled in again."""
        return self.request.path
