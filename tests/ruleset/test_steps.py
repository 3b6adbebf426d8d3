"""The rule stays linear: what it costs, counted in steps and not in seconds."""

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from icctracker.ruleset import Parameters, evaluate, history, status_on
from icctracker.ruleset.cases import case_as_json, read_case

from . import reference
from .random_cases import long_case

START = date(2010, 1, 1)
# Four times the findings may cost so many times the steps: an exponent of 1.2.
AT_MOST = 4**1.2


def steps(function: Callable[[], object]) -> int:
    """How many instructions of Python a call takes; the same number every time."""
    taken = 0

    def trace(frame, event, _argument):
        nonlocal taken
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        taken += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    finally:
        sys.settrace(before)
    return taken


class Day(date):
    """A day whose comparisons are Python, so that a search among days is counted."""

    def __lt__(self, other):
        return self.toordinal() < other.toordinal()

    def __le__(self, other):
        return self.toordinal() <= other.toordinal()

    def __gt__(self, other):
        return self.toordinal() > other.toordinal()

    def __ge__(self, other):
        return self.toordinal() >= other.toordinal()

    def __eq__(self, other):
        return self.toordinal() == other.toordinal()

    __hash__ = date.__hash__


class Name(str):
    """A text whose comparisons are counted, too."""

    __slots__ = ()

    def __eq__(self, other):
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def counted(case):
    """The case with days whose comparisons are counted."""
    findings = tuple(
        replace(finding, date=Day.fromordinal(finding.date.toordinal()))
        for finding in case.findings
    )
    return replace(case, findings=findings)


def case_of(length, **kinds_and_forms):
    rows = random.Random(2013)  # noqa: S311
    return counted(long_case(rows, length, **kinds_and_forms))


def long_ago(length):
    """A conduct that was measured last when many occasions lay close together."""
    case = case_of(length, kinds=("refrain",), forms=("process",))
    return replace(case, as_of=date(2039, 1, 1))


def growth(cost, small):
    return cost(4 * small) / cost(small)


CASES = {
    "all kinds": case_of,
    "deliver": lambda length: case_of(length, kinds=("deliver",)),
    "sustain": lambda length: case_of(length, kinds=("sustain",)),
    "refrain, measured long ago": long_ago,
}
RULES = {
    "evaluate": lambda case: evaluate(case, Parameters(enough_occasions=20)),
    "history": lambda case: history(case, START, Parameters(enough_occasions=20)),
    "status": lambda case: status_on(case, case.as_of),
}


class TestGrowth:
    @pytest.mark.parametrize("case", CASES)
    @pytest.mark.parametrize("rule", RULES)
    def test_four_times_the_findings_cost_about_four_times_as_much(self, rule, case):
        def cost(length):
            one = CASES[case](length)
            return steps(lambda: RULES[rule](one))

        assert growth(cost, 300) <= AT_MOST

    def test_a_case_is_read_in_one_go(self):
        def cost(length):
            data = case_as_json(long_case(random.Random(1), length))  # noqa: S311
            for number, finding in enumerate(data["findings"]):
                finding["id"] = Name(number)
            return steps(lambda: read_case(data))

        assert growth(cost, 100) <= AT_MOST

    @pytest.mark.parametrize("rule", [reference.evaluate, reference.history])
    def test_the_square_would_be_seen(self, rule):
        given = (START,) if rule is reference.history else ()

        def cost(length):
            one = case_of(length)
            return steps(lambda: rule(one, *given))

        assert growth(cost, 40) > 1.5 * AT_MOST
