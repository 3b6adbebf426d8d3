"""Changing a password, and choosing a new one by email."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.postbox import arrived

pytestmark = pytest.mark.django_db

OLD, NEW = "a long password", "quite another phrase"


def changed(old=OLD, new=NEW, again=None):
    """What the form for changing a password sends."""
    return {
        "oldpassword": old,
        "password1": new,
        "password2": new if again is None else again,
    }


class TestChanging:
    def test_the_new_password_works_and_one_stays_signed_in(self, client):
        user = make_user()
        client.force_login(user)

        response = client.post(reverse("password-change"), changed(), follow=True)

        user.refresh_from_db()
        assert user.check_password(NEW)
        assert "Password changed" in response.content.decode()

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            (changed(old="wrong"), "not your present password"),
            (changed(again="something else"), "same password"),
            (changed(new="short"), "too short"),
            (changed(new=OLD), "differs from the present one"),
        ],
    )
    def test_a_bad_one_is_explained_and_changes_nothing(self, client, sent, said):
        user = make_user()
        client.force_login(user)

        page = client.post(reverse("password-change"), sent).content.decode()

        assert said in page
        user.refresh_from_db()
        assert user.check_password(OLD)

    def test_elsewhere_one_is_signed_out(self, client):
        user, elsewhere = make_user(), Client()
        client.force_login(user)
        elsewhere.force_login(user)

        client.post(reverse("password-change"), changed())

        assert client.get(reverse("profile")).status_code == 200
        assert elsewhere.get(reverse("profile")).status_code == 302

    def test_its_owner_is_told_by_email_without_an_address_of_the_network(self, client):
        client.force_login(make_user(email="ada@example.org"))

        client.post(reverse("password-change"), changed(), REMOTE_ADDR="192.0.2.7")

        message = arrived()[0]
        assert message.to == ["ada@example.org"]
        assert "192.0.2.7" not in message.body
        assert "Your password has been changed" in message.body

    def test_a_stranger_is_asked_to_sign_in(self, client):
        response = client.get(reverse("password-change"))

        assert response.headers["Location"].startswith(reverse("sign-in"))


class TestOneTimePasswords:
    @pytest.fixture
    def newcomer(self, client):
        user = make_user("curator", password_is_temporary=True)
        client.force_login(user)
        return user

    @pytest.mark.parametrize(
        "name", ["home", "profile", "review-queue", "admin:index", "password-reset"]
    )
    def test_nothing_else_is_open_until_it_is_changed(self, client, newcomer, name):
        response = client.get(reverse(name))

        assert response.headers["Location"] == reverse("password-change")

    def test_neither_are_forms(self, client, newcomer):
        response = client.post(reverse("profile"), {"public_name": "Ada"})

        assert response.headers["Location"] == reverse("password-change")
        newcomer.refresh_from_db()
        assert newcomer.public_name == ""

    def test_the_page_says_why(self, client, newcomer):
        page = client.get(reverse("password-change")).content.decode()

        assert "one-time password" in page

    def test_once_changed_the_way_is_open(self, client, newcomer):
        client.post(reverse("password-change"), changed())

        newcomer.refresh_from_db()
        assert not newcomer.password_is_temporary
        assert client.get(reverse("profile")).status_code == 200

    def test_it_may_not_be_kept(self, client, newcomer):
        client.post(reverse("password-change"), changed(new=OLD))

        newcomer.refresh_from_db()
        assert newcomer.password_is_temporary

    def test_one_may_leave_instead(self, client, newcomer):
        response = client.post(reverse("sign-out"))

        assert response.headers["Location"] == reverse("home")


class TestResetting:
    def ask(self, client, email="ada@example.org"):
        return client.post(reverse("password-reset"), {"email": email}, follow=True)

    def link(self):
        return re.search(rf"{settings.SITE_URL}(/\S+)", arrived()[0].body)[1]

    def test_a_plain_message_brings_a_link(self, client):
        make_user(username="o'hara", email="ada@example.org")

        self.ask(client)

        message = arrived()[0]
        assert message.to == ["ada@example.org"]
        assert message.subject == "A new password for ICC Tracker"
        assert not message.alternatives
        assert "o'hara" in message.body

    def test_the_link_leads_to_a_new_password_once(self, client):
        user = make_user(email="ada@example.org", password_is_temporary=True)
        self.ask(client)
        form = client.get(self.link(), follow=True)

        done = client.post(
            form.request["PATH_INFO"],
            {"password1": NEW, "password2": NEW},
            follow=True,
        )

        user.refresh_from_db()
        assert "Password saved" in done.content.decode()
        assert user.check_password(NEW)
        assert not user.password_is_temporary
        again = client.get(self.link(), follow=True).content.decode()
        assert "no longer works" in again

    def test_two_different_passwords_are_explained(self, client):
        make_user(email="ada@example.org")
        self.ask(client)
        form = client.get(self.link(), follow=True)

        page = client.post(
            form.request["PATH_INFO"], {"password1": NEW, "password2": OLD}
        ).content.decode()

        assert "same password" in page

    def test_the_answer_does_not_tell_who_has_an_account(self, client):
        make_user(email="ada@example.org")

        known = self.ask(client).content
        unknown = self.ask(client, "nobody@example.org").content

        assert known == unknown

    def test_nor_does_the_time_it_takes_for_a_message_is_sent_in_any_case(self, client):
        self.ask(client, "nobody@example.org")

        message = arrived()[0]
        assert message.to == ["nobody@example.org"]
        assert "No account there has it" in message.body
        assert settings.SITE_URL not in message.body

    def test_it_goes_to_the_present_address_only(self, client):
        user = make_user(email="old@example.org")
        self.ask(client, "old@example.org")
        user.email = "new@example.org"
        user.save()

        self.ask(client, "old@example.org")

        assert "No account there has it" in arrived()[1].body

    def test_an_account_out_of_use_gets_no_link(self, client):
        make_user(email="ada@example.org", is_active=False)

        self.ask(client)

        assert "No account there has it" in arrived()[0].body

    def test_a_forged_host_does_not_come_into_the_link(self, client, settings):
        settings.ALLOWED_HOSTS = ["*"]
        make_user(email="ada@example.org")

        client.post(
            reverse("password-reset"),
            {"email": "ada@example.org"},
            HTTP_HOST="evil.example",
        )

        assert "evil.example" not in arrived()[0].body
        assert self.link()

    def test_an_impossible_address_is_explained(self, client):
        page = self.ask(client, "no address").content.decode()

        assert "valid email address" in page

    def test_a_made_up_link_is_explained(self, client):
        address = reverse(
            "account_reset_password_from_key", args=["MQ", "set-password"]
        )

        page = client.get(address).content.decode()

        assert "no longer works" in page
