"""What an entry would change if it were published."""

from datetime import date

import pytest
from django.urls import reverse

from icctracker.actions.review import decide
from icctracker.models import Evidence
from icctracker.readings.standing import standing_of
from tests.factories import (
    finding_row,
    make_codebook,
    make_criterion,
    make_evidence,
    make_user,
)
from tests.prospects import changes

pytestmark = pytest.mark.django_db

State = Evidence.State
DAY = date(2015, 1, 1)


class TestChanges:
    def test_it_is_what_publishing_then_makes_of_it(self):
        recommendation = make_criterion().recommendation
        make_evidence(findings=[finding_row(effect=2)])
        entry = make_evidence(State.SUBMITTED)

        (now, then), *rest = changes(entry, DAY)

        assert not rest
        assert now.suggested == standing_of(recommendation, DAY).suggested
        decide(entry, reviewer=make_user("reviewer"), outcome="publish")
        published = standing_of(recommendation, DAY)
        assert then == published.suggested
        assert then != now.suggested

    def test_each_recommendation_it_bears_on_comes_in_order(self):
        rows = [finding_row(make_criterion(code)) for code in ("7a", "7b", "4a")]
        entry = make_evidence(State.SUBMITTED, findings=rows)

        pairs = changes(entry, DAY)

        assert [now.recommendation.code for now, _then in pairs] == ["R4", "R7"]

    def test_an_event_after_the_date_changes_nothing(self):
        make_criterion()
        entry = make_evidence(State.SUBMITTED, occurred_on=date(2016, 1, 1))

        (now, then), *_rest = changes(entry, DAY)

        assert then == now.suggested

    def test_a_draft_without_a_date_changes_nothing(self):
        make_criterion()
        entry = make_evidence(State.DRAFT, occurred_on=None)

        (now, then), *_rest = changes(entry, DAY)

        assert then == now.suggested

    def test_a_criterion_that_is_no_longer_asked_is_left_out(self):
        entry = make_evidence(
            State.SUBMITTED, findings=[finding_row(make_criterion("7h"))]
        )
        newer = make_codebook("2.0", date(2014, 1, 1))
        make_criterion("7a", codebook=newer)

        (now, then), *_rest = changes(entry, DAY)

        assert then == now.suggested

    def test_what_is_accepted_already_is_not_added_again(self, monkeypatch):
        added = []
        monkeypatch.setattr(
            "icctracker.readings.present.suggested_with",
            lambda now, _entry, drafts: added.append(drafts) or now.suggested,
        )

        changes(make_evidence(State.PUBLISHED), DAY)

        assert added == [[]]


class TestOnThePage:
    def test_a_change_of_status_is_announced(self, client):
        client.force_login(make_user("reviewer"))
        entry = make_evidence(State.SUBMITTED, findings=[finding_row(effect=2)])

        page = client.get(reverse("review-evidence", args=[entry.pk])).content.decode()

        assert "What it would change" in page
        assert "Not yet assessed" in page and "Followed" in page

    def test_no_change_as_well(self, client):
        make_evidence(findings=[finding_row(effect=0)])
        client.force_login(make_user("reviewer"))
        entry = make_evidence(State.SUBMITTED, findings=[finding_row(effect=0)])

        page = client.get(reverse("review-evidence", args=[entry.pk])).content.decode()

        assert "The same" in page
