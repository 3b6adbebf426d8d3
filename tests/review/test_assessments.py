"""Assessing the recommendations."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.status import assess
from icctracker.models import Assessment
from icctracker.models.rules import latest_today
from tests.factories import finding_row, make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db

DAY = date(2015, 1, 1)


@pytest.fixture
def curator(client):
    user = make_user("curator")
    client.force_login(user)
    return user


@pytest.fixture
def recommendation(db):
    """One that the rule finds not followed in 2015, for one veto."""
    criterion = make_criterion()
    make_evidence(title="The veto")
    return criterion.recommendation


def address(code="r7"):
    return reverse("assessment-create", args=[code])


def send(client, **changed):
    """Post the form; what is not mentioned confirms the rule for DAY."""
    sent = {
        "as_of": DAY.isoformat(),
        "decided": "not-followed",
        "decided_reason": "",
        "rationale": "",
        "suggested": "not-followed",
        "suggested_reason": "contrary practice",
        "seen": 0,
    } | changed
    sent = {name: value for name, value in sent.items() if value is not None}
    return client.post(address(), sent)


class TestList:
    def test_a_recommendation_without_an_assessment_is_due(
        self, client, curator, recommendation
    ):
        page = client.get(reverse("assessment-list")).content.decode()

        assert "R7" in page and "Not yet" in page and "due" in page

    def test_suggestion_and_decision_stand_side_by_side(
        self, client, curator, recommendation
    ):
        assess(
            recommendation,
            by=curator,
            as_of=DAY,
            decided="overtaken",
            rationale="It is over.",
        )

        page = client.get(reverse("assessment-list")).content.decode()

        assert "Not followed" in page and "Overtaken by events" in page
        assert "differs from the rule" in page
        assert "1 Jan 2015" in page
        assert "overdue" in page

    def test_evidence_that_changed_the_suggestion_is_announced(
        self, client, curator, recommendation
    ):
        assess(recommendation, by=curator, as_of=DAY, decided="not-followed")
        make_evidence(
            findings=[finding_row(effect=2)], occurred_on=timezone.localdate()
        )

        page = client.get(reverse("assessment-list")).content.decode()

        assert "the evidence has changed since" in page


class TestSuggestion:
    def test_it_is_shown_with_its_reasons_and_doubts(
        self, client, curator, recommendation
    ):
        page = send(client, show="1").content.decode()

        for words in (
            "What the rule suggests for 1 January 2015",
            "contrary practice",
            "Criterion 7a is kept.",
            "kept to in 0 of 1 case",
            "not every finding has been coded by two people",
            "The veto",
            "Without it the status would be:",
        ):
            assert words in page

    def test_looking_at_a_date_records_nothing_and_loses_nothing(
        self, client, curator, recommendation
    ):
        response = send(client, show="1", rationale="Half a thought", decided=None)

        assert response.status_code == 200
        page = response.content.decode()
        assert "Half a thought" in page
        assert "There is a problem" not in page
        assert not Assessment.objects.exists()

    def test_the_form_carries_what_is_shown(self, client, curator, recommendation):
        page = send(client, show="1", suggested="followed", as_of="2013-06-01")

        content = page.content.decode()
        assert 'name="suggested" value="not-assessed"' in content

    def test_at_first_it_is_todays(self, client, curator, recommendation):
        response = client.get(address())

        assert response.context["as_of"] == timezone.localdate()


class TestRecording:
    def test_confirming_needs_no_words(self, client, curator, recommendation):
        response = send(client)

        made = Assessment.objects.get()
        assert response.headers["Location"] == reverse("assessment-list")
        assert (made.decided, made.decided_reason) == (
            "not-followed",
            "contrary practice",
        )
        assert made.assessed_by == curator

    def test_overriding_needs_a_reason_and_both_stay_visible(
        self, client, curator, recommendation
    ):
        send(client, decided="not-testable", rationale="Nobody can measure it.")

        page = client.get(address()).content.decode()
        for words in (
            "Not followed – contrary practice",
            "Cannot be tested as worded",
            "Nobody can measure it.",
            "1 Jan 2015",
        ):
            assert words in page

    def test_not_followed_against_the_rule_says_which(
        self, client, curator, recommendation
    ):
        changed = {"as_of": "2013-06-01", "suggested": "not-assessed"}

        page = send(client, rationale="I looked.", **changed).content.decode()
        send(client, rationale="I looked.", decided_reason="no action found", **changed)

        assert "Choose which of the two it is." in page
        assert Assessment.objects.get().decided_reason == "no action found"

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"as_of": ""}, "Give the date."),
            ({"as_of": "2015-02-30"}, "“2015-02-30” is not a date."),
            ({"as_of": "9999-12-31"}, "is in the future"),
            ({"as_of": "2013-03-05"}, "only made on 6 March 2013"),
            ({"decided": None}, "Choose the status."),
            ({"decided": "excellent"}, "Select a valid choice"),
            ({"decided": "limited"}, "Say why it differs"),
            ({"decided": "limited", "rationale": " "}, "Say why it differs"),
            ({"decided_reason": "no action found"}, "Say why it differs"),
            ({"decided_reason": "bad luck"}, "Select a valid choice"),
            ({"rationale": "x" * 5001}, "Shorten it to 5000 characters"),
            ({"suggested": None}, "required"),
        ],
    )
    def test_bad_input_is_explained_at_its_field(
        self, client, curator, recommendation, changed, said
    ):
        response = send(client, **changed)

        assert response.status_code == 200
        assert said in response.content.decode()
        assert not Assessment.objects.exists()

    def test_tomorrow_is_the_future(self, client, curator, recommendation):
        tomorrow = latest_today() + timedelta(days=1)

        page = send(client, as_of=tomorrow.isoformat()).content.decode()

        assert "is in the future" in page

    def test_a_suggestion_that_changed_is_read_again(
        self, client, curator, recommendation
    ):
        response = send(
            client, suggested="followed", suggested_reason="", decided="followed"
        )

        page = response.content.decode()
        assert "the rule suggests “Not followed” for this date" in page
        assert 'name="suggested" value="not-followed"' in page
        assert not Assessment.objects.exists()
