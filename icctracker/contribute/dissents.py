"""Dissent: putting it on record, reading one's own, taking it back."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from icctracker.access import NothingLost
from icctracker.actions import ActionRefused
from icctracker.actions.dissents import (
    dissent_from_assessment,
    dissent_from_finding,
    take_back,
)
from icctracker.blindness import NotWhileCoding
from icctracker.models import Assessment, Dissent, Evidence, Finding

from .dissent_forms import AssessmentDissentForm, FindingDissentForm, TakeBackForm


class DissentCreate(NothingLost, FormView):
    """Puts a dissent before a reviewer, who confirms that it is one."""

    permission_required = "icctracker.add_evidence"
    template_name = "contribute/dissent_form.html"

    @cached_property
    def subject(self):
        """What is dissented from; what is not public is not there."""
        raise NotImplementedError

    def dissent(self, **said):
        """Put the dissent on record through its action."""
        raise NotImplementedError

    def form_valid(self, form):
        try:
            made = self.dissent(by=self.request.user, **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("Your dissent is kept. It is shown once a reviewer read it."),
        )
        return redirect("dissent-detail", made.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(subject=self.subject, **kwargs)


class FindingDissent(NotWhileCoding, DissentCreate):
    """From a published finding."""

    entry_by = {"pk": "findings"}
    form_class = FindingDissentForm

    @cached_property
    def subject(self):
        findings = Finding.objects.filter(
            accepted_at__isnull=False, evidence__in=Evidence.objects.public()
        )
        return get_object_or_404(
            findings.select_related("evidence", "criterion__recommendation"),
            pk=self.kwargs["pk"],
        )

    def dissent(self, **said):
        return dissent_from_finding(self.subject, **said)


class AssessmentDissent(DissentCreate):
    """From an assessment."""

    form_class = AssessmentDissentForm

    @cached_property
    def subject(self):
        return get_object_or_404(
            Assessment.objects.select_related("recommendation"), pk=self.kwargs["pk"]
        )

    def dissent(self, **said):
        return dissent_from_assessment(self.subject, **said)


class DissentDetail(NothingLost, FormView):
    """One's own dissent: what became of it, and the form to take it back."""

    permission_required = "icctracker.add_evidence"
    form_class = TakeBackForm
    template_name = "contribute/dissent_detail.html"

    @cached_property
    def dissent(self):
        own = Dissent.objects.filter(author=self.request.user).select_related(
            "finding__evidence",
            "finding__criterion__recommendation",
            "assessment__recommendation",
        )
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def form_valid(self, form):
        try:
            take_back(self.dissent, by=self.request.user, **form.cleaned_data)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("Your dissent is taken back."))
        return redirect("dissent-detail", self.dissent.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(dissent=self.dissent, **kwargs)
