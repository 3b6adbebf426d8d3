"""What changed on the site, when and why: of one entry, one recommendation, of all."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView
from django_filters.views import FilterView

from icctracker.blindness import NotWhileCoding
from icctracker.changes import told
from icctracker.filters import ChangeFilter
from icctracker.history import codebooks, steps_of, wordings
from icctracker.models import Evidence, Recommendation
from icctracker.public import sentences
from icctracker.public.moments import MomentMixin


class EvidenceHistory(NotWhileCoding, MomentMixin, DetailView):
    """One entry from its publication on: each change, word by word."""

    template_name = "public/evidence_history.html"
    context_object_name = "evidence"

    def get_queryset(self):
        return Evidence.objects.public()

    def get_context_data(self, **kwargs):
        steps = steps_of(self.object, self.moment.known_at)
        if not steps:
            raise Http404(_("This entry was not yet published then."))
        shown = [step.edition for step in steps if step.edition]
        return super().get_context_data(
            steps=steps,
            title=shown[0].title if shown else self.object.title,
            current=shown[0] if shown else None,
            **kwargs,
        )


class RecommendationHistory(MomentMixin, DetailView):
    """One recommendation: its statuses, assessments, wording and criteria over time."""

    template_name = "public/recommendation_history.html"
    context_object_name = "recommendation"

    def get_object(self, queryset=None):
        return get_object_or_404(
            Recommendation.objects.select_related("publication"),
            code__iexact=self.kwargs["code"],
        )

    def get_context_data(self, **kwargs):
        recommendation, known_at = self.object, self.moment.known_at
        until = known_at or timezone.now()
        return super().get_context_data(
            statuses=recommendation.status_changes.filter(at__lte=until).select_related(
                "decision__evidence"
            ),
            assessments=recommendation.assessments.filter(
                recorded_at__lte=until
            ).select_related("assessed_by", "codebook"),
            wordings=wordings(recommendation, known_at),
            codebooks=codebooks(recommendation, until),
            **kwargs,
        )


class ChangeList(MomentMixin, FilterView):
    """Every public change: filtered, by page, newest first."""

    filterset_class = ChangeFilter
    template_name = "public/change_list.html"
    paginate_by = 50

    @cached_property
    def until(self):
        return self.moment.known_at or timezone.now()

    def get_filterset_kwargs(self, filterset_class):
        return {
            "data": self.request.GET or None,
            "request": self.request,
            "known_at": self.until,
        }

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        described, count = self.filterset.described(), context["paginator"].count
        return context | {
            "changes": told(context["page_obj"]),
            "sentence": sentences.changes_filtered(described, count),
        }
