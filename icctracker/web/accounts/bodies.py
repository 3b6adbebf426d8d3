"""How much may be sent: refused by its length, before any of it is read."""

from http import HTTPStatus

from django.conf import settings
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

_MOST_DIGITS = 18


class BodyLengthMiddleware:
    """Refuses what is longer than whoever sends it can have to say.

    A stranger sends a form; somebody signed in a file as well; who may import, one of
    the Council's record, whose own page says what is too large for it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        said = self._length(request)
        if said is None:
            reason = _("The request does not say how long it is, so it was not read.")
            return _refused(request, reason, HTTPStatus.LENGTH_REQUIRED)
        if not said.isascii() or not said.isdecimal():
            reason = _("The length that the request gives is not a number.")
            return _refused(request, reason, HTTPStatus.BAD_REQUEST)
        length = int(said) if len(said) <= _MOST_DIGITS else None
        most = self._most(request, length)
        if most is not None and (length is None or length > most):
            text = _("More was sent than can be read here: %(most)s at most.")
            reason = text % {"most": filesizeformat(most)}
            return _refused(request, reason, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.get_response(request)

    def _length(self, request):
        """The length as it is said; None of a body that comes in pieces without it."""
        said = request.META.get("CONTENT_LENGTH")
        in_pieces = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
        return said or (None if in_pieces else "0")

    def _most(self, request, length):
        """The most that is read of this request; None where its page says so itself."""
        of_a_form = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length is not None and length <= of_a_form:
            return of_a_form
        # Asked only now: it costs a query.
        if not request.user.is_authenticated:
            return of_a_form
        imports = reverse("admin:icctracker_importrun_add")
        if request.path == imports and length is not None:
            if request.user.has_perm("icctracker.add_importrun"):
                return None
        return settings.LARGEST_FILE_FORM


def _refused(request, reason, status):
    return render(request, "not_read.html", {"reason": reason}, status=status)
