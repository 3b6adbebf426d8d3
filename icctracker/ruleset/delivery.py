"""A thing to be created: judged by walking the steps towards it, one after another.

Each finding makes of each of the four levels another, or the same. So the level after
any of them is kept; and the level without one of them is the level before it, put
through what all the rest does to the four, which is folded together from the right.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate

from .days import first_day_beyond, minus_years
from .parameters import Parameters
from .records import (
    LAPSED,
    UNDONE,
    Criterion,
    CriterionResult,
    Finding,
    Grade,
    Step,
    TooShort,
    weight,
)

# What becomes of the levels 0, 1, 2 and 3.
STAYS, TO_NONE, ONE_OFF = (0, 1, 2, 3), (0, 0, 0, 0), (0, 0, 1, 2)
# A gist with more of them would be as long as the case.
MOST_MOVES = 100
RISES_TO = [tuple(max(level, least) for level in STAYS) for least in STAYS]


class Delivery:
    """One criterion to deliver, to be judged on any day.

    Its findings come in order; those up to the day ``since``, if any, are left out.
    ``searched_on`` is the day of the last search for it.
    """

    def __init__(
        self,
        criterion: Criterion,
        findings: Sequence[Finding],
        searched_on: date | None,
        parameters: Parameters,
        since: date | None = None,
    ):
        self.findings, self.searched_on = findings, searched_on
        self.code, self.parameters, self.since = criterion.code, parameters, since
        self.dates = [finding.date for finding in findings]
        self.moves = [_move(criterion, finding) for finding in findings]
        # The level before the first finding, and after each; None where it follows from
        # what was left out.
        self.levels = [0 if since is None else None]
        for move in self.moves:
            self.levels.append(_put_through(self.levels[-1], move))
        self.ups = [
            place for place, finding in enumerate(findings) if _is_step_up(finding)
        ]
        self.breaches = list(accumulate((f.breach for f in findings), initial=0))

    def grade(self, day: date) -> Grade:
        """The level on ``day``, and whether there was a breach in the years before."""
        end = bisect_right(self.dates, day)
        if not end and not self.since and not self._searched(day):
            return Grade()
        level, trace = self._lasting(self._known(self.levels[end]), day, end)
        return Grade(level, self._breaches(day, end) > 0, trace)

    def result(self, day: date) -> CriterionResult:
        """All there is to say on ``day``, with the steps that lead there."""
        grade, end = self.grade(day), bisect_right(self.dates, day)
        if grade.level is None:
            return CriterionResult()
        steps = (
            Step(f.id, weight(f, self.parameters), level=level)
            for f, level in zip(self.findings[:end], self.levels[1:], strict=False)
            if is_step(f) and level is not None
        )
        lapsed, last_on = grade.trace == LAPSED, self._last_up(end)
        lapse_years = self.parameters.lapse_years
        return CriterionResult(
            level=grade.level,
            lapsed=lapsed,
            breach=grade.breach,
            steps=tuple(steps),
            trace=grade.trace,
            last_on=last_on,
            lapsed_on=first_day_beyond(last_on, lapse_years) if lapsed else None,
        )

    def without_each(self, day: date) -> Iterator[tuple[Finding, Grade]]:
        """Each finding up to ``day``, with the grade on it were that one not there."""
        end = bisect_right(self.dates, day)
        if self.since and end < 2:
            raise TooShort(self.code)
        alone = end == 1 and not self._searched(day)
        breaches = self._breaches(day, end)
        since = minus_years(day, self.parameters.window_years)
        rest = STAYS
        for place in reversed(range(end)):
            finding = self.findings[place]
            level = self._known(_put_through(self.levels[place], rest))
            level, trace = self._lasting(level, day, end, without=place)
            its_own = finding.breach and finding.date > since
            grade = Grade(level, breaches > its_own, trace)
            yield finding, Grade() if alone else grade
            rest = tuple(rest[level] for level in self.moves[place])

    def gist(self, day: date) -> dict:
        """What it comes to on ``day``, enough to add findings to."""
        end = bisect_right(self.dates, day)
        ups = [self.dates[place] for place in self.ups if place < end]
        if self.since and not ups:
            raise TooShort(self.code)
        return {
            "grade": [*self.grade(day)],
            "breaches": self._breaches(day, end),
            "last_up": ups[-1].isoformat() if ups else "",
            "moves": self._last_moves(end),
        }

    def grade_beside(self, gist: dict, day: date) -> Grade | None:
        """The grade on ``day`` of these findings and those that a gist is of.

        None if the gist has not kept all the moves that it takes.
        """
        own, level = self.gist(day), 0
        if gist["moves"] is None:
            return None
        for _day, _id, move in sorted(gist["moves"] + own["moves"]):
            level = move[level]
        last_up = max(gist["last_up"], own["last_up"])
        level, trace = self._left(level, last_up and date.fromisoformat(last_up), day)
        return Grade(level, gist["breaches"] + own["breaches"] > 0, trace)

    def _last_moves(self, end: int) -> list | None:
        """The moves since one after which the levels before no longer matter."""
        kept = []
        for place in reversed(range(end)):
            move = self.moves[place]
            if move != STAYS:
                day, number = self.dates[place].isoformat(), self.findings[place].id
                kept.append([day, number, [*move]])
            if len({*move}) == 1:
                break
            if len(kept) == MOST_MOVES:
                return None
        else:
            if self.since:
                raise TooShort(self.code)
        return kept[::-1]

    def settled(self) -> date | None:
        """The first day from which on nothing matters that was left out, if any."""
        if self.since is None:
            return None
        gone = first_day_beyond(self.since, self.parameters.window_years)
        known = zip(self.dates, self.levels[1:], strict=True)
        first = next((day for day, level in known if level is not None), None)
        return first and max(first, gone)

    def turns(self) -> set[date]:
        """The days on which the grade can change: a finding comes, or grows too old."""
        p = self.parameters
        days = set(self.dates)
        days |= {first_day_beyond(self.dates[at], p.lapse_years) for at in self.ups}
        days |= {
            first_day_beyond(finding.date, p.window_years)
            for finding in self.findings
            if finding.breach
        }
        if self.searched_on:
            days.add(first_day_beyond(self.searched_on, p.search_years))
        return days

    def _searched(self, day: date) -> bool:
        """Whether somebody looked lately, or later than ``day``."""
        # A search covers everything up to its own date, so only its age can spoil it.
        since = minus_years(day, self.parameters.search_years)
        return self.searched_on is not None and self.searched_on > since

    def _known(self, level: int | None) -> int:
        if level is None:
            raise TooShort(self.code)
        return level

    def _breaches(self, day: date, end: int) -> int:
        since = minus_years(day, self.parameters.window_years)
        if self.since and since < self.since:
            raise TooShort(self.code)
        return self.breaches[end] - self.breaches[bisect_right(self.dates, since)]

    def _lasting(
        self, level: int, day: date, end: int, without: int = -1
    ) -> tuple[int, str]:
        """What is left of a level on ``day``, and the trace of a level that is gone."""
        if level > 1:
            return level, ""
        return self._left(level, self._last_up(end, without), day)

    def _last_up(self, end: int, without: int = -1) -> date | None:
        """The day of the last step forward before a place, if there was one."""
        last = bisect_left(self.ups, end) - 1
        if last >= 0 and self.ups[last] == without:
            last -= 1
        if last >= 0:
            return self.dates[self.ups[last]]
        if self.since:
            raise TooShort(self.code)
        return None

    def _left(self, level: int, last_up: date | None, day: date) -> tuple[int, str]:
        """A first step lapses if none follows for long."""
        if level > 1 or not last_up:
            return level, ""
        if level == 0:
            return 0, UNDONE
        stale = minus_years(day, self.parameters.lapse_years)
        return (0, LAPSED) if last_up <= stale else (1, "")


def _put_through(level: int | None, move: tuple[int, ...]) -> int | None:
    """What a move makes of a level; of one that is not known, if of all the same."""
    if level is None:
        return move[0] if len({*move}) == 1 else None
    return move[level]


def is_step(finding: Finding) -> bool:
    """Decisions and formal products are; talk is not delivery."""
    return finding.effect != 0 and finding.form in ("decision", "formal")


def _is_step_up(finding: Finding) -> bool:
    return finding.effect > 0 and is_step(finding)


def _move(criterion: Criterion, finding: Finding) -> tuple[int, ...]:
    """What a finding makes of each level."""
    if _is_step_up(finding):
        return RISES_TO[_reached(criterion, finding)]
    if is_step(finding) and finding.strong:
        return TO_NONE if finding.effect == -2 else ONE_OFF
    return STAYS


def _reached(criterion: Criterion, finding: Finding) -> int:
    if finding.tier == "C":
        return 1
    decided = finding.form == "decision"
    if finding.effect == 2:
        return 3 if decided or criterion.delivered_by == "formal" else 2
    return 2 if decided else 1
