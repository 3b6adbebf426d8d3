"""Corrections and replies from outside: received, and answered in public."""

from django.db import transaction
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.notices import tell_of_response
from icctracker.models import Answer, Response


@transaction.atomic
def receive(*, creation_key, **facts):
    """Keep a response; returns it, and whether it is new.

    The same form sent twice leads to the one it has made.
    """
    made, is_new = Response.objects.get_or_create(
        creation_key=creation_key, defaults=facts
    )
    if is_new:
        tell_of_response(made)
    return made, is_new


@transaction.atomic
def answer(response, *, by, outcome, text, after=None):
    """Publish a response with our answer, or withhold its text with the reason.

    ``after`` is how many answers its reader saw; raises EditConflict if there are more.
    """
    response = Response.objects.select_for_update().get(pk=response.pk)
    if not by.has_perm("icctracker.review_evidence"):
        raise ActionRefused(_("Your role does not allow this."))
    if outcome not in Answer.Outcome.values:
        raise ActionRefused(_("That is not an answer."))
    if after is not None and response.answers.count() != after:
        raise EditConflict(_("Somebody answered this while you were writing."))
    if not text.strip():
        raise ActionRefused(_("Write the answer, or the reason: readers see it."))
    return Answer.objects.create(
        response=response, outcome=outcome, text=text.strip(), answered_by=by
    )
