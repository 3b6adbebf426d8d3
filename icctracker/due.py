"""What is due: assessments by the rule's dates, and searches that have grown old."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from icctracker.models import Criterion, Search
from icctracker.ruleset import SEARCH_YEARS, minus_years
from icctracker.standing import Standing, codebook

OVERDUE, NEVER, CHANGED = "overdue", "never", "changed"


@dataclass
class ReviewDue:
    """A recommendation that is to be assessed, and why now."""

    standing: Standing
    why: str

    @property
    def since(self):
        """The day it fell due; none where there was no assessment to go by."""
        return self.standing.review_due_on if self.why == OVERDUE else None


def reviews_due(standings):
    """What is to be assessed: overdue first, then never assessed, then overtaken."""
    due = [ReviewDue(row, why) for row in standings if (why := _why(row))]
    order = [OVERDUE, NEVER, CHANGED]
    return sorted(due, key=lambda row: (order.index(row.why), row.since or date.max))


def reviews_ahead(standings):
    """What has been assessed and is not due yet, the nearest first."""
    ahead = [row for row in standings if not _why(row)]
    return sorted(ahead, key=lambda row: row.review_due_on)


def _why(standing):
    if not standing.confirmed:
        return NEVER
    if standing.review_overdue:
        return OVERDUE
    return CHANGED if standing.overtaken_by_evidence else None


def criteria_unsearched(today):
    """The criteria in force with no search in the last year, the oldest first.

    Each carries ``last_search``, its day or None. To deliver, such a search is what
    tells "no action found" from "nobody has looked".
    """
    searches = Search.objects.known().filter(criterion__code=OuterRef("code"))
    latest = searches.order_by("-searched_on").values("searched_on")[:1]
    since = minus_years(today, SEARCH_YEARS)
    found = (
        Criterion.objects.filter(codebook=codebook())
        .annotate(last_search=Subquery(latest))
        .filter(Q(last_search__isnull=True) | Q(last_search__lte=since))
        .select_related("recommendation")
    )
    never = date.min
    return sorted(found, key=lambda row: (row.last_search or never, row.code))
