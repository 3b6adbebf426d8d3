"""Proposing one more finding for an entry that is published."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from django.views.generic.base import TemplateResponseMixin, View

from icctracker.actions import ActionRefused
from icctracker.actions.answering import (
    dissent_from_assessment,
    dissent_from_finding,
    propose_finding,
    take_back,
)
from icctracker.models import (
    FINDING_FIELDS,
    Assessment,
    Dissent,
    Effect,
    Evidence,
    Finding,
    ImplementationStatus,
    rules,
)
from icctracker.web.kit import kept
from icctracker.web.kit.blindness import NotWhileCoding
from icctracker.web.kit.forms import PlainForm, Text, limit, problems_in
from icctracker.web.kit.kept import DeskAccess, NothingLost

from .fields import Options, criteria
from .forms import FindingForm, blame

# The forms of a dissent.

CHOOSE = gettext_lazy("Choose what you would have said.")


def _reason():
    return Text(
        label=gettext_lazy("Why"),
        required=True,
        max_length=limit(Dissent, "reason"),
        rows=6,
        help_text=gettext_lazy(
            "Readers see it, with your public name only if you let it be shown."
        ),
        error_messages={"required": gettext_lazy("Say why: readers see the reason.")},
    )


class FindingDissentForm(PlainForm):
    """Which effect one would give instead, and why."""

    effect = forms.TypedChoiceField(
        label=gettext_lazy("The effect you would give it"),
        widget=forms.RadioSelect,
        choices=Effect.choices,
        coerce=int,
        error_messages={"required": CHOOSE},
    )
    reason = _reason()


class AssessmentDissentForm(PlainForm):
    """Which status one would have decided on, and why."""

    status = forms.ChoiceField(
        label=gettext_lazy("The status you would decide on"),
        widget=forms.RadioSelect,
        choices=ImplementationStatus.choices,
        error_messages={"required": CHOOSE},
    )
    reason = _reason()


class TakeBackForm(PlainForm):
    """Why a dissent is taken back."""

    reason = Text(
        label=gettext_lazy("Why you take it back"),
        required=True,
        max_length=limit(Dissent, "withdrawal_reason"),
        rows=4,
        help_text=gettext_lazy("It is kept, and shown where the dissent was."),
        error_messages={"required": gettext_lazy("Say why: it is kept.")},
    )


# Dissent: putting it on record, reading one's own, taking it back.


class DissentCreate(NothingLost, FormView):
    """Puts a dissent before a reviewer, who confirms that it is one."""

    permission_required = "icctracker.add_evidence"
    template_name = "desk/dissent_form.html"

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
    template_name = "desk/dissent_detail.html"

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


PREFIX = "findings-0"


class FindingPropose(NotWhileCoding, DeskAccess, TemplateResponseMixin, View):
    """One finding for a published entry, which goes to review."""

    template_name = "desk/finding_propose.html"

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
        return self.show(self.form(shown=kept.kept(request)))

    def post(self, request, **kwargs):
        if "explain" in request.POST:
            return self.show(self.form(shown=request.POST))
        form = self.form(request.POST)
        if form.is_valid():
            proposed = rules.Entry(
                {"kind": self.evidence.kind}, findings=[form.cleaned_data]
            )
            for fault in rules.finding_faults(proposed):
                blame(form, fault.field, fault.what)
        if not form.is_valid():
            return self.show(form)
        names = ("criterion", *FINDING_FIELDS)
        row = {name: form.cleaned_data.get(name) for name in names}
        try:
            propose_finding(self.evidence, row, by=request.user)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form)
        kept.forget(request)
        messages.success(request, _("Proposed. A reviewer will read it."))
        return redirect("desk")

    def show(self, form):
        problems = problems_in(form, form.fields) if form.is_bound else []
        context = self.get_context_data(
            evidence=self.evidence, finding=form, problems=problems
        )
        return self.render_to_response(context)
