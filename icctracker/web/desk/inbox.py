"""The inbox: what nobody has logged yet, and what was set aside."""

import django_filters
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import View
from django_filters.views import FilterView

from icctracker.actions import ActionRefused
from icctracker.actions.record import accept, dismiss, put_back
from icctracker.models import Ballot, Dismissal, Document, Situation
from icctracker.readings.inbox import (
    REASONS,
    because,
    ledger,
    reasons,
    suggested,
    tracked,
    unread,
    with_reasons,
)
from icctracker.readings.passages import coverage, years_read
from icctracker.web.kit import kept
from icctracker.web.kit.either import EitherFilter, EitherRecordFilter, each_of
from icctracker.web.kit.filters import DescribedFilterSet, YearFilter, any_of
from icctracker.web.kit.forms import PlainForm, Text, limit, whole_number
from icctracker.web.kit.kept import DeskAccess

from .tabs import DeskTabs

# What suggestions are filtered by, and how they are ticked and set aside.

MOST_TICKED = 200
EARLIER = "all"


class SuggestionFilter(DescribedFilterSet):
    """Filters suggestions: by reason, situation, outcome and year."""

    why = EitherFilter(
        method="of_reason",
        choices=list(REASONS.items()),
        label=gettext_lazy("Why"),
        empty_label=gettext_lazy("Any reason"),
    )
    situation = EitherRecordFilter(
        method="in_situation",
        queryset=Situation.objects.all(),
        to_field_name="slug",
        label=gettext_lazy("Situation"),
        empty_label=gettext_lazy("Any"),
    )
    series = EitherFilter(
        field_name="series",
        lookup_expr="exact",
        choices=Document.Series.choices,
        label=gettext_lazy("Kind of document"),
        empty_label=gettext_lazy("Any"),
    )
    outcome = EitherFilter(
        method="with_outcome",
        choices=Ballot.Outcome.choices,
        label=gettext_lazy("Outcome"),
        empty_label=gettext_lazy("Any"),
    )
    year = YearFilter(
        field_name="held_on",
        lookup_expr="year",
        label=gettext_lazy("Year"),
    )
    period = django_filters.ChoiceFilter(
        method="in_period",
        choices=[(EARLIER, gettext_lazy("All, since 1946"))],
        label=gettext_lazy("Period"),
        empty_label=gettext_lazy("Since tracked"),
    )

    class Meta:
        model = Document
        fields = []

    @property
    def earlier(self):
        """Whether what is older than the tracking is wanted too."""
        return self.form.is_valid() and self.form.cleaned_data["period"] == EARLIER

    @property
    def chosen_situations(self):
        chosen = self.form.is_valid() and self.form.cleaned_data["situation"]
        return each_of(chosen) if chosen else ()

    def of_reason(self, queryset, name, value):
        reasons_ = (because(each, earlier=self.earlier) for each in each_of(value))
        return queryset.filter(any_of(reasons_))

    def in_situation(self, queryset, name, value):
        lying = (tracked(each, earlier=self.earlier) for each in each_of(value))
        return queryset.filter(any_of(lying))

    def with_outcome(self, queryset, name, value):
        ballots = Ballot.objects.filter(outcome__in=each_of(value))
        return queryset.filter(pk__in=ballots.values("document"))

    def in_period(self, queryset, name, value):
        """The list begins where the period wants it: see the view."""
        return queryset


class DismissalFilter(DescribedFilterSet):
    """Filters what has been set aside, by situation."""

    situation = EitherRecordFilter(
        method="in_situation",
        queryset=Situation.objects.all(),
        to_field_name="slug",
        label=gettext_lazy("Situation"),
        empty_label=gettext_lazy("Any"),
    )

    class Meta:
        model = Dismissal
        fields = []

    def in_situation(self, queryset, name, value):
        documents = Document.objects.filter(any_of(map(tracked, each_of(value))))
        return queryset.filter(document__in=documents.values("pk"))


class TickedField(forms.Field):
    """The keys of the rows that were ticked on a page."""

    widget = forms.SelectMultiple

    def clean(self, value):
        keys = {whole_number(each) for each in value or ()} - {None}
        if len(keys) > MOST_TICKED:
            raise forms.ValidationError(
                _("Tick at most %(most)d at once.") % {"most": MOST_TICKED}
            )
        return super().clean(sorted(keys))


class TickForm(PlainForm):
    """Documents ticked on a page, one by one or all that it showed."""

    documents = TickedField(label=gettext_lazy("Documents"), required=False)
    shown = TickedField(required=False, widget=forms.MultipleHiddenInput)
    everything = forms.BooleanField(required=False)

    def clean(self):
        data = super().clean()
        if data.get("everything"):
            data["documents"] = data.get("shown", [])
        if not data.get("documents") and "documents" not in self.errors:
            self.add_error("documents", _("Tick at least one document."))
        return data

    @property
    def ticked(self):
        """The keys of the boxes that are to stay ticked."""
        return {whole_number(each) for each in self["documents"].value() or ()}


class SetAsideForm(TickForm):
    """Documents to be set aside, and the reason for it."""

    reason = Text(
        label=gettext_lazy("Why they need no entry"),
        required=True,
        max_length=limit(Dismissal, "reason"),
        rows=2,
        help_text=gettext_lazy(
            "One sentence, kept with each document. For example: a mandate renewed by"
            " all members, without a word on the Court."
        ),
        error_messages={
            "required": gettext_lazy(
                "Say why: whoever counts the votes later will want to know."
            )
        },
    )


class TickedList(DeskAccess, DeskTabs, FilterView):
    """A list whose rows are ticked, and then something is done with them."""

    paginate_by = 25
    form_class = TickForm

    @cached_property
    def form(self):
        if self.request.method == "POST":
            return self.form_class(self.request.POST)
        typed = kept.found(self.request)
        return self.form_class(initial=_initial(typed) if typed else None)

    def post(self, request, **kwargs):
        if not self.form.is_valid():
            return self.get(request, **kwargs)
        ticked = self.form.cleaned_data["documents"]
        documents = Document.objects.filter(pk__in=ticked)
        try:
            self.carry_out(documents)
        except ActionRefused as refusal:
            self.form.add_error(None, str(refusal))
            return self.get(request, **kwargs)
        kept.forget(request)
        return redirect(self._address())

    def carry_out(self, documents):
        """Do with the documents what the page is for, and say so."""
        raise NotImplementedError

    def _address(self):
        """This page, or the last one there still is."""
        filterset = self.get_filterset(self.get_filterset_class())
        last = self.get_paginator(filterset.qs, self.paginate_by).num_pages
        query = self.request.GET.copy()
        page = query.get("page", "")
        if not page.isdecimal() or len(page) > 5 or int(page) > last:
            query.pop("page", None)
        return f"{self.request.path}?{query.urlencode()}".rstrip("?")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            form=self.form, described=self.filterset.described(), **kwargs
        )


def _initial(kept):
    """What was typed and ticked before its author was signed out."""
    return {
        "documents": kept.getlist("documents"),
        "everything": kept.get("everything", ""),
        "reason": kept.get("reason", ""),
    }


class KeysPaginator(Paginator):
    """Asks once which documents there are, and then for those of a page by key."""

    @cached_property
    def keys(self):
        return list(self.object_list.values_list("pk", flat=True))

    @cached_property
    def count(self):
        return len(self.keys)

    def page(self, number):
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        keys = self.keys[start : start + self.per_page]
        found = Document.objects.dated().filter(pk__in=keys)
        found = found.order_by(*self.object_list.query.order_by)
        return self._get_page(found, number, self)


class SuggestionList(TickedList):
    """Documents that nobody has logged yet; ticked ones are set aside."""

    paginator_class = KeysPaginator
    filterset_class = SuggestionFilter
    tab = "suggestion-list"
    template_name = "desk/suggestion_list.html"
    form_class = SetAsideForm

    def get_queryset(self):
        earlier = self.request.GET.get("period") == EARLIER
        return suggested(self.request.user, earlier=earlier)

    def carry_out(self, documents):
        reason = self.form.cleaned_data["reason"]
        rows = dismiss(documents, reason=reason, by=self.request.user)
        text = ngettext(
            "One document is set aside.",
            "%(count)d documents are set aside.",
            len(rows),
        )
        messages.success(self.request, text % {"count": len(rows)})

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        lines, total = ledger(self.request.user)
        chosen = self.filterset.chosen_situations
        documents = with_reasons(context["object_list"])
        return context | {
            "rows": [(document, reasons(document)) for document in documents],
            "lines": lines,
            "total": total,
            "chosen": [
                (each, next((row for row in lines if row.situation == each), None))
                for each in chosen
            ],
            "unread": unread().count(),
            "read": coverage(years_read()),
        }


class DismissalList(TickedList):
    """Documents that were set aside, with the reason; ticked ones are put back."""

    filterset_class = DismissalFilter
    tab = "dismissal-list"
    template_name = "desk/dismissal_list.html"

    def get_queryset(self):
        return (
            Dismissal.objects.stood()
            .select_related("document", "dismissed_by")
            .prefetch_related("document__ballots")
        )

    def carry_out(self, documents):
        count = put_back(documents, by=self.request.user)
        text = ngettext(
            "One document is back among the suggestions.",
            "%(count)d documents are back among the suggestions.",
            count,
        )
        messages.success(self.request, text % {"count": count})


class SuggestionAccept(DeskAccess, View):
    """Begins an entry about a suggested document, filled from the record."""

    def get(self, request, **kwargs):
        return redirect("suggestion-list")

    def post(self, request, pk):
        document = get_object_or_404(Document, pk=pk)
        try:
            draft, is_new = accept(document, by=request.user)
        except ActionRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("suggestion-list")
        if is_new:
            text = _(
                "This draft is filled from the Council's record. Check it, say what it"
                " shows, then submit it."
            )
            messages.success(request, text)
        else:
            messages.info(request, _("You have this one in hand already."))
        return redirect("evidence-update", draft.pk)
