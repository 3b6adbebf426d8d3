"""What a reviewer may filter the queue by."""

from collections import defaultdict

import django_filters
from django.db.models import Case, IntegerField, When
from django.utils.translation import gettext_lazy as _

from icctracker.actions.blinding import still_blind_to
from icctracker.filters import DescribedFilterSet
from icctracker.models import Evidence, Finding, Recommendation
from icctracker.risks import RiskKind

LEAVES_OUT = _("Leaves out what is being coded a second time, until you have read it.")


class QueueFilter(DescribedFilterSet):
    """Filters what waits for review.

    What tells of the first codes finds nothing that its reader could still code blind.
    """

    not_a_filter = ("sort",)

    recommendation = django_filters.ModelChoiceFilter(
        method="of_recommendation",
        queryset=Recommendation.objects.all(),
        to_field_name="code",
        label=_("Recommendation"),
        empty_label=_("All"),
        help_text=LEAVES_OUT,
    )
    verification = django_filters.ChoiceFilter(
        method="of_verification",
        choices=[
            ("noted", _("With a note on what remains to be checked")),
            ("plain", _("Without a note")),
        ],
        label=_("Verification"),
        empty_label=_("All"),
        help_text=LEAVES_OUT,
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

    def of_recommendation(self, queryset, name, value):
        """Keep the entries with a finding about a recommendation."""
        findings = Finding.objects.current().filter(criterion__recommendation=value)
        return self._told(queryset).filter(pk__in=findings.values("evidence"))

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
            return self._told(queryset).exclude(verification_note="")
        return self._told(queryset).filter(verification_note="")

    def _told(self, queryset):
        """Those entries of which the reader may learn what was found in them."""
        return queryset.exclude(pk__in=still_blind_to(self.request.user).values("pk"))
