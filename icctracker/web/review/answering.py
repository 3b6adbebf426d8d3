"""Deciding about a finding that is proposed for a published entry."""

from django import forms
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import ListView

from icctracker.actions.answering import (
    accept_proposal,
    answer,
    confirm,
    decline_proposal,
    refuse,
)
from icctracker.models import Answer, Coding, Dissent, Evidence, Proposal, Response
from icctracker.web.kit.acting import ActingForm, seen
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


class ProposalReview(NotWhileCoding, ReviewAccess, ActingForm):
    """One proposed finding beside its entry, and the decision about it."""

    entry_by = {"pk": "proposals"}
    form_class = ProposalForm
    template_name = "review/proposal_review.html"
    success_url = reverse_lazy("review-queue")
    success_message = gettext_lazy("The decision is recorded.")

    @cached_property
    def proposal(self):
        proposals = Proposal.objects.select_related(
            "criterion__recommendation", "proposed_by", "decided_by"
        )
        return get_object_or_404(proposals, pk=self.kwargs["pk"])

    @property
    def is_open(self):
        """Nobody decides on what they proposed, save a curator."""
        own = self.proposal.proposed_by_id == self.request.user.pk
        curates = self.request.user.has_perm("icctracker.curate_evidence")
        return self.proposal.waits and (curates or not own)

    @cached_property
    def evidence(self):
        return Evidence.objects.complete().get(pk=self.proposal.evidence_id)

    def act(self, form):
        outcome, note = form.cleaned_data["outcome"], form.cleaned_data["note"]
        decide = accept_proposal if outcome == ACCEPT else decline_proposal
        return decide(self.proposal, reviewer=self.request.user, note=note)

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


class ResponseAnswer(NotWhileCoding, ReviewAccess, ActingForm):
    """One response, with the answers so far, and the form for another."""

    entry_by = {"reference": "responses__reference"}
    form_class = AnswerForm
    tab = "response-queue"
    template_name = "review/response_answer.html"
    success_url = reverse_lazy("response-queue")
    way_on = gettext_lazy(
        "Read it below. If yours is still needed, it is here: send it again."
    )

    @cached_property
    def response(self):
        answers = Answer.objects.select_related("answered_by")
        return get_object_or_404(
            Response.objects.select_related(
                "evidence", "recommendation"
            ).prefetch_related(Prefetch("answers", answers)),
            reference=self.kwargs["reference"],
        )

    @property
    def stands(self):
        return len(self.response.answers.all())

    def act(self, form):
        given, after = form.cleaned_data, seen(self.request.POST)
        return answer(self.response, by=self.request.user, after=after, **given)

    def said(self, given):
        return f"{given.get_outcome_display()}."

    def read_again(self):
        del self.response

    def get_context_data(self, **kwargs):
        return super().get_context_data(response=self.response, **kwargs)


class DissentReview(NotWhileCoding, ReviewAccess, ActingForm):
    """One dissent: a reviewer says that it is one, or why it is none."""

    entry_by = {"pk": "findings__dissents"}
    form_class = DissentForm
    tab = "response-queue"
    template_name = "review/dissent_review.html"
    success_url = reverse_lazy("response-queue")
    success_message = gettext_lazy("Your decision is recorded.")

    @cached_property
    def dissent(self):
        return get_object_or_404(
            _with_subject(Dissent.objects.all()), pk=self.kwargs["pk"]
        )

    @property
    def is_open(self):
        """Nobody decides on a dissent of their own."""
        return self.dissent.waits and self.dissent.author_id != self.request.user.pk

    def act(self, form):
        reason, user = form.cleaned_data["reason"], self.request.user
        if form.cleaned_data["outcome"] == "confirm":
            return confirm(self.dissent, by=user)
        return refuse(self.dissent, by=user, reason=reason)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            dissent=self.dissent, may_decide=self.is_open, **kwargs
        )


def _with_subject(dissents):
    return dissents.select_related(
        "author",
        "finding__evidence",
        "finding__criterion__recommendation",
        "assessment__recommendation",
    )
