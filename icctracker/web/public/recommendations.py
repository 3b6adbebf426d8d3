"""One recommendation: where it stands and why, and the record behind it."""

from collections import Counter
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Window
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from icctracker.models import Finding, Recommendation, Search
from icctracker.readings import saying, working
from icctracker.readings.history import as_known
from icctracker.readings.inbox import of_criteria
from icctracker.readings.present import past_of, present_of
from icctracker.readings.silence import codes_of, of_recommendation
from icctracker.readings.standing import (
    Weighed,
    parameters_of,
    standing_of,
)
from icctracker.readings.vetoes import (
    WHICH,
    in_a_sentence,
    vetoes_of,
    what_is_counted,
)
from icctracker.web.kit import work
from icctracker.web.kit.publications import OfRecommendation

from . import pictures, voices
from .moments import InParts, MomentMixin

# How many of what people wrote stand on the page; all of it has a page of its own.
FEW = 10


class Few:
    """The first rows of a list that may be long, and how many there are in all."""

    def __init__(self, queryset):
        # Counted with them: a page takes no more queries where a list is long.
        self.rows = list(queryset.annotate(in_all=Window(Count("pk")))[:FEW])
        self.total = self.rows[0].in_all if self.rows else 0

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    @property
    def are_more(self):
        return self.total > len(self.rows)


class RecommendationDetail(work.OffersWork, OfRecommendation, InParts, DetailView):
    """One recommendation: text, status, why, timeline, evidence, searches.

    Today's is read as it was written; that of a past day is worked out.
    """

    template_name = "public/recommendation_detail.html"
    context_object_name = "recommendation"
    # What says the same to everybody.
    PARTS = ("standing", "working", "replies", "neighbours")

    def get_object(self, queryset=None):
        return self.recommendation

    def get_context_data(self, **kwargs):
        made = self.parts(f"recommendation-{self.object.pk}", self.PARTS, self._parts)
        parts = dict(zip(self.PARTS, made, strict=True))
        return super().get_context_data(parts=parts, **kwargs)

    def _parts(self, names):
        return {
            name: self.made(f"recommendation_{name}", **getattr(self, f"_{name}")())
            for name in names
        }

    def work_here(self, _context):
        assessment = self.standing.assessment
        return work.on_recommendation(
            self.request.user, self.recommendation, assessment
        )

    @cached_property
    def standing(self):
        moment = self.moment
        if moment.is_now:
            return present_of(self.recommendation, moment.as_of)
        return past_of(self.recommendation, moment.as_of, moment.known_at)

    @cached_property
    def parameters(self):
        return parameters_of(self.standing.ruleset)

    @cached_property
    def findings(self):
        """The findings that the page names, by key, with their entries."""
        chosen = Finding.objects.filter(pk__in=working.named(self.standing))
        found = list(chosen.select_related("evidence", "criterion"))
        if self.moment.known_at:
            as_known(found, self.moment.known_at)
        return {finding.pk: finding for finding in found}

    @cached_property
    def criteria(self):
        standing = self.standing
        criteria = self.recommendation.criteria.filter(codebook=standing.codebook_id)
        return working.criteria_of(standing, criteria, self.findings, self.parameters)

    @cached_property
    def about(self):
        return {"recommendation": self.recommendation}

    def _standing(self):
        standing = self.standing
        return self.about | {
            "standing": standing,
            "said": saying.told(standing, self.parameters),
            "overtaken": saying.overtaken(standing),
            "holding": saying.holding(self.parameters),
            "rule": saying.THE_RULE,
            "vetoes": self._said_of_vetoes(),
            "reasons": self.criteria,
            "fragile": working.fragile_of(standing, self.findings),
            "fragile_in_all": standing.working["fragile_in_all"],
        }

    def _said_of_vetoes(self):
        """What is told of vetoes, where a criterion asks to avoid them."""
        criteria = [each.criterion for each in self.criteria]
        known_at, address = self.moment.known_at, self._list_of_vetoes
        found = vetoes_of(self.standing, criteria, self.parameters, known_at)
        return [(in_a_sentence(v, address), what_is_counted(v, address)) for v in found]

    def _list_of_vetoes(self, which, member=""):
        return list_of_vetoes(self.recommendation, self.moment, which, member)

    def _working(self):
        moment, standing = self.moment, self.standing
        known_at = moment.known_at
        dissents = Few(voices.dissents_on(self.recommendation, known_at))
        voices.as_known_then(dissents.rows, known_at)
        return (
            self.about
            | self._evidence()
            | {
                "reasons": self.criteria,
                "spoken": of_recommendation(
                    self.recommendation, moment.as_of, known_at
                ),
                "has_occasions": any(
                    each.is_conduct and each.number for each in self.criteria
                ),
                "history": working.history_of(standing),
                "history_in_all": standing.working["history_in_all"],
                "assessments": Few(self._assessments()),
                "searches": Few(searches_for(self.recommendation, moment, standing)),
                "verdicts": Few(voices.verdicts_on(self.recommendation, moment)),
                "dissents": dissents,
            }
        )

    def _evidence(self):
        years, listed = working.years_of(self.standing), self.standing.working["listed"]
        number = sum(year.findings for year in years)
        shown = [self.findings[key] for key in listed if key in self.findings]
        return {
            "findings": shown,
            "number": number,
            "years": years,
            "older": _not_listed(years, shown),
            "timeline": self._timeline(years, shown if len(shown) >= number else None),
        }

    def _timeline(self, years, findings):
        """The findings one by one where all are named, else those of each year."""
        asked_on = self.recommendation.publication.published_on
        span = {"start": asked_on, "end": self.moment.as_of, "asked_on": asked_on}
        if findings is None:
            return pictures.draw_years(years, **span)
        findings = sorted(findings, key=attrgetter("event_date", "pk"))
        return pictures.draw(findings, **span)

    def _assessments(self):
        made = self.recommendation.assessments.in_force(
            self.moment.as_of, self.moment.known_at
        )
        return made.select_related("assessed_by", "codebook")

    def _replies(self):
        known_at = self.moment.known_at
        responses = voices.responses_to(self.recommendation, known_at)
        return self.about | {"responses": Few(responses)}

    def _neighbours(self):
        """The recommendation before and the one after, if any."""
        number = self.recommendation.number
        around = Recommendation.objects.filter(
            publication=self.recommendation.publication,
            number__in=[number - 1, number + 1],
        )
        found = {row.number: row for row in around}
        return self.about | {
            "before": found.get(number - 1),
            "after": found.get(number + 1),
        }


def _not_listed(years, findings):
    """The years of which not every entry is listed."""
    entries = {finding.evidence_id: finding.event_date.year for finding in findings}
    listed = Counter(entries.values())
    return [year for year in years if year.entries > listed[year.year]]


def list_of_vetoes(recommendation, moment, which, member=""):
    """The address of the list behind a figure, on the reader's two clocks."""
    query = moment.query | {"which": which} | ({"member": member} if member else {})
    return f"{recommendation.get_record_url('vetoes')}?{urlencode(query)}"


def searches_for(recommendation, moment, standing):
    """The searches that count for the criteria by which it is judged."""
    return (
        Search.objects.known(moment.known_at)
        .under([standing.codebook_id])
        .filter(criterion__recommendation=recommendation)
        .select_related("criterion", "searched_by")
    )


# The record behind a recommendation, of which its page shows the newest.


class Part(NamedTuple):
    """One part of the record: what it is called, and what lists it."""

    title: str
    template: str
    rows: str


RECORD = {
    "votes": Part(
        _("The votes behind the occasions"), "public/recommendation_votes.html", "votes"
    ),
    "vetoes": Part(
        _("Vetoes, and texts let through"),
        "public/recommendation_vetoes.html",
        "vetoes",
    ),
    "weights": Part(
        _("The findings that decide, with their weights"),
        "public/recommendation_weights.html",
        "weights",
    ),
    "searches": Part(
        _("Searches that found nothing"),
        "public/recommendation_searches.html",
        "searches",
    ),
    "verdicts": Part(_("What others say"), "components/verdicts.html", "verdicts"),
    "dissents": Part(_("Dissent on record"), "components/dissents.html", "dissents"),
    "responses": Part(
        _("Corrections and replies"), "components/responses.html", "responses"
    ),
}


# What is asked of an occasion; there may be tens of thousands.
OCCASION = (
    *("occasion", "event_date", "criterion__code", "criterion__kind"),
    *("evidence__symbol", "evidence__kind"),
)


class RecommendationRecord(OfRecommendation, MomentMixin, ListView):
    """One part of the record behind a recommendation, all of it, by page."""

    template_name = "public/recommendation_record_part.html"
    paginate_by = 50
    worked_out = True

    @cached_property
    def part(self):
        if self.kwargs["part"] not in RECORD:
            raise Http404
        return RECORD[self.kwargs["part"]]

    def get_queryset(self):
        return getattr(self, f"_{self.part.rows}")()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        if self.part.rows == "dissents":
            page.object_list = voices.as_known_then(page, self.known_at)
        if self.part.rows == "vetoes":
            context |= self._told_of_vetoes()
        if self.part.rows == "weights":
            page.object_list = self._with_findings(page)
        return context | {
            "recommendation": self.recommendation,
            "part": self.part,
            # As the part of the page that shows the newest of them calls it.
            {"votes": "ledgers"}.get(self.part.rows, self.part.rows): page,
        }

    @property
    def known_at(self):
        return self.moment.known_at

    @cached_property
    def standing(self):
        return standing_of(self.recommendation, self.moment.as_of, self.known_at)

    def _findings(self, found):
        """Findings with their entries, as they were known."""
        found = list(found.select_related("evidence", "criterion"))
        if self.known_at:
            as_known(found, self.known_at)
        return found

    def _votes(self):
        occasions = Finding.objects.accepted(self.known_at).filter(
            criterion__recommendation=self.recommendation,
            event_date__lte=self.moment.as_of,
            occasion=True,
        )
        findings = self._findings(occasions.only(*OCCASION))
        speaking = codes_of(self.recommendation)
        return of_criteria(findings, self.moment.as_of, self.known_at, speaking)

    @cached_property
    def counted(self):
        """The vetoes that its criteria count, as its page counts them."""
        standing, parameters = self.standing, self.standing.parameters
        return vetoes_of(standing, standing.criteria, parameters, self.known_at)

    @cached_property
    def members(self):
        """Who cast the vetoes: names by what an address calls them."""
        rows = (row for vetoes in self.counted for row in vetoes.rows)
        return {each.slug: each.name for row in rows for each in row.members}

    @property
    def asked(self):
        """Which rows were asked for, and of which member; what is unknown is passed."""
        which, member = (self.request.GET.get(name, "") for name in ("which", "member"))
        return which if which in WHICH else "", member if member in self.members else ""

    def _vetoes(self):
        asked = self.asked
        return [row for vetoes in self.counted for row in vetoes.chosen(*asked)]

    def _told_of_vetoes(self):
        def address(which, member=""):
            return list_of_vetoes(self.recommendation, self.moment, which, member)

        which, member = self.asked
        shown = [WHICH.get(which), self.members.get(member)]
        said = [
            words
            for each in self.counted
            for words in (in_a_sentence(each, address), what_is_counted(each, address))
        ]
        return {
            "is_some": bool(which or member),
            "shown": ": ".join(map(str, filter(None, shown))) or self.part.title,
            "said_of_vetoes": said,
        }

    def _weights(self):
        """What decides a criterion, or alone the status; of each, the newest first."""
        result = self.standing.result
        steps = [
            step
            for code in sorted(result.criteria)
            for step in reversed(result.criteria[code].steps)
        ]
        deciding = {step.finding for step in steps}
        others = [key for key, _without in result.fragile if key not in deciding]
        weighed = [(step.finding, step) for step in steps]
        return weighed + [(key, None) for key in others]

    def _with_findings(self, rows):
        """The rows of a page of ``_weights``, as they are shown."""
        keys = [key for key, _step in rows]
        named = self._findings(Finding.objects.filter(pk__in=keys))
        found = {each.pk: each for each in named}
        without = dict(self.standing.result.fragile)
        return [Weighed(found[key], step, without.get(key)) for key, step in rows]

    def _searches(self):
        return searches_for(self.recommendation, self.moment, self.standing)

    def _verdicts(self):
        return voices.verdicts_on(self.recommendation, self.moment)

    def _dissents(self):
        return voices.dissents_on(self.recommendation, self.known_at)

    def _responses(self):
        return voices.responses_to(self.recommendation, self.known_at)
