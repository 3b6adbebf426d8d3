"""The judgement in the rule: what it holds, what is impossible, what it moves."""

import pytest

from icctracker.ruleset import PUBLISHED, Case, Parameters, evaluate, history
from icctracker.ruleset.days import minus_months
from icctracker.ruleset.parameters import (
    LIMITS,
    NAMES,
    as_values,
    faults,
    from_values,
)

from .cases import TODAY, criterion, day, finding


def found(**moved):
    return {(fault.name, fault.why) for fault in faults(as_values(PUBLISHED) | moved)}


class TestFaults:
    def test_the_published_rule_has_none(self):
        assert found() == set()

    @pytest.mark.parametrize("name", NAMES)
    def test_every_value_has_limits_and_is_refused_outside_them(self, name):
        least, most = LIMITS[name]

        assert (name, "range") in found(**{name: least - 1})
        assert (name, "range") in found(**{name: most + 1})

    @pytest.mark.parametrize("value", [None, "5", 5.0, True, [5]])
    def test_only_whole_numbers_are_values(self, value):
        assert ("window_years", "number") in found(window_years=value)

    @pytest.mark.parametrize(
        ("low", "value"),
        [
            ("sustain_some", 61),
            ("sustain_large", 91),
            ("refrain_some", 76),
            ("refrain_large", 91),
            ("part_departed", 76),
            ("review_months_soon", 13),
        ],
    )
    def test_thresholds_out_of_order_are_refused(self, low, value):
        assert (low, "order") in found(**{low: value})

    def test_some_form_must_weigh_something(self):
        nothing = dict.fromkeys(("decision", "formal", "process", "omission"), 0)

        assert ("decision", "weightless") in found(**nothing)

    def test_a_name_that_is_unknown_or_missing_is_told(self):
        values = as_values(PUBLISHED)
        del values["full"]

        why = {(fault.name, fault.why) for fault in faults(values | {"fall": 90})}

        assert why == {("full", "missing"), ("fall", "unknown")}


class TestStoring:
    def test_what_is_stored_comes_back_the_same(self):
        moved = Parameters(window_years=7, full=95)

        assert from_values(as_values(moved)) == moved

    def test_what_was_unknown_when_it_was_stored_is_as_published(self):
        assert from_values({"window_years": 7}) == Parameters(window_years=7)


class TestMoving:
    def test_a_lone_step_lapses_after_the_years_it_is_given(self):
        one = criterion(kind="deliver")
        step = finding(1, form="formal", on="2020-01-01")
        case = Case(day("2026-01-01"), (one,), (step,))

        assert evaluate(case).criteria[one.code].lapsed
        assert not evaluate(case, Parameters(lapse_years=10)).criteria[one.code].lapsed

    def test_confidence_follows_the_number_of_doubts(self):
        case = Case(TODAY, (criterion(),), (finding(2),))

        assert evaluate(case).confidence == "low"
        assert evaluate(case, Parameters(low_doubts=5)).confidence == "medium"

    def test_a_review_is_due_when_the_rule_says_so(self):
        case = Case(TODAY, (criterion(),), (finding(2),))

        assert evaluate(case).review_due_months == 6
        sooner = Parameters(review_months_soon=3)
        assert evaluate(case, sooner).review_due_months == 3

    def test_history_is_judged_by_the_same_values(self):
        one = criterion(kind="deliver")
        step = finding(1, form="formal", on="2018-01-01")
        case = Case(day("2026-01-01"), (one,), (step,))

        lapses = [on.year for on, _status in history(case, day("2017-01-01"))]
        later = history(case, day("2017-01-01"), Parameters(lapse_years=7))

        assert lapses == [2017, 2018, 2023]
        assert [on.year for on, _status in later] == [2017, 2018, 2025]

    @pytest.mark.parametrize(
        ("start", "months", "expected"),
        [
            ("2026-11-23", 24, "2024-11-23"),
            ("2024-02-29", 24, "2022-02-28"),
            ("2026-03-31", 1, "2026-02-28"),
            ("2026-01-15", 1, "2025-12-15"),
        ],
    )
    def test_months_back_end_within_the_month(self, start, months, expected):
        assert minus_months(day(start), months) == day(expected)
