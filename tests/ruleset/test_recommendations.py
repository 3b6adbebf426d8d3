"""How the rule judges a recommendation: status, trend, doubts, review."""

from dataclasses import replace
from datetime import date

import pytest

from icctracker.ruleset import Status

from .cases import criterion, day, finding, outcome, search

# One decision brings a criterion to level 3, 2, 1 or 0.
REACHES = {3: 2, 2: 1}


def at(code, level):
    """Findings that bring the criterion ``code`` (to sustain) to a level."""
    if level is None:
        return []
    if level == 1:
        return [finding(2, criterion=code, form="formal")] + [
            finding(-2, criterion=code, form="formal")
        ]
    if level == 0:
        return [finding(-2, criterion=code, form="omission") for _ in range(2)]
    return [finding(REACHES[level], criterion=code)]


class TestFromCriteriaToStatus:
    @pytest.mark.parametrize(
        ("levels", "status"),
        [
            ([3], Status("followed", 3)),
            ([3, 3], Status("followed", 3)),
            ([3, 2], Status("substantial", 2)),
            ([2, 2], Status("substantial", 2)),
            ([3, 1], Status("limited", 1)),
            ([3, 0], Status("limited", 1)),
            ([1, 0], Status("limited", 1)),
            ([2, 2, 0], Status("limited", 1)),
            ([3, None], Status("limited", 1)),
            ([1, None], Status("limited", 1)),
            ([2, None, None], Status("limited", 1)),
            ([0, 0], Status("not-followed", 0, "no action found", "missed")),
            ([0, None], Status("insufficient")),
            ([None, None], Status("not-assessed")),
        ],
    )
    def test_the_status_follows_from_all_essential_criteria(self, levels, status):
        criteria = [criterion(code) for code in "abc"[: len(levels)]]
        findings = [
            one
            for code, level in zip("abc", levels, strict=False)
            for one in at(code, level)
        ]

        result = outcome(criteria, *findings)

        assert [result.criteria[c.code].level for c in criteria] == levels
        assert result.status == status

    def test_evidence_that_tests_nothing_is_insufficient(self):
        result = outcome([criterion()], finding(0, occasion=False))

        assert result.status == Status("insufficient")

    def test_a_search_makes_an_undelivered_thing_not_followed(self):
        result = outcome([criterion("a", "deliver")], searches=[search("2026-01-10")])

        assert result.status == Status("not-followed", 0, "no action found")

    def test_a_search_that_grew_old_is_as_good_as_none(self):
        result = outcome([criterion("a", "deliver")], searches=[search("2025-11-23")])

        assert result.status == Status("not-assessed")

    def test_what_is_not_essential_does_not_move_the_status(self):
        minor = criterion("b", essential=False)

        for level in (None, 0, 3):
            result = outcome([criterion("a"), minor], *at("a", 2), *at("b", level))
            assert result.status == Status("substantial", 2)

    def test_without_essential_criteria_there_is_nothing_to_conclude(self):
        minor = criterion("a", essential=False)

        assert outcome([minor], *at("a", 3)).status == Status("insufficient")
        assert outcome([minor]).status == Status("not-assessed")


class TestContraryPractice:
    def test_a_breach_makes_it_contrary(self):
        result = outcome([criterion("a", "refrain")], finding(-2))

        assert result.status == Status("not-followed", 0, "contrary practice")
        assert result.contrary

    def test_inaction_is_not_contrary(self):
        result = outcome([criterion("a")], *at("a", 0))

        assert result.status.reason == "no action found"
        assert not result.contrary

    def test_for_a_thing_to_deliver_it_fades_after_five_years(self):
        recent = outcome([criterion("a", "deliver")], finding(-2, "2021-11-24"))
        old = outcome([criterion("a", "deliver")], finding(-2, "2021-11-23"))

        assert recent.status.reason == "contrary practice"
        assert old.status.reason == "no action found"

    def test_the_flag_is_raised_by_any_criterion_the_reason_by_essential_ones(self):
        minor = criterion("b", "refrain", essential=False)

        result = outcome(
            [criterion("a"), minor], *at("a", 0), finding(-2, criterion="b")
        )

        assert result.status.reason == "no action found"
        assert result.contrary

    def test_the_flag_can_stand_beside_a_better_status(self):
        result = outcome([criterion()], finding(2), finding(2), finding(-2))

        assert result.status == Status("substantial", 2)
        assert result.contrary

    def test_no_other_status_carries_a_reason(self):
        result = outcome([criterion()], finding(2))

        assert result.status.reason is None


class TestTrend:
    """The comparison is with 23 November 2024."""

    def test_a_higher_status_is_advancing(self):
        result = outcome(
            [criterion("a", "deliver")],
            finding(1, "2023-01-01"),
            finding(2, "2025-01-01"),
        )

        assert result.trend == "advancing"

    def test_a_lower_status_is_regressing(self):
        result = outcome(
            [criterion("a", "deliver")],
            finding(2, "2023-01-01"),
            finding(-1, "2025-01-01"),
        )

        assert result.trend == "regressing"

    def test_the_status_outweighs_the_criteria(self):
        result = outcome(
            [criterion("a", "deliver"), criterion("b", "deliver")],
            finding(1, "2023-01-01", criterion="a"),
            finding(1, "2023-01-01", criterion="b"),
            finding(2, "2025-01-01", criterion="a"),
            finding(-1, "2025-01-01", criterion="b"),
        )

        assert result.status.code == "limited"
        assert result.trend == "regressing"

    @pytest.mark.parametrize(("step", "trend"), [(2, "advancing"), (-1, "regressing")])
    def test_with_an_equal_status_one_criterion_decides(self, step, trend):
        held = finding(1, "2023-01-01", criterion="a", form="formal")
        result = outcome(
            [criterion("a", "deliver"), criterion("b", "deliver")],
            held,
            finding(1, "2023-01-01", criterion="b"),
            finding(step, "2025-01-01", criterion="b"),
        )

        assert result.status.code == "limited"
        assert result.trend == trend

    def test_up_here_and_down_there_is_neither(self):
        criteria = [criterion(code, "deliver") for code in "abc"]
        result = outcome(
            criteria,
            finding(1, "2023-01-01", criterion="a", form="formal"),
            finding(1, "2023-01-01", criterion="b"),
            finding(2, "2025-01-01", criterion="b"),
            finding(2, "2023-01-01", criterion="c"),
            finding(-1, "2025-01-01", criterion="c"),
        )

        assert result.trend == "steady"

    def test_what_is_not_essential_sets_no_direction(self):
        result = outcome(
            [criterion("a", "deliver"), criterion("b", "deliver", essential=False)],
            finding(2, "2023-01-01", criterion="a"),
            finding(1, "2023-01-01", criterion="b"),
            finding(2, "2025-01-01", criterion="b"),
        )

        assert result.trend == "steady"

    def score_moves(self, before, after):
        """From ``before`` to ``after`` per cent within level 1, in tenths of weight."""
        old = [finding(2, "2021-01-01", form="process") for _ in range(before)]
        old += [finding(-2, "2021-01-01", form="process") for _ in range(100 - before)]
        new = [finding(2, "2025-01-01", form="process") for _ in range(after)]
        new += [finding(-2, "2025-01-01", form="process") for _ in range(100 - after)]
        return outcome([criterion()], *old, *new)

    @pytest.mark.parametrize(
        ("before", "after", "trend"),
        [
            (40, 50, "advancing"),
            (40, 49, "steady"),
            (50, 40, "regressing"),
            (50, 41, "steady"),
        ],
    )
    def test_with_equal_levels_a_tenth_of_the_mean_score_decides(
        self, before, after, trend
    ):
        result = self.score_moves(before, after)

        assert result.status.code == "limited"
        assert result.trend == trend

    def test_the_mean_is_taken_over_essential_conduct_criteria(self):
        # One moves by 18 hundredths, the other stays: the mean moves by nine.
        criteria = [criterion("a"), criterion("b")]
        still = [
            finding(effect, on, criterion="b", form="process")
            for on in ("2021-01-01", "2025-01-01")
            for effect in (2, -2)
        ]
        moving = [
            replace(one, criterion="a")
            for one in [
                finding(2 if number < 40 else -2, "2021-01-01", form="process")
                for number in range(100)
            ]
            + [
                finding(2 if number < 58 else -2, "2025-01-01", form="process")
                for number in range(100)
            ]
        ]

        assert outcome(criteria, *still, *moving).trend == "steady"
        assert outcome(criteria[:1], *moving).trend == "advancing"

    @pytest.mark.parametrize("effect", [1, 2])
    def test_nothing_new_in_24_months_is_stalled_unless_full(self, effect):
        result = outcome([criterion("a", "deliver")], finding(effect, "2023-01-01"))

        assert result.trend == {1: "stalled", 2: "steady"}[effect]

    def test_nothing_done_and_nothing_new_is_steady(self):
        result = outcome([criterion("a", "deliver")], finding(-2, "2023-01-01"))

        assert result.status.level == 0
        assert result.trend == "steady"

    @pytest.mark.parametrize(
        ("on", "trend"), [("2024-11-23", "stalled"), ("2024-11-24", "steady")]
    )
    def test_the_24_months_begin_the_day_after(self, on, trend):
        talk = finding(1, on, form="process", occasion=False)
        result = outcome([criterion("a", "deliver")], finding(1, "2023-01-01"), talk)

        assert result.trend == trend

    def test_context_is_no_activity(self):
        result = outcome(
            [criterion("a", "deliver")],
            finding(1, "2023-01-01"),
            finding(0, "2025-01-01"),
        )

        assert result.trend == "stalled"

    def test_there_is_none_where_the_status_is_unknown_today(self):
        result = outcome(
            [criterion("a", "deliver"), criterion("b", "deliver")],
            finding(0, "2023-01-01", criterion="a"),
        )

        assert result.status.code == "insufficient"
        assert result.trend is None

    def test_there_is_none_where_the_status_was_unknown_then(self):
        assert outcome([criterion()], finding(2, "2025-01-01")).trend is None

    def test_24_months_before_a_leap_day_is_the_28th(self):
        early = finding(1, "2022-02-28")
        late = finding(1, "2022-03-01")

        for first, trend in ((early, "stalled"), (late, None)):
            result = outcome(
                [criterion("a", "deliver")], first, as_of=date(2024, 2, 29)
            )
            assert result.trend == trend


class TestFragile:
    def test_a_status_that_hangs_on_one_veto_names_it(self):
        good = finding(2, form="formal")
        veto = finding(-2)

        result = outcome([criterion("a", "refrain")], good, finding(1), veto)

        assert dict(result.fragile)[veto.id] == Status("substantial", 2)

    def test_a_status_that_many_findings_carry_is_not_fragile(self):
        result = outcome([criterion()], *[finding(2) for _ in range(4)])

        assert result.fragile == ()

    def test_the_only_evidence_there_is_makes_it_fragile(self):
        only = finding(2)

        result = outcome([criterion()], only)

        assert result.fragile == ((only.id, Status("not-assessed")),)

    def test_a_search_keeps_the_rest_known(self):
        only = finding(2)

        result = outcome(
            [criterion("a", "deliver")], only, searches=[search("2026-01-10")]
        )

        assert result.fragile == (
            (only.id, Status("not-followed", 0, "no action found")),
        )

    def test_another_reason_for_the_same_status_is_no_change(self):
        omissions = at("a", 0)

        result = outcome([criterion()], *omissions, finding(-2))

        assert result.status == Status("not-followed", 0, "contrary practice")
        assert result.fragile == ()

    def test_events_to_come_are_never_named(self):
        result = outcome([criterion()], finding(2), finding(-2, "2026-11-24"))

        assert len(result.fragile) == 1


def certain(count=4, **fields):
    """Findings from two publishers on which the status rests beyond doubt."""
    return [
        finding(2, publisher=("United Nations", "Court")[number % 2], **fields)
        for number in range(count)
    ]


class TestConfidence:
    def test_without_doubts_it_is_high(self):
        result = outcome([criterion()], *certain())

        assert (result.doubts, result.confidence) == ((), "high")

    def test_fewer_than_three_weighted_findings_are_thin(self):
        two = outcome([criterion()], *certain(2))
        three = outcome([criterion()], *certain(3))

        assert (two.doubts, two.confidence) == (("thin",), "medium")
        assert three.doubts == ()

    def test_context_and_signals_do_not_thicken(self):
        result = outcome(
            [criterion()], *certain(2), finding(0), finding(2, form="signal")
        )

        assert "thin" in result.doubts

    def test_a_single_publisher_is_thin(self):
        result = outcome([criterion()], *[finding(2) for _ in range(5)])

        assert result.doubts == ("thin",)

    def test_an_unnamed_publisher_is_none(self):
        named = [finding(2) for _ in range(4)]

        result = outcome([criterion()], *named, finding(2, publisher=""))

        assert result.doubts == ("thin",)

    def test_an_unknown_essential_criterion_costs_a_step(self):
        unknown = [criterion(), criterion("b")]
        minor = [criterion(), criterion("b", essential=False)]

        assert outcome(unknown, *certain()).doubts == ("untested",)
        assert outcome(minor, *certain()).doubts == ()

    @pytest.mark.parametrize(
        ("on", "doubts"), [("2021-11-22", ("untested",)), ("2021-11-23", ())]
    )
    def test_not_tested_since_more_than_five_years_costs_a_step(self, on, doubts):
        result = outcome([criterion()], *certain(on=on))

        assert result.criteria["a"].tested_on == day(on)
        assert result.doubts == doubts

    def test_a_thing_delivered_long_ago_needs_no_new_test(self):
        result = outcome([criterion("a", "deliver")], *certain(on="2003-01-01"))

        assert result.doubts == ()

    @pytest.mark.parametrize("fields", [{"double_coded": False}, {"disputed": True}])
    def test_one_finding_coded_once_or_in_dispute_costs_a_step(self, fields):
        result = outcome([criterion()], *certain(), finding(2, **fields))

        assert result.doubts == ("single-coded",)

    def test_what_weighs_nothing_need_not_be_coded_twice(self):
        result = outcome(
            [criterion()],
            *certain(),
            finding(0, double_coded=False),
            finding(2, form="signal", disputed=True),
        )

        assert result.doubts == ()

    def test_a_fragile_status_costs_a_step(self):
        result = outcome(
            [criterion("a", "deliver")],
            finding(2, "2024-01-01"),
            *certain(form="formal"),
        )

        assert result.doubts == ("fragile",)

    def test_two_doubts_or_more_are_low(self):
        result = outcome([criterion()], finding(2, double_coded=False))

        assert result.doubts == ("thin", "single-coded", "fragile")
        assert result.confidence == "low"

    def test_nothing_at_all_is_low(self):
        assert outcome([criterion()]).confidence == "low"


class TestReview:
    def test_every_twelve_months(self):
        assert outcome([criterion()], *certain()).review_due_months == 12

    def test_medium_confidence_alone_does_not_shorten_it(self):
        result = outcome([criterion()], *certain(2))

        assert (result.confidence, result.review_due_months) == ("medium", 12)

    def test_sooner_with_contrary_practice(self):
        result = outcome([criterion()], *certain(8), finding(-2), finding(-2))

        assert (result.confidence, result.review_due_months) == ("high", 6)

    def test_sooner_when_confidence_is_low(self):
        result = outcome([criterion()], finding(2, double_coded=False))

        assert (result.confidence, result.review_due_months) == ("low", 6)

    def test_sooner_when_regressing(self):
        result = outcome(
            [criterion("a", "deliver")],
            *certain(on="2023-01-01"),
            finding(-1, "2025-01-01"),
        )

        assert (result.contrary, result.confidence) == (False, "medium")
        assert (result.trend, result.review_due_months) == ("regressing", 6)
