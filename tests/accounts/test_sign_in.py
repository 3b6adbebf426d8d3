"""Signing in and out, and holding off after repeated failures."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


def attempt(client, username="ada", password=PASSWORD, **extra):
    """Post the sign-in form, as from one address unless told otherwise."""
    address = extra.pop("address", "192.0.2.1")
    return client.post(
        reverse("sign-in"),
        {"username": username, "password": password} | extra,
        REMOTE_ADDR=address,
    )


class TestSigningIn:
    def test_the_page_asks_for_name_and_password(self, client):
        page = client.get(reverse("sign-in")).content.decode()

        assert 'name="username"' in page and 'type="password"' in page

    def test_those_with_a_desk_come_to_it(self, client):
        make_user("researcher", username="ada")

        response = attempt(client)

        assert response.headers["Location"] == reverse("desk")

    def test_others_come_to_their_profile(self, client):
        make_user(username="ada")

        response = attempt(client)

        assert response.headers["Location"] == reverse("profile")

    def test_one_comes_to_the_page_one_asked_for(self, client):
        make_user("reviewer", username="ada")

        response = attempt(client, next=reverse("review-queue"))

        assert response.headers["Location"] == reverse("review-queue")

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://example.org/",
            "//example.org/",
            "/\\example.org",
            "javascript:alert(1)",
            "http:///example.org",
        ],
    )
    def test_but_never_to_another_host(self, client, elsewhere):
        make_user(username="ada")

        response = attempt(client, next=elsewhere)

        assert response.headers["Location"] == reverse("profile")

    def test_somebody_signed_in_is_not_asked_again(self, client):
        client.force_login(make_user())

        response = client.get(reverse("sign-in"), {"next": reverse("sign-in")})

        assert response.headers["Location"] == reverse("profile")

    @pytest.mark.parametrize(
        ("username", "password"),
        [("ada", "wrong"), ("nobody", PASSWORD), ("ada\x00", PASSWORD), ("", "")],
    )
    def test_a_failure_is_explained_without_telling_which_part_was_wrong(
        self, client, username, password
    ):
        make_user(username="ada")

        response = attempt(client, username, password)

        assert response.status_code == 200
        assert 'role="alert"' in response.content.decode()
        assert not response.wsgi_request.user.is_authenticated

    def test_a_closed_account_does_not_sign_in(self, client):
        make_user(username="ada", is_active=False)

        response = attempt(client)

        assert not response.wsgi_request.user.is_authenticated


class TestHoldingOff:
    def fail(self, client, times, **extra):
        for _number in range(times):
            response = attempt(client, password="wrong", **extra)
        return response

    def test_nine_failures_are_forgiven(self, client):
        make_user(username="ada")
        self.fail(client, 9)

        response = attempt(client)

        assert response.status_code == 302

    def test_after_ten_even_the_right_password_has_to_wait(self, client):
        make_user(username="ada")
        self.fail(client, 10)

        response = attempt(client)

        assert response.status_code == 429
        assert response.headers["Retry-After"] == "900"
        page = response.content.decode()
        assert "Wait 15 minutes" in page
        assert 'value="ada"' in page and PASSWORD not in page

    def test_writing_the_name_otherwise_does_not_help(self, client):
        self.fail(client, 10, username="ada")

        response = attempt(client, " ADA ")

        assert response.status_code == 429

    def test_another_name_or_another_address_is_not_held_off(self, client):
        make_user(username="ada")
        make_user(username="grace")
        self.fail(client, 10)

        assert attempt(client, address="192.0.2.2").status_code == 302
        client.logout()
        assert attempt(client, "grace").status_code == 302

    def test_success_clears_the_count(self, client):
        make_user(username="ada")
        self.fail(client, 9)
        attempt(client)
        client.logout()

        response = self.fail(client, 9)

        assert response.status_code == 200

    def test_behind_a_proxy_only_its_own_note_of_the_address_counts(
        self, client, settings
    ):
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        for number in range(10):
            forged = f"198.51.100.{number}, 203.0.113.7"
            client.post(
                reverse("sign-in"),
                {"username": "ada", "password": "wrong"},
                HTTP_X_FORWARDED_FOR=forged,
            )

        response = client.post(
            reverse("sign-in"),
            {"username": "ada", "password": "wrong"},
            HTTP_X_FORWARDED_FOR="203.0.113.7",
        )

        assert response.status_code == 429

    def test_a_very_long_name_is_an_ordinary_failure(self, client):
        response = attempt(client, "a" * 100_000, "wrong")

        assert response.status_code == 200


class TestSigningOut:
    def test_it_takes_a_form_and_says_so(self, client):
        client.force_login(make_user())

        response = client.post(reverse("sign-out"), follow=True)

        assert "You are signed out." in response.content.decode()
        assert not response.wsgi_request.user.is_authenticated

    def test_a_link_alone_signs_nobody_out(self, client):
        client.force_login(make_user())

        assert client.get(reverse("sign-out")).status_code == 405
