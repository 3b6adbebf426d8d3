"""Which paragraphs of the Council's documents speak of the Court; reads only."""

from collections import Counter

from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.views.generic import View
from django_filters.views import FilterView

from icctracker.models import Passage
from icctracker.readings import passages
from icctracker.readings.descent import beside
from icctracker.readings.passage_files import as_csv, as_json, years_as_csv
from icctracker.web.kit.passages import PassageFilter, listed

from . import sentences
from .downloads import HEADERS, said
from .moments import FilteredInParts, MomentMixin
from .pictures import Layers

# The parts of the page that say what was read.
_READ = ["coverage", "years"]


class PassageList(FilteredInParts, FilterView):
    """Every paragraph that speaks of the Court, or of what is asked for; by page."""

    model = Passage
    filterset_class = PassageFilter
    template_name = "public/passage_list.html"
    paginate_by = 50

    def get_queryset(self):
        return listed()

    def get_filterset_kwargs(self, filterset_class):
        given = super().get_filterset_kwargs(filterset_class)
        return given | {"moment": self.moment}

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        name = f"Passage-count:{self.asked()}"
        paginator.count = self.numbers(name, lambda: paginator.count)
        return paginator

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        keys = self.keys(f"Passage-page:{self.asked()}", page)
        described, count = self.filterset.described(), page.paginator.count
        return context | {
            "filter_form": self.filter_form(),
            "sentence": sentences.passages_filtered(described, count),
            "rows": self.parts("passage", keys, self._rows_of),
            **dict(zip(_READ, self.parts("passages", _READ, self._read), strict=True)),
            "at_odds": self.filterset.at_odds,
            "asked": self.request.GET.urlencode(),
        }

    def _rows_of(self, keys):
        found = list(listed().filter(pk__in=keys))
        symbols = {each.document.symbol for each in found}
        on = passages.pinned(symbols, self.moment.as_of, self.moment.known_at)
        beside(found)
        return {
            each.pk: render_to_string(
                "public/passage_row.html",
                {
                    "passage": each,
                    "terms": passages.in_words(each),
                    "logged": passages.Logged.of(each, on),
                    "moment": self.moment,
                },
            )
            for each in found
        }

    def _read(self, _names):
        """For which years and kinds the text was read, and what of it is logged."""
        moment, years = self.moment, passages.years_read()
        rows = passages.naming_the_court(years, moment.as_of, moment.known_at)
        read, mapping = passages.coverage(years), passages.mapping()
        return {
            "coverage": render_to_string(
                "components/passages_read.html", {"read": read}
            ),
            "years": self.made(
                "passage_years",
                rows=rows,
                total=passages.all_years(rows),
                picture=_picture(rows),
                mapping=mapping,
            ),
        }


def _picture(rows):
    """Documents that speak of the Court, by year: those logged, those not."""
    counts = {
        row.year: Counter(logged=row.logged, waiting=row.waiting)
        for row in rows
        if row.naming
    }
    if not counts:
        return None
    first, last = rows[-1].year, rows[0].year
    return Layers(counts, first, last, kinds=("logged", "waiting"))


class YearsDownload(MomentMixin, View):
    """The table of years as CSV: what was read, what speaks, what is logged of it."""

    def get(self, request):
        moment, years = self.moment, passages.years_read()
        rows = passages.naming_the_court(years, moment.as_of, moment.known_at)
        headers = dict(HEADERS["csv"])
        name = 'attachment; filename="passages-by-year.csv"'
        headers["Content-Disposition"] = name
        return HttpResponse(years_as_csv(rows), headers=headers)


class PassageDownload(MomentMixin, View):
    """The filtered list as CSV or JSON, sent while it is read."""

    def get(self, request, suffix):
        found = self._passages()
        address = request.build_absolute_uri
        if suffix == "csv":
            lines = as_csv(found, self.moment, address)
        else:
            lines = as_json(found, self.moment, address, self._head())
        return StreamingHttpResponse(lines, headers=_headers(suffix))

    def head(self, request, suffix):
        """What would be answered, without reading the passages."""
        self._passages()
        return StreamingHttpResponse(headers=_headers(suffix))

    def _passages(self):
        given = {"queryset": listed(), "moment": self.moment}
        filters = PassageFilter(self.request.GET or None, **given)
        if filters.is_bound and not filters.is_valid():
            # An empty file would look like an answer.
            raise BadRequest(said(filters.form))
        return filters.qs

    def _head(self):
        moment = self.moment
        return {
            "as_of": moment.as_of.isoformat(),
            "known_at": moment.known_at and moment.known_at.isoformat(),
            "source": "United Nations (DGACM, machine-readable Security Council"
            " documents; Dag Hammarskjöld Library). The documents are the authority.",
        }


def _headers(suffix):
    headers = dict(HEADERS[suffix])
    if suffix == "csv":
        headers["Content-Disposition"] = 'attachment; filename="passages.csv"'
    return headers
