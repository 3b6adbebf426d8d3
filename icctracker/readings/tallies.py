"""How much there is of what many pages count, read from sums and not from rows.

The database keeps them for all that is published (``models/listings.py`` and
``models/sums.py``). Hardly any of it is of a day to come: as of a day, what is of a
later one is counted and taken off. At a past instant everything is counted.
"""

from collections import Counter, defaultdict

from django.db.models import CharField, Count, Max, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Cast, Concat, Substr

from icctracker.models import (
    Effect,
    Evidence,
    Finding,
    Kind,
    Listing,
    ListingCount,
    Situation,
)


def kept(by=(), **which):
    """The numbers of those marks, each row with what they are told apart by."""
    rows = ListingCount.objects.filter(**which).annotate(year=_year_of("month"))
    counted = rows.values_list("mark", *by).annotate(counted=Sum("number"))
    return [row for row in counted if row[-1]]


def later_than(as_of):
    """Published entries on later events; None where there are none, as mostly."""
    later = Evidence.objects.published().filter(occurred_on__gt=as_of)
    return later if later.exists() else None


def by_situation(as_of, known_at=None):
    """How many entries each situation has, and the day of the latest."""
    if known_at:
        return _of_situations(Evidence.objects.known(as_of, known_at))
    called = Concat(Value("situation:"), Cast(OuterRef("pk"), CharField()))
    listed = Listing.objects.filter(mark=called, day__lte=as_of).order_by("-day")
    rows = Situation.objects.annotate(latest=Subquery(listed.values("day")[:1]))
    latest = dict(rows.order_by().values_list("pk", "latest"))
    later = later_than(as_of)
    later = _of_situations(later) if later is not None else {}
    marks = {mark: key for key in latest for mark in _kinds_in(key)}
    counts = Counter()
    for mark, number in kept(mark__in=marks):
        counts[marks[mark]] += number
    counts.subtract({key: number for key, (number, _day) in later.items()})
    return {key: (number, latest[key]) for key, number in counts.items()}


def _of_situations(entries):
    rows = entries.order_by().filter(situations__isnull=False)
    counted = rows.values_list("situations").annotate(Count("pk"), Max("occurred_on"))
    return {situation: (count, latest) for situation, count, latest in counted}


def entries_of(situation, as_of, known_at=None):
    """How many entries a situation has, by year and by kind."""
    if known_at:
        known = Evidence.objects.known(as_of, known_at)
        return _of_entries(known.filter(situations=situation))
    listed, marks = (
        kept(["year"], mark=f"situation:{situation.pk}"),
        _kinds_in(situation.pk),
    )
    years = Counter({int(year): number for _mark, year, number in listed})
    kinds = Counter({marks[mark]: number for mark, number in kept(mark__in=marks)})
    if (later := later_than(as_of)) is not None:
        for found, counts in zip(
            (years, kinds), _of_entries(later.filter(situations=situation)), strict=True
        ):
            found.subtract(counts)
    return +years, +kinds


def _kinds_in(situation):
    """By which marks entries of each kind are counted in a situation."""
    return {f"kind-in:{situation}:{kind}": kind for kind in Kind.values}


def _of_entries(entries):
    years, kinds = Counter(), Counter()
    rows = entries.order_by().annotate(year=_year_of("occurred_on"))
    for year, kind, count in rows.values_list("year", "kind").annotate(Count("pk")):
        years[int(year)] += count
        kinds[kind] += count
    return years, kinds


def findings_of(situation, as_of, known_at=None):
    """How many findings on the entries of a situation have each effect, by year."""
    if known_at:
        entries = Evidence.objects.known(as_of, known_at).filter(situations=situation)
        accepted = Finding.objects.accepted(known_at)
        counts = _of_findings(accepted.filter(evidence__in=entries.values("evidence")))
    else:
        marks = {
            f"effect-in:{situation.pk}:{effect}": effect for effect in Effect.values
        }
        counts = Counter()
        for mark, year, number in kept(["year"], mark__in=marks):
            counts[int(year), marks[mark]] += number
        if (later := later_than(as_of)) is not None:
            # Findings are accepted with their entries alone.
            later = Finding.objects.accepted().filter(evidence__in=later)
            counts -= _of_findings(later.filter(evidence__situations=situation))
    found = defaultdict(Counter)
    for (year, effect), number in counts.items():
        found[year][effect] = number
    return dict(found)


def _of_findings(findings):
    """How many there are, by pairs of year and effect."""
    rows = findings.order_by().annotate(year=_year_of("event_date"))
    counted = rows.values_list("year", "effect").annotate(Count("pk"))
    return Counter({(int(year), effect): number for year, effect, number in counted})


def _year_of(field):
    """The year of a date as text: neither database has to work it out row by row."""
    return Substr(Cast(field, CharField()), 1, 4)
