"""Error pages that say what was wrong and offer a way on."""

import sys

from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from icctracker.web.kit import kept, unwritable


def bad_request(request, exception):
    """400: the reason in the reader's words."""
    # Only ours are in the reader's words; Django's are for whoever runs the site.
    reason = str(exception) if isinstance(exception, BadRequest) else ""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        reason = _("More was sent than one form can hold. Send less at once.")
    return render(request, "400.html", {"reason": reason}, status=400)


def forbidden(request, exception):
    """403; what was typed is given back, since a role can end while one writes."""
    return render(request, "403.html", _sent(request), status=403)


def not_found(request, exception):
    """404; for a page number beyond the end of a list it says so.

    What was typed is given back: what a form is about can go while one writes.
    """
    beyond = "page" in request.GET
    reason = _("This list does not have that page.") if beyond else ""
    context = {"reason": reason} | _sent(request)
    return render(request, "404.html", context, status=404)


def server_error(request):
    """503 while nothing can be written, or the database cannot be reached; else 500.

    The pages of the last two ask neither the database nor anything else that may have
    failed; what was typed stands on that of 503.
    """
    fault = sys.exc_info()[1]
    if found := unwritable.cause(fault):
        return unwritable.page(request, found)
    gone = isinstance(fault, OperationalError | InterfaceError)
    status = 503 if gone else 500
    context = {"home": get_script_prefix()} | (_sent(request) if gone else {})
    response = HttpResponse(render_to_string(f"{status}.html", context), status=status)
    if gone:
        response["Retry-After"] = SECONDS_UNTIL_BACK
    return response


SECONDS_UNTIL_BACK = 30


def _sent(request):
    """Whether a form of ours was sent, and what was typed in it."""
    # An address that is none of ours has no form: what comes there is a stranger's.
    sent = request.method == "POST" and request.resolver_match is not None
    return {"sent": sent, "typed": kept.words(request) if sent else []}


# Two addresses for machines that watch the site.


def healthz(request):
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request):
    """The database answers, is fully migrated and can be written; 503 if not.

    What it says no to may still be read: whoever sends readers elsewhere asks healthz.
    """
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return _not_ready("migrations pending")
        hindered = unwritable.hindered()
    except DatabaseError:
        return _not_ready("database unavailable")
    scarce = unwritable.little_space()
    if hindered:
        told = {"why": hindered, "free_mb": scarce}
        return _not_ready("database cannot be written", **told)
    if scarce:
        return _not_ready("little space left", free_mb=scarce)
    return JsonResponse({"status": "ready"})


def _not_ready(status, **more):
    return JsonResponse({"status": status} | more, status=503)
