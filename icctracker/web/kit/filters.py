"""The filter sets that pages, downloads and interfaces share."""

import re
from functools import cache, partial, reduce
from operator import or_

import django_filters
from django import forms
from django.db.models import Exists, Model, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from icctracker.models import (
    Actor,
    Addressee,
    Ballot,
    Criterion,
    Document,
    Edition,
    Effect,
    Evidence,
    Finding,
    Form,
    ImplementationStatus,
    Kind,
    Recommendation,
    Situation,
    StatusChange,
    Tier,
)
from icctracker.models.evidence import LISTED_BY
from icctracker.models.folded import asking, having
from icctracker.models.listings import MARKS, Listing, listed, mark
from icctracker.readings import inbox
from icctracker.readings.history import KINDS, Stream
from icctracker.readings.lists import Entries
from icctracker.readings.naming import Names
from icctracker.texts import symbols
from icctracker.texts.folding import fold, fold_all, wanted

from .conditions import FilterForm
from .days import DayField
from .either import (
    EitherFilter,
    EitherMixin,
    EitherRecord,
    EitherRecordFilter,
    each_of,
    lookups,
)


class DescribedFilterSet(django_filters.FilterSet):
    """A filter set that can say in words what it filters."""

    not_a_filter = ("sort",)

    def described(self):
        """Pairs of label and chosen value, for the filters in use."""
        if not self.form.is_valid():
            return []
        chosen = []
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", []) or name in self.not_a_filter:
                continue
            field, words = self.form.fields[name], value
            if isinstance(field, forms.ChoiceField) and not isinstance(value, Model):
                words = dict(field.choices).get(value, value)
            if isinstance(value, tuple):
                named = {} if isinstance(value[0], Model) else dict(field.choices)
                words = gettext(" or ").join(str(named.get(v, v)) for v in value)
            chosen.append((field.label, words))
        return chosen

    def get_form_class(self):
        """Its form, which refuses what cannot hold together."""
        form = super().get_form_class()
        return type(form.__name__, (FilterForm, form), {})


class DayFilter(django_filters.DateFilter):
    """By a day, written as people write it."""

    field_class = DayField


class YearFilter(django_filters.NumberFilter):
    """By a year, which is a whole number, since there is a Council."""

    field_class = forms.IntegerField

    def __init__(self, *args, **kwargs):
        widget = forms.NumberInput(attrs={"inputmode": "numeric"})
        bounds = {"min_value": 1946, "max_value": 2100}
        super().__init__(*args, widget=widget, **bounds, **kwargs)


class RecommendationChoice(forms.ModelChoiceField):
    """A recommendation by its code, with its publication where it is not the first."""

    def prepare_value(self, value):
        return value.key if isinstance(value, Recommendation) else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            # PostgreSQL cannot even be asked for a text that holds NUL.
            forms.CharField().clean(str(value))
            return self._named(str(value))
        except (Recommendation.DoesNotExist, forms.ValidationError):
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value},
            ) from None

    def _named(self, key):
        """The one of a key, in capitals or not, as its address has it."""
        try:
            return self.queryset.by_key(key)
        except Recommendation.DoesNotExist:
            within, colon, code = key.rpartition(":")
            return self.queryset.by_key(f"{within}{colon}{code.upper()}")


class RecommendationChoiceFilter(django_filters.ModelChoiceFilter):
    field_class = RecommendationChoice


class EitherRecommendation(EitherMixin, RecommendationChoice):
    """A recommendation, or several of them."""


class EitherRecommendationFilter(django_filters.ModelChoiceFilter):
    field_class = EitherRecommendation


class EitherActor(EitherRecord):
    """An actor by the name on record, or by any other of the same State; or several."""

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError:
            names = self.queryset.values_list("name", flat=True)
            return super().to_python(Names(names).known_as(str(value)) or value)


class EitherActorFilter(EitherRecordFilter):
    field_class = EitherActor


class EvidenceFilter(DescribedFilterSet):
    """Filters entries; conditions on findings must all hold for the same finding.

    With ``known_at`` it filters editions, by what was known at that instant.
    """

    q = django_filters.CharFilter(method="search", label=_("Words or symbol"))
    recommendation = EitherRecommendationFilter(
        method="of_finding",
        queryset=Recommendation.objects.all(),
        label=_("Recommendation"),
    )
    criterion = EitherFilter(method="of_finding", choices=[], label=_("Criterion"))
    effect = EitherFilter(
        method="of_finding", choices=Effect.choices, label=_("Effect")
    )
    form = EitherFilter(method="of_finding", choices=Form.choices, label=_("Form"))
    kind = EitherFilter(
        field_name="kind", lookup_expr="exact", choices=Kind.choices, label=_("Kind")
    )
    situation = EitherRecordFilter(
        field_name="situations",
        lookup_expr="exact",
        queryset=Situation.objects.all(),
        to_field_name="slug",
        label=_("Situation"),
    )
    actor = EitherActorFilter(
        field_name="actors",
        lookup_expr="exact",
        # A name that stands only in a draft is nobody else's to read.
        queryset=listed(Actor.objects.all(), "actor"),
        to_field_name="name",
        label=_("Actor"),
    )
    tier = EitherFilter(
        field_name="tier", lookup_expr="exact", choices=Tier.choices, label=_("Tier")
    )
    date_from = DayFilter(
        field_name="occurred_on",
        lookup_expr="gte",
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    date_to = DayFilter(
        field_name="occurred_on",
        lookup_expr="lte",
        label=_("To"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    sort = django_filters.ChoiceFilter(
        method="sorted",
        choices=[
            ("-date", _("Newest first")),
            ("date", _("Oldest first")),
            ("title", _("Title")),
            ("kind", _("Kind")),
        ],
        label=_("Sort by"),
        empty_label=None,
        initial="-date",
    )

    LOOKUPS = {
        "recommendation": "criterion__recommendation",
        "criterion": "criterion__code",
        "effect": "effect",
        "form": "form",
    }

    class Meta:
        model = Evidence
        fields = []

    def __init__(self, *args, known_at=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.known_at = known_at
        if known_at:
            naming = Edition.objects.stood(known_at).filter(actors=OuterRef("pk"))
            self.filters["actor"].queryset = Actor.objects.filter(Exists(naming))
        # Read once, where the form is shown or one was chosen.
        criteria = cache(partial(_criteria_in_force, known_at))
        self.filters["criterion"].extra["choices"] = criteria

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        if self._chosen(self.LOOKUPS):
            entry = OuterRef("evidence" if self.known_at else "pk")
            queryset = queryset.filter(Exists(self._findings(entry)))
        return queryset

    @property
    def _given(self):
        """What was understood; nothing where nothing was asked."""
        return self.form.cleaned_data if self.is_bound else {}

    def _chosen(self, names):
        """What was chosen, of the filters with these names."""
        given = self._given
        return {
            name: given[name] for name in names if given.get(name) not in (None, "")
        }

    def _findings(self, entry):
        """The findings of an entry of which all conditions on findings hold."""
        chosen = self._chosen(self.LOOKUPS)
        wanted = {self.LOOKUPS[name]: value for name, value in chosen.items()}
        asked = _any_criterion(wanted.pop("criterion__code", ()))
        found = Finding.objects.accepted(self.known_at)
        return found.filter(asked, evidence=entry, **lookups(wanted))

    def entries(self, moment, keep=None):
        """What ``qs`` says of the present, as a list that is read by page."""
        chosen, given = self._chosen(MARKS), self._given
        days = [given.get("date_from"), given.get("date_to")]
        if not moment.is_now:
            days[1] = min(days[1] or moment.as_of, moment.as_of)
        several = any(isinstance(value, tuple) for value in chosen.values())
        of_findings = len(chosen.keys() & self.LOOKUPS.keys())
        more = given.get("q") or several or of_findings > 1
        return Entries(
            [
                mark(name, value)
                for name, value in chosen.items()
                if not isinstance(value, tuple)
            ],
            *days,
            today=moment.as_of,
            order=given.get("sort") or "-date",
            narrow=self._narrow if more else None,
            keep=keep,
        )

    def _narrow(self, listings):
        """Those of which also holds what no mark says."""
        for name, value in self._chosen(MARKS).items():
            if isinstance(value, tuple):
                any_of_them = Listing.objects.filter(
                    mark__in=[mark(name, each) for each in value],
                    day=OuterRef("day"),
                    evidence=OuterRef("evidence"),
                )
                listings = listings.filter(Exists(any_of_them))
        if len(self._chosen(self.LOOKUPS)) > 1:
            findings = self._findings(OuterRef("evidence"))
            listings = listings.filter(Exists(findings))
        if words := self._given["q"]:
            listings = listings.filter(_having(words, of="evidence__"))
        return listings

    def sorted(self, queryset, name, value):
        """Each order is that of an index, one way or the other."""
        order = LISTED_BY[value.lstrip("-")]
        # Editions are told apart by the entry that they are of.
        key = "evidence_id" if self.known_at else "pk"
        order = [re.sub(r"\bid$", key, name) for name in order]
        return queryset.order_by(*(_reversed(order) if value == "date" else order))

    def of_finding(self, queryset, name, value):
        """Conditions on findings are applied together, in ``filter_queryset``."""
        return queryset

    def search(self, queryset, name, value):
        return queryset.filter(_having(value))


def _having(text, of=""):
    """Every word must occur in title, summary, symbol or meeting."""
    symbol = Q((f"{of}symbol__iexact", symbols.normalise(text)))
    return having(text, of) | symbol


def _any_criterion(keys):
    """Of any of these criteria, each by its code and the publication it is of."""
    found = Q()
    for key in each_of(keys):
        within, _colon, code = key.rpartition(":")
        found |= Q(criterion__code=code, criterion__recommendation__within=within)
    return found


def _reversed(order):
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _criteria_in_force(known_at):
    """The choices of criteria."""
    criteria = Criterion.objects.in_force(known_at).select_related("recommendation")
    return [
        (criterion.key, f"{criterion.code} {criterion.statement}")
        for criterion in criteria.order_by(
            "recommendation__publication", *Criterion._meta.ordering
        )
    ]


class RecommendationFilter(DescribedFilterSet):
    """Filters recommendations; status, trend and confidence come from standings."""

    status = EitherFilter(
        method="of_standing", choices=ImplementationStatus.choices, label=_("Status")
    )
    addressee = EitherRecordFilter(
        field_name="addressees",
        lookup_expr="exact",
        queryset=Addressee.objects.filter(recommendations__isnull=False).distinct(),
        to_field_name="slug",
        label=_("Addressee"),
    )
    q = django_filters.CharFilter(method="search", label=_("Words"))

    class Meta:
        model = Recommendation
        fields = []

    def __init__(self, *args, standings=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.standings = standings
        shown = [row.recommendation.pk for row in standings]
        self.filters["addressee"].queryset = Addressee.objects.filter(
            recommendations__in=shown
        ).distinct()

    def of_standing(self, queryset, name, value):
        """Keep the recommendations whose status is ``value``."""
        return queryset.filter(
            pk__in=[
                row.recommendation.pk
                for row in self.standings
                if row.status.code in each_of(value)
            ]
        )

    def search(self, queryset, name, value):
        """Every word must occur in a text, or be the code; they are few."""
        rows = queryset.values_list("pk", "code", "short_title", "text")
        return queryset.filter(
            pk__in=[
                pk
                for pk, code, *texts in rows
                if all(
                    piece == fold(code) or piece in fold_all(texts)
                    for piece in wanted(value)
                )
            ]
        )


class DocumentFilter(DescribedFilterSet):
    """Filters the documents of the Council's record."""

    q = django_filters.CharFilter(method="search", label=_("Words or symbol"))
    series = EitherFilter(
        field_name="series",
        lookup_expr="exact",
        choices=Document.Series.choices,
        label=_("Series"),
    )
    year = YearFilter(
        method="of_ballot",
        label=_("Year"),
    )
    outcome = EitherFilter(
        method="of_ballot", choices=Ballot.Outcome.choices, label=_("Outcome")
    )
    situation = EitherRecordFilter(
        method="in_situation",
        queryset=Situation.objects.all(),
        to_field_name="slug",
        label=_("Situation"),
    )
    since = YearFilter(
        method="of_ballot",
        label=_("Since the year"),
    )
    coded = EitherFilter(
        method="of_coding",
        choices=[
            ("yes", _("A published entry is about it")),
            ("no", _("No published entry is about it")),
        ],
        label=_("Coded"),
    )
    court = EitherFilter(
        method="mentioning",
        choices=[
            ("yes", _("Mentions the Court or its Statute")),
            ("no", _("Does not mention them")),
            ("unknown", _("The text was not available")),
        ],
        label=_("The Court"),
    )

    LOOKUPS = {
        "year": "held_on__year",
        "since": "held_on__year__gte",
        "outcome": "outcome",
    }

    class Meta:
        model = Document
        fields = []

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        wanted = {
            lookup: self.form.cleaned_data[name]
            for name, lookup in self.LOOKUPS.items()
            if self.form.cleaned_data.get(name) not in (None, "")
        }
        if wanted:
            ballots = Ballot.objects.filter(document=OuterRef("pk"), **lookups(wanted))
            queryset = queryset.filter(Exists(ballots))
        return queryset

    def of_ballot(self, queryset, name, value):
        """Conditions on ballots are applied together, in ``filter_queryset``."""
        return queryset

    def in_situation(self, queryset, name, value):
        """By the words of a situation, and by the entries on it."""
        return queryset.filter(any_of(map(inbox.lying_in, each_of(value))))

    def of_coding(self, queryset, name, value):
        """By whether a published entry with an accepted finding is about it."""
        about = inbox.about(inbox.coded())
        return queryset.filter(
            any_of(about if each == "yes" else ~about for each in each_of(value))
        )

    def mentioning(self, queryset, name, value):
        """By the index of passages, and by what was counted in the text."""
        speaks = inbox.because(inbox.COURT)
        mentions = {
            "yes": speaks,
            "no": Q(court_mentions=0) & ~speaks,
            "unknown": Q(court_mentions__isnull=True) & ~speaks,
        }
        return queryset.filter(any_of(mentions[each] for each in each_of(value)))

    def search(self, queryset, name, value):
        """Every word must occur in title, agenda items, symbol or drafts."""
        found = asking(value, _in_document)
        named = symbols.normalise(value)
        return queryset.filter(found | Q(symbol__iexact=named) | _at_meeting(named))


def any_of(conditions):
    """That one of some conditions holds."""
    return reduce(or_, conditions)


def _at_meeting(symbol):
    """The documents that were voted on at the meeting of this record, if it is one."""
    if not symbol.startswith("S/PV."):
        return Q()
    among = Q(meeting=symbol) | Q(meeting__startswith=f"{symbol};")
    among |= Q(meeting__endswith=f"; {symbol}")
    return Q(pk__in=Ballot.objects.filter(among).values("document"))


def _in_document(piece):
    return Q(folded__contains=piece) | Q(pk__in=_on_agenda(piece))


def _on_agenda(piece):
    """The documents of votes whose own agenda item or meeting has a word."""
    return Ballot.objects.filter(folded__contains=piece).values("document")


def _day(label):
    return DayFilter(
        method="in_stream",
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ChangeFilter(DescribedFilterSet):
    """Filters the stream by kind, recommendation and period."""

    kind = EitherFilter(
        method="in_stream",
        choices=[(code, kind.label) for code, kind in KINDS.items()],
        label=_("Kind of change"),
        empty_label=_("All"),
    )
    recommendation = EitherRecommendationFilter(
        method="in_stream",
        queryset=Recommendation.objects.all(),
        label=_("Recommendation"),
        empty_label=_("All"),
    )
    date_from = _day(_("From"))
    date_to = _day(_("To"))

    class Meta:
        model = StatusChange
        fields = []

    def __init__(self, *args, known_at, is_now=False, **kwargs):
        super().__init__(*args, queryset=StatusChange.objects.none(), **kwargs)
        self.known_at, self.is_now = known_at, is_now

    def in_stream(self, queryset, name, value):
        """All conditions are applied together, in ``filter_queryset``."""
        return queryset

    def filter_queryset(self, queryset):
        chosen = self.form.cleaned_data
        return Stream(
            self.known_at,
            kinds=_each(chosen["kind"]),
            recommendations=_each(chosen["recommendation"]),
            since=chosen["date_from"],
            to=chosen["date_to"],
            is_now=self.is_now,
        )


def _each(value):
    """The values that were chosen, if any was."""
    return each_of(value) if value else ()
