"""Coding blind: what there is to code, and one coding in hand."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.generic import TemplateView, View
from django.views.generic.base import TemplateResponseMixin

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.blinding import codable_by
from icctracker.actions.coding import give_back, hand_in, pick_up, save_coding
from icctracker.models import Coding

from . import typed
from .access import DeskAccess
from .coding_form import CodingForm, GiveBackForm
from .tabs import DeskTabs, codings_for
from .unrecorded import unrecorded

ROW_BUTTONS = "add_finding remove_finding explain".split()
RECENT = 10


class CodingAccess(DeskAccess):
    """For those who may code evidence a second time."""

    permission_required = "icctracker.code_evidence"


class CodingList(CodingAccess, DeskTabs, TemplateView):
    """What the coder has in hand, what is offered, and what awaits both coders.

    Of what is offered only neutral things are told: date, kind and symbol.
    """

    tab = "coding-list"
    template_name = "contribute/coding_list.html"

    def get_context_data(self, **kwargs):
        handed_in = self.request.user.codings.filter(state=Coding.State.DONE)
        return super().get_context_data(
            done=handed_in.exclude(purpose=Coding.Purpose.FIRST)
            .select_related("evidence")
            .order_by("-done_at")[:RECENT],
            **codings_for(self.request.user),
            **kwargs,
        )


class CodingPickUp(CodingAccess, View):
    """Takes an offered coding in hand, on the coder's word to be blind."""

    http_method_names = ["post"]

    def post(self, request, pk):
        coding = get_object_or_404(Coding, pk=pk, evidence__in=codable_by(request.user))
        try:
            pick_up(coding, by=request.user, unread="unread" in request.POST)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("coding-list")
        return redirect("coding-detail", coding.pk)


class CodingDetail(CodingAccess, TemplateResponseMixin, View):
    """One's own coding: the event and its sources, and the form; later, to read."""

    template_name = "contribute/coding_form.html"

    def get_coding(self):
        own = Coding.objects.filter(coder=self.request.user).exclude(
            purpose=Coding.Purpose.FIRST
        )
        parts = ("evidence__situations", "evidence__actors", "evidence__sources")
        own = own.select_related("evidence").prefetch_related(*parts)
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def get(self, request, pk):
        coding = self.get_coding()
        kept = typed.kept(request)
        if not coding.is_open:
            lost = kept and unrecorded(coding, kept)
            return self.show_done(coding, unrecorded=lost, kept=True)
        return self.show(CodingForm(coding, typed=kept), kept=kept is not None)

    def post(self, request, pk):
        coding = self.get_coding()
        if "forget" in request.POST:
            typed.forget(request)
            return redirect(request.path)
        if not coding.is_open:
            return self.too_late(coding)
        if "give_back" in request.POST:
            return self.give_back(coding)
        if any(button in request.POST for button in ROW_BUTTONS):
            form = CodingForm(coding, typed=request.POST)
            form.rearrange(request.POST)
            return self.show(form)
        return self.save(CodingForm(coding, data=request.POST))

    def save(self, form):
        if not form.check():
            return self.show(form)
        handing_in = "hand_in" in self.request.POST
        act = hand_in if handing_in else save_coding
        try:
            coding = act(
                form.coding,
                by=self.request.user,
                lines=form.lines(),
                note=form.note.cleaned_data["note"],
                version=form.version,
            )
        except EditConflict as conflict:
            return self.conflict(form, conflict)
        except ActionRefused as refusal:
            form.refusal = str(refusal)
            return self.show(form)
        typed.forget(self.request)
        messages.success(self.request, self.said(coding))
        return redirect(self.request.path)

    def too_late(self, coding):
        """The coding has ended: what was typed and is not recorded is given back."""
        if lost := unrecorded(coding, self.request.POST):
            return self.show_done(coding, unrecorded=lost, status=409)
        messages.info(self.request, _("Nothing was changed: see what is recorded."))
        return redirect(self.request.path)

    def said(self, coding):
        """What happened to the coding."""
        if coding.is_open:
            return _("Saved. Only you see it until you hand it in.")
        if coding.differs:
            return _("Handed in. It differs from the first coding: see below.")
        return _("Handed in. It agrees with the first coding.")

    def conflict(self, form, conflict):
        """Show what is typed beside what was saved elsewhere."""
        saved = Coding.objects.get(pk=form.coding.pk)
        form.refusal = str(conflict)
        form.ask_again(saved.version)
        lines = saved.lines.select_related("criterion")
        return self.show(form, saved_lines=lines, status=409)

    def give_back(self, coding):
        form = CodingForm(coding)
        form.giving_back = asked = GiveBackForm(self.request.POST)
        if not asked.is_valid():
            return self.show(form)
        reason = asked.cleaned_data["reason"]
        try:
            give_back(coding, by=self.request.user, reason=reason)
        except ActionRefused as refusal:
            form.refusal = str(refusal)
            return self.show(form)
        messages.success(self.request, _("Given back. Somebody else can code it."))
        return redirect("coding-list")

    def show(self, form, *, status=None, **context):
        context = self.get_context_data(
            form=form,
            coding=form.coding,
            evidence=form.coding.evidence,
            action=self.request.path,
            **context,
        )
        return self.render_to_response(context, status=status)

    def show_done(self, coding, *, status=None, **context):
        self.template_name = "contribute/coding_done.html"
        context = self.get_context_data(
            coding=coding,
            evidence=coding.evidence,
            lines=coding.lines.select_related("criterion__recommendation"),
            **context,
        )
        return self.render_to_response(context, status=status)
