"""The documents of the Council's record; reads only."""

from django.db.models import F
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.generic import DetailView
from django_filters.views import FilterView

from icctracker import symbols
from icctracker.credits import Origins, sources_of
from icctracker.filters import DocumentFilter
from icctracker.models import Ballot, Document, Evidence
from icctracker.public import sentences
from icctracker.public.moments import MomentMixin
from icctracker.public.rollcall import roll_calls


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
