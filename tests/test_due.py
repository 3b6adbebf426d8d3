"""When a recommendation is to be assessed, and what is to be searched."""

from datetime import date, timedelta

import pytest

from icctracker.actions.status import assess
from icctracker.models import Search
from icctracker.readings.standing import (
    criteria_unsearched,
    reviews_ahead,
    reviews_due,
    standings,
)
from tests.factories import (
    finding_row,
    make_codebook,
    make_criterion,
    make_evidence,
    make_user,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)


def assessed(code, day, decided=None):
    recommendation = make_criterion(code, kind="sustain").recommendation
    made = assess(
        recommendation,
        by=make_user("curator"),
        as_of=day,
        decided=decided or "not-assessed",
        rationale="So it is." if decided else "",
    )
    assert made.review_due_on > day
    return made


def due(today=TODAY):
    found = reviews_due(standings(today))
    return [(row.standing.recommendation.code, row.why, row.since) for row in found]


class TestAssessments:
    def test_overdue_comes_first_then_what_was_never_assessed(self):
        make_criterion("1a")
        late = assessed("2a", date(2024, 1, 1)).review_due_on
        later = assessed("3a", date(2023, 1, 1)).review_due_on
        assessed("4a", date(2026, 5, 1))

        assert due() == [
            ("R3", "overdue", later),
            ("R2", "overdue", late),
            ("R1", "never", None),
        ]

    def test_it_falls_due_on_the_day_the_rule_says(self):
        day = assessed("2a", date(2026, 1, 1)).review_due_on

        assert due(day - timedelta(days=1)) == []
        assert due(day) == [("R2", "overdue", day)]

    def test_at_once_where_the_evidence_has_changed_since(self):
        assessed("7a", date(2026, 5, 1))
        make_evidence(occurred_on=date(2026, 5, 20), findings=[finding_row()])

        assert due() == [("R7", "changed", None)]

    def test_the_others_follow_in_order(self):
        assessed("2a", date(2026, 5, 1))
        assessed("3a", date(2026, 4, 1))

        ahead = reviews_ahead(standings(TODAY))

        assert [row.recommendation.code for row in ahead] == ["R3", "R2"]


class TestSearches:
    def search(self, criterion, day, **fields):
        return Search.objects.create(
            criterion=criterion,
            searched_on=day,
            where="A catalogue",
            query=f"words of {day}",
            outcome="Nothing.",
            **fields,
        )

    def unsearched(self):
        return [(row.code, row.last_search) for row in criteria_unsearched(TODAY)]

    @pytest.mark.parametrize(
        ("day", "is_due"), [(date(2025, 6, 1), True), (date(2025, 6, 2), False)]
    )
    def test_a_search_holds_for_a_year_as_it_does_for_the_rule(self, day, is_due):
        self.search(make_criterion("1a"), day)

        assert self.unsearched() == ([("1a", day)] if is_due else [])

    def test_what_was_never_searched_comes_first(self):
        self.search(make_criterion("1a"), date(2020, 1, 1))
        make_criterion("1b")

        assert self.unsearched() == [("1b", None), ("1a", date(2020, 1, 1))]

    def test_a_withdrawn_search_is_none(self):
        withdrawn = {"withdrawn_at": "2026-02-01T00:00Z", "withdrawal_reason": "Wrong."}
        self.search(make_criterion("1a"), date(2026, 1, 1), **withdrawn)

        assert self.unsearched() == [("1a", None)]

    def test_one_made_by_an_earlier_codebook_counts(self):
        old = make_criterion("1a")
        self.search(old, date(2026, 1, 1))
        newer = make_codebook("1.1", date(2026, 2, 1))
        make_criterion("1a", codebook=newer)

        assert self.unsearched() == []
