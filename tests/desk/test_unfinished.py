"""What a draft cannot hold yet is kept with it, for its author alone."""

import pytest
from django.test import Client
from django.urls import reverse

from icctracker.models import Evidence
from tests.desk.posted import entry_post, finding_post, signed_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def draft(client, user):
    """A draft whose only finding lacks its effect and its reason."""
    finding = finding_post(effect="", rationale="", pinpoint="OP 7")
    signed_in(client, user).post(
        reverse("evidence-create"), entry_post(user, findings=[finding])
    )
    return Evidence.objects.get()


def edit(entry):
    return reverse("evidence-update", args=[entry.pk])


class TestUnfinished:
    def test_it_is_back_on_any_machine_its_author_uses(self, draft, user):
        elsewhere = signed_in(Client(), user)

        page = elsewhere.get(edit(draft)).content.decode()

        assert not draft.findings.exists()
        assert "OP 7" in page
        assert "What you typed is back." in page

    def test_the_next_whole_save_replaces_it(self, client, draft, user):
        data = entry_post(user, seen=str(draft.version))

        client.post(edit(draft), data)

        draft.refresh_from_db()
        assert draft.unfinished == ""
        assert draft.findings.count() == 1

    def test_its_author_may_discard_it(self, client, draft):
        client.post(edit(draft), {"forget": "1"})

        draft.refresh_from_db()
        assert draft.unfinished == ""

    def test_a_draft_is_not_submitted_without_it(self, client, draft):
        client.post(reverse("evidence-submit", args=[draft.pk]))

        draft.refresh_from_db()
        assert draft.state == Evidence.State.DRAFT

    def test_the_record_of_changes_does_not_hold_it(self, draft):
        assert not hasattr(draft.history.first(), "unfinished")
