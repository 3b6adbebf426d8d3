"""Deciding about a finding that is proposed for a published entry."""

from django import forms
from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, ListView

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.answering import (
    accept_proposal,
    answer,
    confirm,
    decline_proposal,
    refuse,
)
from icctracker.models import Answer, Coding, Dissent, Evidence, Proposal, Response
from icctracker.web.kit.blindness import NotWhileCoding

from .access import ReviewAccess
from .forms import AnswerForm, DissentForm, long_text

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


# Corrections and replies from outside, and dissents: what waits for an answer.


class ResponseQueue(ReviewAccess, ListView):
    """What came from outside, waiting first; and the dissents that wait."""

    tab = "response-queue"
    template_name = "review/response_queue.html"
    context_object_name = "answered"
    paginate_by = 50

    def get_queryset(self):
        return Response.objects.public()

    def get_context_data(self, **kwargs):
        waiting, dissents = Response.objects.waiting(), Dissent.objects.waiting()
        blind = Coding.objects.blinding(self.request.user).values("evidence")
        return super().get_context_data(
            waiting=waiting.exclude(evidence__in=blind).select_related(
                "evidence", "recommendation"
            ),
            dissents=_with_subject(dissents.exclude(finding__evidence__in=blind)),
            **kwargs,
        )


class ResponseAnswer(NotWhileCoding, ReviewAccess, FormView):
    """One response, with the answers so far, and the form for another."""

    entry_by = {"reference": "responses__reference"}
    form_class = AnswerForm
    tab = "response-queue"
    template_name = "review/response_answer.html"

    @cached_property
    def response(self):
        answers = Answer.objects.select_related("answered_by")
        return get_object_or_404(
            Response.objects.select_related(
                "evidence", "recommendation"
            ).prefetch_related(Prefetch("answers", answers)),
            reference=self.kwargs["reference"],
        )

    def get_initial(self):
        return {"after": len(self.response.answers.all())}

    def form_valid(self, form):
        try:
            given = answer(self.response, by=self.request.user, **form.cleaned_data)
        except EditConflict as conflict:
            return self.conflict(form, conflict)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, f"{given.get_outcome_display()}.")
        return redirect("response-queue")

    def conflict(self, form, conflict):
        """Show what the other answered beside what was typed."""
        del self.response
        form.add_error(None, str(conflict))
        form.add_error(
            None,
            _("Read it below. If yours is still needed, it is here: send it again."),
        )
        form.ask_again(len(self.response.answers.all()))
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def get_context_data(self, **kwargs):
        return super().get_context_data(response=self.response, **kwargs)


class DissentReview(NotWhileCoding, ReviewAccess, FormView):
    """One dissent: a reviewer says that it is one, or why it is none."""

    entry_by = {"pk": "findings__dissents"}
    form_class = DissentForm
    tab = "response-queue"
    template_name = "review/dissent_review.html"

    @cached_property
    def dissent(self):
        return get_object_or_404(
            _with_subject(Dissent.objects.all()), pk=self.kwargs["pk"]
        )

    @property
    def may_decide(self):
        return self.dissent.waits and self.dissent.author_id != self.request.user.pk

    def form_valid(self, form):
        reason, user = form.cleaned_data["reason"], self.request.user
        try:
            if form.cleaned_data["outcome"] == "confirm":
                confirm(self.dissent, by=user)
            else:
                refuse(self.dissent, by=user, reason=reason)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(
                self.get_context_data(form=form, refused=True), status=409
            )
        messages.success(self.request, _("Your decision is recorded."))
        return redirect("response-queue")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            dissent=self.dissent, may_decide=self.may_decide, **kwargs
        )


def _with_subject(dissents):
    return dissents.select_related(
        "author",
        "finding__evidence",
        "finding__criterion__recommendation",
        "assessment__recommendation",
    )
