"""The desk: what is in hand, one entry as its author sees it."""

from django.contrib import messages
from django.db.models import Max, Prefetch, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, TemplateView, View

from icctracker.actions import ActionRefused
from icctracker.actions.blinding import note_reading
from icctracker.actions.evidence import (
    discard,
    missing_facts,
    missing_rows,
    submit,
)
from icctracker.blindness import NotWhileCoding
from icctracker.due import criteria_unsearched
from icctracker.models import (
    Codebook,
    Evidence,
    Recommendation,
    ReviewDecision,
    comments_for,
    may_comment,
)
from icctracker.standing import add_months
from icctracker.versions import mark_outdated

from . import typed
from .access import DeskAccess
from .editing import EvidenceUpdate
from .entry import EntryForm
from .formsets import FindingForm
from .lookup import look_up
from .options import Options, criteria
from .posted import whole_number
from .saved import with_parts
from .tabs import DeskTabs, codings_for

State = Evidence.State
QUIET_MONTHS = 12
RECENT = 10


class Desk(DeskAccess, DeskTabs, TemplateView):
    """What the researcher has in hand, and where evidence is wanting."""

    template_name = "contribute/desk.html"

    def get_context_data(self, **kwargs):
        own, codings = self._own(), codings_for(self.request.user)
        return super().get_context_data(
            in_hand=codings["in_hand"],
            to_settle=codings["to_settle"],
            drafts=[each for each in own if each.state == State.DRAFT],
            returned=[each for each in own if each.state == State.RETURNED],
            waiting=[each for each in own if each.state == State.SUBMITTED],
            decided=self._decided(),
            searches=self.request.user.searches.select_related(
                "criterion__recommendation"
            ).order_by("-recorded_at", "-pk")[:5],
            dissents=self.request.user.dissents.select_related(
                "finding__criterion", "assessment__recommendation"
            )[:RECENT],
            unsearched=criteria_unsearched(timezone.localdate()),
            proposals=self.request.user.proposals.select_related(
                "evidence", "criterion"
            )[:RECENT],
            quiet=quiet_recommendations(timezone.localdate()),
            **kwargs,
        )

    def _own(self):
        open_states = [State.DRAFT, State.RETURNED, State.SUBMITTED]
        return _with_decisions(self.request.user).filter(state__in=open_states)

    def _decided(self):
        decided = [State.PUBLISHED, State.DECLINED, State.WITHDRAWN]
        return _with_decisions(self.request.user).filter(state__in=decided)[:RECENT]


def _with_decisions(user):
    decisions = ReviewDecision.objects.order_by("-decided_at", "-pk")
    return (
        user.evidence.annotate(decided_at=Max("decisions__decided_at"))
        .order_by("-decided_at", "-updated_at", "-pk")
        .prefetch_related(
            Prefetch("decisions", queryset=decisions, to_attr="past_decisions")
        )
    )


def quiet_recommendations(today):
    """Those with no accepted finding on an event of the last twelve months."""
    accepted = Q(
        criteria__findings__accepted_at__isnull=False,
        criteria__findings__retired_at__isnull=True,
    )
    latest = Max("criteria__findings__event_date", filter=accepted)
    return (
        Recommendation.objects.annotate(latest=latest)
        .filter(
            Q(latest__isnull=True) | Q(latest__lte=add_months(today, -QUIET_MONTHS))
        )
        .order_by("publication", "number")
    )


class DeskEvidence(NotWhileCoding, DeskAccess, DetailView):
    """An entry as it will appear, with its state; for its author and reviewers."""

    template_name = "contribute/evidence_preview.html"
    context_object_name = "evidence"

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        note_reading(self.object, request.user)
        return response

    def get_queryset(self):
        user = self.request.user
        entries = Evidence.objects.visible_to(user)
        if not user.has_perm("icctracker.review_evidence"):
            entries = entries.filter(submitted_by=user)
        decisions = ReviewDecision.objects.order_by("-decided_at", "-pk")
        return with_parts(entries).prefetch_related(
            Prefetch("decisions", queryset=decisions, to_attr="past_decisions")
        )

    def get_context_data(self, **kwargs):
        mine = self.object.submitted_by_id == self.request.user.pk
        may_edit = mine and self.object.is_editable
        return super().get_context_data(
            findings=mark_outdated(
                _in_order(self.object.current_findings), Codebook.objects.in_force()
            ),
            mine=mine,
            may_edit=may_edit,
            missing=_missing(self.object) if may_edit else [],
            may_discard=mine and self.object.state == State.DRAFT,
            discussed=may_comment(self.request.user, self.object),
            comments=comments_for(self.request.user, self.object),
            **kwargs,
        )


def _missing(evidence):
    """What the entry lacks, by the rows that came with it."""
    rows = missing_rows(evidence.sources.all(), evidence.current_findings)
    return missing_facts(evidence) + rows


def _in_order(findings):
    def place(finding):
        return finding.criterion.recommendation.number, finding.criterion.code

    return sorted(findings, key=place)


class EvidenceSubmit(EvidenceUpdate):
    """Submits an entry as it is saved; if something is missing, shows where."""

    http_method_names = ["get", "head", "options", "post"]
    complete = True

    def get(self, request, **kwargs):
        return redirect("desk-evidence", kwargs["pk"])

    def post(self, request, **kwargs):
        evidence = self.get_evidence()
        if refusal := self.refusal(evidence):
            messages.info(request, refusal)
            return redirect("desk-evidence", evidence.pk)
        entry = EntryForm.of_saved(evidence)
        if not entry.check(complete=True):
            return self.show(entry)
        try:
            version = whole_number(request.POST.get("version")) or 0
            submit(evidence, by=request.user, version=version)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("desk-evidence", evidence.pk)
        messages.success(request, _("Submitted. A reviewer will read it."))
        return redirect("desk-evidence", evidence.pk)


class EvidenceDiscard(DeskAccess, DetailView):
    """Asks whether a draft is to be deleted, and deletes it."""

    template_name = "contribute/evidence_discard.html"
    context_object_name = "evidence"

    def get_queryset(self):
        return Evidence.objects.filter(submitted_by=self.request.user)

    def post(self, request, **kwargs):
        evidence = self.get_object()
        try:
            discard(evidence, by=request.user)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("desk-evidence", evidence.pk)
        typed.forget(request, reverse("evidence-update", args=[kwargs["pk"]]))
        messages.success(request, _("The draft is deleted."))
        return redirect("desk")


class FindingGuidance(DeskAccess, View):
    """For one finding: what counts for the criterion that is chosen."""

    def get(self, request):
        name, chosen = next(iter(request.GET.items()), ("", ""))
        prefix, _dash, field = name.rpartition("-")
        number = whole_number(prefix.removeprefix("findings-"))
        if field != "criterion" or number is None:
            raise Http404
        form = FindingForm(
            prefix=f"findings-{number}",
            initial={"criterion": chosen},
            options=Options(criteria(), {}, []),
        )
        return render(request, "contribute/finding_guidance.html", {"form": form})


class Lookup(DeskAccess, View):
    """What the Council's record has for what is being typed."""

    def get(self, request):
        found = look_up(request.GET.get("lookup", ""))
        return render(request, "contribute/lookup_results.html", {"found": found})
