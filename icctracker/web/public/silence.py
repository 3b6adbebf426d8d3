"""The texts of a situation: which speak of the Court, and which are silent; reads only.

The same numbers stand on the page of the situation and in the ledger.
"""

from django.core.exceptions import BadRequest
from django.db.models import F
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.views.generic import View
from django_filters.views import FilterView

from icctracker.models import Document, Situation
from icctracker.readings import passages, silence
from icctracker.readings.silence_files import as_csv, passages_of
from icctracker.web.kit.answers import digest
from icctracker.web.kit.texts import TextFilter

from . import sentences
from .downloads import HEADERS, said
from .moments import FilteredInParts, MomentMixin


class OfSituation:
    """Whatever lists the texts of the situation that its address names."""

    @cached_property
    def situation(self):
        return get_object_or_404(Situation, slug=self.kwargs["slug"])

    @cached_property
    def start(self):
        """From when on its texts could have spoken; None if that is not known."""
        moment = self.moment
        found = silence.beginnings(moment.as_of, moment.known_at, [self.situation])
        return found.get(self.situation.pk)

    def texts(self):
        """Its texts, newest first, read or not."""
        if self.start is None:
            return Document.objects.dated().none()
        in_order = F("held_on").desc(), "-number", "symbol", "pk"
        return silence.documents_of(self.start, self.moment.as_of).order_by(*in_order)


class SituationTexts(OfSituation, FilteredInParts, FilterView):
    """Every text that could have spoken, whether it does, and what is logged of it."""

    model = Document
    filterset_class = TextFilter
    template_name = "public/situation_texts.html"
    paginate_by = 50

    def get_queryset(self):
        return self.texts()

    def get_filterset_kwargs(self, filterset_class):
        given = super().get_filterset_kwargs(filterset_class)
        return given | {"moment": self.moment}

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        name = f"texts-count:{self._asked()}"
        paginator.count = self.numbers(name, lambda: paginator.count)
        return paginator

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        page = context["page_obj"]
        keys = self.keys(f"texts-page:{self._asked()}", page)
        described, count = self.filterset.described(), page.paginator.count
        codes = self.filterset.codes
        return context | {
            "situation": self.situation,
            "filter_form": self.filter_form(),
            "sentence": sentences.documents_filtered(described, count),
            "head": self.part(f"texts-head:{self._name(codes)}", self._head),
            "rows": self.parts(f"text:{'+'.join(codes)}", keys, self._rows_of),
            "asked": self.request.GET.urlencode(),
        }

    def _asked(self):
        return f"{self.situation.pk}:{self.asked()}"

    def _name(self, codes):
        return f"{self.situation.pk}:{digest('+'.join(codes))}"

    def _head(self):
        """How many could have spoken, how many do, and what is not counted."""
        moment, codes, start = self.moment, self.filterset.codes, self.start
        counts, beside = {}, []
        if start:
            known = moment.as_of, moment.known_at
            counts = silence.counted(silence.marked(self.texts(), codes, *known))
            beside = silence.tied_by_entries(start, *known).order_by("held_on")
            beside = silence.marked(beside, codes, *known)
        return self.made(
            "situation_texts_head",
            situation=self.situation,
            start=start,
            counts=counts,
            beside=beside,
            terms=[term.label for term in silence.terms_of(*codes)],
            of_the_court=silence.COURT in codes,
            read=passages.coverage(passages.years_read()),
        )

    def _rows_of(self, keys):
        moment, codes = self.moment, self.filterset.codes
        found = Document.objects.dated().filter(pk__in=keys)
        found = list(silence.marked(found, codes, moment.as_of, moment.known_at))
        symbols = [each.symbol for each in found]
        on = passages.pinned(symbols, moment.as_of, moment.known_at)
        speaking = passages_of(keys, codes)
        return {
            each.pk: render_to_string(
                "public/situation_text_row.html",
                {
                    "document": each,
                    "entries": on.get(each.symbol, passages.NOTHING).entries,
                    "passages": _logged(speaking[each.pk], on),
                    "moment": moment,
                },
            )
            for each in found
        }


def _logged(paragraphs, on):
    """Pairs of a paragraph and whether a finding is pinned to it."""
    return [(each, bool(passages.Logged.of(each, on).here)) for each in paragraphs]


class SituationTextsDownload(OfSituation, MomentMixin, View):
    """The filtered list as CSV, sent while it is read."""

    def get(self, request, slug):
        filters = self._filters()
        lines = as_csv(
            self.situation,
            filters.qs,
            filters.codes,
            self.moment,
            request.build_absolute_uri,
        )
        return StreamingHttpResponse(lines, headers=self._headers())

    def head(self, request, slug):
        """What would be answered, without reading the texts."""
        self._filters()
        return StreamingHttpResponse(headers=self._headers())

    def _filters(self):
        given = {"queryset": self.texts(), "moment": self.moment}
        filters = TextFilter(self.request.GET or None, **given)
        if filters.is_bound and not filters.is_valid():
            # An empty file would look like an answer.
            raise BadRequest(said(filters.form))
        return filters

    def _headers(self):
        name = f'attachment; filename="texts-{self.situation.slug}.csv"'
        return HEADERS["csv"] | {"Content-Disposition": name}
