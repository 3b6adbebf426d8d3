"""What a reviewer may filter the queue by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from icctracker.filters import DescribedFilterSet
from icctracker.models import Evidence, Recommendation


class QueueFilter(DescribedFilterSet):
    """Filters what waits for review."""

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

    class Meta:
        model = Evidence
        fields = []

    def of_verification(self, queryset, name, value):
        """Keep the entries with, or without, a note on what remains to be checked."""
        if value == "noted":
            return queryset.exclude(verification_note="")
        return queryset.filter(verification_note="")
