"""Choosing how often to be written to, and stopping it from the message itself."""

import pytest
from django.test import Client
from django.urls import reverse

from icctracker.actions.mail import off_token
from icctracker.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("researcher", username="ada", email="ada@example.org")


def off(user):
    return reverse("mail-off", args=[off_token(user)])


class TestTheChoice:
    @pytest.mark.parametrize("choice", User.Mail.values)
    def test_it_is_saved_and_shown_on_the_profile(self, client, user, choice):
        client.force_login(user)

        page = client.post(reverse("mail-settings"), {"mail": choice}, follow=True)

        user.refresh_from_db()
        assert user.mail == choice
        assert user.get_mail_display() in page.content.decode()

    def test_one_digest_a_day_unless_chosen_otherwise(self, user):
        assert user.mail == User.Mail.DAILY

    def test_without_an_address_it_says_that_none_can_arrive(self, client):
        client.force_login(make_user("researcher"))

        page = client.get(reverse("mail-settings")).content.decode()

        assert "none can reach you" in page

    def test_what_is_no_choice_is_explained(self, client, user):
        client.force_login(user)

        page = client.post(reverse("mail-settings"), {"mail": "hourly"})

        assert 'role="alert"' in page.content.decode()
        user.refresh_from_db()
        assert user.mail == User.Mail.DAILY

    def test_a_stranger_is_asked_to_sign_in(self, client):
        response = client.get(reverse("mail-settings"))

        assert response.headers["Location"].startswith(reverse("sign-in"))


class TestStopping:
    def test_one_press_stops_them_without_signing_in(self, user):
        # A mail programme has neither cookie nor token of ours.
        response = Client(enforce_csrf_checks=True).post(
            off(user), {"List-Unsubscribe": "One-Click"}
        )

        user.refresh_from_db()
        assert user.mail == User.Mail.NEVER
        assert "No more messages" in response.content.decode()

    def test_opening_the_page_changes_nothing(self, client, user):
        page = client.get(off(user)).content.decode()

        user.refresh_from_db()
        assert user.mail == User.Mail.DAILY
        assert "Stop all messages" in page

    def test_the_page_does_not_say_whose_they_are(self, client, user):
        page = client.get(off(user)).content.decode()

        assert "ada" not in page

    @pytest.mark.parametrize("token", ["1", "MQ:1abc:forged", "%00", "x" * 2000])
    def test_a_forged_token_leads_nowhere(self, client, user, token):
        response = client.post(reverse("mail-off", args=[token]))

        user.refresh_from_db()
        assert response.status_code == 404
        assert user.mail == User.Mail.DAILY

    def test_it_stops_ones_own_and_nobody_elses(self, client, user):
        other = make_user("researcher")

        client.post(off(user))

        other.refresh_from_db()
        assert other.mail == User.Mail.DAILY
