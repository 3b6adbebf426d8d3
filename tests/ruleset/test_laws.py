"""What holds of the rule for every case there can be."""

import json
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from icctracker.ruleset import (
    FORMS,
    TIERS,
    Finding,
    evaluate,
    history,
    minus_years,
    status_on,
    weight,
)
from icctracker.ruleset.cases import case_as_json, read_case, result_as_json

from .cases import cases, days

UNKNOWN = {"not-assessed", "insufficient"}

additions = st.builds(
    Finding,
    id=st.just(1000),
    criterion=st.just("a"),
    date=days,
    effect=st.just(2),
    form=st.sampled_from(FORMS),
    tier=st.sampled_from(TIERS),
    occasion=st.just(True),
    publisher=st.just("Court"),
)


def without(case, number):
    rest = tuple(finding for finding in case.findings if finding.id != number)
    return replace(case, findings=rest)


def plus(case, finding):
    return replace(case, findings=(*case.findings, finding))


@st.composite
def measured(draw):
    """A case whose criterion ``a`` is a conduct that is tested on the day."""
    case = draw(cases(kinds=("sustain", "refrain")))
    tested = replace(
        draw(additions),
        id=999,
        date=case.as_of,
        effect=draw(st.sampled_from([-2, -1, 1, 2])),
        form="decision",
        tier="A",
    )
    return plus(case, tested)


class TestOrder:
    @given(cases(), st.randoms(use_true_random=False))
    def test_the_order_of_findings_and_searches_does_not_matter(self, case, rows):
        findings = list(case.findings)
        rows.shuffle(findings)
        shuffled = replace(case, findings=tuple(findings), searches=case.searches[::-1])

        assert evaluate(shuffled) == evaluate(case)

    @given(cases())
    def test_the_order_of_criteria_does_not_matter(self, case):
        turned = replace(case, criteria=case.criteria[::-1])

        assert evaluate(turned) == evaluate(case)


class TestTime:
    @given(cases())
    def test_what_happens_later_changes_nothing(self, case):
        past = tuple(f for f in case.findings if f.date <= case.as_of)

        assert evaluate(replace(case, findings=past)) == evaluate(case)

    @given(cases())
    def test_the_status_alone_is_that_of_the_full_result(self, case):
        assert status_on(case, case.as_of) == evaluate(case).status

    @given(cases(), st.tuples(days, days, days).map(sorted))
    def test_the_history_agrees_with_the_status_of_any_day(self, case, three_days):
        start, some_day, end = three_days
        case = replace(case, as_of=end)

        changes = history(case, start)

        standing = [status for on, status in changes if on <= some_day][-1]
        assert standing == status_on(case, some_day)
        assert changes[0][0] == start
        assert changes[-1][1] == evaluate(case).status

    @given(cases(), st.tuples(days, days).map(sorted))
    def test_every_row_of_the_history_is_a_change(self, case, two_days):
        start, end = two_days

        statuses = [status for _, status in history(replace(case, as_of=end), start)]

        assert all(a != b for a, b in zip(statuses, statuses[1:], strict=False))


class TestStatus:
    @given(cases())
    def test_with_nothing_on_record_nothing_is_assessed(self, case):
        result = evaluate(replace(case, findings=(), searches=()))

        assert result.status.code == "not-assessed"
        assert (result.trend, result.fragile, result.contrary) == (None, (), False)

    @given(cases())
    def test_the_level_is_unknown_exactly_where_the_status_is(self, case):
        status = evaluate(case).status

        assert (status.level is None) == (status.code in UNKNOWN)
        assert (status.reason is not None) == (status.code == "not-followed")

    @given(cases())
    def test_the_status_lies_within_the_levels_it_sums_up(self, case):
        result = evaluate(case)
        levels = [result.criteria[c.code].level for c in case.criteria if c.essential]
        known = [level for level in levels if level is not None]

        if result.status.level is not None:
            assert result.status.level <= max(known)
            # Where a part is unknown, no more than a limited extent is claimed.
            assert result.status.level >= (min(known) if known == levels else 1)

    @given(cases())
    def test_a_minor_criterion_never_moves_a_known_status(self, case):
        minor = {c.code for c in case.criteria if not c.essential}
        main = tuple(f for f in case.findings if f.criterion not in minor)

        before = evaluate(replace(case, findings=main)).status

        # A finding on a minor criterion can turn "not assessed" into "insufficient".
        if before.level is not None:
            assert evaluate(case).status == before

    @given(cases())
    def test_contrary_practice_rests_on_a_decision_against(self, case):
        result = evaluate(case)

        against = [f for f in case.findings if f.effect == -2 and f.decisive]
        if result.contrary:
            assert against
        if result.status.reason == "contrary practice":
            assert result.contrary


class TestScores:
    @given(cases())
    def test_a_score_is_a_share_and_the_shares_add_up(self, case):
        for found in evaluate(case).criteria.values():
            if found.score is None:
                continue
            assert 0 <= found.score <= 1
            assert sum(step.share for step in found.steps) == 1
            assert sum(step.share * step.value for step in found.steps) == found.score
            assert len(found.steps) == found.occasions >= found.complied

    @given(measured(), additions, st.integers(0, 1825))
    def test_an_occasion_of_full_compliance_never_lowers_the_score(
        self, case, more, age
    ):
        within = replace(more, date=case.as_of - timedelta(days=age))

        before = evaluate(case).criteria["a"]
        after = evaluate(plus(case, within)).criteria["a"]

        assert before.tested_on == after.tested_on == case.as_of
        assert after.score >= before.score
        assert after.level >= before.level

    @given(measured(), additions, st.integers(0, 1825))
    def test_an_occasion_of_full_departure_never_raises_the_score(
        self, case, more, age
    ):
        against = replace(more, effect=-2, date=case.as_of - timedelta(days=age))

        before = evaluate(case).criteria["a"]
        after = evaluate(plus(case, against)).criteria["a"]

        assert after.score <= before.score
        assert after.level <= before.level

    @given(cases(kinds=("sustain", "refrain")), additions)
    def test_context_never_moves_a_conduct(self, case, more):
        with_context = plus(case, replace(more, effect=0))

        assert evaluate(with_context).criteria == evaluate(case).criteria

    @given(cases(kinds=("refrain",)))
    def test_avoiding_is_never_judged_more_kindly_than_keeping_up(self, case):
        kinder = tuple(replace(c, kind="sustain") for c in case.criteria)

        strict = evaluate(case).criteria
        kind = evaluate(replace(case, criteria=kinder)).criteria

        for code, found in strict.items():
            assert found.score == kind[code].score
            assert (found.level or 0) <= (kind[code].level or 0)

    @given(cases())
    def test_what_was_tested_before_was_not_measurable_since(self, case):
        for found in evaluate(case).criteria.values():
            assert found.tested_on is None or found.tested_on <= case.as_of
            assert (found.score is None) == (found.tested_on is None)


class TestDelivery:
    @given(cases(kinds=("deliver",)), additions)
    def test_a_further_step_never_lowers_what_was_delivered(self, case, more):
        last = replace(more, date=case.as_of)
        before = evaluate(plus(case, replace(last, effect=0))).criteria["a"]

        after = evaluate(plus(case, last)).criteria["a"]

        assert after.level >= before.level

    @given(cases(kinds=("deliver",)))
    def test_only_a_first_step_lapses(self, case):
        for found in evaluate(case).criteria.values():
            if found.lapsed:
                assert found.level == 0
                assert found.steps[-1].level == 1


class TestDoubts:
    @given(cases())
    def test_fragile_names_just_the_findings_that_carry_the_status(self, case):
        result = evaluate(case)
        named = dict(result.fragile)

        for finding in case.findings:
            rest = evaluate(without(case, finding.id)).status
            assert (finding.id in named) == (rest.code != result.status.code)
            if finding.id in named:
                assert named[finding.id] == rest

    @given(cases())
    def test_each_doubt_costs_one_step_of_confidence(self, case):
        result = evaluate(case)

        steps = {0: "high", 1: "medium"}
        assert result.confidence == steps.get(len(result.doubts), "low")
        assert len(set(result.doubts)) == len(result.doubts)

    @given(cases())
    def test_review_is_due_sooner_exactly_where_there_is_cause(self, case):
        result = evaluate(case)

        cause = (
            result.trend == "regressing"
            or result.contrary
            or result.confidence == "low"
        )
        assert result.review_due_months == (6 if cause else 12)

    @given(cases())
    def test_coding_everything_twice_never_lowers_confidence(self, case):
        rank = ["low", "medium", "high"].index
        better = replace(
            case,
            findings=tuple(
                replace(f, double_coded=True, disputed=False) for f in case.findings
            ),
        )

        assert rank(evaluate(better).confidence) >= rank(evaluate(case).confidence)

    @given(cases())
    def test_there_is_a_trend_only_where_both_statuses_are_known(self, case):
        then = status_on(case, minus_years(case.as_of, 2))
        now = evaluate(case)

        known = then.level is not None and now.status.level is not None
        assert (now.trend is not None) == known
        if known and now.status.level > then.level:
            assert now.trend == "advancing"
        if known and now.status.level < then.level:
            assert now.trend == "regressing"


class TestWeights:
    @given(additions)
    def test_a_better_source_never_weighs_less(self, finding):
        weights = [weight(replace(finding, tier=tier)) for tier in "CBA"]

        assert weights == sorted(weights)
        assert 0 <= weights[0] <= 1


class TestWritten:
    @given(cases())
    def test_a_case_reads_back_as_it_was_written(self, case):
        text = json.dumps(case_as_json(case))

        assert read_case(json.loads(text)) == case

    @given(cases())
    def test_a_result_can_be_written(self, case):
        result = evaluate(case)

        written = json.loads(json.dumps(result_as_json(result)))

        assert written["code"] == result.status.code
        for code, found in result.criteria.items():
            score = written["criteria"][code]["score"]
            assert score is None or abs(Fraction(score) - found.score) < 1e-12
