"""The second step: who needs it, how it is set up and used, and what it locks."""

import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import get_resolver, reverse
from django.views.generic import View

from icctracker.models import Evidence, ReviewDecision
from icctracker.web.accounts.middleware import is_private
from icctracker.web.accounts.security import TwoFactorAdapter
from icctracker.web.kit import kept
from tests import test_routes as routes
from tests.factories import make_criterion, make_evidence, make_user

from .second_step import code_for, give_app, give_codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_factor_required")]

RESPONSE = {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}
ODD_PASSKEYS = [
    *(
        "",
        "{}",
        "[]",
        "null",
        "9" * 5_000,
        "nonsense",
        "\x00",
        '{"id": 1}',
        "[" * 5_000,
    ),
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": null}',
    json.dumps(
        {"id": "AA", "rawId": "AA", "type": "public-key"}
        | {"response": RESPONSE | {"userHandle": "MQ", "attestationObject": "AA"}}
    ),
]
PRIVATE = ["desk", "evidence-create", "review-queue", "admin:index"]


@pytest.fixture(autouse=True)
def still():
    """The clock stands, so that no code grows old in the middle of a test."""
    with time_machine.travel("2026-11-24 10:00:05Z", tick=False):
        yield


def patterns(among):
    """Every named page of the site but the admin's, with its pattern."""
    for each in among:
        if not hasattr(each, "url_patterns"):
            yield each.name, each
        elif each.namespace != "admin":
            yield from patterns(each.url_patterns)


def who_opens(name):
    """Which roles have a page of this name at all, as the map of addresses has it."""
    kept = [routes.PAGES, routes.ENTRY_ROLES, routes.BUTTONS]
    of_objects = {key: roles for key, (roles, _where) in routes.OBJECTS.items()}
    for table in [*kept, of_objects]:
        if name in table:
            return set(table[name])
    return routes.SIGNED_IN


class TestWhoNeedsOne:
    @pytest.mark.parametrize("role", ["reviewer", "curator"])
    @pytest.mark.parametrize("name", PRIVATE)
    def test_without_it_no_private_page_opens_to_those_who_publish(
        self, client, role, name
    ):
        client.force_login(make_user(role))

        response = client.get(reverse(name))

        assert response.headers["Location"] == reverse("mfa_index")

    def test_nor_to_a_superuser(self, client):
        client.force_login(make_user(is_superuser=True, is_staff=True))

        response = client.get(reverse("admin:index"))

        assert response.headers["Location"] == reverse("mfa_index")

    @pytest.mark.parametrize("name", ["home", "evidence-list", "profile", "mfa_index"])
    def test_the_open_site_and_their_own_pages_do(self, client, name):
        client.force_login(make_user("curator"))

        assert client.get(reverse(name)).status_code == 200

    def test_the_page_says_why_and_lets_one_leave(self, client):
        client.force_login(make_user("reviewer"))

        page = client.get(reverse("mfa_index")).content.decode()

        assert "a password alone does not protect it" in page
        assert reverse("sign-out") in page

    @pytest.mark.parametrize("role", ["reviewer", "curator"])
    def test_with_it_they_do(self, client, role):
        user = make_user(role)
        give_app(user)
        client.force_login(user)

        assert client.get(reverse("review-queue")).status_code == 200

    def test_recovery_codes_alone_are_none(self, client):
        user = make_user("reviewer")
        give_codes(user)
        client.force_login(user)

        assert client.get(reverse("review-queue")).status_code == 302

    def test_a_new_page_takes_it_wherever_it_stands(self):
        """By default, and not by where its address begins."""

        def somewhere_new(request):
            """A page that nobody has said to be open."""

        somewhere_new.__module__ = "icctracker.web.newcomers.views"

        class Mine(LoginRequiredMixin, View):
            """A page of the open site that asks who one is."""

        Mine.__module__ = "icctracker.web.public.pages"

        assert is_private(somewhere_new) and is_private(Mine.as_view())

    def test_all_others_do_but_those_for_everybody_and_of_ones_account(self):
        """As the map of addresses says who may open them."""
        wrong = {
            name
            for name, pattern in patterns(get_resolver().url_patterns)
            if is_private(pattern.callback) is not (who_opens(name) < routes.SIGNED_IN)
        }

        assert wrong == set()

    def test_researchers_are_only_advised(self, client):
        client.force_login(make_user("researcher"))

        assert client.get(reverse("desk")).status_code == 200
        page = client.get(reverse("mfa_index")).content.decode()
        assert "We advise it" in page

    def test_it_is_required_unless_a_test_says_otherwise(self):
        from icctracker import settings

        assert settings.REQUIRE_TWO_FACTOR is True

    def test_a_new_role_in_the_middle_of_writing_loses_nothing(self, client):
        user = make_user("researcher")
        client.force_login(user)
        user.groups.set(make_user("reviewer").groups.all())
        data = {"opened_by": kept.sign(user), "title": "Long thought over"}

        response = client.post(reverse("evidence-create"), data)

        page = response.content.decode()
        assert response.status_code == 403
        assert "what you typed is still there" in page
        assert not Evidence.objects.exists()


class TestSettingUp:
    def secret(self, page):
        return page.context["form"].secret

    def test_from_a_one_time_password_to_the_queue(self, client, sign_in):
        """What the first curator of a fresh site goes through."""
        curator = make_user("curator", password_is_temporary=True)

        sign_in(curator)
        assert client.get(reverse("review-queue")).url == reverse("password-change")
        client.post(
            reverse("password-change"),
            {
                "oldpassword": "a long password",
                "password1": "quite another phrase",
                "password2": "quite another phrase",
            },
        )
        assert client.get(reverse("review-queue")).url == reverse("mfa_index")
        page = client.get(reverse("mfa_activate_totp"))
        code = code_for(self.secret(page))
        client.post(reverse("mfa_activate_totp"), {"code": code})

        assert client.get(reverse("review-queue")).status_code == 200

    def test_the_picture_is_part_of_the_page(self, client, sign_in):
        sign_in(make_user("researcher"))

        page = client.get(reverse("mfa_activate_totp")).content.decode()

        assert "<svg" in page
        assert "data:image" not in page and "<?xml" not in page

    def test_a_wrong_code_is_explained_and_the_secret_stays(self, client, sign_in):
        sign_in(make_user("researcher"))
        secret = self.secret(client.get(reverse("mfa_activate_totp")))

        page = client.post(reverse("mfa_activate_totp"), {"code": "000000"})

        assert "wait for the next one" in page.content.decode()
        assert self.secret(page) == secret

    def test_it_brings_recovery_codes(self, client, sign_in):
        sign_in(make_user("researcher"))
        secret = self.secret(client.get(reverse("mfa_activate_totp")))

        page = client.post(
            reverse("mfa_activate_totp"), {"code": code_for(secret)}, follow=True
        )

        assert len(page.context["unused_codes"]) == 10
        saved = client.get(reverse("mfa_download_recovery_codes")).content.decode()
        assert page.context["unused_codes"][0] in saved

    def test_whoever_signed_in_long_ago_is_asked_again_who_they_are(
        self, client, sign_in
    ):
        with time_machine.travel("2026-11-24 09:00Z", tick=False):
            sign_in(make_user("researcher"))

        response = client.get(reverse("mfa_activate_totp"))

        assert response.url.startswith(reverse("account_reauthenticate"))
        data = {"password": "a long password", "next": reverse("mfa_activate_totp")}
        again = client.post(reverse("account_reauthenticate"), data)
        assert again.url == reverse("mfa_activate_totp")
        assert client.get(again.url).status_code == 200

    def test_a_wrong_password_there_is_explained(self, client):
        client.force_login(make_user("researcher"))

        page = client.post(reverse("account_reauthenticate"), {"password": "wrong"})

        assert "This is not your password" in page.content.decode()

    def test_it_can_be_removed(self, client, sign_in):
        user = make_user("researcher")
        sign_in(user)
        give_app(user)
        give_codes(user)

        client.post(reverse("mfa_deactivate_totp"))

        assert not Authenticator.objects.exists()


class TestSigningIn:
    def test_the_password_alone_signs_nobody_in(self, client, sign_in):
        user = make_user("reviewer")
        give_app(user)

        response = sign_in(user)

        assert response.url == reverse("mfa_authenticate")
        assert not response.wsgi_request.user.is_authenticated
        assert client.get(reverse("review-queue")).url.startswith(reverse("sign-in"))

    def test_a_code_does_and_leads_to_the_page_asked_for(self, client, sign_in):
        user = make_user("reviewer")
        secret = give_app(user)
        sign_in(user, next=reverse("review-queue"))

        response = client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

        assert response.url == reverse("review-queue")
        assert client.get(response.url).status_code == 200

    def test_a_code_is_good_once(self, client, sign_in):
        user = make_user("reviewer")
        secret = give_app(user)
        for signed_in in (True, False):
            sign_in(user)
            data = {"code": code_for(secret)}
            response = client.post(reverse("mfa_authenticate"), data)
            assert response.wsgi_request.user.is_authenticated is signed_in
            client.logout()

    def test_a_wrong_one_is_explained(self, client, sign_in):
        user = make_user("reviewer")
        give_app(user)
        sign_in(user)

        page = client.post(reverse("mfa_authenticate"), {"code": "000000"})

        assert "wait for the next one" in page.content.decode()
        assert not page.wsgi_request.user.is_authenticated

    def test_so_does_a_recovery_code_once(self, client, sign_in):
        user = make_user("reviewer")
        give_app(user)
        first, *_others = give_codes(user)
        for signed_in in (True, False):
            sign_in(user)
            response = client.post(reverse("mfa_authenticate"), {"code": first})
            assert response.wsgi_request.user.is_authenticated is signed_in
            client.logout()

    def test_guessing_is_held_off(self, client, sign_in):
        user = make_user("reviewer")
        secret = give_app(user)
        sign_in(user)
        for _attempt in range(10):
            client.post(reverse("mfa_authenticate"), {"code": "000000"})

        data = {"code": code_for(secret)}
        page = client.post(reverse("mfa_authenticate"), data).content.decode()

        assert "Wait 15 minutes" in page

    def test_a_new_password_does_not_go_round_it(self, client, sign_in):
        user = make_user("reviewer")
        give_app(user)
        user.set_password("quite another phrase")
        user.save()

        response = sign_in(user, "quite another phrase")

        assert response.url == reverse("mfa_authenticate")

    def test_what_was_typed_before_comes_back_after_it(self, client, sign_in):
        user = make_user("researcher")
        secret = give_app(user)
        make_criterion()
        address = reverse("search-create")
        data = {"opened_by": kept.sign(user), "where": "The basement"}
        client.post(address, data)
        sign_in(user, next=address)

        response = client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

        assert "The basement" in client.get(response.url).content.decode()

    @pytest.mark.parametrize("sent", ODD_PASSKEYS)
    def test_a_made_up_passkey_is_refused_in_words(self, client, sign_in, sent):
        user = make_user("reviewer")
        give_app(user)
        client.get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json")
        first = client.post(reverse("mfa_login_webauthn"), {"credential": sent})
        sign_in(user)
        client.get(reverse("mfa_authenticate"))

        second = client.post(reverse("mfa_authenticate"), {"credential": sent})

        assert first.url == reverse("sign-in")
        assert "not accepted" in second.content.decode()
        assert not second.wsgi_request.user.is_authenticated

    @pytest.mark.parametrize("sent", ODD_PASSKEYS)
    def test_nor_is_one_added(self, client, sign_in, sent):
        sign_in(make_user("researcher"))
        client.get(reverse("mfa_add_webauthn"))
        data = {"name": "Mine", "passwordless": "on", "credential": sent}

        page = client.post(reverse("mfa_add_webauthn"), data)

        assert 'role="alert"' in page.content.decode()
        assert not Authenticator.objects.exists()


class TestSecrets:
    def test_they_are_stored_under_lock(self):
        user = make_user()
        secret = give_app(user)
        give_codes(user)

        stored = json.dumps([each.data for each in Authenticator.objects.all()])

        assert secret not in stored

    def test_the_key_before_the_last_still_opens_them(self, settings):
        locked = TwoFactorAdapter().encrypt("SECRET")
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another"

        assert TwoFactorAdapter().decrypt(locked) == "SECRET"

    def test_with_another_key_no_code_is_right(self, settings, client, sign_in):
        user = make_user("reviewer")
        secret = give_app(user)
        settings.SECRET_KEY = "another"
        sign_in(user)

        for code in (code_for(secret), code_for("")):
            response = client.post(reverse("mfa_authenticate"), {"code": code})
            assert response.status_code == 200

    def test_nobody_reads_them_in_the_admin(self, client):
        root = make_user(is_superuser=True, is_staff=True)
        give_app(root)
        client.force_login(root)

        assert client.get("/admin/mfa/authenticator/").status_code == 404


class TestDemotedWhileReviewing:
    def test_the_decision_is_refused_in_words_and_the_comment_is_given_back(
        self, client
    ):
        reviewer = make_user("reviewer")
        give_app(reviewer)
        entry = make_evidence("submitted", by=make_user("researcher"))
        client.force_login(reviewer)
        address = reverse("review-evidence", args=[entry.pk])
        assert client.get(address).status_code == 200
        reviewer.groups.clear()
        note = "The date is that of the debate, not of the vote."

        response = client.post(
            address, {"outcome": "return", "note": note, "seen": entry.version}
        )

        page = response.content.decode()
        assert response.status_code == 403
        assert "or no longer does. Nothing was changed." in page
        assert note in page
        entry.refresh_from_db()
        assert entry.state == Evidence.State.SUBMITTED
        assert not ReviewDecision.objects.exists()

    def test_no_password_is_ever_given_back(self, client):
        client.force_login(make_user())
        entry = make_evidence("submitted")
        data = {"password": "three words here", "note": "<b>four words in here</b>"}

        response = client.post(reverse("review-evidence", args=[entry.pk]), data)

        page = response.content.decode()
        assert "three words here" not in page
        assert "&lt;b&gt;four words in here" in page
