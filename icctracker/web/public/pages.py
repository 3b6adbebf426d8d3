"""The open site: reads only."""

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import Prefetch
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import DetailView, TemplateView
from django_filters.views import FilterView

from icctracker import ruleset
from icctracker.models import (
    Criterion,
    Document,
    Evidence,
    Form,
    Gap,
    Kind,
    Listing,
    Publication,
    Recommendation,
    Ruleset,
    Situation,
    Tier,
)
from icctracker.models.evidence import NEWEST_FIRST
from icctracker.models.listings import mark
from icctracker.readings import picking, saying, tallies
from icctracker.readings.coverage import agreement_of, coding_of
from icctracker.readings.history import PUBLIC, last_edition
from icctracker.readings.lists import BY_DAY, LOOKED_AT, Entries
from icctracker.readings.present import present
from icctracker.readings.silence import COURT, spoken_in
from icctracker.readings.standing import (
    codebook_of,
    parameters_of,
    rule_of,
    standings,
)
from icctracker.readings.versions import mark_outdated
from icctracker.readings.working import Year
from icctracker.ruleset.agreement import ENOUGH
from icctracker.web.kit import work
from icctracker.web.kit.answers import KeptAnswer
from icctracker.web.kit.blindness import NotWhileCoding
from icctracker.web.kit.filters import EvidenceFilter, RecommendationFilter
from icctracker.web.kit.publications import (
    OfPublication,
    addresses_of,
    addresses_within,
    others,
)
from icctracker.web.kit.years import folded

from . import pictures, sentences
from .moments import FilteredInParts, Framed, InParts
from .pictures import roll_calls
from .voices import of_evidence


def standings_of(publication, moment):
    """Where each recommendation of a publication stands."""
    return standings_at(moment, _of(publication))


def worked_out(publication, moment):
    """The same, each with the case that it was worked out from."""
    return standings(moment.as_of, moment.known_at, _of(publication))


def _of(publication):
    return Recommendation.objects.with_parts().filter(publication=publication)


def standings_at(moment, recommendations=None):
    """Where each recommendation stands: as written, for today; else worked out."""
    if moment.is_now:
        return present(moment.as_of, recommendations)
    return standings(moment.as_of, moment.known_at, recommendations)


def recent_changes(rows):
    """The latest changes of suggested status, newest first: (day, standing, status)."""
    changes = [
        (day, row, before, after) for row in rows for day, before, after in row.changes
    ]
    return sorted(changes, key=lambda change: change[0], reverse=True)


LATEST = 5


class Home(OfPublication, Framed, TemplateView):
    """The state of all ten, and what changed lately; the way to other publications."""

    frame, template_name = "public/home.html", "public/home_content.html"

    @cached_property
    def publications(self):
        return list(Publication.objects.order_by("pk"))

    @cached_property
    def publication(self):
        return next(iter(self.publications), None)

    def get_context_data(self, **kwargs):
        rows = standings_of(self.publication, self.moment)
        entries, latest = self._evidence()
        return super().get_context_data(
            standings=rows,
            sentence=sentences.state_of_all(rows, self.moment),
            publication=self.publication if rows else None,
            others=self.publications[1:],
            confirmed=sum(row.confirmed for row in rows),
            latest=latest,
            entries=entries,
            changes=recent_changes(rows)[:5],
            **kwargs,
        )

    def _evidence(self):
        """How many entries there are, and the newest of them."""
        as_of, known_at = self.moment.as_of, self.moment.known_at
        if known_at:
            known = Evidence.objects.known(as_of, known_at)
            return known.count(), known.listed(known_at)[:LATEST]
        entries = Entries(today=as_of)
        latest = Evidence.objects.published_of(entries[:LATEST])
        return entries.count(), latest.listed().order_by(*NEWEST_FIRST)


class PublicationList(InParts, TemplateView):
    """Every publication that is tracked, and how its recommendations stand."""

    template_name = "public/publication_list.html"

    def get_context_data(self, **kwargs):
        rows = self.part("publications", self._rows)
        return super().get_context_data(rows=rows, **kwargs)

    def _rows(self):
        rows = defaultdict(list)
        for row in standings_at(self.moment):
            rows[row.recommendation.publication].append(row)
        found = [
            (publication, sentences.state_of_all(its, self.moment))
            for publication, its in sorted(rows.items(), key=lambda pair: pair[0].pk)
        ]
        return self.made("publication_rows", publications=found)


class PublicationDetail(InParts, DetailView):
    """One publication: its recommendations, and where each stands."""

    queryset = Publication.objects.all()
    template_name = "public/publication_detail.html"
    context_object_name = "publication"
    slug_url_kwarg = "publication"

    def get_context_data(self, **kwargs):
        names, kind = ["head", "standings"], f"publication-{self.object.pk}"
        head, standings = self.parts(kind, names, self._parts)
        return super().get_context_data(head=head, standings=standings, **kwargs)

    def _parts(self, names):
        rows = standings_of(self.object, self.moment)
        context = {
            "publication": self.object,
            "standings": rows,
            "sentence": sentences.state_of_all(rows, self.moment),
            "stands": [(row.recommendation, _said(row)) for row in rows],
            "others": others(self.object),
            "addresses": addresses_of(self.object),
        }
        return {name: self.made(f"publication_{name}", **context) for name in names}


def _said(row):
    """What a reader can quote of where one stands: the status, and how sure it is."""
    return " ".join([saying.stands(row), saying.why(row), *saying.cautions(row)])


class RecommendationList(OfPublication, Framed, FilterView):
    """All recommendations of a publication with their status, filtered."""

    model = Recommendation
    filterset_class = RecommendationFilter
    frame = "public/recommendation_list.html"
    template_name = "public/recommendation_list_content.html"

    def get_queryset(self):
        return Recommendation.objects.with_parts().filter(publication=self.publication)

    @cached_property
    def standings(self):
        return standings_of(self.publication, self.moment)

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {
            "standings": self.standings
        }

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["standings"] = self.standings
        if self.filterset.is_bound:
            kept = set(self.object_list.values_list("pk", flat=True))
            context["standings"] = [
                row for row in self.standings if row.recommendation.pk in kept
            ]
        context["described"] = self.filterset.described()
        return context


class EvidenceList(FilteredInParts, FilterView):
    """Published evidence: filtered, sorted, by page."""

    model = Evidence
    filterset_class = EvidenceFilter
    template_name = "public/evidence_list.html"
    paginate_by = 25

    def get_queryset(self):
        known_at = self.moment.known_at
        known = Evidence.objects.known(self.moment.as_of, known_at)
        # Of the present only keys are read, since each row was made before.
        return known.listed(known_at) if known_at else known

    def get_filterset_kwargs(self, filterset_class):
        return super().get_filterset_kwargs(filterset_class) | {
            "known_at": self.moment.known_at
        }

    def paginate_queryset(self, queryset, page_size):
        self.extent = None
        if not self.moment.known_at and not self.filterset.errors:
            queryset = self.filterset.entries(self.moment, self._keep)
            self.extent = queryset.extent
        return super().paginate_queryset(queryset, page_size)

    def get_paginator(self, queryset, *args, **kwargs):
        paginator = super().get_paginator(queryset, *args, **kwargs)
        self.more = False
        if self.moment.known_at:
            # What stood then is not counted month by month.
            count = queryset.order_by()[: LOOKED_AT + 1].count()
            self.more = count > LOOKED_AT
            paginator.count = min(count, LOOKED_AT)
        return paginator

    def _keep(self, name, make):
        """What this list was found to be, for all who ask the same."""
        return self.part(f"evidence-{name}:{self.asked()}", make)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        extent, count = self.extent, context["paginator"].count
        if extent:
            count += extent.cut_off
        described = self.filterset.described()
        return context | {
            "count": count,
            "filter_form": self.filter_form(),
            "sentence": sentences.filtered(described, count, more=self.more),
            "reach": sentences.reach(extent),
            "onwards": self._onwards(),
            "rows": self._rows(context["page_obj"]),
        }

    def _onwards(self):
        """The question that goes on where a list ends that was not all looked at."""
        if not self.extent or not self.extent.passed_over:
            return None
        asked, day = self.request.GET.copy(), timedelta(days=1)
        asked.pop("page", None)
        if asked.get("sort") == "date":
            asked["date_from"] = (self.extent.until + day).isoformat()
        else:
            asked["date_to"] = (self.extent.since - day).isoformat()
        return asked.urlencode()

    def _rows(self, page):
        """Each entry of a page as it is listed."""
        if self.moment.known_at:
            return [self._row(entry) for entry in page]
        return self.parts("entry", page, self._rows_of)

    def _rows_of(self, keys):
        entries = Evidence.objects.published_of(keys).listed()
        made = {entry.pk: self._row(entry) for entry in entries}
        return {key: made[key] for key in keys if key in made}

    def _row(self, entry):
        context = {"evidence": entry, "moment": self.moment}
        return render_to_string("components/evidence_entry.html", context)


class EvidenceDetail(NotWhileCoding, work.OffersWork, InParts, DetailView):
    """One entry: votes, sources, what it shows; a withdrawn one says why.

    For a past instant it shows the edition that readers were shown then.
    """

    notes_reading = False
    template_name = "public/evidence_detail.html"
    context_object_name = "evidence"

    def get_queryset(self):
        return Evidence.objects.public()

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        self.shown = self._as_known()
        if self.shown is None:
            return self._not_shown()
        return self.render_to_response(self.get_context_data(object=self.object))

    def _as_known(self):
        """The entry, or what readers were last shown of it at the instant."""
        known_at = self.moment.known_at
        return last_edition(self.object, known_at) if known_at else self.object

    def _not_shown(self):
        """404 that says when the entry was first published, and offers it."""
        first = self.object.editions.order_by("number").first()
        context = {
            "moment": self.moment,
            "address": self.object.get_absolute_url(),
            "published_at": self.object.published_at,
            "first": first,
        }
        path = "public/evidence_not_yet.html"
        return render(self.request, path, context, status=404)

    def get_context_data(self, **kwargs):
        kind = f"entry-{self.object.pk}"
        told, voices = self.parts(kind, ["told", "voices"], self._parts)
        return super().get_context_data(
            evidence=self.shown, told=told, voices=voices, **kwargs
        )

    def _parts(self, _names):
        """What is told of the entry, and what others say of it."""
        entry, known_at = self.object, self.moment.known_at
        voices = of_evidence(entry, known_at)
        return {
            "told": self.made("evidence_told", object=entry, **self._told()),
            "voices": self.made("evidence_voices", evidence=self.shown, **voices),
        }

    def _told(self):
        entry, known_at = self.object, self.moment.known_at
        shown = self.shown if known_at else Evidence.objects.complete().get(pk=entry.pk)
        document, calls = self._record(shown)
        until = known_at or timezone.now()
        withdrawn_at = entry.withdrawn_at
        return {
            "evidence": shown,
            "withdrawn_at": withdrawn_at
            if withdrawn_at and withdrawn_at <= until
            else None,
            "document": document,
            "roll_calls": calls,
            "findings": mark_outdated(shown.accepted_findings, known_at),
            "earlier": self._earlier(entry, until),
            "decisions": entry.decisions.filter(
                outcome__in=PUBLIC, decided_at__lte=until
            ).select_related("reviewer"),
        }

    def work_here(self, _context):
        return work.on_entry(self.request.user, self.object)

    def _earlier(self, evidence, until):
        """Superseded findings; not those that were only marked as coded twice."""
        retired = evidence.findings.filter(retired_at__lte=until).select_related(
            "criterion__recommendation", "superseded_by"
        )
        return [
            finding
            for finding in retired
            if not hasattr(finding, "superseded_by")
            or not finding.says_the_same(finding.superseded_by)
        ]

    def _record(self, evidence):
        """The document in the Council's record, and the votes taken on that day."""
        document = Document.objects.cited_by(evidence).with_votes().first()
        if document is None:
            return None, []
        ballots = [
            ballot
            for ballot in document.ballots.all()
            if ballot.held_on == evidence.occurred_on
        ]
        return document, roll_calls(ballots)


class SituationList(InParts, TemplateView):
    """Every situation with the number and span of its entries."""

    template_name = "public/situation_list.html"

    def get_context_data(self, **kwargs):
        rows = self.part("situations", self._rows)
        return super().get_context_data(rows=rows, **kwargs)

    def _rows(self):
        moment = self.moment
        counted = tallies.by_situation(moment.as_of, moment.known_at)
        situations = list(Situation.objects.order_by("name"))
        for each in situations:
            each.entries, each.latest = counted.get(each.pk, (0, None))
        return self.made("situation_rows", situations=situations)


class SituationDetail(InParts, DetailView):
    """One situation: its entries by year, a page at a time, and what they show."""

    model = Situation
    template_name = "public/situation_detail.html"
    context_object_name = "situation"

    def get_context_data(self, **kwargs):
        counts = self._counts()
        years = {int(year): count for year, count in counts["years"].items()}
        rows, key, day = self._in_order()
        found = folded(rows, years, day, self.request.GET)
        name = f"page-of-{self.object.pk}:{found.chosen}"
        keys = self.keys(name, found.page, key)
        return super().get_context_data(
            folded=found,
            page_obj=found.page,
            entries=self.parts(f"entry-of-{self.object.pk}", keys, self._rows_of),
            kinds=[(Kind(kind).label, count) for kind, count in counts["kinds"]],
            picture=self.part(
                f"findings-of-{self.object.pk}", lambda: self._picture(years)
            ),
            spoken=self.part(f"spoken-of-{self.object.pk}", self._spoken),
            **kwargs,
        )

    def _known(self):
        known = Evidence.objects.known(self.moment.as_of, self.moment.known_at)
        return known.filter(situations=self.object)

    def _in_order(self):
        """Rows that name its entries, newest first; and how they name entry and day."""
        if self.moment.known_at:
            return self._known(), "pk", "occurred_on"
        rows = Listing.objects.filter(mark=mark("situation", self.object))
        rows = rows.filter(day__lte=self.moment.as_of)
        return rows.order_by(*BY_DAY["-date"]), "evidence_id", "day"

    def _of_it(self, count):
        """What is counted of the situation, at the moment that is asked for."""
        return count(self.object, self.moment.as_of, self.moment.known_at)

    def _counts(self):
        def make():
            years, kinds = self._of_it(tallies.entries_of)
            return {"years": years, "kinds": kinds.most_common()}

        return self.numbers(f"entries-of-{self.object.pk}", make)

    def _rows_of(self, keys):
        """Each entry as it is listed here, where the situation need not be named."""
        context = {"moment": self.moment, "situation": self.object}
        known_at = self.moment.known_at
        if known_at:
            found = self._known().filter(pk__in=keys)
        else:
            found = Evidence.objects.published_of(keys)
        return {
            entry.pk: render_to_string(
                "components/evidence_entry.html", context | {"evidence": entry}
            )
            for entry in found.listed(known_at)
        }

    def _spoken(self):
        """How many of its texts could have spoken of the Court, and how many do."""
        moment, key = self.moment, self.object.pk
        of_it = spoken_in(moment.as_of, moment.known_at, situations=[self.object])
        spoken = of_it.get(COURT, {}).get(key)
        if spoken is None:
            return ""
        return self.made("situation_spoken", spoken=spoken, situation=self.object)

    def _picture(self, entries):
        """What its entries show, by year, beside how many entries a year has."""
        counts = self._of_it(tallies.findings_of)
        if not counts:
            return ""
        years = [
            Year(year, entries.get(year, 0), effects)
            for year, effects in sorted(counts.items(), reverse=True)
        ]
        start = date(years[-1].year, 1, 1)
        timeline = pictures.draw_years(years, start=start, end=self.moment.as_of)
        return self.made("situation_picture", timeline=timeline, years=years)


class Methodology(OfPublication, InParts, TemplateView):
    """The rule and the codebook in plain words, and the known gaps of the data."""

    template_name = "public/methodology.html"

    def get_context_data(self, **kwargs):
        key = self.publication.pk if self.publication else 0
        return super().get_context_data(
            rules=self.part(f"rules-of-{key}", self._rules),
            agreement=self.part("agreement", self._agreement),
            # The words are those of the first publication.
            picker="" if self.within else self.part("picker", self._picker),
            gaps=Gap.objects.open_on(self._day()),
            **kwargs,
        )

    def _rules(self):
        """The rule and the codebook by which a publication is judged."""
        known_at = self.moment.known_at
        version = codebook_of(self.publication, known_at)
        in_force = rule_of(self.publication, known_at)
        rule = parameters_of(in_force)
        criteria = Prefetch("criteria", Criterion.objects.filter(codebook=version))
        recommendations = Recommendation.objects.filter(
            publication=self.publication
        ).prefetch_related(criteria)
        return self.made(
            "methodology_rules",
            addresses=addresses_within(self.within),
            codebook=version,
            recommendations=recommendations if version else [],
            rule_version=in_force.version if in_force else ruleset.VERSION,
            rulesets=Ruleset.objects.of(self.publication).published(known_at),
            rule=rule,
            words=sentences.rule_in_words(rule),
            forms=[
                (form, ruleset.weigh(form.value, "A", rule), self._proposed_for(form))
                for form in Form
            ],
            tiers=Tier.choices,
            offers_paragraphs=not self.within,
        )

    def _agreement(self):
        """How much is coded by two people, and how far they agree."""
        moment = self.moment
        return self.made(
            "agreement",
            coded=coding_of(moment.as_of, moment.known_at),
            agreement=agreement_of(moment.as_of, moment.known_at),
            enough=ENOUGH,
        )

    def _picker(self):
        """By which words paragraphs are offered to coders, and how often that helps."""
        rows, everything = picking.recall(self.moment.as_of, self.moment.known_at)
        return self.made(
            "methodology_picker",
            rows=rows,
            everything=everything,
            depths=picking.DEPTHS,
            most=picking.MOST_PINNED,
            lists=picking.lists(),
        )

    def _proposed_for(self, form):
        return [kind.label for kind in Kind if kind.proposed_form == form]

    def _day(self):
        known_at = self.moment.known_at
        return known_at.date() if known_at else self.moment.as_of


class About(KeptAnswer, TemplateView):
    """What the site is, what it tracks, and where its facts come from."""

    template_name = "public/about.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            publication=Publication.objects.principal(), **kwargs
        )
