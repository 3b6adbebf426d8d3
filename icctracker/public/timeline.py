"""The timeline picture: findings over the years, above and below the line.

Computes positions only; the template draws them as SVG, with the same in a table.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

WIDTH, MARK, GAP, MARGIN = 760, 9, 2, 16


@dataclass(frozen=True)
class Mark:
    """One finding in the picture: its column, and how far from the line it stands."""

    finding: object
    x: float
    y: float


@dataclass
class Timeline:
    """A picture of findings between two days; lengths in SVG units."""

    start: date
    end: date
    marks: list = field(default_factory=list)
    above: int = 0
    below: int = 0
    asked_on: date | None = None

    width = WIDTH
    mark = MARK

    @property
    def axis(self):
        """Where the line runs, from the top."""
        return MARGIN + max(self.above, 1) * (MARK + GAP)

    @property
    def foot(self):
        """Where the marks below the line end."""
        return self.axis + max(self.below, 1) * (MARK + GAP) + 8

    @property
    def height(self):
        return self.foot + 22

    @property
    def labels_y(self):
        return self.height - 6

    def x(self, day):
        """The place of a day along the line."""
        share = (day - self.start).days / max((self.end - self.start).days, 1)
        return round(MARGIN + share * (WIDTH - 2 * MARGIN), 1)

    @property
    def asked_x(self):
        inside = self.asked_on and self.start <= self.asked_on <= self.end
        return self.x(self.asked_on) if inside else None

    @property
    def years(self):
        """Pairs of place and year; a label stands at most every 44 units."""
        years = range(self.start.year, self.end.year + 1)
        step = next(n for n in (1, 2, 5, 10, 20) if len(years) / n <= WIDTH / 44)
        return [
            (self.x(date(year, 1, 1)), year if year % step == 0 else "")
            for year in years
            if self.start <= date(year, 1, 1)
        ]


def draw(findings, *, start, end, asked_on=None):
    """A Timeline of findings; those that touch are stacked away from the line."""
    first = min([start, *(finding.event_date for finding in findings)])
    timeline = Timeline(date(first.year, 1, 1), end, asked_on=asked_on)
    column, stacks, placed = MARK + GAP, defaultdict(int), []
    for finding in findings:
        slot = round(timeline.x(finding.event_date) / column)
        side = 1 if finding.effect >= 0 else -1
        stacks[slot, side] += 1
        placed.append((finding, slot * column, side * stacks[slot, side]))
    timeline.above = max((n for (_, side), n in stacks.items() if side > 0), default=0)
    timeline.below = max((n for (_, side), n in stacks.items() if side < 0), default=0)
    for finding, x, rank in placed:
        # Above the line a mark hangs from its rank; below it starts one rank higher.
        offset = -rank * column if rank > 0 else (-rank - 1) * column + GAP
        timeline.marks.append(Mark(finding, x - MARK / 2, timeline.axis + offset))
    return timeline
