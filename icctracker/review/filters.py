"""What a reviewer may filter the queue by."""

from collections import defaultdict

import django_filters
from django.db.models import Case, IntegerField, When
from django.utils.translation import gettext_lazy as _

from icctracker.filters import DescribedFilterSet
from icctracker.models import Evidence, Recommendation
from icctracker.risks import RiskKind


class QueueFilter(DescribedFilterSet):
    """Filters what waits for review."""

    not_a_filter = ("sort",)

    recommendation = django_filters.ModelChoiceFilter(
        field_name="findings__criterion__recommendation",
        lookup_expr="exact",
        queryset=Recommendation.objects.all(),
        to_field_name="code",
        distinct=True,
        label=_("Recommendation"),
        empty_label=_("All"),
    )
    verification = django_filters.ChoiceFilter(
        method="of_verification",
        choices=[
            ("noted", _("With a note on what remains to be checked")),
            ("plain", _("Without a note")),
        ],
        label=_("Verification"),
        empty_label=_("All"),
    )

    risk = django_filters.ChoiceFilter(
        method="of_risk",
        choices=RiskKind.choices,
        label=_("To be read twice"),
        empty_label=_("All"),
    )
    sort = django_filters.ChoiceFilter(
        method="sorted_by",
        choices=[("risk", _("Most to be read twice first"))],
        label=_("Sort"),
        empty_label=_("Oldest first"),
    )

    class Meta:
        model = Evidence
        fields = []

    def __init__(self, *args, risks, **kwargs):
        super().__init__(*args, **kwargs)
        self.risks = risks

    def of_risk(self, queryset, name, value):
        """Keep the entries that bear one kind of risk."""
        bearing = [
            key for key, risks in self.risks.items() if value in {r.kind for r in risks}
        ]
        return queryset.filter(pk__in=bearing)

    def sorted_by(self, queryset, name, value):
        """Those with most kinds of risk first; among them, the oldest."""
        by_number = defaultdict(list)
        for key, risks in self.risks.items():
            by_number[len({risk.kind for risk in risks})].append(key)
        cases = [When(pk__in=keys, then=number) for number, keys in by_number.items()]
        number = Case(*cases, default=0, output_field=IntegerField())
        return queryset.annotate(risks_borne=number).order_by(
            "-risks_borne", "submitted_at", "pk"
        )

    def of_verification(self, queryset, name, value):
        """Keep the entries with, or without, a note on what remains to be checked."""
        if value == "noted":
            return queryset.exclude(verification_note="")
        return queryset.filter(verification_note="")
