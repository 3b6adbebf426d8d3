"""Where one was signed in without a second step, before it was set up."""

from types import SimpleNamespace

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

from .second_step import code_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_factor_required")]

PRIVATE = ["desk", "review-queue", "admin:index"]


@pytest.fixture(autouse=True)
def still():
    """The clock stands, so that no code grows old in the middle of a test."""
    with time_machine.travel("2026-11-24 10:00:05Z", tick=False):
        yield


@pytest.fixture
def passkeys(monkeypatch):
    """Takes every credential for a sound one."""
    verified = SimpleNamespace(is_user_verified=lambda: True)
    monkeypatch.setattr(auth, "parse_registration_response", lambda _response: None)
    monkeypatch.setattr(auth, "complete_registration", lambda _credential: verified)


def add_app(client):
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    data = {"code": code_for(secret)}
    return client.post(reverse("mfa_activate_totp"), data, follow=True)


def add_passkey(client):
    data = {"name": "Mine", "passwordless": "on", "credential": '{"id": "AA"}'}
    return client.post(reverse("mfa_add_webauthn"), data, follow=True)


@pytest.mark.usefixtures("passkeys")
class TestTheFirst:
    @pytest.mark.parametrize("add", [add_app, add_passkey])
    @pytest.mark.parametrize("role", ["researcher", "curator"])
    def test_signs_one_out_everywhere_else(self, client, sign_in, add, role):
        elsewhere, user = Client(), make_user(role)
        sign_in(user, client=elsewhere)
        sign_in(user)

        text = add(client).content.decode()

        assert Authenticator.objects.exists()
        assert "You are signed out everywhere else" in text
        assert client.get(reverse("desk")).status_code == 200
        for name in PRIVATE:
            answer = elsewhere.get(reverse(name), follow=True)
            assert not answer.wsgi_request.user.is_authenticated, name

    def test_leaves_others_alone_and_says_nothing_where_there_was_nothing(
        self, client, sign_in
    ):
        other = Client()
        sign_in(make_user("researcher"), client=other)
        sign_in(make_user("curator"))

        text = add_app(client).content.decode()

        assert "signed out" not in text
        assert other.get(reverse("desk")).status_code == 200

    def test_once_removed_the_next_is_the_first_again(self, client, sign_in):
        user, elsewhere = make_user("curator"), Client()
        sign_in(user)
        add_app(client)
        client.post(reverse("mfa_deactivate_totp"))
        sign_in(user, client=elsewhere)

        add_passkey(client)

        assert elsewhere.get(reverse("review-queue")).url.startswith(reverse("sign-in"))


@pytest.mark.usefixtures("passkeys")
class TestAnother:
    def test_ends_no_session_that_was_begun_with_a_code(self, client, sign_in):
        user, elsewhere = make_user("curator"), Client()
        sign_in(user)
        page = client.get(reverse("mfa_activate_totp"))
        secret = page.context["form"].secret
        client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
        with time_machine.travel("2026-11-24 10:01:05Z", tick=False):
            sign_in(user, client=elsewhere)
            elsewhere.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

            add_passkey(client)

            assert Authenticator.objects.filter(type="webauthn").exists()
            assert elsewhere.get(reverse("review-queue")).status_code == 200

    def test_a_wrong_code_ends_none(self, client, sign_in):
        elsewhere, user = Client(), make_user("researcher")
        sign_in(user, client=elsewhere)
        sign_in(user)

        client.get(reverse("mfa_activate_totp"))
        client.post(reverse("mfa_activate_totp"), {"code": "000000"})

        assert elsewhere.get(reverse("desk")).status_code == 200
