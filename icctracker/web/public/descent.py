"""How the Council's words went from text to text: chains of descent; reads only."""

from django import forms
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from icctracker.models import Descent
from icctracker.readings import descent
from icctracker.readings.descent_files import as_csv
from icctracker.web.kit.answers import digest
from icctracker.web.kit.forms import PlainForm

from .downloads import said
from .moments import InParts, MomentMixin

SHOWS = [
    ("gained", _("Terms were gained")),
    ("lost", _("Terms were lost")),
    ("dropped", _("The words were dropped")),
    ("ended", _("The texts ended")),
    ("corrected", _("A reviewer corrected a link")),
]
ON_A_PAGE = 50


class ChainFilter(PlainForm):
    """Which chains are asked for."""

    series = forms.CharField(required=False, max_length=400, label=_("Series"))
    kind = forms.ChoiceField(
        choices=[("", _("Any kind")), *Descent.Kind.choices],
        required=False,
        label=_("Kind of text"),
    )
    shows = forms.ChoiceField(
        choices=[("", _("Anything")), *SHOWS], required=False, label=_("What happened")
    )

    def chosen(self, chains):
        """Those of some chains that are asked for."""
        asked = self.cleaned_data
        return [
            each
            for each in chains
            if asked["series"] in ("", each.series)
            and (not asked["kind"] or asked["kind"] in each.kinds)
            and (not asked["shows"] or each.shows(asked["shows"]))
        ]


FIELDS = tuple(ChainFilter.base_fields)


def _filter(parameters):
    """The filter that an address asks for; without any, all of it."""
    return ChainFilter({name: parameters.get(name, "") for name in FIELDS})


class DescentList(InParts, TemplateView):
    """The chains by series, with what happened in each; by page."""

    template_name = "public/descent_list.html"

    def get_context_data(self, **kwargs):
        asked = {name: self.request.GET.get(name, "") for name in (*FIELDS, "page")}
        name = f"descents:{digest(repr(asked))}"
        content = self.part(name, self._content, self.version.record)
        return super().get_context_data(content=content, **kwargs)

    def _content(self):
        every = descent.Lines().chains()
        form = _filter(self.request.GET)
        valid = form.is_valid()
        chosen = form.chosen(every) if valid else []
        several = [each for each in chosen if not each.is_alone]
        page = Paginator(several, ON_A_PAGE).get_page(self.request.GET.get("page"))
        return self.made(
            "descent_chains",
            form=form,
            series=sorted({each.series for each in every if each.series}),
            page_obj=page,
            paginator=page.paginator,
            is_paginated=page.has_other_pages(),
            alone=len(chosen) - len(several),
            asked=self._asked(),
            rule=descent,
        )

    def _asked(self):
        asked = self.request.GET.copy()
        asked.pop("page", None)
        return asked.urlencode()


class DescentDetail(InParts, TemplateView):
    """The chain that a paragraph stands in, step by step."""

    template_name = "public/descent_detail.html"

    def get_context_data(self, symbol, anchor, **kwargs):
        name = f"descent-{digest(f'{symbol} {anchor}')}"
        content = self.part(
            name, lambda: self._content(symbol, anchor), self.version.record
        )
        where = {"symbol": symbol, "anchor": anchor}
        return super().get_context_data(content=content, **where, **kwargs)

    def _content(self, symbol, anchor):
        chain, step = descent.Lines().chain_of(symbol, anchor)
        if chain is None:
            raise Http404(_("No paragraph of this address is in a chain of descent."))
        descent.compare_words(chain.steps)
        return self.made("descent_chain", chain=chain, here=step, rule=descent)


class DescentDownload(MomentMixin, View):
    """The steps of the chains that are asked for, as CSV, as they stand today."""

    def get(self, request):
        # An instant that is none is refused, though the record has no past.
        _moment = self.moment
        form = _filter(request.GET)
        if not form.is_valid():
            raise BadRequest(said(form))
        chains = form.chosen(descent.Lines().chains())
        answer = HttpResponse(
            as_csv(chains, request.build_absolute_uri),
            content_type="text/csv; charset=utf-8",
        )
        answer["Content-Disposition"] = 'attachment; filename="descent.csv"'
        return answer
