"""The reviewer's queue, and deciding about an entry."""

from collections import defaultdict

import django_filters
from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, When
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.views import FilterView

from icctracker.actions.review import decide
from icctracker.models import (
    Coding,
    Evidence,
    Finding,
    Proposal,
    Recommendation,
    ReviewDecision,
    comments_for,
)
from icctracker.readings.present import changes_by, prospect_of
from icctracker.readings.risks import RiskKind, risks_of
from icctracker.readings.versions import mark_outdated
from icctracker.web.kit.acting import ActingForm, seen
from icctracker.web.kit.blindness import NotWhileCoding
from icctracker.web.kit.either import EitherFilter, each_of
from icctracker.web.kit.filters import DescribedFilterSet, EitherRecommendationFilter

from .access import ReviewAccess
from .codings import coders
from .forms import DecisionForm

# What a reviewer may filter the queue by.

LEAVES_OUT = gettext_lazy(
    "Leaves out what is being coded a second time, until you have read it."
)


class QueueFilter(DescribedFilterSet):
    """Filters what waits for review.

    What tells of the first codes finds nothing that its reader could still code blind.
    """

    not_a_filter = ("sort",)

    recommendation = EitherRecommendationFilter(
        method="of_recommendation",
        queryset=Recommendation.objects.all(),
        label=gettext_lazy("Recommendation"),
        empty_label=gettext_lazy("All"),
        help_text=LEAVES_OUT,
    )
    verification = EitherFilter(
        method="of_verification",
        choices=[
            ("noted", gettext_lazy("With a note on what remains to be checked")),
            ("plain", gettext_lazy("Without a note")),
        ],
        label=gettext_lazy("Verification"),
        empty_label=gettext_lazy("All"),
        help_text=LEAVES_OUT,
    )

    risk = EitherFilter(
        method="of_risk",
        choices=RiskKind.choices,
        label=gettext_lazy("To be read twice"),
        empty_label=gettext_lazy("All"),
    )
    sort = django_filters.ChoiceFilter(
        method="sorted_by",
        choices=[("risk", gettext_lazy("Most to be read twice first"))],
        label=gettext_lazy("Sort"),
        empty_label=gettext_lazy("Oldest first"),
    )

    class Meta:
        model = Evidence
        fields = []

    def __init__(self, *args, judge, **kwargs):
        super().__init__(*args, **kwargs)
        self.judge = judge

    def of_recommendation(self, queryset, name, value):
        """Keep the entries with a finding about a recommendation, or any of some."""
        findings = Finding.objects.current().filter(
            criterion__recommendation__in=each_of(value)
        )
        return self._told(queryset).filter(pk__in=findings.values("evidence"))

    def of_risk(self, queryset, name, value):
        """Keep the entries that bear a kind of risk, or any of some."""
        asked = {*each_of(value)}
        bearing = [
            key
            for key, risks in self.judge().items()
            if asked & {risk.kind for risk in risks}
        ]
        return queryset.filter(pk__in=bearing)

    def sorted_by(self, queryset, name, value):
        """Those with most kinds of risk first; among them, the oldest."""
        by_number = defaultdict(list)
        for key, risks in self.judge().items():
            by_number[len({risk.kind for risk in risks})].append(key)
        cases = [When(pk__in=keys, then=number) for number, keys in by_number.items()]
        number = Case(*cases, default=0, output_field=IntegerField())
        return queryset.annotate(risks_borne=number).order_by(
            "-risks_borne", "submitted_at", "pk"
        )

    def of_verification(self, queryset, name, value):
        """Keep the entries with, or without, a note on what remains to be checked."""
        told = self._told(queryset)
        if isinstance(value, tuple):
            return told
        without = Q(verification_note="")
        return told.filter(~without if value == "noted" else without)

    def _told(self, queryset):
        """Those entries of which the reader may learn what was found in them."""
        return queryset.codes_open_to(self.request.user)


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
    paginate_by = 25

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
        """Of every entry that waits, by primary key; for a filter or a sort by them."""
        return self._judged(list(self.get_queryset()))

    def _judged(self, entries):
        """The risks of some entries, without those that tell what is coded blind."""
        found = risks_of(entries, prospect_of(entries, timezone.localdate()))
        for entry in entries:
            if entry.under_way:
                found[entry.pk] = [r for r in found[entry.pk] if not r.tells_codes]
        return found

    def get_filterset_kwargs(self, filterset_class):
        extra = {"judge": lambda: self.risks}
        return super().get_filterset_kwargs(filterset_class) | extra

    def get_context_data(self, **kwargs):
        blind = Coding.objects.blinding(self.request.user).values("evidence")
        proposals = Proposal.objects.waiting().exclude(evidence__in=blind)
        context = super().get_context_data(
            described=self.filterset.described(),
            proposals=proposals.select_related("evidence", "criterion", "proposed_by"),
            **kwargs,
        )
        shown = list(context["page_obj"])
        # All have been judged where the page is filtered or sorted by it.
        risks = self.__dict__.get("risks") or self._judged(shown)
        for entry in shown:
            entry.risks = risks.get(entry.pk, [])
        return context


class EvidenceReview(NotWhileCoding, ReviewAccess, ActingForm):
    """One entry beside its sources, and the decision about it."""

    form_class = DecisionForm
    template_name = "review/evidence_review.html"
    success_url = reverse_lazy("review-queue")
    way_on = gettext_lazy(
        "You now see it as it is. Read it again, then decide: your comment is still"
        " here."
    )

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

    def post(self, request, *args, **kwargs):
        if self.may_decide:
            return super().post(request, *args, **kwargs)
        context = self.get_context_data(refused=True, typed=request.POST.get("note"))
        return self.render_to_response(context, status=409)

    @property
    def stands(self):
        return self.evidence.version

    def get_form_kwargs(self):
        extra = {"evidence": self.evidence, "own": self.own, "author": self.author}
        return super().get_form_kwargs() | extra

    def act(self, form):
        return decide(
            self.evidence,
            reviewer=self.request.user,
            outcome=form.cleaned_data["outcome"],
            note=form.cleaned_data["note"],
            version=seen(self.request.POST),
        )

    def said(self, decision):
        outcome, title = decision.get_outcome_display(), self.evidence.title
        return _("%(outcome)s: %(title)s.") % {"outcome": outcome, "title": title}

    def slower(self, form, why):
        form.take_back_the_tick()
        return super().slower(form, why)

    def get_context_data(self, **kwargs):
        changes, risks, evidence = [], [], self.evidence
        if self.waits:
            prospect = prospect_of([evidence], timezone.localdate())
            changes = changes_by(evidence, prospect)
            risks = risks_of([evidence], prospect)[evidence.pk]
        return super().get_context_data(
            evidence=self.evidence,
            # What waits was marked when it was asked what it would change.
            findings=evidence.current_findings
            if self.waits
            else mark_outdated(evidence.current_findings),
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
                {"now": now, "then": then, "differs": now.suggested != then}
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
