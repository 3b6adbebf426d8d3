"""What suggestions are filtered by, and how they are ticked and set aside."""

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.filters import DescribedFilterSet
from icctracker.models import Ballot, Dismissal, Document, Situation
from icctracker.suggestions import REASONS, because, tracked

from .fields import PlainForm, Text, limit
from .posted import whole_number

MOST_TICKED = 200
EARLIER = "all"


class SuggestionFilter(DescribedFilterSet):
    """Filters suggestions: by reason, situation, outcome and year."""

    why = django_filters.ChoiceFilter(
        method="of_reason",
        choices=list(REASONS.items()),
        label=gettext_lazy("Why"),
        empty_label=gettext_lazy("Any reason"),
    )
    situation = django_filters.ModelChoiceFilter(
        method="in_situation",
        queryset=Situation.objects.all(),
        to_field_name="slug",
        label=gettext_lazy("Situation"),
        empty_label=gettext_lazy("Any"),
    )
    outcome = django_filters.ChoiceFilter(
        method="with_outcome",
        choices=Ballot.Outcome.choices,
        label=gettext_lazy("Outcome"),
        empty_label=gettext_lazy("Any"),
    )
    year = django_filters.NumberFilter(
        field_name="held_on",
        lookup_expr="year",
        label=gettext_lazy("Year"),
        min_value=1946,
        max_value=2100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
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
    def chosen_situation(self):
        return self.form.is_valid() and self.form.cleaned_data["situation"]

    def of_reason(self, queryset, name, value):
        return queryset.filter(because(value, earlier=self.earlier))

    def in_situation(self, queryset, name, value):
        return queryset.filter(tracked(value, earlier=self.earlier))

    def with_outcome(self, queryset, name, value):
        ballots = Ballot.objects.filter(outcome=value)
        return queryset.filter(pk__in=ballots.values("document"))

    def in_period(self, queryset, name, value):
        """The list begins where the period wants it: see the view."""
        return queryset


class DismissalFilter(DescribedFilterSet):
    """Filters what has been set aside, by situation."""

    situation = django_filters.ModelChoiceFilter(
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
        documents = Document.objects.filter(tracked(value))
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
