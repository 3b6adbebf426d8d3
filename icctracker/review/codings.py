"""Second codings: asking for one, and reconciling what differs."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import ListView, View
from django.views.generic.base import TemplateResponseMixin

from icctracker.access import NothingLost, not_recorded, prose
from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.coding import give_back, offer_coding
from icctracker.actions.reconciling import coders_of, confirm, reconcile, stamp_of
from icctracker.blindness import NotWhileCoding
from icctracker.models import Coding, Evidence, Reconciliation, User

from .access import ReviewAccess, ReviewTabs
from .reconcile_form import ReconcileForm


def coders():
    """Everybody who may be asked for a second coding."""
    backend = "django.contrib.auth.backends.ModelBackend"
    people = User.objects.with_perm("icctracker.code_evidence", backend=backend)
    return people.order_by("username")


class WithdrawForm(forms.Form):
    """Why a reviewer withdraws a coding."""

    reason = forms.CharField(
        max_length=2000,
        error_messages={
            "required": gettext_lazy("Say why: the reason is kept with the coding.")
        },
    )


class CodingOffer(NotWhileCoding, NothingLost, View):
    """Asks for a second coding of an entry, or withdraws one that is under way."""

    permission_required = "icctracker.review_evidence"
    http_method_names = ["post"]

    def post(self, request, pk):
        entries = Evidence.objects.exclude(state=Evidence.State.DRAFT)
        evidence = get_object_or_404(entries, pk=pk)
        act = self.withdraw if "withdraw" in request.POST else self.offer
        try:
            messages.success(request, act(evidence))
        except ActionRefused as refusal:
            if prose(request):
                onward = (self.form_page(), _("Go to the entry"))
                return not_recorded(request, str(refusal), onward=onward)
            messages.error(request, str(refusal))
        return redirect("review-evidence", pk)

    def form_page(self):
        """The page of the entry, on which the form stands."""
        return reverse("review-evidence", args=[self.kwargs["pk"]])

    def offer(self, evidence):
        key = self.request.POST.get("coder", "")
        if not key:
            offer_coding(evidence, by=self.request.user)
            return _("Offered: any coder who has not read it may pick it up.")
        known = coders() if key.isdecimal() and len(key) < 10 else coders().none()
        coder = known.filter(pk=key).first() if known else None
        if coder is None:
            raise ActionRefused(_("Choose one of the coders listed."))
        offer_coding(evidence, by=self.request.user, coder=coder)
        return _("Asked. Until then nobody can decide on the entry.")

    def withdraw(self, evidence):
        form, said = WithdrawForm(self.request.POST), _("The coding is withdrawn.")
        coding = evidence.codings.live().first()
        if coding is None:
            if form.is_valid() and _withdrawn_for(evidence, **form.cleaned_data):
                return said
            raise ActionRefused(_("No coding of this entry is under way."))
        if not form.is_valid():
            raise ActionRefused(" ".join(form.errors["reason"]))
        give_back(coding, by=self.request.user, **form.cleaned_data)
        return said


def _withdrawn_for(evidence, reason):
    """Whether a coding was withdrawn for this reason: the form was sent twice."""
    withdrawn = evidence.codings.filter(state=Coding.State.WITHDRAWN)
    return withdrawn.filter(note__startswith=reason).exists()


class ReconcileList(ReviewAccess, ListView):
    """Second codings that differ from the first, oldest first."""

    tab = "reconcile-list"
    template_name = "review/reconcile_list.html"
    context_object_name = "codings"
    paginate_by = 50

    def get_queryset(self):
        blind = Coding.objects.blinding(self.request.user).values("evidence")
        return (
            Coding.objects.to_reconcile()
            .exclude(evidence__in=blind)
            .select_related("evidence", "against", "reconciliation")
            .order_by("done_at", "pk")
        )


class ReconcileDetail(NothingLost, ReviewTabs, TemplateResponseMixin, View):
    """What differs between two codings, both reasons side by side, and the decision."""

    permission_required = "icctracker.code_evidence"
    tab = "reconcile-list"
    template_name = "review/reconcile_form.html"

    @cached_property
    def coding(self):
        user = self.request.user
        blind = Coding.objects.blinding(user).values("evidence")
        codings = (
            Coding.objects.compared()
            .filter(differs=True)
            .exclude(evidence__in=blind)
            .select_related("evidence", "against")
        )
        coding = get_object_or_404(codings, pk=self.kwargs["pk"])
        if user.pk in coders_of(coding) or user.has_perm("icctracker.review_evidence"):
            return coding
        raise Http404

    @property
    def proposal(self):
        made = Reconciliation.objects.filter(coding=self.coding)
        return made.prefetch_related("lines__criterion").first()

    def get(self, request, pk):
        return self.show(self.form(proposal=self.proposal))

    def post(self, request, pk):
        form = self.form(data=request.POST)
        if "confirm" in request.POST:
            return self.act(self.form(proposal=self.proposal), confirm)
        if not form.is_valid():
            return self.show(form)
        return self.act(form, reconcile, lines=form.decided())

    def form(self, **given):
        return ReconcileForm(self.coding, stamp=stamp_of(self.coding), **given)

    def act(self, form, action, **given):
        stamp = self.request.POST.get("stamp", "")
        try:
            made = action(self.coding, by=self.request.user, stamp=stamp, **given)
        except EditConflict as conflict:
            return self.conflict(form, conflict)
        except ActionRefused as refusal:
            form.refusal = str(refusal)
            return self.show(form)
        if made.decided_at:
            messages.success(self.request, _("Reconciled. Both codings are kept."))
        else:
            messages.success(
                self.request, _("Proposed. It stands once the other coder confirms it.")
            )
        return redirect(self.request.path)

    def conflict(self, form, conflict):
        """Show what was decided meanwhile beside what was typed."""
        self.coding.refresh_from_db()
        form.refusal = str(conflict)
        form.stamp = stamp_of(self.coding)
        return self.show(form, conflict=True, status=409)

    def show(self, form, *, status=None, **context):
        coding, proposal = self.coding, self.proposal
        party = self.request.user.pk in coders_of(coding)
        waits = coding.awaits_reconciling
        waits = waits and coding.evidence.state in Coding.CODABLE
        context = self.get_context_data(
            form=form,
            coding=coding,
            evidence=coding.evidence,
            proposal=proposal,
            waits=waits,
            party=party,
            may_confirm=waits
            and party
            and proposal is not None
            and proposal.proposed_by_id != self.request.user.pk,
            **context,
        )
        return self.render_to_response(context, status=status)
