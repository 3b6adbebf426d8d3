"""Logging a search that found nothing."""

from django.contrib import messages
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from icctracker.actions import ActionRefused
from icctracker.actions.searches import log_search
from icctracker.models import Search

from . import typed
from .access import DeskAccess
from .forms import SearchForm
from .options import criteria, criterion_groups


class SearchCreate(DeskAccess, FormView):
    """Logs a search that found nothing."""

    permission_required = "icctracker.add_search"
    template_name = "contribute/search_form.html"
    form_class = SearchForm
    success_url = reverse_lazy("desk")

    @cached_property
    def criteria(self):
        return criteria()

    def get_initial(self):
        code = self.request.GET.get("criterion", "").strip().casefold()
        found = [key for key, row in self.criteria.items() if row.code == code]
        kept = typed.kept(self.request) if self.request.method == "GET" else None
        initial = {
            "criterion": found[0] if found else "",
            "searched_on": timezone.localdate(),
        }
        return initial | (kept.dict() if kept else {})

    def get_form_kwargs(self):
        groups = criterion_groups(self.criteria.values())
        return super().get_form_kwargs() | {"criteria": self.criteria, "groups": groups}

    def form_valid(self, form):
        facts, user = form.cleaned_data, self.request.user
        try:
            log_search(by=user, **facts)
        except ActionRefused as refusal:
            # Sent twice, it is on the log once, and nothing is wrong.
            if not Search.objects.known().filter(searched_by=user, **facts).exists():
                form.add_error(None, str(refusal))
                return self.form_invalid(form)
        typed.forget(self.request)
        messages.success(self.request, _("The search is on the log."))
        return super().form_valid(form)
