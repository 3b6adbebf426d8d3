"""Corrections and replies from outside, as readers are told of them."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from icctracker.history import as_known
from icctracker.models import Response
from icctracker.public.moments import MomentMixin


class ResponseList(MomentMixin, ListView):
    """All that was answered, or withheld with the reason, newest first."""

    template_name = "public/response_list.html"
    context_object_name = "responses"
    paginate_by = 25

    def get_queryset(self):
        return Response.objects.public(self.moment.known_at)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.moment.known_at:
            as_known(context["page_obj"], self.moment.known_at)
        return context


class ResponseDetail(MomentMixin, DetailView):
    """What became of one response; its text only once it is published."""

    template_name = "public/response_detail.html"
    context_object_name = "response"

    def get_object(self, queryset=None):
        known_at = self.moment.known_at
        found = Response.objects.filter(reference=self.kwargs["reference"].upper())
        made = found.public(known_at).first() or self._waiting(found)
        if made is None:
            raise Http404(
                _("This had not been received then.")
                if found.exists()
                else _("No correction or reply has this reference.")
            )
        if known_at:
            as_known([made], known_at)
        return made

    def _waiting(self, found):
        known_at = self.moment.known_at
        waiting = found.with_outcome(known_at)
        if known_at:
            waiting = waiting.filter(received_at__lte=known_at)
        return waiting.select_related("evidence", "recommendation").first()
