"""The reviewer's queue, and deciding about an entry."""

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView
from django_filters.views import FilterView

from icctracker.actions import ActionRefused, EditConflict
from icctracker.actions.review import decide
from icctracker.models import Evidence, Finding, Proposal, ReviewDecision
from icctracker.standing import standings_with

from .filters import QueueFilter
from .forms import DecisionForm

CURRENT_FINDINGS = Prefetch(
    "findings",
    queryset=Finding.objects.current()
    .select_related("criterion__recommendation")
    .order_by("criterion__recommendation__number", "criterion__code"),
    to_attr="current_findings",
)


class ReviewQueue(PermissionRequiredMixin, FilterView):
    """What waits for a reviewer, oldest first."""

    permission_required = "icctracker.review_evidence"
    filterset_class = QueueFilter
    template_name = "review/queue.html"
    paginate_by = 50

    def get_queryset(self):
        return (
            Evidence.objects.submitted()
            .select_related("submitted_by")
            .prefetch_related("situations", CURRENT_FINDINGS)
        )

    def get_context_data(self, **kwargs):
        described = self.filterset.described()
        proposals = Proposal.objects.waiting().select_related(
            "evidence", "criterion", "proposed_by"
        )
        return super().get_context_data(
            described=described, proposals=proposals, **kwargs
        )


class EvidenceReview(PermissionRequiredMixin, FormView):
    """One entry beside its sources, and the decision about it."""

    permission_required = "icctracker.review_evidence"
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
    def own(self):
        return self.evidence.submitted_by_id == self.request.user.pk

    @property
    def may_decide(self):
        """Nobody decides on their own entry, save a curator."""
        curates = self.request.user.has_perm("icctracker.curate_evidence")
        return self.waits and (curates or not self.own)

    def post(self, request, *args, **kwargs):
        if self.may_decide:
            return super().post(request, *args, **kwargs)
        context = self.get_context_data(refused=True, typed=request.POST.get("note"))
        return self.render_to_response(context, status=409)

    def get_initial(self):
        return {"version": self.evidence.version}

    def get_form_kwargs(self):
        extra = {"evidence": self.evidence, "own": self.own}
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
        changes = []
        if self.waits:
            changes = standings_with(self.evidence, timezone.localdate())
        return super().get_context_data(
            evidence=self.evidence,
            findings=self.evidence.current_findings,
            waits=self.waits,
            own=self.own,
            may_decide=self.may_decide,
            changes=[
                {"now": now, "then": then, "differs": now.suggested != then.suggested}
                for now, then in changes
            ],
            **kwargs,
        )
