"""Curators are reminded of what is due: once each, and not every day."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from icctracker.actions.mail import deliver, forget_old, remind_of_due
from icctracker.actions.status import assess
from icctracker.models import Notice, Search
from tests.factories import finding_row, make_criterion, make_evidence, make_user
from tests.postbox import arrived

pytestmark = pytest.mark.django_db

# The last assessment was in January 2025, so it is overdue in November 2026.
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-24 06:00 +0000", tick=False) as travelling:
        yield travelling


@pytest.fixture
def curator():
    return make_user("curator", email="carla@example.org")


@pytest.fixture
def criterion(curator):
    """A criterion that was searched lately, so that its assessment alone is due."""
    criterion = make_criterion("7a")
    Search.objects.create(
        criterion=criterion,
        searched_on=date(2026, 11, 1),
        where="A catalogue",
        query="words",
        outcome="Nothing counts.",
        searched_by=curator,
    )
    return criterion


def make_assessment(criterion, day, decided="insufficient"):
    instant = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    with time_machine.travel(instant, tick=False):
        return assess(
            criterion.recommendation,
            by=make_user("curator"),
            as_of=day,
            decided=decided,
            rationale="Nothing was found yet.",
        )


def lines():
    return [line for message in arrived() for line in message.body.splitlines() if line]


class TestAssessments:
    def test_an_overdue_one_is_told_once(self, criterion, curator):
        make_user("reviewer", email="rosa@example.org")
        make_assessment(criterion, date(2025, 1, 10))

        first, again = remind_of_due(TODAY), remind_of_due(TODAY)
        deliver()

        assert (first, again) == (1, 0)
        (message,) = arrived()
        assert message.to == [curator.email]
        assert "R7: the review of its status is due." in message.body
        assert "/review/assessments/r7/" in message.body

    def test_and_again_when_the_next_date_has_passed(self, criterion, curator, clock):
        make_assessment(criterion, date(2025, 1, 10))
        remind_of_due(TODAY)
        clock.shift(timedelta(days=1))
        made = make_assessment(criterion, date(2026, 11, 25))

        before = remind_of_due(made.review_due_on - timedelta(days=1))
        clock.move_to(datetime.combine(made.review_due_on, datetime.min.time()))
        Search.objects.update(searched_on=made.review_due_on)

        assert before == 0
        assert remind_of_due(made.review_due_on) == 1

    def test_one_never_made_is_told_once_in_other_words(self, criterion, curator):
        first, again = remind_of_due(TODAY), remind_of_due(TODAY + timedelta(days=1))
        deliver()

        assert (first, again) == (1, 0)
        assert "R7: its status has never been assessed." in lines()

    def test_one_overtaken_by_evidence_is_told_once_too(
        self, criterion, curator, clock
    ):
        make_assessment(criterion, date(2026, 11, 1), decided="not-assessed")
        make_evidence(occurred_on=date(2026, 11, 20), findings=[finding_row()])

        first, again = remind_of_due(TODAY), remind_of_due(TODAY)
        deliver()

        assert (first, again) == (1, 0)
        assert "R7: the evidence has changed since it was assessed." in lines()

    def test_nobody_is_told_of_what_is_ahead(self, criterion, curator):
        make_assessment(criterion, date(2026, 11, 1))

        assert remind_of_due(TODAY) == 0

    def test_what_is_assessed_before_the_message_goes_is_not_told(
        self, criterion, curator, clock
    ):
        remind_of_due(TODAY)
        clock.shift(timedelta(hours=1))
        make_assessment(criterion, TODAY)

        deliver()

        assert arrived() == []

    def test_it_is_told_once_even_when_sent_notices_are_forgotten(
        self, criterion, curator, clock
    ):
        remind_of_due(TODAY)
        deliver()
        clock.shift(timedelta(days=100))
        forget_old()

        assert remind_of_due(TODAY) == 0


class TestSearches:
    @pytest.fixture
    def unsearched(self, criterion):
        make_assessment(criterion, date(2026, 11, 1))
        Search.objects.all().delete()

    def test_they_are_one_line_with_their_number(self, unsearched, curator):
        make_criterion("7b")

        remind_of_due(TODAY)
        deliver()

        assert "2 criteria have not been searched this year." in lines()
        assert any(line.endswith("/review/due/#searches") for line in lines())

    def test_the_line_comes_at_most_once_a_month(self, unsearched, curator, clock):
        first = remind_of_due(TODAY)
        clock.shift(timedelta(days=29))
        early = remind_of_due(TODAY)
        clock.shift(timedelta(days=1))

        assert (first, early, remind_of_due(TODAY)) == (1, 0, 1)

    def test_what_is_searched_before_the_message_goes_is_not_told(
        self, unsearched, criterion, curator
    ):
        remind_of_due(TODAY)
        Search.objects.create(
            criterion=criterion,
            searched_on=TODAY,
            where="A catalogue",
            query="words",
            outcome="Nothing counts.",
            searched_by=curator,
        )

        deliver()

        assert arrived() == []
        assert not Notice.objects.exists()
