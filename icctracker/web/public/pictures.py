"""How each member voted: the picture of the seats, and the same as rows of a table.

Computes positions only; the template draws them as SVG.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from math import cos, radians, sin

from django.utils.functional import cached_property

from icctracker.models import Ballot, Member, Membership, Vote
from icctracker.models.council import FORMER_SEATS

# A picture of counts by year, and years said in spans.
#
# Computes positions only; the template draws them as SVG, with the same in a table.

BARS_WIDTH, BARS_MARGIN, TALLEST, FOOT = 760, 16, 84, 22


@dataclass(frozen=True)
class Bar:
    """One year in the picture."""

    year: int
    count: int
    x: float
    y: float
    width: float
    height: float

    # By which class of the stylesheet it is drawn.
    style = "bars"


@dataclass
class Bars:
    """A bar for each year of a span that has a count; lengths in SVG units."""

    counts: dict
    first: int
    last: int
    highest: int = 0
    tallest: int = TALLEST

    width = BARS_WIDTH

    @property
    def column(self):
        return (BARS_WIDTH - 2 * BARS_MARGIN) / (self.last - self.first + 1)

    @property
    def axis(self):
        """Where the line runs, from the top."""
        return BARS_MARGIN + self.tallest

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
        return BARS_MARGIN + (year - self.first) * self.column


@dataclass(frozen=True)
class Layer(Bar):
    """A part of a year's bar, of one kind."""

    kind: str

    @property
    def style(self):
        return f"layer {self.kind}"


@dataclass
class Layers(Bars):
    """A bar for each year, in layers by kind: ``counts`` has a Counter for each year.

    The first of ``kinds`` stands on the line.
    """

    kinds: tuple = ()
    # No one number stands for a year.
    top = None

    @property
    def bars(self):
        return list(self._layers())

    def _layers(self):
        highest = self.highest or max(map(Counter.total, self.counts.values()))
        for year, counted in sorted(self.counts.items()):
            below = 0
            for kind in self.kinds:
                if not (count := counted[kind]):
                    continue
                below += count
                yield Layer(
                    year,
                    count,
                    x=round(self._x(year) + 1, 1),
                    y=round(self.axis - self.tallest * below / highest, 1),
                    width=round(self.column - 2, 1),
                    height=round(self.tallest * count / highest, 1),
                    kind=kind,
                )


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


SEATS_WIDTH, HEIGHT, RADIUS, SEAT = 360, 320, 140, 17
# The seats stand in a horseshoe, open below; degrees to each side of the top.
OPENING = 143
Cast = Vote.Cast
# From one end of the horseshoe to the other; "" is a vote the record does not tell.
ORDER = [Cast.YES, Cast.UNCERTAIN, "", Cast.NOT_VOTING, Cast.ABSTAIN, Cast.NO]
CLASSES = {
    Cast.YES: "yes",
    Cast.NO: "no",
    Cast.ABSTAIN: "abstain",
    Cast.NOT_VOTING: "absent",
    Cast.UNCERTAIN: "unknown",
    "": "unknown",
}


@dataclass(frozen=True)
class Seat:
    """A member at a ballot: how it voted, and where it stands in the picture."""

    member: Member
    cast: str
    veto: bool
    former: str
    x: float
    y: float

    size = SEAT

    @property
    def shape(self):
        """The class of its shape; each way of voting has a shape of its own."""
        return CLASSES[self.cast]

    @property
    def label(self):
        """The code in the seat; a question mark where the vote is not certain."""
        return self.member.code + ("?" if self.shape == "unknown" else "")

    @property
    def words(self):
        """How it voted, in words; nothing where the record does not tell."""
        return Cast(self.cast).label if self.cast else ""


class RollCall:
    """One ballot with the seat of every member."""

    width, height, seat = SEATS_WIDTH, HEIGHT, SEAT
    middle = SEATS_WIDTH // 2

    def __init__(self, ballot, missing=()):
        self.ballot = ballot
        found = [(vote.member, vote.cast) for vote in ballot.votes.all()]
        self.votes = found + [(member, "") for member in missing]

    @cached_property
    def seats(self):
        """Every seat, in the order of the picture: by vote, permanent members first."""
        if not self.ballot.was_voted:
            return []
        votes = sorted(
            self.votes,
            key=lambda vote: (
                ORDER.index(vote[1]),
                not vote[0].permanent,
                vote[0].name,
            ),
        )
        step = 2 * OPENING / max(len(votes) - 1, 1)
        return [
            self._seat(member, cast, radians(step * place - OPENING))
            for place, (member, cast) in enumerate(votes)
        ]

    @property
    def rows(self):
        """Every seat in the order of a table; of a vetoed text, those against first."""
        if not self.vetoes:
            return self.seats
        return sorted(self.seats, key=lambda seat: -ORDER.index(seat.cast))

    @property
    def vetoes(self):
        """The seats of those whose vote against was a veto."""
        return [seat for seat in self.seats if seat.veto]

    @property
    def uncertain(self):
        """How many votes the record does not tell, or not for certain."""
        return sum(seat.shape == "unknown" for seat in self.seats)

    @property
    def changed_seats(self):
        """Who held a seat before, where the record dates the change to this year."""
        year = self.ballot.held_on.year
        return [
            (seat.member, FORMER_SEATS[seat.member.code][0])
            for seat in self.seats
            if FORMER_SEATS.get(seat.member.code, ("", 0))[1] == year
        ]

    def _seat(self, member, cast, angle):
        blocked = self.ballot.outcome == Ballot.Outcome.VETOED
        return Seat(
            member=member,
            cast=cast,
            veto=blocked and cast == Cast.NO and member.permanent,
            former=member.name_in(self.ballot.held_on.year),
            x=round(SEATS_WIDTH / 2 + RADIUS * sin(angle), 1),
            y=round(SEAT + 6 + RADIUS - RADIUS * cos(angle), 1),
        )


def roll_calls(ballots):
    """A RollCall for each ballot, its votes prefetched; at most one query."""
    ballots = list(ballots)
    incomplete = [each for each in ballots if len(each.votes.all()) < each.seats]
    years = {ballot.held_on.year for ballot in incomplete}
    sat = Membership.objects.filter(year__in=years).select_related("member")
    members = [(row.year, row.member) for row in sat] if years else []
    calls = []
    for ballot in ballots:
        voted = {vote.member_id for vote in ballot.votes.all()}
        missing = [
            member
            for year, member in members
            if year == ballot.held_on.year and member.pk not in voted
        ]
        calls.append(RollCall(ballot, missing if ballot in incomplete else ()))
    return calls


# The timeline picture: findings over the years, above and below the line.
#
# Computes positions only; the template draws them as SVG, with the same in a table.

LINE_WIDTH, MARK, GAP, LINE_MARGIN = 760, 9, 2, 16


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

    width = LINE_WIDTH
    mark = MARK

    @property
    def axis(self):
        """Where the line runs, from the top."""
        return LINE_MARGIN + max(self.above, 1) * (MARK + GAP)

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
        return round(LINE_MARGIN + share * (LINE_WIDTH - 2 * LINE_MARGIN), 1)

    @property
    def asked_x(self):
        inside = self.asked_on and self.start <= self.asked_on <= self.end
        return self.x(self.asked_on) if inside else None

    @property
    def years(self):
        """Pairs of place and year; a label stands at most every 44 units."""
        years = range(self.start.year, self.end.year + 1)
        step = next(n for n in (1, 2, 5, 10, 20) if len(years) / n <= LINE_WIDTH / 44)
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


# The same picture of more findings than can be told apart: a bar for each year.

# What stands next to the line comes first.
ABOVE, BELOW = (2, 1, 0), (-2, -1)
_BETWEEN = 1.5


@dataclass
class YearTimeline(Timeline):
    """A picture of the findings of each year; ``areas`` are paths by effect."""

    areas: list = field(default_factory=list)
    # Where the number of the highest bar stands, and the number.
    top: tuple = ()

    @property
    def axis(self):
        return round(LINE_MARGIN + self.above, 1)

    @property
    def foot(self):
        return round(self.axis + max(self.below, MARK) + 8, 1)

    def column(self, year):
        """Where the bar of a year begins, and how wide it is."""
        left = self.x(date(year, 1, 1))
        right = self.x(min(date(year, 12, 31), self.end))
        return left, round(max(right - left - _BETWEEN, 1), 1)


def draw_years(years, *, start, end, asked_on=None):
    """A YearTimeline; ``years`` have a ``year`` and numbers of findings by effect."""
    first = min([start.year, *(each.year for each in years)])
    timeline = YearTimeline(date(first, 1, 1), end, asked_on=asked_on)
    above = {each.year: _sum(each, ABOVE) for each in years}
    below = {each.year: _sum(each, BELOW) for each in years}
    most = max([*above.values(), *below.values(), 1])
    # Where there are few, each is as tall as one that stands by itself.
    unit = min(MARK + GAP, TALLEST / most)
    timeline.above = max(above.values(), default=0) * unit
    timeline.below = max(below.values(), default=0) * unit
    for effects, way in ((ABOVE, -1), (BELOW, 1)):
        timeline.areas += _stacked(timeline, years, effects, way * unit)
    highest = max(years, key=lambda each: above[each.year], default=None)
    if highest and above[highest.year]:
        left, width = timeline.column(highest.year)
        timeline.top = (
            round(left + width / 2, 1),
            LINE_MARGIN - 4,
            above[highest.year],
        )
    return timeline


def _sum(year, effects):
    return sum(year.effects[effect] for effect in effects)


def _stacked(timeline, years, effects, unit):
    """Pairs of effect and path: a bar for each year, from where the last ended."""
    ends = defaultdict(lambda: timeline.axis)
    for effect in effects:
        path = []
        for each in years:
            if number := each.effects[effect]:
                left, width = timeline.column(each.year)
                end = round(ends[each.year] + number * unit, 1)
                path.append(
                    f"M{left} {round(ends[each.year], 1)}h{width}V{end}h-{width}z"
                )
                ends[each.year] = end
        if path:
            yield effect, "".join(path)
