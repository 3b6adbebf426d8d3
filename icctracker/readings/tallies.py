"""How much there is, counted by the database: a page reads only what it shows."""

from collections import defaultdict

from django.db.models import CharField, Count, Max
from django.db.models.functions import Cast, Substr


def year_of(field):
    """The year of a date as text: neither database has to work it out row by row."""
    return Substr(Cast(field, CharField()), 1, 4)


def by_situation(entries):
    """How many entries each situation has, and the day of the latest; one query."""
    rows = entries.order_by().filter(situations__isnull=False)
    counted = rows.values_list("situations").annotate(Count("pk"), Max("occurred_on"))
    return {situation: (count, latest) for situation, count, latest in counted}


def of_entries(entries):
    """How many entries there are, by year and by kind; one query."""
    years, kinds = defaultdict(int), defaultdict(int)
    rows = entries.order_by().annotate(year=year_of("occurred_on"))
    for year, kind, count in rows.values_list("year", "kind").annotate(Count("pk")):
        years[int(year)] += count
        kinds[kind] += count
    return dict(years), dict(kinds)


def of_findings(findings):
    """How many findings have each effect, by year; one query."""
    rows = findings.order_by().annotate(year=year_of("event_date"))
    found = defaultdict(dict)
    for year, effect, count in rows.values_list("year", "effect").annotate(Count("pk")):
        found[int(year)][effect] = count
    return dict(found)
