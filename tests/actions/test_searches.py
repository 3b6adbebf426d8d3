"""Logging a search that found nothing, and taking it off the log."""

from datetime import date

import pytest
from django.utils import timezone

from icctracker.actions import ActionRefused
from icctracker.actions.status import log_search, withdraw_search
from icctracker.models import Search
from tests.factories import make_criterion, make_user

pytestmark = pytest.mark.django_db


def log(by, criterion, **changed):
    """Log a search; what is not mentioned is always the same."""
    wanted = {
        "searched_on": date(2026, 1, 10),
        "where": "UN Digital Library",
        "query": "veto AND Court",
        "outcome": "Nothing found.",
    } | changed
    return log_search(by=by, criterion=criterion, **wanted)


@pytest.fixture
def criterion(db):
    return make_criterion()


@pytest.fixture
def curator(db):
    return make_user("curator")


class TestLogging:
    def test_a_search_is_on_the_log_with_who_looked(self, criterion):
        researcher = make_user("researcher")

        search = log(researcher, criterion)

        assert Search.objects.known().get() == search
        assert search.searched_by == researcher

    def test_the_same_one_twice_is_refused(self, criterion, curator):
        log(curator, criterion)

        with pytest.raises(ActionRefused, match="already on the log"):
            log(curator, criterion)

        assert Search.objects.count() == 1

    def test_the_same_question_on_another_day_is_another_search(
        self, criterion, curator
    ):
        log(curator, criterion)

        log(curator, criterion, searched_on=date(2026, 2, 10))

        assert Search.objects.count() == 2

    def test_somebody_without_a_role_logs_nothing(self, criterion):
        with pytest.raises(ActionRefused, match="role"):
            log(make_user(), criterion)


class TestWithdrawing:
    def test_it_leaves_the_log_with_a_reason(self, criterion, curator):
        search = log(curator, criterion)

        withdraw_search(search, by=curator, reason=" Wrong library. ")

        search.refresh_from_db()
        assert not Search.objects.known().exists()
        assert search.withdrawal_reason == "Wrong library."

    def test_the_past_stays_as_it_was_known(self, criterion, curator):
        search = log(curator, criterion)
        before = timezone.now()

        withdraw_search(search, by=curator, reason="Wrong library.")

        assert Search.objects.known(before).get() == search

    def test_it_may_then_be_logged_again(self, criterion, curator):
        withdraw_search(log(curator, criterion), by=curator, reason="Wrong day.")

        log(curator, criterion)

        assert Search.objects.known().count() == 1

    def test_a_reason_is_compulsory(self, criterion, curator):
        search = log(curator, criterion)

        with pytest.raises(ActionRefused, match="Say why"):
            withdraw_search(search, by=curator, reason=" ")

    def test_it_is_done_once(self, criterion, curator):
        search = log(curator, criterion)
        withdraw_search(search, by=curator, reason="Wrong library.")

        with pytest.raises(ActionRefused, match="already"):
            withdraw_search(search, by=curator, reason="Again.")

    def test_it_takes_a_curator(self, criterion, curator):
        search = log(curator, criterion)

        with pytest.raises(ActionRefused, match="role"):
            withdraw_search(search, by=make_user("reviewer"), reason="No.")
