"""A practice to keep up or a conduct to avoid: judged by what was done on occasions.

Sums run up to each finding. So any window is one subtraction and the window without
one of its findings another; nothing is added up anew for another day or for each
finding that is left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from .days import first_day_beyond, minus_years
from .parameters import Parameters, value_in_percent
from .records import (
    MISSED,
    Criterion,
    CriterionResult,
    Finding,
    Grade,
    Step,
    TooShort,
    weight,
)


class Tally(NamedTuple):
    """What some findings amount to; whatever is no occasion amounts to nothing.

    ``points`` are weights times values in per cent: whole numbers, and so exact.
    """

    occasions: int = 0
    complied: int = 0
    weight: int = 0
    points: int = 0
    decisive: int = 0
    breaches: int = 0

    def plus(self, other: Tally) -> Tally:
        a, b, c, d, e, f = self
        u, v, w, x, y, z = other
        return Tally(a + u, b + v, c + w, d + x, e + y, f + z)

    def less(self, other: Tally) -> Tally:
        a, b, c, d, e, f = self
        u, v, w, x, y, z = other
        return Tally(a - u, b - v, c - w, d - x, e - y, f - z)

    @property
    def score(self) -> Fraction:
        """The mean of the values by weight, from 0 to 1."""
        return Fraction(self.points, 100 * self.weight)

    def reaches(self, percent: int) -> bool:
        """Whether the score is at least so many per cent."""
        return self.points >= percent * self.weight

    def exceeds(self, percent: int) -> bool:
        """Whether the score is more than so many per cent."""
        return self.points > percent * self.weight


class Window(NamedTuple):
    """The findings of some years up to a day: their places, and what they amount to."""

    day: date
    places: range
    tally: Tally


NOTHING = Tally()


class Conduct:
    """A criterion to sustain or to refrain from, to be judged on any day.

    Its findings come in order; those up to the day ``since``, if any, are left out.
    """

    def __init__(
        self,
        criterion: Criterion,
        findings: Sequence[Finding],
        parameters: Parameters,
        since: date | None = None,
    ):
        self.code, self.kind, self.findings = criterion.code, criterion.kind, findings
        self.parameters, self.since = parameters, since
        self.dates = [finding.date for finding in findings]
        self.each = [_tally(finding, parameters) for finding in findings]
        # The sum before the first finding, and up to each.
        self.sums = list(accumulate(self.each, Tally.plus, initial=NOTHING))
        self._windows: dict[date, Window] = {}

    def grade(self, day: date) -> Grade:
        """The level on ``day``, and whether there was a breach."""
        tested = self._tested(day)
        return self._graded(tested.tally) if tested else Grade()

    def result(self, day: date) -> CriterionResult:
        """All there is to say on ``day``, with the steps that lead there."""
        tested = self._tested(day)
        if not tested:
            now = self._window(day).tally
            return CriterionResult(
                occasions=now.occasions, complied=now.complied, last_on=self._last(day)
            )
        level, breach, trace = self._graded(tested.tally)
        return CriterionResult(
            level=level,
            score=tested.tally.score,
            tested_on=tested.day,
            occasions=tested.tally.occasions,
            complied=tested.tally.complied,
            breach=breach,
            steps=tuple(self._steps(tested)),
            trace=trace,
            weight=tested.tally.weight,
            kept=sum(self.each[p].weight for p in tested.places if self._kept(p)),
            last_on=self._last(day),
            later=tuple(self._later(tested, day)),
        )

    def without_each(self, day: date) -> Iterator[tuple[Finding, Grade]]:
        """Each finding up to ``day``, with the grade on it were that one not there."""
        tested, grade = self._tested(day), self.grade(day)
        for place in range(bisect_right(self.dates, day)):
            # One that is not in the window tested can move neither it nor its sums.
            if tested and place in tested.places:
                yield self.findings[place], self._grade_without(place, day)
            else:
                yield self.findings[place], grade

    def gist(self, day: date) -> dict:
        """What it comes to on ``day``, enough to add findings to."""
        return {"grade": [*self.grade(day)], "window": [*self._window(day).tally]}

    def grade_beside(self, gist: dict, day: date) -> Grade | None:
        """The grade on ``day`` of these findings and those that a gist is of.

        None if it takes the days of the others: where nothing measures today, the last
        window that did may be another.
        """
        together = Tally(*gist["window"]).plus(self._window(day).tally)
        if self._measures(together):
            return self._graded(together)
        return None if self._occasion_days else Grade(*gist["grade"])

    def settled(self) -> date | None:
        """The first day from which on nothing matters that was left out, if any."""
        return next(iter(self._measured_days), None)

    def turns(self) -> set[date]:
        """The days on which the grade can change: an occasion comes or goes."""
        years = self.parameters.window_years
        come = set(self._occasion_days)
        return come | {first_day_beyond(day, years) for day in come}

    def _is_whole(self, day: date) -> bool:
        """Whether nothing of the window at ``day`` was left out."""
        years = self.parameters.window_years
        return self.since is None or minus_years(day, years) >= self.since

    def _window(self, day: date) -> Window:
        if day not in self._windows:
            if not self._is_whole(day):
                raise TooShort(self.code)
            since = minus_years(day, self.parameters.window_years)
            first, end = bisect_right(self.dates, since), bisect_right(self.dates, day)
            tally = self.sums[end].less(self.sums[first])
            self._windows[day] = Window(day, range(first, end), tally)
        return self._windows[day]

    def _measures(self, tally: Tally) -> bool:
        enough = tally.occasions >= self.parameters.enough_occasions
        return enough or tally.decisive > 0

    def _tested(self, day: date) -> Window | None:
        """The window at ``day``, or at the last occasion that could be measured."""
        return next(self._measured(day), None)

    def _measured(self, day: date) -> Iterator[Window]:
        """The window at ``day`` if it measures; then those of occasions, backwards."""
        if self._measures(self._window(day).tally):
            yield self._window(day)
        for at in reversed(range(bisect_right(self._measured_days, day))):
            yield self._window(self._measured_days[at])
        if self.since:
            raise TooShort(self.code)

    @cached_property
    def _measured_days(self) -> list[date]:
        """The days of occasions whose windows are whole and measure, in order."""
        days = filter(self._is_whole, self._occasion_days)
        return [day for day in days if self._measures(self._window(day).tally)]

    @cached_property
    def _occasion_days(self) -> list[date]:
        days = zip(self.dates, self.each, strict=True)
        return list(dict.fromkeys(day for day, one in days if one.occasions))

    def _grade_without(self, place: int, day: date) -> Grade:
        """The grade on ``day`` were the finding at this place not there.

        No day measures without it that does not with it. Few are asked: a window that
        measures no more without it has at most ``enough_occasions``, and a day before
        it measures as it did.
        """
        for window in self._measured(day):
            rest = window.tally
            if place in window.places:
                rest = rest.less(self.each[place])
            asked = window.day == day or self._is_occasion(window.day, without=place)
            if asked and self._measures(rest):
                return self._graded(rest)
        return Grade()

    def _is_occasion(self, day: date, *, without: int) -> bool:
        """Whether ``day`` has an occasion besides the finding at this place."""
        if self.dates[without] != day:
            return True
        first, end = bisect_left(self.dates, day), bisect_right(self.dates, day)
        there = self.sums[end].less(self.sums[first])
        return there.occasions > self.each[without].occasions

    def _graded(self, tally: Tally) -> Grade:
        level = self._level(tally)
        return Grade(level, tally.breaches > 0, "" if level else MISSED)

    def _kept(self, place: int) -> bool:
        return self.each[place].complied > 0

    def _last(self, day: date) -> date | None:
        """The day of the last occasion up to ``day``."""
        end = bisect_right(self._occasion_days, day)
        return self._occasion_days[end - 1] if end else None

    def _later(self, tested: Window, day: date) -> Iterator[int | str]:
        """The occasions after the window tested, up to ``day``."""
        for place in range(tested.places.stop, bisect_right(self.dates, day)):
            if self.each[place].occasions:
                yield self.findings[place].id

    def _level(self, tally: Tally) -> int:
        """A conduct to avoid is judged more strictly than a practice to keep up."""
        p = self.parameters
        if tally.reaches(p.full) and not tally.breaches:
            return 3
        if self.kind == "sustain":
            large, some = tally.reaches(p.sustain_large), tally.exceeds(p.sustain_some)
        else:
            large, some = tally.reaches(p.refrain_large), tally.reaches(p.refrain_some)
        return 2 if large else int(some)

    def _steps(self, window: Window) -> Iterator[Step]:
        for place in window.places:
            finding, one = self.findings[place], self.each[place]
            if one.occasions:
                share = Fraction(one.weight, window.tally.weight)
                yield Step(finding.id, one.weight, value=one.score, share=share)


def _tally(finding: Finding, parameters: Parameters) -> Tally:
    """What one finding amounts to: an occasion if it has an effect and weighs some."""
    weighs = weight(finding, parameters)
    if not (finding.occasion and finding.effect and weighs > 0):
        return NOTHING
    return Tally(
        occasions=1,
        complied=int(finding.effect > 0),
        weight=weighs,
        points=weighs * value_in_percent(finding.effect, parameters),
        decisive=int(finding.decisive),
        breaches=int(finding.breach),
    )
