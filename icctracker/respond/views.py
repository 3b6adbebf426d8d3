"""Corrections and replies from outside: sent without an account."""

import uuid

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from icctracker.actions.responses import receive
from icctracker.models import Evidence, Recommendation, Response

from .forms import ResponseForm
from .throttle import SECONDS, ResponseThrottle


class Respond(FormView):
    """The form; what cannot be taken is shown again with the reason."""

    form_class = ResponseForm
    template_name = "respond/respond_form.html"
    # What the response is about, as a field of it; none for the site as a whole.
    about = None

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.subject = self.find_subject()

    def find_subject(self):
        """The record it is about; raises Http404 for what is not public."""
        return None

    def get_initial(self):
        return {"creation_key": uuid.uuid4(), "kind": Response.Kind.CORRECTION}

    def form_valid(self, form):
        facts = form.facts()
        throttle = ResponseThrottle(self.request)
        if throttle.holds_off and not _is_known(facts["creation_key"]):
            return self.held_off(form)
        if self.about:
            facts[self.about] = self.subject
        made, is_new = receive(**facts)
        if is_new:
            throttle.count()
        return redirect(made)

    def held_off(self, form):
        """Keep what was typed, and say when to send it again."""
        form.add_error(
            None,
            _(
                "So many corrections and replies came in the last hour that no more are"
                " taken for now. Nothing you typed is lost: leave this page open and"
                " send it again in an hour."
            ),
        )
        response = self.form_invalid(form)
        response.status_code, response["Retry-After"] = 429, SECONDS
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(subject=self.subject, **kwargs)


class RespondToSite(Respond):
    """About the site as a whole."""


class RespondToEvidence(Respond):
    """About one entry that is or was published."""

    about = "evidence"

    def find_subject(self):
        return get_object_or_404(Evidence.objects.public(), slug=self.kwargs["slug"])


class RespondToRecommendation(Respond):
    """About one recommendation."""

    about = "recommendation"

    def find_subject(self):
        return get_object_or_404(Recommendation, code__iexact=self.kwargs["code"])


def _is_known(key):
    return Response.objects.filter(creation_key=key).exists()
