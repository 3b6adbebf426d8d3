"""Closing one's own account, and what curators do to those of others."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from icctracker.models import Evidence, User
from tests.admin.pages import page
from tests.factories import make_evidence, make_user

from .second_step import give_app

pytestmark = pytest.mark.django_db


class TestOnesOwn:
    @pytest.fixture
    def rita(self, sign_in):
        rita = make_user("researcher", username="rita", email="rita@example.org")
        sign_in(rita)
        return rita

    def test_the_page_says_what_goes_and_what_stays(self, client, rita):
        make_evidence(Evidence.State.DRAFT, by=rita, title="Never shown to anybody")

        text = client.get(reverse("account-close")).content.decode()

        assert "one draft that nobody else has seen" in text
        assert "Never shown to anybody" in text
        assert "backups" in text

    def test_it_says_what_goes_to_the_reviewers_again(self, client, rita):
        none = client.get(reverse("account-close")).content.decode()
        make_evidence(Evidence.State.RETURNED, by=rita, title="Sent back to Rita")

        text = client.get(reverse("account-close")).content.decode()

        assert "one entry that was sent back to you" in text
        assert "Sent back to Rita" in text
        assert "sent back to you" not in none

    def test_it_is_closed_and_one_is_signed_out(self, client, rita):
        make_evidence(Evidence.State.DRAFT, by=rita)
        data = {"sure": "on", "drafts": "1"}

        response = client.post(reverse("account-close"), data, follow=True)

        rita.refresh_from_db()
        assert rita.username.startswith("former-researcher-")
        assert "Your account is closed" in response.content.decode()
        assert not response.wsgi_request.user.is_authenticated
        assert not Evidence.objects.exists()

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            ({"drafts": "0"}, "Tick this"),
            ({"sure": "on", "drafts": "5"}, "has changed"),
            ({"sure": "on", "drafts": "x"}, "whole number"),
            ({"sure": "on"}, "required"),
        ],
    )
    def test_otherwise_it_says_why_and_nothing_goes(self, client, rita, data, says):
        text = client.post(reverse("account-close"), data).content.decode()

        assert says in text
        assert User.objects.filter(username="rita", is_active=True).exists()

    def test_a_session_left_open_does_not_close_it(self, client):
        anna = make_user(username="anna")
        client.force_login(anna)

        response = client.post(reverse("account-close"), {"sure": "on", "drafts": "0"})

        assert response.url.startswith(reverse("account_reauthenticate"))
        anna.refresh_from_db()
        assert anna.is_active

    def test_the_last_curator_is_told_to_find_another(self, client, sign_in):
        sign_in(make_user("curator"))

        page = client.post(reverse("account-close"), {"sure": "on", "drafts": "0"})

        assert "Nobody else is a curator" in page.content.decode()


class TestByACurator:
    @pytest.fixture(autouse=True)
    def curator(self, client):
        curator = make_user("curator")
        client.force_login(curator)
        return curator

    def choose(self, client, action, *people, **extra):
        data = {"action": action, "_selected_action": [each.pk for each in people]}
        return client.post(page("user", "changelist"), data | extra, follow=True)

    def test_an_account_is_closed_with_a_reason_that_is_kept(self, client):
        rita = make_user("reviewer", username="rita")

        asked = self.choose(client, "close_accounts", rita).content.decode()
        self.choose(client, "close_accounts", rita, confirmed="1", reason="They left.")

        rita.refresh_from_db()
        assert "cannot be undone" in asked
        assert rita.username.startswith("former-reviewer-")
        entry = LogEntry.objects.get()
        assert "They left." in entry.change_message
        assert "rita" not in entry.object_repr

    @pytest.mark.parametrize("action", ["close_accounts", "reset_second_steps"])
    def test_without_a_reason_nothing_is_done(self, client, action):
        rita = make_user("reviewer", username="rita")
        give_app(rita)

        text = self.choose(client, action, rita, confirmed="1", reason="")

        assert "Say why" in text.content.decode()
        rita.refresh_from_db()
        assert rita.is_active and rita.authenticator_set.exists()

    def test_a_second_step_is_removed_with_a_reason_that_is_kept(self, client):
        rita = make_user("reviewer", username="rita")
        give_app(rita)
        extra = {"confirmed": "1", "reason": "They called and I knew the voice."}

        self.choose(client, "reset_second_steps", rita, **extra)

        assert not rita.authenticator_set.exists()
        assert "I knew the voice" in LogEntry.objects.get().change_message

    def test_what_is_refused_is_said_for_each(self, client, curator):
        root = make_user(is_superuser=True, username="root")
        extra = {"confirmed": "1", "reason": "x"}

        text = self.choose(client, "close_accounts", root, curator, **extra)

        text = text.content.decode()
        assert "Only a superuser" in text and "Nobody else is a curator" in text

    def test_a_closed_account_is_read_only(self, client):
        rita = make_user("reviewer")
        extra = {"confirmed": "1", "reason": "x"}
        self.choose(client, "close_accounts", rita, **extra)
        rita.refresh_from_db()
        address = page("user", "change", rita.pk)

        assert client.get(address).status_code == 200
        assert client.post(address, {"username": "rita"}).status_code == 403

    def test_a_reset_of_the_password_needs_one(self, client):
        rita = make_user("researcher")
        address = reverse("admin:auth_user_password_change", args=[rita.pk])

        client.post(address, {"usable_password": "false", "unset-password": "1"})

        rita.refresh_from_db()
        assert rita.has_usable_password()
