"""Lists of published entries: each page is read from an index, none from its start.

A list with one mark (``Listing``) has its entries counted by month, so that a page is
found by the month it begins in. Where more is asked (another mark, words, an order by
something else than the day), entries are looked at one by one, and of a long list only
the newest are: those of as many months as hold ``LOOKED_AT`` together.
"""

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Sum
from django.utils.functional import cached_property

from icctracker.models import Evidence, Listing, ListingCount
from icctracker.models.evidence import EARLIEST, LISTED_BY
from icctracker.models.listings import ALL

LOOKED_AT = 10_000
# The order of a list, as its rows have it.
BY_DAY = {"-date": ("-day", "-evidence_id"), "date": ("day", "evidence_id")}
OTHERWISE = {"title": ("evidence__title", "evidence_id")}
OTHERWISE["kind"] = ("evidence__kind", *BY_DAY["-date"])


@dataclass(frozen=True)
class Extent:
    """How far a list reaches: of one mark, between two days, with so many entries.

    ``cut_off`` is how many more belong to it, but are out of reach in its order;
    ``passed_over`` how many more have the mark, but were not looked at. ``months`` are
    those of the mark, in order, with their numbers, where all with the mark belong to
    the list.
    """

    mark: str
    since: date
    until: date
    count: int
    cut_off: int = 0
    passed_over: int = 0
    months: tuple = ()


class Entries:
    """The keys of published entries in an order; counted and sliced by a paginator.

    They have every mark, lie between two days, and are what ``narrow`` leaves of
    listings. ``keep`` keeps a text by its name, for as long as no entry changes.
    """

    def __init__(
        self,
        marks=(),
        since=None,
        until=None,
        *,
        today,
        order="-date",
        narrow=None,
        keep=None,
    ):
        self.marks, self.order, self.narrow = marks or [ALL], order, narrow
        self.since, self.until = since or EARLIEST, min(until or today, today)
        self.keep = keep or (lambda _name, make: make())
        # Hardly any entry is of a day to come.
        bounded = since or until or narrow or marks
        self._by_index = not bounded and order in LISTED_BY

    @cached_property
    def extent(self):
        return _read(self.keep("extent", lambda: _written(self._find())))

    def count(self):
        return self.extent.count

    def __getitem__(self, piece):
        """The keys from one place until another."""
        start, stop = piece.start or 0, min(piece.stop, self.extent.count)
        if start >= stop:
            return []
        keys = self.keep(
            f"{start}-{stop}", lambda: json.dumps(list(self._keys(start, stop)))
        )
        return json.loads(keys)

    @property
    def by_day(self):
        return self.order in BY_DAY

    def _find(self):
        found = _numbers(self.marks, self.since, self.until)
        mark = min(self.marks, key=lambda each: sum(found[each].values()))
        numbers = _within(mark, found[mark], self.since, self.until)
        total = sum(numbers.values())
        whole = Extent(mark, self.since, self.until, total)
        if self.by_day and len(self.marks) == 1 and not self.narrow:
            order = sorted(numbers.items(), reverse=self.order == "-date")
            return replace(whole, months=tuple(order))
        if total > LOOKED_AT and self._by_index:
            return replace(whole, count=LOOKED_AT, cut_off=total - LOOKED_AT)
        return self._looked_at(whole, numbers)

    def _looked_at(self, whole, numbers):
        """The newest months that are looked at, or the oldest if these come first."""
        months, looked_at = [], 0
        for month in sorted(numbers, reverse=self.order != "date"):
            if months and looked_at + numbers[month] > LOOKED_AT:
                break
            months.append(month)
            looked_at += numbers[month]
        if not looked_at:
            return whole
        part = replace(
            whole,
            since=max(whole.since, min(months)),
            until=min(whole.until, end_of_month(max(months))),
            passed_over=whole.count - looked_at,
        )
        if len(self.marks) == 1 and not self.narrow:
            return replace(part, count=looked_at)
        return replace(part, count=self._rows(part).count())

    def _rows(self, extent):
        """The listings that the list consists of."""
        days = {"day__gte": extent.since, "day__lte": extent.until}
        rows = Listing.objects.filter(mark=extent.mark, **days)
        for mark in self.marks:
            if mark != extent.mark:
                same = {"day": OuterRef("day"), "evidence": OuterRef("evidence")}
                rows = rows.filter(Exists(Listing.objects.filter(mark=mark, **same)))
        return self.narrow(rows) if self.narrow else rows

    def _keys(self, start, stop):
        extent = self.extent
        if extent.cut_off:
            entries = Evidence.objects.published().exclude(occurred_on__gt=self.until)
            entries = entries.order_by(*LISTED_BY[self.order])
            return entries.values_list("pk", flat=True)[start:stop]
        for month, number in extent.months:
            if start < number:
                extent = self._from(extent, month)
                break
            start, stop = start - number, stop - number
        rows = self._rows(extent).order_by(*(BY_DAY | OTHERWISE)[self.order])
        return rows.values_list("evidence_id", flat=True)[start:stop]

    def _from(self, extent, month):
        """The same without the months before the one in which a page begins."""
        if self.order == "date":
            return replace(extent, since=max(extent.since, month))
        return replace(extent, until=min(extent.until, end_of_month(month)))


def _numbers(marks, since, until):
    """How many entries there are of each mark, by month; whole months."""
    months = {"month__gte": since.replace(day=1), "month__lte": until}
    rows = ListingCount.objects.filter(mark__in=marks, **months)
    found = {mark: {} for mark in marks}
    summed = rows.values("mark", "month").annotate(entries=Sum("number"))
    for mark, month, number in summed.values_list("mark", "month", "entries"):
        found[mark][month] = number
    return found


def _within(mark, numbers, since, until):
    """The same of one mark, with only what lies between the days."""
    numbers = {month: number for month, number in numbers.items() if number}
    for month in {since.replace(day=1), until.replace(day=1)} & numbers.keys():
        days = {
            "day__gte": max(month, since),
            "day__lte": min(end_of_month(month), until),
        }
        if days != {"day__gte": month, "day__lte": end_of_month(month)}:
            numbers[month] = Listing.objects.filter(mark=mark, **days).count()
    return numbers


def end_of_month(month):
    """The last day of the month that begins on a day."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _written(extent):
    return json.dumps(
        [
            *(extent.mark, extent.since.isoformat(), extent.until.isoformat()),
            *(extent.count, extent.cut_off, extent.passed_over),
            [(month.isoformat(), number) for month, number in extent.months],
        ]
    )


def _read(text):
    mark, since, until, *numbers, months = json.loads(text)
    days = date.fromisoformat(since), date.fromisoformat(until)
    months = tuple((date.fromisoformat(month), number) for month, number in months)
    return Extent(mark, *days, *numbers, months)
