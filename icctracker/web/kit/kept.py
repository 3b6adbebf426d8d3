"""What becomes of words that could not be recorded: who wrote them gets them back."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core import signing
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic.base import ContextMixin

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


# Keeps what somebody typed when it could not be saved, for that person alone.
#
# It stays on the server, in the session, for as long as the session lasts.

KEY = "typed"
SALT = "icctracker.contribute.typed"
MOST_BYTES = 200_000
MOST_FORMS = 3


def sign(user):
    """Says, in a form, who opened it."""
    return signing.dumps(user.pk, salt=SALT)


def opened_by(data):
    """The key of the person who opened the form that was posted, or None."""
    try:
        return signing.loads(data.get("opened_by", ""), salt=SALT)
    except signing.BadSignature:
        return None


def keep(request, data):
    """Keep what was posted by the person who opened the form; False if it cannot be.

    What a stranger sends is never kept, nor more than a form can sensibly hold.
    """
    owner = opened_by(data)
    text = data.urlencode()
    if owner is None or len(text) > MOST_BYTES:
        return False
    kept = request.session.get(KEY, {})
    kept.pop(request.path, None)
    kept[request.path] = [owner, text]
    while len(kept) > MOST_FORMS or sum(len(row[1]) for row in kept.values()) > (
        MOST_BYTES
    ):
        del kept[next(iter(kept))]
    request.session[KEY] = kept
    return True


def kept(request):
    """What this person had typed at this address, or None."""
    owner, text = request.session.get(KEY, {}).get(request.path, (None, ""))
    if owner is None:
        return None
    if owner != request.user.pk:
        forget(request)
        return None
    return QueryDict(text)


def forget(request, *paths):
    """Drop what was kept for this address, and for others that are named."""
    stored = request.session.get(KEY, {})
    if any([stored.pop(path, None) for path in {request.path, *paths}]):
        request.session[KEY] = stored


# Who may sit at the desk, and what becomes of the work of those signed out.


class DeskAccess(PermissionRequiredMixin, ContextMixin):
    """For those who may log evidence; strangers are asked to sign in.

    Whoever was signed out while writing finds what they typed after signing in again.
    """

    permission_required = "icctracker.add_evidence"

    def handle_no_permission(self):
        request = self.request
        if request.method == "POST" and not request.user.is_authenticated:
            if keep(request, request.POST):
                messages.info(
                    request,
                    _("You were signed out. Sign in: what you typed has been kept."),
                )
            elif opened_by(request.POST):
                messages.warning(
                    request,
                    _(
                        "You were signed out, and what you typed is too long to be kept"
                        " here. Go back in your browser and copy it before you sign in."
                    ),
                )
        elif request.method == "POST" and self.kept_for_later():
            messages.warning(
                request,
                _(
                    "Your role was changed in the meantime. What you typed has been"
                    " kept: you find it here should your role come back."
                ),
            )
        return super().handle_no_permission()

    def kept_for_later(self):
        """Whether what was typed by somebody who lost their role could be kept."""
        data = self.request.POST
        own = opened_by(data) == self.request.user.pk
        return own and keep(self.request, data)

    def get_context_data(self, **kwargs):
        return super().get_context_data(opened_by=sign(self.request.user), **kwargs)
