"""What is said of a status, wherever it is said."""

from datetime import date
from types import SimpleNamespace

import pytest

from icctracker.models.standings import Stands
from icctracker.readings import saying
from icctracker.readings.grounds import grounds_of, parts_of, result_as_data, result_of
from icctracker.ruleset import PUBLISHED, Case, evaluate, history, since
from icctracker.ruleset.parameters import as_values, from_values
from tests.ruleset.cases import TODAY, criterion, finding

PUBLISHED_ON = date(2013, 3, 6)
HELD = from_values(as_values(PUBLISHED) | {"held_days": 180})


class Made(Stands):
    """A status worked out from a case, without a database."""

    def __init__(self, *criteria, findings=(), as_of=TODAY, parameters=PUBLISHED):
        publication = SimpleNamespace(published_on=PUBLISHED_ON)
        self.recommendation = SimpleNamespace(number=7, publication=publication)
        self.case = Case(as_of, criteria, tuple(findings))
        self.as_of, self.parameters, self.assessment = as_of, parameters, None
        self.result = evaluate(self.case, parameters)
        self.suggested, self.confidence = self.result.status, self.result.confidence
        self.lapsed = any(found.lapsed for found in self.result.criteria.values())
        changes = history(self.case, min(PUBLISHED_ON, as_of), parameters)
        self.since = since(changes, parameters)
        self.grounds = grounds_of(self)


def decided(status, decision, reason=""):
    """The same, with an editor's decision of 2 January 2020."""
    status.assessment = SimpleNamespace(
        decided=decision,
        decided_reason=reason,
        suggested=status.suggested.code,
        assessed_on=date(2020, 1, 2),
        overrides=decision != status.suggested.code,
    )
    return status


class TestWhyItIsNotFollowed:
    def test_no_action_is_found_only_where_there_was_no_step(self):
        talk = finding(1, "2025-01-01", form="signal")

        status = Made(criterion("a", "deliver"), findings=[talk])

        assert "is not followed: no action was found." in saying.stands(status)

    def test_of_a_step_that_lapsed_both_years_are_said(self):
        step = finding(1, "2014-02-21", form="formal")

        status = Made(criterion("a", "deliver"), findings=[step])

        said = saying.stands(status)
        assert "a step was taken in 2014 and lapsed in 2019" in said
        assert "no action" not in said

    def test_a_step_that_was_undone_is_no_lack_of_action(self):
        steps = [finding(2, "2014-02-21"), finding(-2, "2016-05-01", form="formal")]

        said = saying.stands(Made(criterion("a", "deliver"), findings=steps))

        assert "a step was taken in 2014 and has been undone since" in said

    @pytest.mark.parametrize("kind", ["sustain", "refrain"])
    def test_cases_that_were_let_pass_are_counted(self, kind):
        passed = [finding(-1, f"2025-0{n}-01", form="formal") for n in (1, 2)]

        said = saying.stands(Made(criterion("a", kind), findings=passed))

        assert said.endswith("is not followed: it was kept to in none of two cases.")

    def test_a_decision_to_the_contrary_comes_before_all_else(self):
        rows = [
            finding(1, "2014-02-21", form="formal"),
            finding(-2, "2025-01-01", criterion="b"),
        ]

        status = Made(criterion("a", "deliver"), criterion("b"), findings=rows)

        assert "there is contrary practice" in saying.stands(status)
        assert "On a a step was taken in 2014 and lapsed in 2019." in (
            saying.cautions(status)
        )

    def test_an_editor_says_no_action_only_where_no_step_lapsed(self):
        step = finding(1, "2014-02-21", form="formal")
        rows = [step, finding(2, "2025-01-01", criterion="b")]
        status = Made(criterion("a", "deliver"), criterion("b"), findings=rows)

        said = saying.stands(decided(status, "not-followed", "no action found"))

        assert "no action" not in said
        assert "lapsed in 2019" in said

    @pytest.mark.parametrize("trace", ["lapsed", "undone", "missed"])
    def test_its_label_says_the_same(self, trace):
        assert str(saying.REASONS[trace]) != str(saying.REASONS["no action found"])


class TestWhy:
    """All in full; none below largely; some part met; none met."""

    LEVEL = {3: 2, 2: 1, 0: -2}

    def why(self, *levels):
        codes = "abc"[: len(levels)]
        rows = [
            finding(self.LEVEL[level], criterion=code)
            for code, level in zip(codes, levels, strict=True)
            if level is not None
        ]
        return saying.why(Made(*[criterion(code) for code in codes], findings=rows))

    @pytest.mark.parametrize(
        ("levels", "said"),
        [
            ([3], "The only main part is met in full: a."),
            ([3, 3], "Every main part is met in full: a and b."),
            (
                [3, 2],
                "No main part is met less than largely: a in full and b largely.",
            ),
            (
                [3, 0],
                "Some main part is met, but not every one at least largely: a in full"
                " and b not met.",
            ),
            ([0, 0], "No main part is met: a and b."),
            (
                [0, None],
                "Not every main part can be judged, and none that can is met: a not"
                " met and b unknown.",
            ),
        ],
    )
    def test_it_is_the_rule_itself(self, levels, said):
        assert self.why(*levels) == said

    def test_another_main_part_shows_why_a_status_falls(self):
        rows = [finding(2), finding(-2, criterion="b")]
        before = Made(criterion("a"), criterion("b", essential=False), findings=rows)
        after = Made(criterion("a"), criterion("b"), findings=rows)

        assert saying.why(before) == "The only main part is met in full: a."
        assert "a in full and b not met" in saying.why(after)

    def test_each_part_says_what_it_contributes(self):
        rows = [finding(2), finding(-2, criterion="b")]
        parts = [criterion("a"), criterion("b"), criterion("c")]
        beside = criterion("d", essential=False)
        status = Made(*parts, beside, findings=rows)

        said = [
            saying.contribution(part, status.result.criteria[part.code])
            for part in (*parts, beside)
        ]

        assert said == [
            "by itself: Followed",
            "by itself: Not followed",
            "not known, so that neither followed nor largely followed can be said",
            "not a main part: it does not count for the status",
        ]


class TestHowSure:
    def test_a_status_that_rests_on_one_case_says_so(self):
        status = Made(criterion("a", "refrain"), findings=[finding(-2)])

        assert "It rests on one case in five years." in saying.cautions(status)
        assert "rests on one entry" in saying.sure(status)

    def test_one_that_rests_on_several_does_not(self):
        rows = [finding(-2, f"2025-0{month}-01") for month in (1, 2, 3)]
        status = Made(criterion("a", "refrain"), findings=rows)

        assert saying.cautions(status) == []
        assert not any("rests" in words for words in saying.sure(status))

    def test_without_a_later_case_it_says_since_when_there_was_none(self):
        status = Made(criterion("a", "refrain"), findings=[finding(-2, "2011-02-26")])

        assert "no case since 2011" in saying.sure(status)
        assert (
            "a has not been measurable since 26 February 2011: no case has come since."
            in saying.cautions(status)
        )

    def test_a_single_later_case_is_named(self):
        later = finding(-1, "2024-05-05", form="formal")
        rows = [finding(-2, "2011-02-26"), later]
        status = Made(criterion("a", "refrain"), findings=rows)

        assert status.result.criteria["a"].later == (later.id,)
        assert "not measurable since 2011" in saying.sure(status)
        assert (
            "a has not been measurable since 26 February 2011: there was one case"
            " later, in 2024, which is too little." in saying.cautions(status)
        )

    def test_parts_that_share_a_day_share_a_sentence(self):
        rows = [finding(-2, "2014-05-22", criterion=code) for code in "ab"]
        status = Made(criterion("a"), criterion("b"), findings=rows)

        assert (
            "a and b have not been measurable since 22 May 2014: no case has come"
            " since." in saying.cautions(status)
        )

    def test_confidence_names_the_reasons_that_hold_and_only_those(self):
        rows = [
            finding(-2, f"2025-0{month}-01", publisher=who)
            for month, who in enumerate(["Court", "Council", "Court"], 1)
        ]
        sound = Made(criterion("a"), findings=rows)
        once = [finding(-2, f"2025-0{month}-09") for month in (1, 2, 3)]
        thin = Made(criterion("a"), findings=once)

        assert saying.confidence(sound, PUBLISHED) == "Confidence is high."
        assert saying.confidence(thin, PUBLISHED) == (
            "Confidence is medium, because its sources come from one publisher at most."
        )

    def test_what_is_in_dispute_is_not_said_to_be_coded_once(self):
        rows = [
            finding(-2, f"2025-0{month}-01", disputed=True, publisher=who)
            for month, who in enumerate(["Court", "Council", "Court"], 1)
        ]

        said = saying.doubts(Made(criterion("a"), findings=rows), PUBLISHED)

        assert said == ["a finding is in dispute"]


class TestScore:
    def test_few_strong_cases_among_many_silent_ones_are_both_told(self):
        strong = [finding(2, f"2025-01-{day:02}") for day in range(1, 11)]
        silent = [
            finding(-1, f"2025-02-{day:02}", form="omission") for day in range(1, 20)
        ]
        found = Made(criterion("a"), findings=strong + silent).result.criteria["a"]

        said = saying.score(found, date(2021, 11, 23))

        assert "Kept to in 10 of 29 cases after 23 November 2021" in said
        assert "a score of 79\N{NO-BREAK SPACE}%" in said
        assert "the 10 in which it was kept to carry 72\N{NO-BREAK SPACE}%" in said

    def test_where_both_say_the_same_once_is_enough(self):
        found = Made(criterion("a"), findings=[finding(2), finding(2)])

        said = saying.score(found.result.criteria["a"], date(2021, 11, 23))

        assert said.startswith("Kept to in 2 of 2 cases")
        assert "carry" not in said


class TestSince:
    # Not followed all the time but for seventeen days.
    ROWS = [
        finding(-2, "2012-01-01"),
        finding(-2, "2016-06-01"),
        finding(2, "2019-12-20"),
        finding(-2, "2020-01-06"),
        finding(-2, "2020-01-07"),
        finding(-2, "2024-06-01"),
    ]

    def test_from_the_outset_it_names_the_month(self):
        status = Made(criterion("a", "refrain"), findings=self.ROWS, parameters=HELD)

        assert saying.since(status) == (
            "That has been so since March 2013, when the recommendation was made."
        )

    def test_each_change_counts_where_none_has_to_hold(self):
        status = Made(criterion("a", "refrain"), findings=self.ROWS)

        assert saying.since(status) == "That has been so since 6 January 2020."
        assert saying.holding(PUBLISHED) == ""

    def test_a_change_that_has_to_hold_says_for_how_long(self):
        assert saying.holding(HELD) == (
            "A change of the status counts once it has held for half a year."
        )

    def test_what_an_editor_decided_has_no_date_of_the_rule(self):
        status = decided(
            Made(criterion("a", "refrain"), findings=self.ROWS), "overtaken"
        )

        assert saying.since(status) == ""


class TestWhoDecided:
    def said(self, *decision):
        status = Made(criterion("a"), findings=[finding(-2)])
        return saying.who(decided(status, *decision) if decision else status)

    def test_it_is_said_once_and_plainly(self):
        assert self.said() == (
            "Worked out by the published rule; not yet confirmed by an editor."
        )
        assert self.said("not-followed", "contrary practice") == (
            "Worked out by the published rule; confirmed by an editor on 2 January"
            " 2020."
        )
        assert self.said("overtaken") == (
            "Decided by an editor on 2 January 2020, otherwise than by the published"
            " rule, which gave “Not followed”."
        )


def test_what_is_written_says_what_was_worked_out():
    rows = [
        finding(-2, "2011-02-26"),
        finding(-1, "2024-05-05", form="formal"),
        finding(1, "2014-02-21", criterion="b", form="formal"),
    ]
    status = Made(criterion("a"), criterion("b", "deliver"), findings=rows)

    for part in parts_of(status):
        result = status.result.criteria[part.code]
        assert result_as_data(part.result, TODAY) == result_as_data(result, TODAY)
        assert result_of(result_as_data(result, TODAY)) == part.result
