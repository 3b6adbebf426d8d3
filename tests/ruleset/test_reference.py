"""The rule says of every case what it said when each removal was worked out anew."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from icctracker.ruleset import PUBLISHED, evaluate, history, status_on, weigh
from icctracker.ruleset.conduct import Conduct
from icctracker.ruleset.delivery import Delivery

from . import reference
from .random_cases import any_case, any_parameters, long_case

EARLY = date(2009, 1, 1)
CASES = 12 * 500


def drawn(seed, number=500):
    """So many cases, each with values to judge it by and a day to begin on."""
    rows = random.Random(seed)  # noqa: S311
    for _ in range(number):
        case = any_case(rows)
        days = [finding.date for finding in case.findings]
        yield case, any_parameters(rows), rows.choice([EARLY, *days])


def said(rule, case, parameters, start):
    """All that a rule says of a case, written out: of the same type, in one order."""
    return repr(
        (
            rule.evaluate(case, parameters),
            rule.history(case, start, parameters),
            rule.status_on(case, start, parameters),
        )
    )


class Today:
    evaluate, history, status_on = map(staticmethod, (evaluate, history, status_on))


class TestSameResults:
    @pytest.mark.parametrize("seed", range(CASES // 500))
    def test_of_any_case(self, seed):
        for one in drawn(seed):
            assert said(Today, *one) == said(reference, *one), one

    def test_of_long_cases(self):
        rows = random.Random(7)  # noqa: S311
        for length in range(20, 80, 4):
            one = long_case(rows, length), any_parameters(rows), date(2013, 3, 6)

            assert said(Today, *one) == said(reference, *one), one

    def test_results_are_equal_and_not_only_written_alike(self):
        for case, parameters, start in drawn(100, 50):
            assert evaluate(case, parameters) == reference.evaluate(case, parameters)
            assert history(case, start) == reference.history(case, start)


def part_of(case, criterion, findings, parameters):
    """One criterion of a case, ready to be judged by these findings."""
    own = [f for f in findings if f.criterion == criterion.code]
    own.sort(key=lambda finding: finding.order)
    if criterion.kind != "deliver":
        return Conduct(criterion, own, parameters)
    looked = [s.date for s in case.searches if s.criterion == criterion.code]
    return Delivery(criterion, own, max(looked, default=None), parameters)


class TestLeavingOut:
    def test_a_finding_left_out_might_as_well_never_have_been_made(self):
        for case, parameters, _start in drawn(50, 2000):
            for criterion in case.criteria:
                part = part_of(case, criterion, case.findings, parameters)
                for finding, grade in part.without_each(case.as_of):
                    others = [f for f in case.findings if f is not finding]
                    rest = part_of(case, criterion, others, parameters)

                    assert grade == rest.grade(case.as_of), (case, finding, parameters)


@pytest.fixture(scope="module")
def reached():
    """How often something is true of a case, a result, a criterion, a removal."""
    found = Counter()
    for case, parameters, start in drawn(0, 1500):
        result = reference.evaluate(case, parameters)
        found.update(facts_of_case(case, parameters, start))
        found.update(facts_of_result(case, result))
        found.update(facts_of_removals(case, result, parameters))
    return found


class TestWhatIsDrawn:
    """The comparison is worth what its cases reach."""

    @pytest.mark.parametrize(
        "fact",
        """
        not-assessed insufficient not-followed limited substantial followed
        advancing regressing stalled steady high medium low
        no-action-found contrary-practice lapsed breach tested-before untested
        fragile fragile-twice fragile-unassessed fragile-tested-before
        moves-the-test ends-the-test ends-the-lapse makes-a-lapse
        days-shared leap-day names-and-numbers weightless moved searched
        later-findings starts-after-it-ends changes-often
        """.split(),
    )
    def test_each_turn_of_the_rule_is_taken_often(self, reached, fact):
        assert reached[fact] >= 8, reached[fact]


def facts_of_case(case, parameters, start):
    days = [finding.date for finding in case.findings]
    changes = reference.history(case, start, parameters)
    return named(
        {
            "days-shared": len(set(days)) < len(days),
            "leap-day": any((day.month, day.day) == (2, 29) for day in days),
            "names-and-numbers": len({type(f.id) for f in case.findings}) > 1,
            "weightless": any(
                weigh(f.form, f.tier, parameters) == 0 for f in case.findings
            ),
            "moved": parameters != PUBLISHED,
            "searched": bool(case.searches),
            "later-findings": any(day > case.as_of for day in days),
            "starts-after-it-ends": start > case.as_of,
            "changes-often": len(changes) > 3,
        }
    )


def facts_of_result(case, result):
    yield from (result.status.code, result.trend, result.confidence)
    yield str(result.status.reason).replace(" ", "-")
    parts = result.criteria.values()
    before = any(part.tested_on and part.tested_on < case.as_of for part in parts)
    codes = {without.code for _, without in result.fragile}
    yield from named(
        {
            "lapsed": any(part.lapsed for part in parts),
            "breach": any(part.breach for part in parts),
            "tested-before": before,
            "untested": any(part.occasions and not part.tested_on for part in parts),
            "fragile": bool(result.fragile),
            "fragile-twice": len(result.fragile) > 1,
            "fragile-unassessed": "not-assessed" in codes,
            "fragile-tested-before": before and bool(result.fragile),
        }
    )


def facts_of_removals(case, result, parameters):
    """What a finding that is left out does to its criterion."""
    for finding in case.findings:
        rest = tuple(other for other in case.findings if other is not finding)
        without = reference.evaluate(replace(case, findings=rest), parameters)
        one = result.criteria[finding.criterion]
        other = without.criteria[finding.criterion]
        yield from named(
            {
                "moves-the-test": one.tested_on
                and other.tested_on
                and one.tested_on != other.tested_on,
                "ends-the-test": one.tested_on and not other.tested_on,
                "ends-the-lapse": one.lapsed and not other.lapsed,
                "makes-a-lapse": other.lapsed and not one.lapsed,
            }
        )


def named(facts):
    return [name for name, holds in facts.items() if holds]
