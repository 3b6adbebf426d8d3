"""How the suggested status changes over the years, and with other parameters."""

import random
from datetime import date, timedelta

from icctracker.ruleset import (
    FORMS,
    Case,
    Parameters,
    Status,
    evaluate,
    history,
    since,
    status_on,
)

from .cases import TODAY, criterion, finding, search


class TestHistory:
    def test_it_begins_with_the_status_on_the_first_day(self):
        case = Case(TODAY, (criterion("a", "deliver"),), (finding(2, "2020-01-01"),))

        assert history(case, date(2013, 3, 6)) == (
            (date(2013, 3, 6), Status("not-assessed")),
            (date(2020, 1, 1), Status("followed", 3)),
        )

    def test_a_lapse_is_a_change_without_an_event(self):
        case = Case(
            TODAY,
            (criterion("a", "deliver"),),
            (finding(1, "2016-02-29", form="formal"),),
        )

        assert history(case, date(2016, 1, 1)) == (
            (date(2016, 1, 1), Status("not-assessed")),
            (date(2016, 2, 29), Status("limited", 1)),
            (date(2021, 3, 1), Status("not-followed", 0, "no action found", "lapsed")),
        )

    def test_a_search_that_grows_old_is_a_change(self):
        case = Case(TODAY, (criterion("a", "deliver"),), (), (search("2020-05-01"),))

        assert history(case, date(2020, 1, 1)) == (
            (date(2020, 1, 1), Status("not-followed", 0, "no action found")),
            (date(2021, 5, 1), Status("not-assessed")),
        )

    def test_a_veto_that_leaves_the_window_is_a_change(self):
        case = Case(
            date(2020, 1, 1),
            (criterion("a", "refrain"),),
            (finding(-2, "2014-05-22"), finding(2, "2018-01-01")),
        )

        assert history(case, date(2018, 6, 1)) == (
            (date(2018, 6, 1), Status("limited", 1)),
            (date(2019, 5, 22), Status("followed", 3)),
        )

    def test_it_agrees_with_every_single_day(self):
        rows = random.Random(20130306)  # noqa: S311
        findings = tuple(
            finding(
                rows.randint(-2, 2),
                f"{rows.randint(2013, 2019)}-{rows.randint(1, 12):02}-15",
                criterion=rows.choice("ab"),
                form=rows.choice(FORMS),
            )
            for _ in range(12)
        )
        criteria = (criterion("a", "deliver"), criterion("b", "refrain"))
        case = Case(date(2022, 1, 1), criteria, findings, (search("2016-02-29"),))
        start = date(2013, 1, 1)

        changes = dict(history(case, start))

        status = None
        for number in range((case.as_of - start).days + 1):
            today = start + timedelta(days=number)
            status = changes.get(today, status)
            assert status == status_on(case, today), today


class TestParameters:
    def test_readers_may_move_the_thresholds(self):
        case = Case(TODAY, (criterion(),), (finding(1), finding(1)))

        assert evaluate(case).status.code == "substantial"
        assert evaluate(case, Parameters(full=75)).status.code == "followed"

    def test_readers_may_move_the_window(self):
        case = Case(TODAY, (criterion(),), (finding(2), finding(-2, "2018-01-01")))

        assert evaluate(case).status.code == "followed"
        assert evaluate(case, Parameters(window_years=10)).status.code == "limited"

    def test_readers_may_move_the_weights(self):
        words = tuple(finding(2, form="signal") for _ in range(2))
        case = Case(TODAY, (criterion(),), words)

        assert evaluate(case).status.code == "insufficient"
        assert evaluate(case, Parameters(signal=1)).status.code == "followed"


class TestSince:
    """The day from which the last status has stood, by how long an interruption is."""

    @staticmethod
    def changes(*spells):
        return [(date.fromisoformat(day), Status(code)) for day, code in spells]

    def test_by_the_first_version_every_interruption_counts(self):
        week = self.changes(
            ("2013-03-06", "limited"),
            ("2020-03-20", "substantial"),
            ("2020-03-27", "limited"),
        )

        assert since(week) == date(2020, 3, 27)

    def test_what_is_shorter_than_the_days_given_is_passed_over(self):
        days = [("2020-01-01", "substantial"), ("2020-06-29", "limited")]
        changes = self.changes(("2013-03-06", "limited"), *days)

        # 180 days lie between the two.
        assert since(changes, Parameters(held_days=181)) == date(2013, 3, 6)
        assert since(changes, Parameters(held_days=180)) == date(2020, 6, 29)

    def test_several_on_end_are_one_interruption(self):
        changes = self.changes(
            ("2013-03-06", "limited"),
            ("2020-01-01", "substantial"),
            ("2020-05-01", "followed"),
            ("2020-09-01", "limited"),
        )

        assert since(changes, Parameters(held_days=180)) == date(2020, 9, 1)
        assert since(changes, Parameters(held_days=300)) == date(2013, 3, 6)

    def test_another_reason_for_the_same_status_is_no_interruption(self):
        none, contrary = "no action found", "contrary practice"
        changes = [
            (date(2013, 3, 6), Status("not-followed", 0, none)),
            (date(2019, 1, 1), Status("not-followed", 0, contrary)),
        ]

        assert since(changes) == date(2013, 3, 6)

    def test_the_longer_an_interruption_may_be_the_earlier_is_since(self):
        rng = random.Random(11)  # noqa: S311
        for _ in range(300):
            days = sorted(rng.sample(range(5000), rng.randint(1, 9)))
            changes = [
                (date(2013, 3, 6) + timedelta(day), Status(rng.choice("abc")))
                for day in days
            ]
            found = [
                since(changes, Parameters(held_days=n)) for n in range(0, 3650, 90)
            ]

            assert found == sorted(found, reverse=True)
            assert found[0] <= changes[-1][0]
            assert set(found) <= {day for day, _status in changes}
