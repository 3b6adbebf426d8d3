"""Error pages that say what was wrong and offer a way on."""

from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _


def bad_request(request, exception):
    """400: the reason in the reader's words."""
    # Only ours are in the reader's words; Django's are for whoever runs the site.
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        reason = _("More was sent than one form can hold. Send less at once.")
    return render(request, "400.html", {"reason": reason}, status=400)


def forbidden(request, exception):
    """403; what was typed is given back, since a role can end while one writes."""
    sent = request.method == "POST"
    context = {"sent": sent, "typed": prose(request) if sent else []}
    return render(request, "403.html", context, status=403)


def prose(request):
    """The sentences in a form: what would be a loss to type again."""
    try:
        data = request.POST
    except (SuspiciousOperation, BadRequest, MultiPartParserError, OSError):
        return []
    return [
        text
        for name in data
        if "password" not in name
        for text in data.getlist(name)
        if len(text.split()) > 1
    ]


def not_found(request, exception):
    """404; for a page number beyond the end of a list it says so."""
    beyond = "page" in request.GET
    reason = _("This list does not have that page.") if beyond else ""
    return render(request, "404.html", {"reason": reason}, status=404)
