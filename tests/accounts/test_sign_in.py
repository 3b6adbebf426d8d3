"""Signing in and out."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "a long password"


def attempt(client, username="ada", password=PASSWORD, **extra):
    """Post the sign-in form, as from one address unless told otherwise."""
    address = extra.pop("address", "192.0.2.1")
    return client.post(
        reverse("sign-in"),
        {"login": username, "password": password} | extra,
        REMOTE_ADDR=address,
    )


class TestSigningIn:
    def test_the_page_asks_for_name_and_password(self, client):
        page = client.get(reverse("sign-in")).content.decode()

        assert 'name="login"' in page and 'type="password"' in page

    def test_those_with_a_desk_come_to_it(self, client):
        make_user("researcher", username="ada")

        response = attempt(client)

        assert response.headers["Location"] == reverse("desk")

    def test_others_come_to_their_profile(self, client):
        make_user(username="ada")

        response = attempt(client)

        assert response.headers["Location"] == reverse("profile")

    @pytest.mark.parametrize(
        "name", ["ADA", " ada ", "ada@example.org", "Ada@Example.ORG"]
    )
    def test_a_name_may_be_written_otherwise_and_an_address_will_do(self, client, name):
        make_user(username="ada", email="ada@example.org")

        response = attempt(client, name)

        assert response.wsgi_request.user.username == "ada"

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
        [
            ("ada", "wrong"),
            ("nobody", PASSWORD),
            ("ada\x00", PASSWORD),
            ("a" * 100_000, PASSWORD),
            ("", ""),
        ],
    )
    def test_a_failure_is_explained_without_telling_which_part_was_wrong(
        self, client, username, password
    ):
        make_user(username="ada")

        response = attempt(client, username, password)

        assert response.status_code == 200
        assert 'role="alert"' in response.content.decode()
        assert not response.wsgi_request.user.is_authenticated

    @pytest.mark.parametrize(
        "name", ["ada", "ada@example.org", "nobody", "nobody@example.org", "closed"]
    )
    def test_each_takes_as_long_since_one_password_is_tried(
        self, client, monkeypatch, name
    ):
        make_user(username="ada", email="ada@example.org")
        make_user(username="closed", is_active=False)
        encode, tried = MD5PasswordHasher.encode, []
        monkeypatch.setattr(
            MD5PasswordHasher,
            "encode",
            lambda self, *args: tried.append(1) or encode(self, *args),
        )

        attempt(client, name, "wrong")

        assert len(tried) == 1

    def test_an_account_out_of_use_does_not_sign_in_and_is_told_so(self, client):
        make_user(username="ada", is_active=False)

        response = attempt(client)

        assert not response.wsgi_request.user.is_authenticated
        page = client.get(response.headers["Location"]).content.decode()
        assert "not in use" in page


class TestSigningOut:
    def test_it_takes_a_form_and_says_so(self, client):
        client.force_login(make_user())

        response = client.post(reverse("sign-out"), follow=True)

        assert "You are signed out." in response.content.decode()
        assert not response.wsgi_request.user.is_authenticated

    def test_a_link_alone_signs_nobody_out(self, client):
        client.force_login(make_user())

        response = client.get(reverse("sign-out"))

        assert "Sign out?" in response.content.decode()
        assert response.wsgi_request.user.is_authenticated


class TestTheAdmin:
    """There is no other door."""

    def test_its_own_sign_in_leads_to_ours(self, client):
        response = client.get(reverse("admin:login"))

        assert response.headers["Location"].startswith(reverse("sign-in"))

    def test_it_takes_no_password(self, client):
        curator = make_user("curator")
        data = {"username": curator.username, "password": PASSWORD}

        response = client.post(reverse("admin:login"), data)

        assert response.headers["Location"].startswith(reverse("sign-in"))
        assert not response.wsgi_request.user.is_authenticated
