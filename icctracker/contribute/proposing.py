"""Proposing one more finding for an entry that is published."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic.base import TemplateResponseMixin, View

from icctracker.actions import ActionRefused
from icctracker.actions.evidence import FINDING_FIELDS
from icctracker.actions.proposals import propose_finding
from icctracker.blindness import NotWhileCoding
from icctracker.models import Evidence

from . import typed
from .access import DeskAccess
from .formsets import FindingForm
from .options import Options, criteria
from .problems import problems_in

PREFIX = "findings-0"


class FindingPropose(NotWhileCoding, DeskAccess, TemplateResponseMixin, View):
    """One finding for a published entry, which goes to review."""

    template_name = "contribute/finding_propose.html"

    @cached_property
    def evidence(self):
        return get_object_or_404(
            Evidence.objects.published().complete(), pk=self.kwargs["pk"]
        )

    def form(self, data=None, shown=None):
        given = shown or {}
        names = FindingForm.base_fields
        return FindingForm(
            data,
            prefix=PREFIX,
            options=Options(criteria(), {}, []),
            initial={name: given.get(f"{PREFIX}-{name}") for name in names},
        )

    def get(self, request, **kwargs):
        return self.show(self.form(shown=typed.kept(request)))

    def post(self, request, **kwargs):
        if "explain" in request.POST:
            return self.show(self.form(shown=request.POST))
        form = self.form(request.POST)
        if form.is_valid():
            form.require_form_reason(self.evidence.kind)
        if not form.is_valid():
            return self.show(form)
        names = ("criterion", *FINDING_FIELDS)
        row = {name: form.cleaned_data.get(name) for name in names}
        try:
            propose_finding(self.evidence, row, by=request.user)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form)
        typed.forget(request)
        messages.success(request, _("Proposed. A reviewer will read it."))
        return redirect("desk")

    def show(self, form):
        problems = problems_in(form, form.fields) if form.is_bound else []
        context = self.get_context_data(
            evidence=self.evidence, finding=form, problems=problems
        )
        return self.render_to_response(context)
