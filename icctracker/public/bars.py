"""A picture of counts by year, and years said in spans.

Computes positions only; the template draws them as SVG, with the same in a table.
"""

from dataclasses import dataclass

WIDTH, MARGIN, TALLEST, FOOT = 760, 16, 84, 22


@dataclass(frozen=True)
class Bar:
    """One year in the picture."""

    year: int
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass
class Bars:
    """A bar for each year of a span that has a count; lengths in SVG units."""

    counts: dict
    first: int
    last: int
    highest: int = 0
    tallest: int = TALLEST

    width = WIDTH

    @property
    def column(self):
        return (WIDTH - 2 * MARGIN) / (self.last - self.first + 1)

    @property
    def axis(self):
        """Where the line runs, from the top."""
        return MARGIN + self.tallest

    @property
    def height(self):
        return self.axis + FOOT

    @property
    def labels_y(self):
        return self.height - 6

    @property
    def bars(self):
        highest = self.highest or max(self.counts.values(), default=1)
        return [
            Bar(
                year,
                count,
                x=round(self._x(year) + 1, 1),
                y=round(self.axis - self.tallest * count / highest, 1),
                width=round(self.column - 2, 1),
                height=round(self.tallest * count / highest, 1),
            )
            for year, count in sorted(self.counts.items())
        ]

    @property
    def years(self):
        """Pairs of place and year, for every tenth year."""
        return [
            (round(self._x(year) + self.column / 2, 1), year)
            for year in range(self.first, self.last + 1)
            if year % 10 == 0
        ]

    @property
    def top(self):
        """The highest bar, which is labelled with its count."""
        return max(self.bars, key=lambda bar: bar.count, default=None)

    @property
    def total(self):
        return sum(self.counts.values())

    def _x(self, year):
        return MARGIN + (year - self.first) * self.column


def spans(years):
    """Years in words: ``1946–1990, 1998``."""
    found = []
    for year in sorted(set(years)):
        if found and year == found[-1][1] + 1:
            found[-1][1] = year
        else:
            found.append([year, year])
    return ", ".join(
        f"{first}–{last}" if last > first else f"{first}" for first, last in found
    )
