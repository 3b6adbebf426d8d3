"""Deciding about a finding that is proposed for a published entry."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from icctracker.actions import ActionRefused
from icctracker.actions.proposals import accept_proposal, decline_proposal
from icctracker.blindness import NotWhileCoding
from icctracker.models import Evidence, Proposal

from .access import ReviewAccess
from .forms import long_text

ACCEPT, DECLINE = "accept", "decline"


class ProposalForm(forms.Form):
    """What happens to a proposed finding."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What happens to the finding"),
        widget=forms.RadioSelect,
        choices=[
            (ACCEPT, gettext_lazy("Add it to the entry")),
            (DECLINE, gettext_lazy("Decline it, with a reason")),
        ],
        error_messages={"required": gettext_lazy("Choose what happens.")},
    )
    note = long_text(
        label=gettext_lazy("Comment or reason"),
        help_text=gettext_lazy(
            "Needed to decline. If you add the finding, readers see it too."
        ),
    )


class ProposalReview(NotWhileCoding, ReviewAccess, FormView):
    """One proposed finding beside its entry, and the decision about it."""

    entry_by = {"pk": "proposals"}
    form_class = ProposalForm
    template_name = "review/proposal_review.html"
    success_url = reverse_lazy("review-queue")

    @cached_property
    def proposal(self):
        proposals = Proposal.objects.select_related(
            "criterion__recommendation", "proposed_by", "decided_by"
        )
        return get_object_or_404(proposals, pk=self.kwargs["pk"])

    @cached_property
    def evidence(self):
        return Evidence.objects.complete().get(pk=self.proposal.evidence_id)

    def form_valid(self, form):
        data = form.cleaned_data
        decide = accept_proposal if data["outcome"] == ACCEPT else decline_proposal
        try:
            decide(self.proposal, reviewer=self.request.user, note=data["note"])
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, _("The decision is recorded."))
        return super().form_valid(form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            proposal=self.proposal,
            evidence=self.evidence,
            findings=self.evidence.accepted_findings,
            own=self.proposal.proposed_by_id == self.request.user.pk,
            **kwargs,
        )
