"""The Council by member: years, vetoes and votes over time; reads only."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial

from django.db.models import Count, F, Max, Min, Q, Subquery
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import DetailView, TemplateView
from django_filters.views import FilterView

from icctracker.models import (
    Ballot,
    Document,
    DocumentText,
    Evidence,
    Member,
    Membership,
    Situation,
    Vote,
)
from icctracker.models.council import FORMER_SEATS
from icctracker.models.rules import latest_today
from icctracker.readings.descent import beside, beside_words
from icctracker.readings.inbox import votes_in_situations
from icctracker.readings.paragraphs import text_of
from icctracker.readings.passages import of_document
from icctracker.readings.record import Origins, sources_of
from icctracker.texts import states, symbols
from icctracker.web.kit import work
from icctracker.web.kit.answers import digest
from icctracker.web.kit.filters import DocumentFilter
from icctracker.web.kit.years import folded

from . import sentences
from .moments import FilteredInParts, InParts
from .pictures import Bars, roll_calls, spans

# The documents of the Council's record; reads only.


def end_of_record():
    """The newest document of each series, and what is unconfirmed; three queries."""
    dated, Series = Document.objects.dated(), Document.Series
    vetoed = dated.filter(series=Series.VETOED).order_by("-held_on")
    newest = Ballot.objects.order_by("-held_on", "-pk").values("document")
    either = Q(series=Series.VETOED, unconfirmed=True)
    for series in (Series.STATEMENT, Series.FAILED):
        of_series = newest.filter(document__series=series)
        either |= Q(pk=Subquery(of_series[:1]))
    others = list(dated.filter(either).order_by("-held_on"))
    by_series = {each.series: each for each in others}
    return {
        "resolution": dated.filter(series=Series.RESOLUTION).first(),
        "veto": vetoed.filter(unconfirmed=False).first(),
        "statement": by_series.get(Series.STATEMENT),
        "failed": by_series.get(Series.FAILED),
        "unconfirmed": [each for each in others if each.unconfirmed],
    }


class OfTheRecord(InParts):
    """A page that says where the Council's record ends."""

    @property
    def record(self):
        """The version of what rests on the record alone."""
        return self.version.record

    def get_context_data(self, **kwargs):
        end = self.part("end-of-record", self._end, self.record)
        return super().get_context_data(end_of_record=end, **kwargs)

    def documents_of_situations(self):
        """The keys of the documents of each tracked situation, by its key as a text."""
        return self.numbers("documents-of-situations", self._of_situations)

    def _of_situations(self):
        moment = self.moment
        _record, votes = votes_in_situations(moment.as_of, moment.known_at)
        return {situation.pk: sorted(found) for situation, found in votes.items()}

    def _end(self):
        context = {"end": end_of_record(), "moment": self.moment}
        return render_to_string("components/record_end.html", context, self.request)


class DocumentList(OfTheRecord, FilteredInParts, FilterView):
    """Every document of the record: filtered, by page, newest first."""

    model = Document
    filterset_class = DocumentFilter
    template_name = "public/document_list.html"
    paginate_by = 50

    def get_queryset(self):
        in_order = F("held_on").desc(), "-number", "symbol", "pk"
        return Document.objects.dated().order_by(*in_order)

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        name = f"Document-count:{self.asked()}"
        paginator.count = self.numbers(name, lambda: paginator.count)
        return paginator

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        keys = self.keys(f"Document-page:{self.asked()}", page)
        described, count = self.filterset.described(), page.paginator.count
        return context | {
            "filter_form": self.filter_form(),
            "sentence": sentences.documents_filtered(described, count),
            "rows": self.parts("document", keys, self._rows_of, self.record),
        }

    def _rows_of(self, keys):
        found = Document.objects.dated().with_ballots().filter(pk__in=keys)
        return {
            document.pk: render_to_string(
                "public/document_row.html", {"document": document}
            )
            for document in found
        }


# So many entries are listed with their document; the list of evidence has all.
CITING = 25


class DocumentDetail(work.OffersWork, InParts, DetailView):
    """One document: votes, links, what cites it, and where its values come from."""

    template_name = "public/document_detail.html"
    context_object_name = "document"

    def get(self, request, *args, **kwargs):
        typed = kwargs["symbol"]
        try:
            symbol = symbols.read(typed, today_year=latest_today().year)
        except symbols.SymbolError as fault:
            return self._unknown(typed, reason=str(fault))
        self.object = Document.objects.filter(symbol=symbol.official).first()
        if self.object is None:
            return self._unknown(typed, symbol=symbol)
        if symbol.official != typed:
            return HttpResponsePermanentRedirect(self._address(self.object))
        return self.render_to_response(self.get_context_data(object=self.object))

    def get_context_data(self, **kwargs):
        key = self.object.pk
        record, sources = self.parts(f"document-{key}", ["record", "sources"], self._of)
        cited = self.numbers(f"citing-{key}", self._citing)
        text = self.part(f"text-{key}:{self._beside}", self._text)
        # Where its words are shown, each paragraph has its address among them.
        name = f"passages-of-{key}:{bool(text)}"
        return super().get_context_data(
            record=record,
            sources=sources,
            cited=cited["count"],
            rows=self.parts("entry", cited["keys"], self._rows_of),
            passages=self.part(name, partial(self._passages, bool(text))),
            text=text,
            **kwargs,
        )

    def work_here(self, context):
        return work.on_document(self.request.user, self.object, context["text"])

    @property
    def _beside(self):
        """The language asked for beside the first; nothing if it is none."""
        asked = self.request.GET.get("beside", "")
        return asked if asked in DocumentText.Language.values else ""

    def _text(self):
        """The words of the document, where they were imported."""
        known = self._known().order_by()
        key = "pk" if known.model is Evidence else "evidence"
        entries = known.values(key)
        known_at = self.moment.known_at
        shown = text_of(self.object, self._beside, entries, known_at)
        if shown is None:
            return ""
        beside_words(self.object, shown.rows)
        return self.made("document_text", shown=shown, document=self.object)

    def _passages(self, beside_text):
        """What the index has of it, and what of that is logged."""
        moment, document = self.moment, self.object
        found = of_document(document, moment.as_of, moment.known_at)
        rows = dict(zip(("on_the_court", "others"), found, strict=True))
        if not beside_text:
            on_the_court, others = found
            every = [on_the_court, *(rows for _term, rows in others)]
            beside(passage for rows in every for passage, *_known in rows)
        context = {"document": document, "beside_text": beside_text} | rows
        return self.made("document_passages", **context)

    def _of(self, _names):
        """What the record says of it, before and after the evidence on it."""
        found = Document.objects.filter(pk=self.object.pk)
        document = found.with_votes().select_related("imported").get()
        calls = roll_calls(document.ballots.all())
        context = {
            "document": document,
            "moment": self.moment,
            # Nobody votes on a statement.
            "roll_calls": [] if document.is_statement else calls,
            "first": next(
                (each for each in calls if each.ballot == document.leading_ballot), None
            ),
            "drafts": self._drafts(),
            "adopted_as": self._adopted_as(document.symbol),
            "other_values": document.other_values.select_related("imported"),
            "document_sources": sources_of(document),
            "later": Origins(document).later(),
            "in_place_of_symbol": document.symbol.startswith("S/PV."),
            "sponsors": document.sponsors.all(),
        }
        paths = {name: f"public/document_{name}.html" for name in ("record", "sources")}
        return {
            name: render_to_string(path, context, self.request)
            for name, path in paths.items()
        }

    def _known(self):
        known = Evidence.objects.known(self.moment.as_of, self.moment.known_at)
        return known.citing(self.object)

    def _citing(self):
        """How many entries cite it, and the keys of the newest."""
        keys = list(self._known().values_list("pk", flat=True)[:CITING])
        return {"count": self._known().count(), "keys": keys}

    def _rows_of(self, keys):
        found = self._known().filter(pk__in=keys).listed(self.moment.known_at)
        return {
            entry.pk: render_to_string(
                "components/evidence_entry.html",
                {"evidence": entry, "moment": self.moment},
            )
            for entry in found
        }

    def _drafts(self):
        """Each draft with its official address, and our page if parts were vetoed."""
        if not self.object.is_resolution or not self.object.drafts:
            return []
        drafts = self.object.drafts.split("; ")
        vetoed = set(
            Document.objects.filter(symbol__in=drafts).values_list("symbol", flat=True)
        )
        return [(draft, symbols.link(draft), draft in vetoed) for draft in drafts]

    def _adopted_as(self, symbol):
        """The resolutions that a draft became."""
        found = Document.objects.filter(
            drafts__contains=symbol, series=Document.Series.RESOLUTION
        )
        return [each for each in found if symbol in each.drafts.split("; ")]

    def _address(self, document):
        query = self.request.META["QUERY_STRING"]
        return document.get_absolute_url() + (f"?{query}" if query else "")

    def _unknown(self, typed, *, reason="", symbol=None):
        """404 that says where the record ends, and offers a way on."""
        same_number = None
        if symbol and symbol.series == symbols.RESOLUTION:
            same_number = Document.objects.filter(number=symbol.number).first()
        context = {
            "typed": typed,
            "reason": reason,
            "symbol": symbol,
            "same_number": same_number if symbol and symbol.warnings else None,
            "adopted_as": self._adopted_as(symbol.official) if symbol else [],
            "ballots": Ballot.objects.filter(meeting=symbol.official).select_related(
                "document"
            )
            if symbol
            else [],
            "end": end_of_record(),
        }
        return render(self.request, "public/document_unknown.html", context, status=404)


Cast, Listed = Vote.Cast, Ballot.LibraryList


class Council(OfTheRecord, TemplateView):
    """Who sits on the Council and who sat; the vetoes of the five."""

    template_name = "public/council.html"

    def get_context_data(self, **kwargs):
        members = self.part("council", self._of, self.record)
        return super().get_context_data(members=members, **kwargs)

    def _of(self):
        context = self._seats() | {"moment": self.moment}
        return render_to_string("public/council_members.html", context)

    def _seats(self):
        today = timezone.localdate()
        members = list(Member.objects.prefetch_related("memberships"))
        years = [seat.year for member in members for seat in member.memberships.all()]
        year = max((year for year in years if year <= today.year), default=None)
        permanent = [member for member in members if member.permanent]
        return {
            "year": year,
            "sitting": Membership.objects.filter(year=year).select_related("member"),
            "last_year": max(years, default=None),
            "permanent": self._permanent(permanent, today.year),
            "members": [
                (member, spans(seat.year for seat in member.memberships.all()))
                for member in members
            ],
            "former": former_seats(permanent),
        }

    def _permanent(self, members, year):
        """Each permanent member with its counts, and its vetoes by year."""
        vetoes = self._vetoes()
        highest = max((max(found.values()) for found in vetoes.values()), default=1)
        scale = {"highest": highest, "tallest": 48}
        return [
            (member, counted, Bars(vetoes[member.pk], 1946, year, **scale))
            for member, counted in zip(members, self._counted(members), strict=True)
        ]

    def _vetoes(self):
        """How many vetoes each member cast in each year."""
        vetoes = defaultdict(Counter)
        cast = Vote.objects.vetoes().order_by()
        for member, year, count in cast.values_list(
            "member", "ballot__held_on__year"
        ).annotate(Count("pk")):
            vetoes[member][year] = count
        return vetoes

    def _counted(self, permanent):
        rows = Vote.objects.vetoes().order_by().values("member").annotate(**COUNTS)
        found = {row["member"]: row for row in rows}
        return [found.get(member.pk, {}) for member in permanent]


COUNTS = {
    "vetoes": Count("pk"),
    "texts": Count("ballot__document", distinct=True),
    "listed": Count("pk", filter=~Q(ballot__library_list=Listed.NO)),
    "unconfirmed": Count("pk", filter=Q(ballot__document__unconfirmed=True)),
    "first": Min("ballot__held_on"),
    "latest": Max("ballot__held_on"),
}


@dataclass
class VotesRow:
    """How a member voted in a year, or on the documents of a situation."""

    subject: object
    cast: Counter
    vetoes: int = 0

    @property
    def cells(self):
        """The numbers that are certain, in the order of the table."""
        order = Cast.YES, Cast.NO, Cast.ABSTAIN, Cast.NOT_VOTING
        return [self.cast[way] for way in order]

    @property
    def uncertain(self):
        return self.cast[Cast.UNCERTAIN]

    @property
    def total(self):
        return sum(self.cast.values())


def _member_called(slug):
    """The one member with this code, or whose name, present or former, begins so."""
    if state := states.find(slug.replace("-", " ")) or states.of_code(slug):
        if found := Member.objects.filter(code=state.code).first():
            return found
    begins = Q(slug__startswith=slug) | Q(memberships__name__iexact=slug)
    for called in (Q(code__iexact=slug), begins):
        found = Member.objects.filter(called).distinct()[:2]
        if len(found) == 1:
            return found[0]
    return None


# The parts of a member's page that rest on the record alone.
OF_A_MEMBER = "head bars votes".split()


class MemberDetail(OfTheRecord, DetailView):
    """One member: its years, its vetoes, its votes by year and by situation."""

    model = Member
    template_name = "public/member_detail.html"
    context_object_name = "member"

    def get(self, request, *args, **kwargs):
        """A member by the address of its page; by its code or short name, led there."""
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            found = _member_called(kwargs["slug"])
            # A page that this very member does not have is missing all the same.
            if not found or found.slug == kwargs["slug"]:
                raise
            return redirect(found, permanent=True)

    def get_context_data(self, **kwargs):
        kind = f"member-{self.object.pk}"
        parts = self.parts(kind, OF_A_MEMBER, self._parts, self.record)
        return super().get_context_data(
            situations=self.part(f"situations-of-{kind}", self._situations),
            **dict(zip(OF_A_MEMBER, parts, strict=True)),
            **(self._vetoes() if self.object.permanent else {}),
            **kwargs,
        )

    def _situations(self):
        """Its votes by situation, counted anew only where another document counts."""
        found = self.documents_of_situations()
        tracked = Situation.objects.in_bulk(found)
        named = [(each.name, each.slug, each.since) for each in tracked.values()]
        said = digest(json.dumps([found, named]))

        def make():
            rows = self._by_situation(found, tracked)
            return self.made(
                "member_situations",
                member=self.object,
                by_situation=rows,
                uncertain=any(row.uncertain for row in rows),
            )

        return self.part(f"member-{self.object.pk}-in:{said}", make, self.record)

    def _parts(self, _names):
        member, by_year, vetoed = self.object, self._by_year, self._vetoed
        vetoes = Vote.objects.vetoes().filter(member=member)
        context = {
            "member": member,
            "moment": self.moment,
            "spans": spans(member.memberships.values_list("year", flat=True)),
            "former": former_seats([member]),
            "by_year": by_year,
            "uncertain": any(row.uncertain for row in by_year),
            "counted": vetoes.aggregate(**COUNTS),
            "bars": Bars(vetoed, 1946, timezone.localdate().year) if vetoed else None,
        }
        return {
            name: render_to_string(f"public/member_{name}.html", context)
            for name in OF_A_MEMBER
        }

    def _vetoes(self):
        """The vetoes folded by year, and those of the page that is open."""
        key, cast = self.object.pk, self._vetoes_cast()
        name = f"vetoes-of-{key}"
        counts = self.numbers(name, lambda: self._vetoed, self.record)
        years = {int(year): count for year, count in counts.items()}
        found = folded(cast, years, "ballot__held_on", self.request.GET)
        name = f"{name}:{found.chosen}"
        keys = self.keys(name, found.page, version=self.record)
        rows = self.parts("veto", keys, self._rows_of, self.record)
        return {"folded": found, "page_obj": found.page, "rows": rows}

    def _votes(self):
        return self.object.votes.cast_in_a_vote().order_by()

    @cached_property
    def _vetoed(self):
        """How many vetoes the member cast in each year in which it cast any."""
        return {row.subject: row.vetoes for row in self._by_year if row.vetoes}

    @cached_property
    def _by_year(self):
        """A VotesRow for each year in which the member voted, newest first."""
        rows = {}
        for year, outcome, cast, count in (
            self._votes()
            .values_list("ballot__held_on__year", "ballot__outcome", "cast")
            .annotate(Count("pk"))
        ):
            row = rows.setdefault(year, VotesRow(year, Counter()))
            self._add(row, outcome, cast, count)
        return [rows[year] for year in sorted(rows, reverse=True)]

    def _by_situation(self, found, tracked):
        """A VotesRow for each tracked situation, over all that the record has on it."""
        situations = defaultdict(list)
        for key, documents in found.items():
            for document in documents:
                situations[document].append(tracked[int(key)])
        rows = {}
        cast = self._votes().filter(ballot__held_on__lte=self.moment.as_of)
        for document, outcome, way in cast.values_list(
            "ballot__document", "ballot__outcome", "cast"
        ):
            for situation in situations.get(document, ()):
                row = rows.setdefault(situation, VotesRow(situation, Counter()))
                self._add(row, outcome, way, 1)
        return sorted(rows.values(), key=lambda row: (-row.total, row.subject.name))

    def _vetoes_cast(self):
        """The vetoes of the member, newest first."""
        newest_first = "-ballot__held_on", "-ballot__item", "-pk"
        return Vote.objects.vetoes().filter(member=self.object).order_by(*newest_first)

    def _rows_of(self, keys):
        """Each of these vetoes as a row, with those who vetoed with the member."""
        votes = Vote.objects.filter(pk__in=keys).select_related("ballot__document")
        others = defaultdict(list)
        for vote in (
            Vote.objects.vetoes()
            .filter(ballot__votes__in=keys)
            .exclude(member=self.object)
            .select_related("member")
        ):
            others[vote.ballot_id].append(vote.member)
        return {
            vote.pk: render_to_string(
                "public/member_veto.html",
                {"ballot": vote.ballot, "others": others[vote.ballot_id]},
            )
            for vote in votes
        }

    def _add(self, row, outcome, cast, count):
        row.cast[cast] += count
        against = self.object.permanent and cast == Cast.NO
        if against and outcome == Ballot.Outcome.VETOED:
            row.vetoes += count


def former_seats(members):
    """Triples of member, former holder of the seat, and the year of the change."""
    return [
        (member, *FORMER_SEATS[member.code])
        for member in members
        if member.code in FORMER_SEATS
    ]
