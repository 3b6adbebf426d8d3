"""Lists counted by year or by day, and read a page at a time.

From the numbers of rows follows in which years or days a page lies, so that the last
page costs what the first one does, and nothing is counted by reading it.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404
from django.utils.translation import gettext as _

# So many of a list stand on one page.
PAGE = 25


def read_year(parameters):
    """The year asked for in the address, or None; BadRequest in the reader's words."""
    text = parameters.get("year", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text)):
        raise BadRequest(
            _("“%(text)s” is not a year. Write it as 2018.") % {"text": text[:40]}
        )
    return int(text)


class Binned(Paginator):
    """Pages of what is counted by year or by day, newest first.

    ``counts`` has the number of rows of each year or day; ``between`` gives the rows
    from one to another, newest first. Only those in which a page lies are read, once
    somebody looks at its rows.
    """

    def __init__(self, counts, between, per_page=PAGE, **kwargs):
        super().__init__((), per_page, **kwargs)
        self.counts, self.between = counts, between

    @cached_property
    def count(self):
        return sum(self.counts.values())

    def page(self, number):
        number = self.validate_number(number)
        rows, before = [], (number - 1) * self.per_page
        if span := self._span(before):
            first, last, skipped = span
            rows = self.between(last, first)[skipped : skipped + self.per_page]
        return self._get_page(rows, number, self)

    def _span(self, before):
        """Where a page begins and ends, and how much of its beginning to pass over."""
        first, passed = None, 0
        for last in sorted(self.counts, reverse=True):
            if first is None and passed + self.counts[last] > before:
                first, skipped = last, before - passed
            passed += self.counts[last]
            if passed >= before + self.per_page:
                break
        return (first, last, skipped) if first is not None else None


def years_of(rows, day):
    """The rows, in order, whose day lies from one year to another."""

    def between(first, last):
        since, until = date(first, 1, 1), date(last, 12, 31)
        return rows.filter(**{f"{day}__gte": since, f"{day}__lte": until})

    return between


@dataclass(frozen=True)
class Folded:
    """A list folded by year: the years with their counts, and the page that is open."""

    counts: dict
    chosen: int | None
    page: object

    @property
    def years(self):
        """Pairs of year and count, newest first; none where the page holds all."""
        if not self.chosen and (len(self.counts) < 2 or self.total <= PAGE):
            return []
        return sorted(self.counts.items(), reverse=True)

    @property
    def total(self):
        return sum(self.counts.values())


def folded(rows, counts, day, parameters):
    """What of a list folded by year the address asks for: a year, a page, or the first.

    A page that is not there is not found.
    """
    chosen = read_year(parameters)
    within = counts if chosen is None else {chosen: counts.get(chosen, 0)}
    try:
        page = Binned(within, years_of(rows, day)).page(parameters.get("page") or 1)
    except InvalidPage as fault:
        raise Http404(str(fault)) from fault
    return Folded(counts, chosen, page)
