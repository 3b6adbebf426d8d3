"""The desk: what is in hand, and where evidence is wanting."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from icctracker.actions.review import decide
from icctracker.models import Evidence
from tests.desk.posted import signed_in
from tests.factories import finding_row, make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db
DESK = reverse("desk")
State = Evidence.State


@pytest.fixture
def user():
    return make_user("researcher")


class TestDesk:
    def test_strangers_are_asked_to_sign_in(self, client):
        response = client.get(DESK)

        assert response.url == f"{reverse('sign-in')}?next={DESK}"

    def test_people_without_a_role_are_turned_away(self, client):
        assert signed_in(client, make_user()).get(DESK).status_code == 403

    def test_it_lists_ones_own_entries_by_state(self, client, user):
        for state in State:
            make_evidence(state, by=user, title=f"Mine, {state}")

        context = signed_in(client, user).get(DESK).context

        assert [each.title for each in context["drafts"]] == ["Mine, draft"]
        assert [each.title for each in context["returned"]] == ["Mine, returned"]
        assert [each.title for each in context["waiting"]] == ["Mine, submitted"]
        assert {each.title for each in context["decided"]} == {
            "Mine, published",
            "Mine, declined",
            "Mine, withdrawn",
        }

    def test_entries_of_others_are_not_there(self, client, user):
        for state in State:
            make_evidence(state, by=make_user("researcher"), title="Theirs")

        page = signed_in(client, user).get(DESK).content.decode()

        assert "Theirs" not in page

    def test_a_returned_entry_shows_the_comment(self, client, user):
        entry = make_evidence(State.SUBMITTED, by=user)
        decide(
            entry,
            reviewer=make_user("reviewer"),
            outcome="return",
            note="Which paragraph?",
        )

        page = signed_in(client, user).get(DESK).content.decode()

        assert "Which paragraph?" in page
        assert reverse("evidence-update", args=[entry.pk]) in page

    def test_the_reviewers_name_is_not_told(self, client, user):
        entry = make_evidence(State.SUBMITTED, by=user)
        reviewer = make_user("reviewer", username="secretagent")
        decide(entry, reviewer=reviewer, outcome="return", note="Which one?")

        page = signed_in(client, user).get(DESK).content.decode()

        assert "secretagent" not in page

    def test_researchers_see_no_way_to_the_queue(self, client, user):
        page = signed_in(client, user).get(DESK).content.decode()

        assert f'href="{reverse("review-queue")}"' not in page

    def test_reviewers_do(self, client):
        page = signed_in(client, make_user("reviewer")).get(DESK).content.decode()

        assert f'href="{reverse("review-queue")}"' in page


class TestQuietRecommendations:
    def quiet(self, client, user):
        with time_machine.travel("2026-11-23", tick=False):
            context = signed_in(client, user).get(DESK).context
        return [each.code for each in context["quiet"]]

    def test_those_without_any_evidence_are_listed(self, client, user):
        make_criterion("7a")

        assert self.quiet(client, user) == ["R7"]

    def test_those_with_evidence_of_last_year_are_not(self, client, user):
        finding = finding_row(make_criterion("7a"))
        make_evidence(occurred_on=date(2025, 11, 24), findings=[finding])

        assert self.quiet(client, user) == []

    def test_those_with_older_evidence_are(self, client, user):
        finding = finding_row(make_criterion("7a"))
        make_evidence(occurred_on=date(2025, 11, 23), findings=[finding])

        assert self.quiet(client, user) == ["R7"]

    def test_drafts_and_withdrawn_entries_do_not_count(self, client, user):
        finding = finding_row(make_criterion("7a"))
        make_evidence(State.DRAFT, occurred_on=date(2026, 11, 1), findings=[finding])
        make_evidence(
            State.WITHDRAWN, occurred_on=date(2026, 11, 1), findings=[finding]
        )

        assert self.quiet(client, user) == ["R7"]
