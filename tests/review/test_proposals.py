"""Deciding about findings that are proposed for published entries."""

import pytest
from django.urls import reverse

from icctracker.actions.answering import propose_finding
from icctracker.models import Proposal
from tests.factories import finding_row, make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db
QUEUE = reverse("review-queue")


def propose(code="4a", by=None):
    entry = make_evidence(title="Logged before")
    row = finding_row(make_criterion(code), rationale="The text itself exempts.")
    return propose_finding(entry, row, by=by or make_user("researcher"))


def address(proposal):
    return reverse("proposal-review", args=[proposal.pk])


@pytest.fixture
def reviewer(client):
    user = make_user("reviewer")
    client.force_login(user)
    return user


class TestTheQueue:
    def test_lists_what_is_proposed(self, client, reviewer):
        proposal = propose()

        page = client.get(QUEUE).content.decode()

        assert address(proposal) in page


class TestThePage:
    def test_shows_the_finding_beside_the_entry(self, client, reviewer):
        page = client.get(address(propose())).content.decode()

        assert "The text itself exempts." in page and "Logged before" in page

    @pytest.mark.parametrize(
        ("role", "status"), [(None, 403), ("researcher", 403), ("curator", 200)]
    )
    def test_is_for_reviewers(self, client, role, status):
        client.force_login(make_user(role))

        assert client.get(address(propose())).status_code == status

    def test_strangers_are_asked_to_sign_in(self, client):
        assert client.get(address(propose())).status_code == 302

    def test_adding_it_shows_it_to_readers(self, client, reviewer):
        proposal = propose()

        response = client.post(address(proposal), {"outcome": "accept", "note": ""})

        assert response.url == QUEUE
        page = client.get(proposal.evidence.get_absolute_url()).content.decode()
        assert "The text itself exempts." in page
        assert "Finding on criterion 4a added." in page

    def test_declining_needs_a_reason_and_keeps_the_choice(self, client, reviewer):
        proposal = propose()

        response = client.post(address(proposal), {"outcome": "decline", "note": ""})

        assert "Say why" in response.content.decode()
        assert Proposal.objects.get().waits

    def test_declining_tells_readers_nothing(self, client, reviewer):
        proposal = propose()

        client.post(address(proposal), {"outcome": "decline", "note": "zzno"})

        page = client.get(proposal.evidence.get_absolute_url()).content.decode()
        assert "zzno" not in page and "exempts" not in page

    def test_ones_own_is_shown_but_not_decided(self, client, reviewer):
        proposal = propose(by=reviewer)

        page = client.get(address(proposal)).content.decode()
        client.post(address(proposal), {"outcome": "accept"})

        assert "somebody else must review it" in page
        assert Proposal.objects.get().waits

    def test_what_is_decided_is_decided(self, client, reviewer):
        proposal = propose()
        client.post(address(proposal), {"outcome": "accept"})

        page = client.get(address(proposal)).content.decode()

        assert "There is nothing to decide" in page

    def test_bad_input_is_explained(self, client, reviewer):
        response = client.post(address(propose()), {"outcome": "odd"})

        assert response.status_code == 200
        assert response.context["form"].errors["outcome"]
