"""The Council by member: years, vetoes and votes over time; reads only."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min, Q
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import DetailView, TemplateView
from django_filters.views import FilterView

from icctracker import symbols
from icctracker.models import Ballot, Document, Evidence, Member, Membership, Vote
from icctracker.models.council import FORMER_SEATS
from icctracker.readings.inbox import votes_in_situations
from icctracker.readings.record import Origins, sources_of
from icctracker.web.kit.filters import DocumentFilter

from . import sentences
from .moments import MomentMixin
from .pictures import Bars, roll_calls, spans

# The documents of the Council's record; reads only.


def end_of_record():
    """The newest resolution, the newest veto and what is unconfirmed; three queries."""
    dated = Document.objects.dated()
    vetoed = dated.filter(series=Document.Series.VETOED).order_by("-held_on")
    return {
        "resolution": dated.filter(series=Document.Series.RESOLUTION).first(),
        "veto": vetoed.filter(unconfirmed=False).first(),
        "unconfirmed": list(vetoed.filter(unconfirmed=True)),
    }


class DocumentList(MomentMixin, FilterView):
    """Every document of the record: filtered, by page, newest first."""

    model = Document
    filterset_class = DocumentFilter
    template_name = "public/document_list.html"
    paginate_by = 50

    def get_queryset(self):
        return (
            Document.objects.dated()
            .with_ballots()
            .order_by(F("held_on").desc(), "-number", "symbol")
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        count = context["paginator"].count
        return context | {
            "end": end_of_record(),
            "sentence": sentences.documents_filtered(self.filterset.described(), count),
        }


class DocumentDetail(MomentMixin, DetailView):
    """One document: votes, links, what cites it, and where its values come from."""

    template_name = "public/document_detail.html"
    context_object_name = "document"

    def get(self, request, *args, **kwargs):
        typed = kwargs["symbol"]
        try:
            symbol = symbols.read(typed, today_year=timezone.localdate().year)
        except symbols.SymbolError as fault:
            return self._unknown(typed, reason=str(fault))
        documents = Document.objects.filter(symbol=symbol.official)
        if symbol.official != typed and documents.exists():
            return HttpResponsePermanentRedirect(self._address(documents.get()))
        self.object = documents.with_votes().select_related("imported").first()
        if self.object is None:
            return self._unknown(typed, symbol=symbol)
        return self.render_to_response(self.get_context_data(object=self.object))

    def get_context_data(self, **kwargs):
        document, moment = self.object, self.moment
        calls = roll_calls(document.ballots.all())
        evidence = Evidence.objects.known(moment.as_of, moment.known_at)
        return super().get_context_data(
            roll_calls=calls,
            first=calls[0] if calls else None,
            drafts=self._drafts(),
            adopted_as=self._adopted_as(document.symbol),
            other_values=document.other_values.select_related("imported"),
            evidence=evidence.citing(document).listed(moment.known_at),
            document_sources=sources_of(document),
            later=Origins(document).later(),
            in_place_of_symbol=document.symbol.startswith("S/PV."),
            **kwargs,
        )

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


class Council(MomentMixin, TemplateView):
    """Who sits on the Council and who sat; the vetoes of the five."""

    template_name = "public/council.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        members = list(Member.objects.prefetch_related("memberships"))
        years = [seat.year for member in members for seat in member.memberships.all()]
        year = max((year for year in years if year <= today.year), default=None)
        vetoes = self._vetoes()
        permanent = [member for member in members if member.permanent]
        highest = max((max(found.values()) for found in vetoes.values()), default=1)
        return super().get_context_data(
            year=year,
            sitting=Membership.objects.filter(year=year).select_related("member"),
            last_year=max(years, default=None),
            permanent=[
                (
                    member,
                    counted,
                    Bars(
                        vetoes[member.pk],
                        1946,
                        today.year,
                        highest=highest,
                        tallest=48,
                    ),
                )
                for member, counted in zip(
                    permanent, self._counted(permanent), strict=True
                )
            ],
            members=[
                (member, spans(seat.year for seat in member.memberships.all()))
                for member in members
            ],
            former=_former(permanent),
            end=end_of_record(),
            **kwargs,
        )

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


class MemberDetail(MomentMixin, DetailView):
    """One member: its years, its vetoes, its votes by year and by situation."""

    model = Member
    template_name = "public/member_detail.html"
    context_object_name = "member"

    def get_context_data(self, **kwargs):
        member = self.object
        by_year = self._by_year()
        per_year = {row.subject: row.vetoes for row in by_year if row.vetoes}
        counted = Vote.objects.vetoes().filter(member=member).aggregate(**COUNTS)
        return super().get_context_data(
            spans=spans(member.memberships.values_list("year", flat=True)),
            former=_former([member]),
            by_year=by_year,
            by_situation=self._by_situation(),
            uncertain=any(row.cast[Cast.UNCERTAIN] for row in by_year),
            vetoes=self._vetoes() if member.permanent else [],
            counted=counted,
            bars=Bars(per_year, 1946, timezone.localdate().year) if per_year else None,
            end=end_of_record(),
            **kwargs,
        )

    def _votes(self):
        return self.object.votes.cast_in_a_vote().order_by()

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

    def _by_situation(self):
        """A VotesRow for each tracked situation, over all that the record has on it."""
        moment = self.moment
        _record, votes = votes_in_situations(moment.as_of, moment.known_at)
        situations = defaultdict(list)
        for situation, documents in votes.items():
            for document in documents:
                situations[document].append(situation)
        rows = {}
        cast = self._votes().filter(ballot__held_on__lte=moment.as_of)
        for document, outcome, way in cast.values_list(
            "ballot__document", "ballot__outcome", "cast"
        ):
            for situation in situations.get(document, ()):
                row = rows.setdefault(situation, VotesRow(situation, Counter()))
                self._add(row, outcome, way, 1)
        return sorted(rows.values(), key=lambda row: (-row.total, row.subject.name))

    def _vetoes(self):
        """Each veto of the member, newest first, with those who vetoed with it."""
        vetoes = list(
            Vote.objects.vetoes()
            .filter(member=self.object)
            .select_related("ballot__document")
            .order_by("-ballot__held_on", "-ballot__item", "-pk")
        )
        others = defaultdict(list)
        for vote in (
            Vote.objects.vetoes()
            .filter(ballot__votes__in=[vote.pk for vote in vetoes])
            .exclude(member=self.object)
            .select_related("member")
        ):
            others[vote.ballot_id].append(vote.member)
        return [(vote.ballot, others[vote.ballot_id]) for vote in vetoes]

    def _add(self, row, outcome, cast, count):
        row.cast[cast] += count
        against = self.object.permanent and cast == Cast.NO
        if against and outcome == Ballot.Outcome.VETOED:
            row.vetoes += count


def _former(members):
    """Triples of member, former holder of the seat, and the year of the change."""
    return [
        (member, *FORMER_SEATS[member.code])
        for member in members
        if member.code in FORMER_SEATS
    ]
