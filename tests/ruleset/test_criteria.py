"""How the rule judges one criterion: weights, delivery, conduct."""

import ast
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from icctracker import ruleset
from icctracker.ruleset import (
    FORMS,
    TIERS,
    Case,
    Status,
    evaluate,
    first_day_beyond,
    minus_years,
    weigh,
)

from .cases import TODAY, criterion, day, finding, judged, outcome, search

# Of Python's own, what cannot tell what day it is; and the rule's other modules.
PURE = set(
    "__future__ bisect calendar collections dataclasses datetime fractions functools"
    " itertools operator typing conduct days delivery parameters records".split()
)


class TestItsPlace:
    @pytest.mark.parametrize("name", "rule conduct delivery records days".split())
    def test_the_rule_reads_neither_clock_nor_database(self, name):
        path = Path(ruleset.__file__).with_name(f"{name}.py")
        tree = ast.parse(path.read_text(encoding="utf-8"))

        imported = {
            name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [node.module]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
            )
        }

        assert imported <= PURE

    def test_a_case_leads_to_the_same_result_every_time(self):
        case = Case(TODAY, (criterion(),), (finding(2), finding(-1)))

        assert evaluate(case) == evaluate(case)


class TestYears:
    @pytest.mark.parametrize(
        ("start", "years", "expected"),
        [
            ("2026-11-23", 5, "2021-11-23"),
            ("2024-02-29", 5, "2019-02-28"),
            ("2024-02-29", 4, "2020-02-29"),
            ("2025-02-28", 1, "2024-02-28"),
            ("2024-03-01", 1, "2023-03-01"),
        ],
    )
    def test_years_before_a_leap_day_end_on_the_28th(self, start, years, expected):
        assert minus_years(day(start), years) == day(expected)

    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            ("2020-02-28", "2025-02-28"),
            ("2020-02-29", "2025-03-01"),
            ("2019-02-28", "2024-02-28"),
            ("2021-11-23", "2026-11-23"),
        ],
    )
    def test_the_first_day_beyond_is_the_first_that_no_longer_reaches(
        self, start, expected
    ):
        start, beyond = day(start), first_day_beyond(day(start), 5)

        assert beyond == day(expected)
        assert start <= minus_years(beyond, 5)
        assert start > minus_years(beyond - timedelta(days=1), 5)

    def test_no_date_is_too_early_or_too_late_to_be_judged(self):
        for as_of in (date.min, date.max):
            result = outcome([criterion()], finding(2, "1999-01-01"), as_of=as_of)
            assert result.status.code in {"not-assessed", "followed"}


class TestWeights:
    @pytest.mark.parametrize(
        ("form", "weight"),
        [
            ("decision", 5),
            ("formal", 2),
            ("process", 1),
            ("omission", 1),
            ("signal", 0),
        ],
    )
    @pytest.mark.parametrize("tier", ["A", "B"])
    def test_each_form_has_its_weight(self, form, weight, tier):
        assert weigh(form, tier) == weight

    @pytest.mark.parametrize("form", FORMS)
    def test_a_secondary_source_weighs_at_most_one(self, form):
        assert weigh(form, "C") == min(1, weigh(form, "A"))

    @pytest.mark.parametrize("tier", TIERS)
    @pytest.mark.parametrize("form", FORMS)
    def test_strong_and_decisive_need_a_record_that_is_not_secondary(self, form, tier):
        one = finding(2, form=form, tier=tier)

        assert one.strong == (form in {"decision", "formal"} and tier != "C")
        assert one.decisive == (form == "decision" and tier != "C")


class TestWhatCountsOnADay:
    def test_an_event_of_the_day_itself_counts(self):
        assert judged("sustain", finding(2, "2026-11-23")).level == 3

    def test_an_event_of_the_day_after_does_not(self):
        result = outcome([criterion()], finding(2, "2026-11-24"))

        assert result.status == Status("not-assessed")


class TestDelivery:
    def test_without_finding_and_search_nothing_is_known(self):
        assert judged("deliver").level is None

    def test_a_search_that_found_nothing_makes_it_known_to_be_undone(self):
        assert judged("deliver", searches=[search("2026-01-10")]).level == 0

    @pytest.mark.parametrize(
        ("searched", "known"), [("2025-11-23", False), ("2025-11-24", True)]
    )
    def test_a_search_of_exactly_one_year_ago_is_too_old(self, searched, known):
        result = judged("deliver", searches=[search(searched)])

        assert (result.level is not None) == known

    @pytest.mark.parametrize(
        ("searched", "known"), [("2023-02-28", False), ("2023-03-01", True)]
    )
    def test_one_year_before_a_leap_day_is_the_28th(self, searched, known):
        result = judged("deliver", searches=[search(searched)], as_of=date(2024, 2, 29))

        assert (result.level is not None) == known

    def test_a_search_for_another_criterion_does_not_help(self):
        result = outcome(
            [criterion("a", "deliver"), criterion("b", "deliver")],
            searches=[search("2026-01-10", "b")],
        )

        assert result.criteria["a"].level is None
        assert result.criteria["b"].level == 0

    @pytest.mark.parametrize("form", ["process", "omission", "signal"])
    @pytest.mark.parametrize("effect", [-2, -1, 1, 2])
    def test_talk_about_delivering_is_not_delivery(self, form, effect):
        delivered = finding(2, "2024-01-01")
        talk = finding(effect, "2025-01-01", form=form)

        assert judged("deliver", talk).level == 0
        assert judged("deliver", delivered, talk).level == 3

    def test_context_is_known_but_moves_nothing(self):
        assert judged("deliver", finding(0)).level == 0
        assert judged("deliver", finding(2, "2024-01-01"), finding(0)).level == 3

    @pytest.mark.parametrize(
        ("effect", "form", "tier", "delivered_by", "level"),
        [
            (2, "decision", "A", "decision", 3),
            (2, "decision", "B", "formal", 3),
            (2, "formal", "A", "formal", 3),
            (2, "formal", "A", "decision", 2),
            (1, "decision", "A", "decision", 2),
            (1, "decision", "B", "formal", 2),
            (1, "formal", "A", "decision", 1),
            (1, "formal", "A", "formal", 1),
            (2, "decision", "C", "decision", 1),
            (2, "formal", "C", "formal", 1),
            (1, "decision", "C", "decision", 1),
            (1, "formal", "C", "formal", 1),
        ],
    )
    def test_what_a_step_reaches(self, effect, form, tier, delivered_by, level):
        step = finding(effect, form=form, tier=tier)

        assert judged("deliver", step, delivered_by=delivered_by).level == level

    def test_a_smaller_step_after_a_larger_one_takes_nothing_away(self):
        found = judged("deliver", finding(2, "2024-01-01"), finding(1, "2025-01-01"))

        assert found.level == 3

    def test_steps_do_not_add_up(self):
        steps = [finding(1, f"202{year}-01-01", form="formal") for year in (3, 4, 5)]

        assert judged("deliver", *steps).level == 1

    @pytest.mark.parametrize("form", ["decision", "formal"])
    def test_undoing_sets_it_to_nothing(self, form):
        undone = finding(-2, "2025-01-01", form=form)

        assert judged("deliver", finding(2, "2024-01-01"), undone).level == 0

    @pytest.mark.parametrize("form", ["decision", "formal"])
    def test_a_step_back_takes_one_off(self, form):
        back = finding(-1, "2025-01-01", form=form)

        assert judged("deliver", finding(2, "2024-01-01"), back).level == 2

    def test_it_cannot_fall_below_nothing(self):
        assert judged("deliver", finding(-1), finding(-1)).level == 0

    @pytest.mark.parametrize("effect", [-1, -2])
    def test_a_secondary_report_undoes_nothing(self, effect):
        report = finding(effect, "2025-01-01", tier="C")

        assert judged("deliver", finding(2, "2024-01-01"), report).level == 3

    def test_the_walk_follows_dates_and_then_numbers(self):
        done, undone = finding(2, "2025-01-01", id=1), finding(-2, "2025-01-01", id=2)

        assert judged("deliver", undone, done).level == 0
        assert judged("deliver", replace(undone, id=0), done).level == 3

    @pytest.mark.parametrize(
        ("on", "level"), [("2021-11-23", 0), ("2021-11-24", 1), ("2010-01-01", 0)]
    )
    def test_a_first_step_lapses_after_exactly_five_years(self, on, level):
        found = judged("deliver", finding(1, on, form="formal"))

        assert (found.level, found.lapsed) == (level, level == 0)

    @pytest.mark.parametrize(("on", "level"), [("2019-02-28", 0), ("2019-03-01", 1)])
    def test_five_years_before_a_leap_day_is_the_28th(self, on, level):
        step = finding(1, on, form="formal")

        assert judged("deliver", step, as_of=date(2024, 2, 29)).level == level

    def test_a_later_step_keeps_it_from_lapsing(self):
        steps = [finding(1, on, form="formal") for on in ("2015-01-01", "2024-01-01")]

        assert judged("deliver", *steps).level == 1

    def test_talk_does_not_keep_it_from_lapsing(self):
        step = finding(1, "2015-01-01", form="formal")
        talk = finding(1, "2025-01-01", form="process")

        assert judged("deliver", step, talk).lapsed

    def test_what_was_reduced_to_a_first_step_lapses_too(self):
        found = judged(
            "deliver",
            finding(1, "2015-01-01"),
            finding(-1, "2025-01-01"),
        )

        assert (found.level, found.lapsed) == (0, True)

    @pytest.mark.parametrize("effect", [1, 2])
    def test_more_than_a_first_step_never_lapses(self, effect):
        found = judged("deliver", finding(effect, "2001-01-01"))

        assert (found.level, found.lapsed) == (effect + 1, False)

    @pytest.mark.parametrize(
        ("on", "breach"), [("2021-11-23", False), ("2021-11-24", True)]
    )
    def test_a_decision_that_undoes_is_a_breach_for_five_years(self, on, breach):
        assert judged("deliver", finding(-2, on)).breach == breach

    def test_an_agreed_text_that_undoes_is_no_breach(self):
        assert not judged("deliver", finding(-2, form="formal")).breach
        assert not judged("deliver", finding(-2, tier="C")).breach

    def test_delivery_has_no_score_and_no_occasions(self):
        found = judged("deliver", finding(2))

        assert (found.score, found.tested_on, found.occasions) == (None, None, 0)

    def test_each_step_shows_the_level_after_it(self):
        first, second = finding(1, "2023-01-01"), finding(2, "2024-01-01")
        third = finding(-1, "2025-01-01")

        found = judged("deliver", third, second, first)

        assert [(step.finding, step.level) for step in found.steps] == [
            (first.id, 2),
            (second.id, 3),
            (third.id, 2),
        ]


@pytest.mark.parametrize("kind", ["sustain", "refrain"])
class TestTheWindow:
    def test_one_decision_measures(self, kind):
        assert judged(kind, finding(2)).level == 3

    @pytest.mark.parametrize("form", ["formal", "process", "omission"])
    def test_one_lesser_act_does_not_but_two_do(self, kind, form):
        acts = [finding(2, form=form), finding(2, form=form)]

        assert judged(kind, acts[0]).level is None
        assert judged(kind, *acts).level == 3

    def test_one_decision_known_from_a_secondary_source_does_not_measure(self, kind):
        assert judged(kind, finding(2, tier="C")).level is None

    def test_what_was_no_occasion_is_left_out(self, kind):
        assert judged(kind, finding(-2, occasion=False)).level is None

    def test_context_is_left_out(self, kind):
        assert judged(kind, finding(0)).level is None

    def test_words_of_single_actors_are_left_out(self, kind):
        words = [finding(-2, form="signal") for _ in range(3)]

        assert judged(kind, *words).level is None
        assert judged(kind, finding(2), *words).score == 1

    def test_a_search_alone_does_not_test_a_conduct(self, kind):
        assert judged(kind, searches=[search("2026-01-10")]).level is None

    @pytest.mark.parametrize(
        ("on", "inside"), [("2021-11-23", False), ("2021-11-24", True)]
    )
    def test_an_occasion_of_exactly_five_years_ago_has_left(self, kind, on, inside):
        found = judged(kind, finding(-2, on), finding(2, "2025-01-01"))

        assert found.occasions == 1 + inside

    @pytest.mark.parametrize(
        ("on", "inside"), [("2019-02-28", False), ("2019-03-01", True)]
    )
    def test_a_window_on_a_leap_day_begins_after_the_28th(self, kind, on, inside):
        found = judged(
            kind, finding(-2, on), finding(2, "2023-01-01"), as_of=date(2024, 2, 29)
        )

        assert found.occasions == 1 + inside

    def test_an_occasion_on_a_leap_day_stays_to_the_end_of_february(self, kind):
        leap = finding(2, "2020-02-29")

        assert judged(kind, leap, as_of=date(2025, 2, 28)).tested_on == day(
            "2025-02-28"
        )
        assert judged(kind, leap, as_of=date(2025, 3, 1)).tested_on == day("2020-02-29")

    def test_without_recent_occasions_the_last_test_stands(self, kind):
        found = judged(kind, finding(2, "2012-01-01"), finding(-2, "2015-01-01"))

        assert found.tested_on == day("2015-01-01")
        assert (found.score, found.occasions) == (Fraction(1, 2), 2)

    def test_the_last_test_is_the_latest_that_measures(self, kind):
        found = judged(
            kind,
            finding(2, "2012-01-01"),
            # Alone in its own window: too little to measure.
            finding(-2, "2019-01-01", form="process"),
        )

        assert found.tested_on == day("2012-01-01")
        assert found.level == 3

    def test_a_window_that_never_measured_is_unknown(self, kind):
        found = judged(
            kind,
            finding(2, "2012-01-01", form="process"),
            finding(2, "2022-06-01", form="process"),
        )

        assert (found.level, found.tested_on) == (None, None)
        assert (found.occasions, found.complied) == (1, 1)

    def test_a_single_act_today_gives_way_to_an_older_measured_window(self, kind):
        found = judged(
            kind,
            finding(-2, "2015-01-01"),
            finding(2, "2026-01-01", form="formal"),
        )

        assert found.tested_on == day("2015-01-01")
        assert found.level == 0

    def test_occasions_and_compliance_are_counted(self, kind):
        found = judged(kind, finding(2), finding(1), finding(-1), finding(-2))

        assert (found.occasions, found.complied) == (4, 2)

    def test_the_score_is_the_weighted_mean(self, kind):
        found = judged(
            kind,
            finding(2, form="decision"),
            finding(1, form="formal"),
            finding(-1, form="process"),
            finding(-2, form="omission"),
        )

        # (5 x 1 + 2 x 3/4 + 1 x 1/4 + 1 x 0) / (5 + 2 + 1 + 1)
        assert found.score == Fraction(27, 36)

    @pytest.mark.parametrize(
        ("effect", "value"),
        [
            (2, Fraction(1)),
            (1, Fraction(3, 4)),
            (-1, Fraction(1, 4)),
            (-2, Fraction(0)),
        ],
    )
    def test_each_effect_has_its_value(self, kind, effect, value):
        found = judged(kind, finding(effect))

        assert found.score == value
        assert [(step.weight, step.value, step.share) for step in found.steps] == [
            (5, value, 1)
        ]

    @pytest.mark.parametrize(
        ("fields", "breach"),
        [
            ({}, True),
            ({"tier": "B"}, True),
            ({"tier": "C"}, False),
            ({"form": "formal"}, False),
            ({"form": "omission"}, False),
            ({"occasion": False}, False),
        ],
    )
    def test_a_breach_is_a_decision_against_on_an_occasion(self, kind, fields, breach):
        found = judged(kind, finding(2), finding(-2, **fields))

        assert found.breach == breach

    def test_a_partial_departure_is_no_breach(self, kind):
        assert not judged(kind, finding(-1)).breach

    def test_a_breach_leaves_with_its_window(self, kind):
        found = judged(kind, finding(-2, "2021-11-23"), finding(2, "2025-01-01"))

        assert (found.level, found.breach) == (3, False)

    def test_a_breach_in_the_last_window_that_measured_still_stands(self, kind):
        assert judged(kind, finding(-2, "2012-01-01")).breach


def scoring(percent):
    """Occasions, none decisive, whose score is exactly this many per cent."""
    return [finding(2, form="process") for _ in range(percent)] + [
        finding(-2, form="process") for _ in range(100 - percent)
    ]


class TestConductLevels:
    @pytest.mark.parametrize(
        ("percent", "level"),
        [
            (100, 3),
            (90, 3),
            (89, 2),
            (60, 2),
            (59, 1),
            (26, 1),
            (25, 0),
            (24, 0),
            (0, 0),
        ],
    )
    def test_a_practice_to_keep_up(self, percent, level):
        found = judged("sustain", *scoring(percent))

        assert (found.score, found.level) == (Fraction(percent, 100), level)

    @pytest.mark.parametrize(
        ("percent", "level"),
        [
            (100, 3),
            (90, 3),
            (89, 2),
            (75, 2),
            (74, 1),
            (60, 1),
            (50, 1),
            (49, 0),
            (25, 0),
            (0, 0),
        ],
    )
    def test_a_conduct_to_avoid_is_judged_more_strictly(self, percent, level):
        found = judged("refrain", *scoring(percent))

        assert (found.score, found.level) == (Fraction(percent, 100), level)

    @pytest.mark.parametrize("kind", ["sustain", "refrain"])
    def test_one_breach_keeps_it_from_full_however_good_the_rest(self, kind):
        found = judged(kind, *[finding(2) for _ in range(99)], finding(-2))

        assert found.score == Fraction(99, 100)
        assert found.level == 2

    @pytest.mark.parametrize(("kind", "level"), [("sustain", 2), ("refrain", 2)])
    def test_part_compliance_alone_is_large_not_full(self, kind, level):
        assert judged(kind, finding(1), finding(1)).level == level

    def test_a_partial_departure_alone_is_nothing(self):
        assert judged("sustain", finding(-1)).level == 0
        assert judged("refrain", finding(-1)).level == 0
