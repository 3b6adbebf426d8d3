"""The filter of the list of passages, which its page and its downloads share."""

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ChoiceField

from icctracker.models import Ballot, Document, Passage, Situation, Sponsor, Term
from icctracker.models.passages import bearing
from icctracker.readings import inbox, passages
from icctracker.texts import states

from .either import EitherFilter, EitherMixin, EitherRecordFilter, each_of
from .filters import DescribedFilterSet, YearFilter

ANY = "any"


class EitherSponsor(EitherMixin, ChoiceField):
    """A State that sponsored, by its code or any of its names; or several."""

    def to_python(self, value):
        return super().to_python(_code(value))

    def prepare_value(self, value):
        """Whoever was named is chosen in the list, too."""
        if isinstance(value, (list, tuple)):
            return [_code(each) for each in value]
        return _code(value)


def _code(value):
    """The code of a State that is named; anything else as it is."""
    state = states.of_code(str(value)) or states.find(str(value)) if value else None
    return state.code if state else value


class SponsorFilter(EitherFilter):
    field_class = EitherSponsor


def listed():
    """Passages with their documents, those of the newest document first."""
    first = Ballot.objects.filter(document=OuterRef("document")).order_by("held_on")
    passages = Passage.objects.select_related("document")
    passages = passages.annotate(held_on=Subquery(first.values("held_on")[:1]))
    newest_first = "-held_on", "-document__number", "document__symbol", "place"
    return passages.order_by(*newest_first)


class PassageFilter(DescribedFilterSet):
    """Filters passages; where no term is chosen, those on the Court are meant.

    ``moment`` says when what is logged is asked of.
    """

    term = EitherFilter(
        method="of_terms",
        choices=[*Term.choices, (ANY, _("Any term of the index"))],
        label=_("Term"),
        empty_label=_("The Court, its Statute or its Prosecutor"),
    )
    recommendation = EitherFilter(
        method="of_terms",
        choices=[(code, code) for code in passages.by_recommendation()],
        label=_("Recommendation"),
        empty_label=_("Any recommendation"),
    )
    situation = EitherRecordFilter(
        method="in_situation",
        queryset=Situation.objects.all(),
        to_field_name="slug",
        label=_("Situation"),
    )
    year = YearFilter(
        field_name="held_on",
        lookup_expr="year",
        label=_("Year"),
    )
    series = EitherFilter(
        field_name="document__series",
        lookup_expr="exact",
        choices=Document.Series.choices,
        label=_("Kind of document"),
    )
    sponsor = SponsorFilter(
        method="sponsored_by",
        choices=passages.sponsoring_states,
        label=_("Sponsor"),
    )
    logged = EitherFilter(
        method="by_findings",
        choices=[
            ("yes", _("A finding is pinned to the paragraph")),
            ("no", _("No finding is pinned to it")),
        ],
        label=_("Logged"),
    )

    class Meta:
        model = Passage
        fields = []

    def __init__(self, *args, moment=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.moment = moment

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        given = self.form.cleaned_data
        terms = _several(given.get("term"))
        recommendations = _several(given.get("recommendation"))
        if ANY in terms:
            if not recommendations:
                return queryset
            terms = ()
        asked = passages.terms_asked(terms, recommendations)
        return queryset.filter(bearing(asked)) if asked else queryset.none()

    @property
    def qs(self):
        """Where nothing was asked, the passages on the Court."""
        if not self.is_bound:
            return self.queryset.filter(bearing(passages.terms_asked((), ())))
        return super().qs

    def described(self):
        """What is filtered; without a term, the Court is what is meant."""
        chosen = super().described()
        if self.form.is_valid():
            given = self.form.cleaned_data
            if not given["term"] and not given["recommendation"]:
                field = self.form.fields["term"]
                chosen.insert(0, (field.label, field.empty_label))
        return chosen

    @property
    def at_odds(self):
        """Whether none of the terms that were chosen bears on the recommendation."""
        if not self.form.is_valid():
            return False
        given = self.form.cleaned_data
        terms, chosen = map(_several, (given["term"], given["recommendation"]))
        return ANY not in terms and not passages.terms_asked(terms, chosen)

    def of_terms(self, queryset, name, value):
        """Terms and recommendations are applied together, in ``filter_queryset``."""
        return queryset

    def in_situation(self, queryset, name, value):
        """By the words of a situation, and by the entries on it."""
        lying = Q()
        for situation in each_of(value):
            lying |= inbox.lying_in(situation)
        documents = Document.objects.dated().filter(lying).order_by()
        return queryset.filter(document__in=documents.values("pk"))

    def sponsored_by(self, queryset, name, value):
        sponsors = Sponsor.objects.filter(code__in=each_of(value))
        return queryset.filter(document__in=sponsors.values("document"))

    def by_findings(self, queryset, name, value):
        if len(each_of(value)) > 1:
            return queryset
        moment = self.moment
        found = passages.logged(moment.as_of, moment.known_at)
        if "yes" in each_of(value):
            return queryset.filter(pk__in=found)
        return queryset.exclude(pk__in=found)


def _several(value):
    return each_of(value) if value not in (None, "") else ()
