"""What was typed and could not be recorded: whoever typed it gets it back.

``words`` says what of a form is worth keeping. ``page`` gives it back to be copied, and
says why nothing was recorded. ``keep`` holds a form on the server, in the session,
until its writer opens the page again: ``found`` hands it on, ``forget`` drops it.
"""

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

KEY = "typed"
SALT = "icctracker.contribute.typed"
MOST_BYTES = 200_000
MOST_FORMS = 3


# Words, given back at once.


def words(request, known=()):
    """The sentences and addresses in a form: what would be a loss to type again.

    What is ``known`` is left out: the form held it before anybody typed.
    """
    known = {_plain(text) for text in known}
    return [
        text.strip()
        for name, texts in posted(request).lists()
        if "password" not in name
        for text in texts
        if _is_prose(name, text) and _plain(text) not in known
    ]


def posted(request):
    """What was posted, as far as it can be read."""
    try:
        return request.POST
    except (SuspiciousOperation, BadRequest, MultiPartParserError, OSError):
        return QueryDict()


def _is_prose(name, text):
    if name.rpartition("-")[2] in WRITTEN:
        return bool(text.strip())
    return len(text.split()) > 1 or "://" in text


def _plain(text):
    return " ".join(text.split())


def page(request, why, *, onward, typed=None, status=409):
    """A page that says why nothing was recorded, and gives back what was typed.

    ``onward`` is an address and what the link to it says.
    """
    typed = words(request) if typed is None else typed
    context = {"reason": why, "typed": typed, "onward": onward}
    return render(request, "not_recorded.html", context, status=status)


# A whole form, kept for the person who opened it.


def sign(user):
    """Says, in a form, who opened it."""
    return signing.dumps(user.pk, salt=SALT)


def opener(request):
    """The key of the person who opened the form that was posted, or None."""
    try:
        return signing.loads(posted(request).get("opened_by", ""), salt=SALT)
    except signing.BadSignature:
        return None


def keep(request):
    """Keep what was posted for the person who opened the form; False if it cannot be.

    What a stranger sends is never kept, nor more than a form can sensibly hold.
    """
    owner, text = opener(request), posted(request).urlencode()
    if owner is None or len(text) > MOST_BYTES:
        return False
    kept = request.session.get(KEY, {})
    kept.pop(request.path, None)
    kept[request.path] = [owner, text]
    while len(kept) > MOST_FORMS or _size(kept) > MOST_BYTES:
        del kept[next(iter(kept))]
    request.session[KEY] = kept
    return True


def _size(kept):
    return sum(len(text) for _owner, text in kept.values())


def found(request):
    """What this person had typed at this address before, or None."""
    owner, text = request.session.get(KEY, {}).get(request.path, (None, ""))
    if owner is None:
        return None
    if owner != request.user.pk:
        forget(request)
        return None
    return QueryDict(text)


def forget(request, *paths):
    """Drop what was kept for this address, and for others that are named."""
    kept = request.session.get(KEY, {})
    if any([kept.pop(path, None) for path in {request.path, *paths}]):
        request.session[KEY] = kept


# Who may not write any more while they write.


class NothingLost(PermissionRequiredMixin, ContextMixin):
    """For a role alone; whoever is out of it while writing loses nothing.

    A form that says who opened it is kept: its writer finds it after signing in, or
    once the role is back. The words of any other are given back on the page that
    refuses them.
    """

    def handle_no_permission(self):
        request = self.request
        if request.method == "POST" and request.user.is_authenticated:
            self._keep_for_later()
        elif request.method == "POST" and opener(request):
            self._keep_until_signed_in()
        elif request.method == "POST" and words(request):
            return self._give_back()
        return super().handle_no_permission()

    def _keep_for_later(self):
        request = self.request
        if opener(request) == request.user.pk and keep(request):
            messages.warning(
                request,
                _(
                    "Your role was changed in the meantime. What you typed has been"
                    " kept: you find it here should your role come back."
                ),
            )

    def _keep_until_signed_in(self):
        if keep(self.request):
            messages.info(
                self.request,
                _("You were signed out. Sign in: what you typed has been kept."),
            )
            return
        messages.warning(
            self.request,
            _(
                "You were signed out, and what you typed is too long to be kept"
                " here. Go back in your browser and copy it before you sign in."
            ),
        )

    def _give_back(self):
        why = _(
            "You were signed out in the meantime. Copy what you wrote, then sign in and"
            " send it again."
        )
        sign_in = reverse("sign-in", query={"next": self.form_page()})
        onward = (sign_in, _("Sign in"))
        return page(self.request, why, onward=onward, status=403)

    def form_page(self):
        """The page on which the form can be filled in again."""
        return self.request.path

    def get_context_data(self, **kwargs):
        return super().get_context_data(opened_by=sign(self.request.user), **kwargs)


class DeskAccess(NothingLost):
    """For those who may log evidence; strangers are asked to sign in."""

    permission_required = "icctracker.add_evidence"
