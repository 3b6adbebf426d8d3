"""Findings without a pinpoint: a filter of their list, and what is opened from it."""

from urllib.parse import urlencode

import django_filters
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from icctracker.models import Criterion, Finding, Recommendation
from icctracker.readings.picking import unpinned
from icctracker.texts import symbols

from .either import EitherFilter, each_of
from .filters import DescribedFilterSet, EitherRecommendationFilter, any_of
from .forms import whole_number

# What of an address says that a correction was opened from the list.
OPENED = "pinpoint"


def criteria():
    """The criteria in force: pairs of the key and what it asks."""
    rows = Criterion.objects.in_force().select_related("recommendation")
    rows = rows.order_by("recommendation", "code")
    return [(row.key, f"{row.key} {row.statement}") for row in rows]


class UnpinnedFilter(DescribedFilterSet):
    """Filters findings by what they are about and on which document."""

    recommendation = EitherRecommendationFilter(
        method="of_recommendation",
        queryset=Recommendation.objects.all(),
        label=_("Recommendation"),
        empty_label=_("Any"),
    )
    criterion = EitherFilter(
        method="of_criterion",
        choices=criteria,
        label=_("Criterion"),
        empty_label=_("Any"),
    )
    document = django_filters.CharFilter(
        method="on_document", label=_("Document symbol")
    )

    class Meta:
        model = Finding
        fields = []

    def of_recommendation(self, queryset, name, value):
        return queryset.filter(criterion__recommendation__in=each_of(value))

    def of_criterion(self, queryset, name, value):
        keys = (key.rpartition(":") for key in each_of(value))
        # By code: a version of the codebook later, it is the same criterion.
        return queryset.filter(
            any_of(
                Q(criterion__recommendation__within=within, criterion__code=code)
                for within, _colon, code in keys
            )
        )

    def on_document(self, queryset, name, value):
        return queryset.filter(evidence__symbol=symbols.normalise(value))


def filling(finding, query):
    """The address at which the pinpoint of a finding is filled in."""
    page = reverse("evidence-correct", args=[finding.evidence_id])
    wanted = f"{urlencode({OPENED: finding.pk})}&{query}".rstrip("&")
    return f"{page}?{wanted}#findings"


class OnTheList:
    """A correction that was opened from the list, for one finding."""

    def __init__(self, request):
        self.user, self.asked = request.user, request.GET.copy()
        self.key = whole_number((self.asked.pop(OPENED, None) or [""])[-1])

    @cached_property
    def finding(self):
        """The finding that is to be pinned, whether or not it is by now."""
        if self.key is None:
            return None
        rows = Finding.objects.select_related("criterion__recommendation")
        return rows.filter(accepted_at__isnull=False, pk=self.key).first()

    @property
    def list_address(self):
        query = self.asked.urlencode()
        return f"{reverse('pinpoint-list')}?{query}".rstrip("?")

    @cached_property
    def next_address(self):
        """Where the next of the list is filled in; behind the last, the list."""
        asked = QueryDict(self.asked.urlencode())
        rows = UnpinnedFilter(asked, queryset=unpinned(self.user)).qs
        day, key = self.finding.event_date, self.finding.pk
        behind = Q(event_date__lt=day) | Q(event_date=day, pk__lt=key)
        following = rows.filter(behind).exclude(pk=key).first()
        if following is None:
            return self.list_address
        return filling(following, self.asked.urlencode())
