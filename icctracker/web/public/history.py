"""What changed on the site, when and why: of one entry, one recommendation, of all."""

from datetime import date

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView
from django_filters.views import FilterView

from icctracker.models import (
    Codebook,
    Evidence,
    Recommendation,
    Response,
    Ruleset,
    StatusChange,
)
from icctracker.readings import rulesets, versions
from icctracker.readings.history import as_known, codebooks, steps_of, told, wordings
from icctracker.web.kit.blindness import NotWhileCoding
from icctracker.web.kit.filters import ChangeFilter
from icctracker.web.kit.publications import OfPublication, OfRecommendation
from icctracker.web.kit.years import Binned

from . import sentences
from .moments import FilteredInParts, InParts, MomentMixin

# The versions of the codebook that took effect, each with what it changed.


class CodebookList(OfPublication, MomentMixin, ListView):
    """Every version, newest first, with its date and its reason."""

    template_name = "public/codebook_list.html"
    context_object_name = "codebooks"

    def get_queryset(self):
        return (
            Codebook.objects.of(self.publication)
            .published(self.moment.known_at)
            .annotate(size=Count("criteria"))
            .select_related("published_by")
            .order_by("-published_on", "-pk")
        )


class CodebookDetail(OfPublication, InParts, DetailView):
    """All criteria of one version, with what differs from the version before."""

    template_name = "public/codebook_detail.html"
    context_object_name = "codebook"

    def get_object(self, queryset=None):
        versions = Codebook.objects.of(self.publication)
        return known_version(versions, self.kwargs["version"], self.moment.known_at)

    def get_context_data(self, **kwargs):
        codebook, known_at = self.object, self.moment.known_at
        current = Codebook.objects.of(self.publication).in_force(known_at)
        return super().get_context_data(
            current=current,
            in_force=current == codebook,
            criteria=self.part(f"criteria-of-{codebook.pk}", self._criteria),
            **kwargs,
        )

    def _criteria(self):
        """Each criterion, and how the version differs from the one before."""
        codebook = self.object
        before = Codebook.objects.before(codebook)
        rows = versions.changes(codebook, before)
        return self.made(
            "codebook_criteria",
            codebook=codebook,
            before=before,
            groups=versions.by_recommendation(rows),
            changed=[change for change in rows if before and change.is_change],
            counted=versions.counted(rows),
        )


def known_version(found, version, known_at):
    """One version of what a publication is judged by, if it was published by then."""
    published = found.published().select_related("published_by")
    version = get_object_or_404(published, version=version)
    if known_at and not found.published(known_at).filter(pk=version.pk).exists():
        raise Http404(_("This version had not been published then."))
    return version


class RulesetDetail(OfPublication, MomentMixin, DetailView):
    """The values of one version of the rule, beside those of the version before."""

    template_name = "public/ruleset_detail.html"
    context_object_name = "ruleset"

    @cached_property
    def rulesets(self):
        return Ruleset.objects.of(self.publication)

    def get_object(self, queryset=None):
        version = self.kwargs["version"]
        return known_version(self.rulesets, version, self.moment.known_at)

    def get_context_data(self, **kwargs):
        before = Ruleset.objects.before(self.object)
        current = self.rulesets.in_force(self.moment.known_at)
        return super().get_context_data(
            before=before,
            current=current,
            in_force=current == self.object,
            values=rulesets.values_of(self.object, before),
            **kwargs,
        )


class EvidenceHistory(NotWhileCoding, InParts, DetailView):
    """One entry from its publication on: each change, word by word."""

    notes_reading = False
    template_name = "public/evidence_history.html"
    context_object_name = "evidence"

    def get_queryset(self):
        return Evidence.objects.public()

    def get_context_data(self, **kwargs):
        # Whoever may restore a version has a link beside each.
        curates = self.request.user.has_perm("icctracker.curate_evidence")
        kind = f"history-of-{self.object.pk}:{curates}"
        title, steps = self.parts(kind, ["title", "steps"], self._parts)
        return super().get_context_data(title=title, steps=steps, **kwargs)

    def _parts(self, _names):
        steps = steps_of(self.object, self.moment.known_at)
        if not steps:
            raise Http404(_("This entry was not yet published then."))
        shown = [step.edition for step in steps if step.edition]
        title = shown[0].title if shown else self.object.title
        context = {"evidence": self.object, "steps": steps}
        made = self.made("evidence_steps", **context)
        return {"title": conditional_escape(title), "steps": made}


class RecommendationHistory(OfRecommendation, InParts, DetailView):
    """One recommendation: its statuses, assessments, wording and criteria over time."""

    template_name = "public/recommendation_history.html"
    context_object_name = "recommendation"
    recommendations = Recommendation.objects.select_related("publication")

    def get_object(self, queryset=None):
        return self.recommendation

    def get_context_data(self, **kwargs):
        past = self.part(f"past-of-{self.object.pk}", self._past)
        return super().get_context_data(past=past, **kwargs)

    def _past(self):
        recommendation, known_at = self.object, self.moment.known_at
        until = known_at or timezone.now()
        return self.made(
            "recommendation_past",
            statuses=recommendation.status_changes.filter(at__lte=until).select_related(
                "decision__evidence"
            ),
            assessments=recommendation.assessments.filter(
                recorded_at__lte=until
            ).select_related("assessed_by", "codebook"),
            wordings=wordings(recommendation, known_at),
            codebooks=codebooks(recommendation, until),
        )


class ChangeList(FilteredInParts, FilterView):
    """Every public change: filtered, by page, newest first."""

    model = StatusChange
    filterset_class = ChangeFilter
    template_name = "public/change_list.html"
    paginate_by = 50

    @cached_property
    def until(self):
        return self.moment.known_at or timezone.now()

    def get_filterset_kwargs(self, filterset_class):
        return {
            "data": self.request.GET,
            "request": self.request,
            "known_at": self.until,
            "is_now": not self.moment.known_at,
        }

    def get_paginator(self, stream, per_page, **kwargs):
        if not self.filterset.form.is_valid():
            return Binned({}, None, per_page)
        name = f"changes-by-day:{self.asked()}"
        found = self.numbers(name, lambda: _numbers(stream))
        counts = {date.fromisoformat(day): count for day, count in found.items()}
        return Binned(counts, stream.between, per_page)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        described, count = self.filterset.described(), page.paginator.count
        return context | {
            "filter_form": self.filter_form(),
            "sentence": sentences.changes_filtered(described, count),
            "lines": self.part(
                f"changes:{self.asked()}:{page.number}", self._lines_of(page)
            ),
        }

    def _lines_of(self, page):
        """Makes the lines of a page, each day below its date."""

        def make():
            context = {"changes": told(page), "moment": self.moment}
            return render_to_string("public/change_lines.html", context)

        return make


def _numbers(stream):
    """The numbers of a stream by day or month, as they are kept."""
    return {day.isoformat(): count for day, count in stream.counts().items()}


# Corrections and replies from outside, as readers are told of them.


class ResponseList(MomentMixin, ListView):
    """All that was answered, or withheld with the reason, newest first."""

    template_name = "public/response_list.html"
    context_object_name = "responses"
    paginate_by = 25

    def get_queryset(self):
        return Response.objects.public(self.moment.known_at)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if self.moment.known_at:
            as_known(context["page_obj"], self.moment.known_at)
        return context


class ResponseDetail(MomentMixin, DetailView):
    """What became of one response; its text only once it is published."""

    template_name = "public/response_detail.html"
    context_object_name = "response"

    def get_object(self, queryset=None):
        known_at = self.moment.known_at
        found = Response.objects.filter(reference=self.kwargs["reference"].upper())
        made = found.public(known_at).first() or self._waiting(found)
        if made is None:
            raise Http404(
                _("This had not been received then.")
                if found.exists()
                else _("No correction or reply has this reference.")
            )
        if known_at:
            as_known([made], known_at)
        return made

    def _waiting(self, found):
        known_at = self.moment.known_at
        waiting = found.with_outcome(known_at)
        if known_at:
            waiting = waiting.filter(received_at__lte=known_at)
        return waiting.select_related("evidence", "recommendation").first()
