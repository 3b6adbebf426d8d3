"""The filter of a situation's texts, which its page and its download share."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from icctracker.models import Document
from icctracker.readings import silence

from .either import EitherFilter, each_of
from .filters import DescribedFilterSet, YearFilter, any_of


class TextFilter(DescribedFilterSet):
    """Filters the texts that could have spoken: by what they do, and by what is logged.

    ``moment`` says when what is logged is asked of.
    """

    criterion = EitherFilter(
        method="asked_of",
        choices=silence.choices,
        label=_("Speaks of"),
        empty_label=_("The Court, its Statute or its Prosecutor"),
    )
    speaks = EitherFilter(
        method="by_marks",
        choices=[
            ("yes", _("Speaks of it")),
            ("no", _("Is silent")),
            ("unread", _("Not known: the text was not read")),
        ],
        label=_("Speaks or is silent"),
    )
    logged = EitherFilter(
        method="by_marks",
        choices=[
            ("yes", _("A published entry is about it")),
            ("no", _("No published entry is about it")),
        ],
        label=_("Logged"),
    )
    series = EitherFilter(
        field_name="series",
        lookup_expr="exact",
        choices=[(each.value, each.label) for each in silence.SPOKEN_IN],
        label=_("Kind of document"),
    )
    year = YearFilter(field_name="held_on", lookup_expr="year", label=_("Year"))

    class Meta:
        model = Document
        fields = []

    def __init__(self, *args, moment, **kwargs):
        super().__init__(*args, **kwargs)
        self.moment = moment

    @property
    def qs(self):
        """Marked, where nothing was asked, too."""
        return super().qs if self.is_bound else self._marked(self.queryset)

    @property
    def codes(self):
        """The criteria whose terms are asked for; those of the Court if none is."""
        chosen = self.is_bound and self.form.is_valid()
        code = self.form.cleaned_data["criterion"] if chosen else ""
        return each_of(code) if code else (silence.COURT,)

    def filter_queryset(self, queryset):
        return super().filter_queryset(self._marked(queryset))

    def _marked(self, documents):
        moment = self.moment
        return silence.marked(documents, self.codes, moment.as_of, moment.known_at)

    def asked_of(self, queryset, name, value):
        """It says by which terms the texts are marked, and leaves none of them out."""
        return queryset

    def by_marks(self, queryset, name, value):
        """By what a text was marked with; silent is only what was read."""
        marks = {
            ("speaks", "yes"): Q(speaks=True),
            ("speaks", "no"): Q(read=True, speaks=False),
            ("speaks", "unread"): Q(read=False),
            ("logged", "yes"): Q(logged=True),
            ("logged", "no"): Q(logged=False),
        }
        return queryset.filter(any_of(marks[name, each] for each in each_of(value)))
