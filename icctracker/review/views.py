"""The reviewer's queue, and deciding about an entry."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView
from django_filters.views import FilterView

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.blinding import note_reading
from icctracker.actions.review import decide
from icctracker.blindness import NotWhileCoding
from icctracker.models import (
    Coding,
    Evidence,
    Finding,
    Proposal,
    ReviewDecision,
    comments_for,
)
from icctracker.risks import risks_of
from icctracker.standing import codebook, standings_with
from icctracker.versions import mark_outdated

from .access import ReviewAccess
from .codings import coders
from .filters import QueueFilter
from .forms import DecisionForm

CURRENT_FINDINGS = Prefetch(
    "findings",
    queryset=Finding.objects.current()
    .select_related("criterion__recommendation", "criterion__codebook")
    .order_by("criterion__recommendation__number", "criterion__code"),
    to_attr="current_findings",
)


# Whoever may still become the second coder should not learn here what was coded.
UNDER_WAY = Coding.objects.live().filter(evidence=OuterRef("pk"))


class ReviewQueue(ReviewAccess, FilterView):
    """What waits for a reviewer, oldest first, with what to read twice."""

    filterset_class = QueueFilter
    template_name = "review/queue.html"
    paginate_by = 50

    def get_queryset(self):
        return (
            Evidence.objects.submitted()
            .without_blind(self.request.user)
            .annotate(under_way=Exists(UNDER_WAY))
            .select_related("submitted_by")
            .prefetch_related("situations", "sources", CURRENT_FINDINGS)
        )

    @cached_property
    def risks(self):
        """Of every entry that waits, by primary key."""
        entries = list(self.get_queryset())
        found = risks_of(entries, self.standings)
        for entry in entries:
            if entry.under_way:
                found[entry.pk] = [r for r in found[entry.pk] if not r.tells_codes]
        return found

    def get_filterset_kwargs(self, filterset_class):
        extra = {"risks": self.risks}
        return super().get_filterset_kwargs(filterset_class) | extra

    def get_context_data(self, **kwargs):
        blind = Coding.objects.blinding(self.request.user).values("evidence")
        proposals = Proposal.objects.waiting().exclude(evidence__in=blind)
        context = super().get_context_data(
            described=self.filterset.described(),
            proposals=proposals.select_related("evidence", "criterion", "proposed_by"),
            **kwargs,
        )
        for entry in context["page_obj"]:
            entry.risks = self.risks.get(entry.pk, [])
        return context


class EvidenceReview(NotWhileCoding, ReviewAccess, FormView):
    """One entry beside its sources, and the decision about it."""

    form_class = DecisionForm
    template_name = "review/evidence_review.html"
    success_url = reverse_lazy("review-queue")

    @cached_property
    def evidence(self):
        entries = (
            Evidence.objects.exclude(state=Evidence.State.DRAFT)
            .select_related("submitted_by")
            .prefetch_related(
                "situations",
                "actors",
                "sources",
                CURRENT_FINDINGS,
                Prefetch(
                    "decisions",
                    queryset=ReviewDecision.objects.select_related("reviewer"),
                ),
            )
        )
        return get_object_or_404(entries, pk=self.kwargs["pk"])

    @property
    def waits(self):
        return self.evidence.state == Evidence.State.SUBMITTED

    @property
    def author(self):
        return self.evidence.submitted_by_id == self.request.user.pk

    @cached_property
    def own(self):
        return self.evidence.written_by(self.request.user)

    @property
    def may_decide(self):
        """Nobody decides on what they wrote or changed, save a curator."""
        curates = self.request.user.has_perm("icctracker.curate_evidence")
        return self.waits and not self.being_coded and (curates or not self.own)

    @cached_property
    def codings(self):
        """The second codings of this entry, the newest first."""
        codings = self.evidence.codings.exclude(purpose=Coding.Purpose.FIRST)
        return list(codings.select_related("coder", "reconciliation").order_by("-pk"))

    @property
    def being_coded(self):
        """Whether somebody is coding the entry blind, so that it has to wait."""
        return any(coding.is_open for coding in self.codings)

    def get(self, request, *args, **kwargs):
        note_reading(self.evidence, request.user)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.may_decide:
            return super().post(request, *args, **kwargs)
        context = self.get_context_data(refused=True, typed=request.POST.get("note"))
        return self.render_to_response(context, status=409)

    def get_initial(self):
        return {"version": self.evidence.version}

    def get_form_kwargs(self):
        extra = {"evidence": self.evidence, "own": self.own, "author": self.author}
        return super().get_form_kwargs() | extra

    def form_valid(self, form):
        data = form.cleaned_data
        try:
            decision = decide(
                self.evidence,
                reviewer=self.request.user,
                outcome=data["outcome"],
                note=data["note"],
                version=data["version"],
            )
        except EditConflict as conflict:
            return self.conflict(form, conflict)
        except ActionRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("%(outcome)s: %(title)s.")
            % {
                "outcome": decision.get_outcome_display(),
                "title": self.evidence.title,
            },
        )
        return super().form_valid(form)

    def conflict(self, form, conflict):
        """Show the entry as it is now beside what was typed about an older version."""
        form.add_error(None, str(conflict))
        form.add_error(
            None,
            _(
                "You now see it as it is. Read it again, then decide: your comment is"
                " still here."
            ),
        )
        form.ask_again(self.evidence.version)
        return self.render_to_response(self.get_context_data(form=form), status=409)

    def get_context_data(self, **kwargs):
        changes, risks = [], []
        if self.waits:
            today, evidence = timezone.localdate(), self.evidence
            changes = standings_with(evidence, today)
            now = [now for now, _then in changes]
            risks = risks_of([evidence], now)[evidence.pk]
        return super().get_context_data(
            evidence=self.evidence,
            findings=mark_outdated(self.evidence.current_findings, codebook()),
            waits=self.waits,
            own=self.own,
            author=self.author,
            risks=risks,
            comments=comments_for(self.request.user, self.evidence),
            may_decide=self.may_decide,
            being_coded=self.being_coded,
            codings=self.codings,
            may_offer=self._may_offer(),
            coders=coders() if self._may_offer() else [],
            changes=[
                {"now": now, "then": then, "differs": now.suggested != then.suggested}
                for now, then in changes
            ],
            **kwargs,
        )

    def _may_offer(self):
        """Whether a second coding can be asked for now."""
        waiting = any(
            coding.awaits_reconciling or coding.state in ("offered", "open")
            for coding in self.codings
        )
        return self.evidence.state in Coding.CODABLE and not waiting
