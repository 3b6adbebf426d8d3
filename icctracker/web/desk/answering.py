"""Proposing one more finding for an entry that is published."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin, View

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
from icctracker.web.kit.acting import Acting, ActingForm
from icctracker.web.kit.blindness import NotWhileCoding
from icctracker.web.kit.forms import PlainForm, Text, limit, problems_in
from icctracker.web.kit.kept import DeskAccess, NothingLost
from icctracker.web.kit.picker import Picker, document_of, pin

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


class DissentCreate(NothingLost, ActingForm):
    """Puts a dissent before a reviewer, who confirms that it is one."""

    permission_required = "icctracker.add_evidence"
    template_name = "desk/dissent_form.html"
    success_message = gettext_lazy(
        "Your dissent is kept. It is shown once a reviewer read it."
    )

    @cached_property
    def subject(self):
        """What is dissented from; what is not public is not there."""
        raise NotImplementedError

    # The action by which it is put on record.
    dissent = None

    def act(self, form):
        return self.dissent(self.subject, by=self.request.user, **form.cleaned_data)

    def onward(self, made):
        return reverse("dissent-detail", args=[made.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(subject=self.subject, **kwargs)


class FindingDissent(NotWhileCoding, DissentCreate):
    """From a published finding."""

    entry_by = {"pk": "findings"}
    form_class = FindingDissentForm
    dissent = staticmethod(dissent_from_finding)

    @cached_property
    def subject(self):
        findings = Finding.objects.filter(
            accepted_at__isnull=False, evidence__in=Evidence.objects.public()
        )
        return get_object_or_404(
            findings.select_related("evidence", "criterion__recommendation"),
            pk=self.kwargs["pk"],
        )


class AssessmentDissent(DissentCreate):
    """From an assessment."""

    form_class = AssessmentDissentForm
    dissent = staticmethod(dissent_from_assessment)

    @cached_property
    def subject(self):
        return get_object_or_404(
            Assessment.objects.select_related("recommendation"), pk=self.kwargs["pk"]
        )


class DissentDetail(NothingLost, ActingForm):
    """One's own dissent: what became of it, and the form to take it back."""

    permission_required = "icctracker.add_evidence"
    form_class = TakeBackForm
    template_name = "desk/dissent_detail.html"
    success_message = gettext_lazy("Your dissent is taken back.")

    @cached_property
    def dissent(self):
        own = Dissent.objects.filter(author=self.request.user).select_related(
            "finding__evidence",
            "finding__criterion__recommendation",
            "assessment__recommendation",
        )
        return get_object_or_404(own, pk=self.kwargs["pk"])

    @property
    def is_open(self):
        return not (self.dissent.withdrawn_at or self.dissent.refused_at)

    def act(self, form):
        return take_back(self.dissent, by=self.request.user, **form.cleaned_data)

    def onward(self, made):
        return self.request.path

    def get_context_data(self, **kwargs):
        return super().get_context_data(dissent=self.dissent, **kwargs)


PREFIX = "findings-0"


class FindingPropose(NotWhileCoding, DeskAccess, Acting, TemplateResponseMixin, View):
    """One finding for a published entry, which goes to review."""

    template_name = "desk/finding_propose.html"
    success_message = gettext_lazy("Proposed. A reviewer will read it.")

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
        return self.show(self.form(shown=kept.found(request)))

    def post(self, request, **kwargs):
        if "pin" in request.POST:
            return self.show(self._pinned(request.POST))
        if any(button in request.POST for button in ("explain", "pick")):
            return self.show(self.form(shown=request.POST))
        form = self.form(request.POST)
        if form.is_valid():
            proposed = rules.Entry(
                {"kind": self.evidence.kind}, findings=[form.cleaned_data]
            )
            for fault in rules.finding_faults(proposed):
                blame(form, fault.field, fault.what)
        return self.carry_out(form) if form.is_valid() else self.show(form)

    @cached_property
    def document(self):
        return document_of(self.evidence.symbol)

    def picker(self, form):
        """The paragraphs of the document, to be picked; None where it has no record."""
        return self.document and Picker(self.document, [form], self.request.POST)

    def _pinned(self, data):
        """The form with the paragraph filled in whose button was pressed."""
        form = self.form(shown=data)
        row = {"pinpoint": form["pinpoint"].value()}
        if picker := self.picker(form):
            pin(picker, data["pin"], [row])
            self.pick_note = picker.note
        form = self.form(shown=data.dict() | {f"{PREFIX}-pinpoint": row["pinpoint"]})
        form.fields["pinpoint"].widget.attrs["autofocus"] = True
        return form

    # Why a paragraph could not be filled in.
    pick_note = ""

    def act(self, form):
        names = ("criterion", *FINDING_FIELDS)
        row = {name: form.cleaned_data.get(name) for name in names}
        return propose_finding(self.evidence, row, by=self.request.user)

    def onward(self, made):
        return reverse("desk")

    def done(self, form, made):
        answer = super().done(form, made)
        facts = {"symbol": self.evidence.symbol}
        proposed = rules.Entry(facts, findings=[form.cleaned_data])
        for fault in rules.pinpoint_advice(proposed):
            messages.warning(self.request, fault.what)
        return answer

    def refused(self, form, why):
        form.add_error(None, why)
        return self.show(form)

    def show(self, form):
        problems = problems_in(form, form.fields) if form.is_bound else []
        picker = self.picker(form)
        if picker:
            picker.note = self.pick_note
        context = self.get_context_data(
            evidence=self.evidence, finding=form, problems=problems, picker=picker
        )
        return self.render_to_response(context)
