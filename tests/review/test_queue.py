"""The reviewer's queue."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from icctracker.models import Evidence
from icctracker.readings.risks import RiskKind
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
)

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def reviewer(client):
    user = make_user("reviewer")
    client.force_login(user)
    return user


def queue(client, **query):
    """The response, and the titles of what it lists."""
    response = client.get(reverse("review-queue"), query)
    return response, [entry.title for entry in response.context["page_obj"]]


class TestQueue:
    def test_it_holds_what_is_submitted_and_nothing_else(self, client, reviewer):
        for state in State:
            make_evidence(state, title=f"An entry: {state}")

        _response, titles = queue(client)

        assert titles == ["An entry: submitted"]

    def test_the_oldest_comes_first(self, client, reviewer):
        late = make_evidence(State.SUBMITTED, title="Late")
        make_evidence(State.SUBMITTED, title="Early")
        late.submitted_at = timezone.now() + timedelta(hours=1)
        late.save()

        _response, titles = queue(client)

        assert titles == ["Early", "Late"]

    def test_each_row_says_what_a_reviewer_chooses_by(self, client, reviewer):
        make_evidence(
            State.SUBMITTED,
            by=make_user("researcher", username="ada"),
            situations=[make_situation()],
        )

        page = queue(client)[0].content.decode()

        for words in ("22 May 2014", "Veto", "Syrian Arab Republic", "7a", "ada"):
            assert words in page

    def test_first_data_and_ones_own_entries_are_marked(self, client, reviewer):
        make_evidence(State.SUBMITTED)
        make_evidence(State.SUBMITTED, by=reviewer)

        page = queue(client)[0].content.decode()

        assert "first data" in page and "yours" in page

    def test_an_empty_queue_says_so(self, client, reviewer):
        assert "Nothing waits for review." in queue(client)[0].content.decode()


class TestFilter:
    def test_by_recommendation_each_entry_comes_once(self, client, reviewer):
        rows = [finding_row(make_criterion(code)) for code in ("7a", "7b")]
        make_evidence(State.SUBMITTED, title="On R7", findings=rows)
        other = finding_row(make_criterion("4a", kind="sustain"))
        make_evidence(State.SUBMITTED, title="On R4", findings=[other])

        response, titles = queue(client, recommendation="R7")

        assert titles == ["On R7"]
        assert "Recommendation: R7" in response.content.decode()

    def test_by_several_recommendations_it_has_what_is_about_any(
        self, client, reviewer
    ):
        for code in ("7a", "4a", "6a"):
            row = finding_row(make_criterion(code, kind="sustain"))
            make_evidence(State.SUBMITTED, title=f"On {code}", findings=[row])

        response, titles = queue(client, recommendation=["R7", "r4"])

        assert sorted(titles) == ["On 4a", "On 7a"]
        assert "Recommendation: R7" in response.content.decode()

    def test_by_several_risks_it_has_what_bears_any(self, client, reviewer):
        make_evidence(State.SUBMITTED)
        bears = queue(client)[0].context["page_obj"][0].risks[0].kind
        other = next(kind for kind in RiskKind.values if kind != bears)

        assert len(queue(client, risk=[bears, other])[1]) == 1

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ("noted", ["With"]),
            ("plain", ["Without"]),
            (["plain", "noted"], ["With", "Without"]),
        ],
    )
    def test_by_whether_something_remains_to_be_checked(
        self, client, reviewer, wanted, expected
    ):
        make_evidence(State.SUBMITTED, title="With", verification_note="The date.")
        make_evidence(State.SUBMITTED, title="Without")

        _response, titles = queue(client, verification=wanted)

        assert titles == expected

    @pytest.mark.parametrize(
        "query", [{"recommendation": "R99"}, {"verification": "perhaps"}]
    )
    def test_a_value_that_does_not_exist_is_explained(self, client, reviewer, query):
        make_evidence(State.SUBMITTED)

        response, titles = queue(client, **query)

        assert titles == []
        assert 'role="alert"' in response.content.decode()

    def test_a_page_beyond_the_end_is_not_found(self, client, reviewer):
        assert client.get(reverse("review-queue"), {"page": 99}).status_code == 404
