"""Where one is signed in, and signing out everywhere."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from icctracker.web.accounts.views import described
from tests.factories import make_user

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko Firefox/128.0"


@pytest.fixture
def elsewhere():
    return Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.9")


@pytest.fixture
def user():
    return make_user("researcher")


class TestTheList:
    def test_it_tells_browsers_apart_and_names_this_one(
        self, client, elsewhere, sign_in, user
    ):
        sign_in(user)
        sign_in(user, client=elsewhere)

        page = client.get(reverse("usersessions_list")).content.decode()

        assert "Firefox on Windows" in page
        assert page.count("this one") == 1

    def test_nobody_sees_the_sessions_of_others(self, client, elsewhere, sign_in, user):
        sign_in(make_user(), client=elsewhere)
        sign_in(user)

        page = client.get(reverse("usersessions_list")).content.decode()

        assert "Firefox" not in page

    def test_no_address_of_the_network_is_stored(self, elsewhere, sign_in, user):
        sign_in(user, client=elsewhere)

        assert UserSession.objects.get().ip != "192.0.2.9"

    def test_it_says_to_ten_minutes_when_one_was_last_used(
        self, client, sign_in, user, time_machine
    ):
        time_machine.move_to("2026-11-24 10:00Z", tick=False)
        sign_in(user)
        for minute, seen in ((5, 0), (11, 11), (20, 11), (22, 22)):
            time_machine.move_to(f"2026-11-24 10:{minute:02}Z", tick=False)
            client.get(reverse("desk"))

            assert UserSession.objects.get().last_seen_at.minute == seen


class TestSigningOut:
    def test_everywhere_else(self, client, elsewhere, sign_in, user):
        sign_in(user)
        sign_in(user, client=elsewhere)

        response = client.post(reverse("usersessions_list"), follow=True)

        assert "signed out everywhere else" in response.content.decode()
        assert elsewhere.get(reverse("desk")).status_code == 302
        assert client.get(reverse("desk")).status_code == 200

    def test_everywhere_and_here_too(self, client, elsewhere, sign_in, user):
        sign_in(user)
        sign_in(user, client=elsewhere)

        response = client.post(
            reverse("usersessions_list"), {"here_too": "1"}, follow=True
        )

        assert "You are signed out everywhere." in response.content.decode()
        for each in (client, elsewhere):
            assert each.get(reverse("desk")).status_code == 302

    def test_others_stay_signed_in(self, client, elsewhere, sign_in, user):
        sign_in(make_user("researcher"), client=elsewhere)
        sign_in(user)

        client.post(reverse("usersessions_list"), {"here_too": "1"})

        assert elsewhere.get(reverse("desk")).status_code == 200


class TestTheEnd:
    def test_comes_a_week_after_signing_in_however_busy_one_was(
        self, client, sign_in, user, time_machine
    ):
        time_machine.move_to("2026-11-24 10:00Z", tick=False)
        sign_in(user)
        for _half_day in range(14):
            assert client.get(reverse("desk")).status_code == 200
            time_machine.shift(timedelta(hours=11, minutes=50))
        time_machine.shift(timedelta(hours=11, minutes=50))

        assert client.get(reverse("desk")).status_code == 302

    def test_lets_the_browser_forget_what_it_keeps(self, client, sign_in, user):
        sign_in(user)

        answer = client.post(reverse("sign-out"))

        assert answer["Clear-Site-Data"] == '"cache"'
        assert "Clear-Site-Data" not in client.get("/")


class TestSecrets:
    def test_are_kept_by_no_browser(self, client, sign_in, user):
        sign_in(user)

        assert "no-store" in client.get(reverse("mfa_activate_totp"))["Cache-Control"]
        assert "no-store" not in client.get(reverse("desk"))["Cache-Control"]


class TestEveryAnswer:
    @pytest.mark.parametrize("path", ["/", "/nothing/", "/static/css/site.css"])
    def test_says_what_browsers_may_do(self, client, path):
        answer = client.get(path)

        assert "camera=()" in answer["Permissions-Policy"]
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


class TestDevices:
    @pytest.mark.parametrize(
        ("user_agent", "words"),
        [
            (FIREFOX, "Firefox on Windows"),
            ("Mozilla/5.0 (X11; Linux) Chrome/130.0 Safari/537.36", "Chrome on Linux"),
            ("Mozilla/5.0 (iPhone; like Mac OS X) Safari/604.1", "Safari on iPhone"),
            ("Mozilla/5.0 (Windows) Chrome/1 Safari/1 Edg/1.0", "Edge on Windows"),
            ("Mozilla/5.0 (Linux; Android 14) Chrome/130 Safari", "Chrome on Android"),
            ("Firefox/1", "Firefox"),
            ("curl", "Unknown browser"),
            ("", "Unknown browser"),
        ],
    )
    def test_a_browser_is_named_as_far_as_it_says(self, user_agent, words):
        assert described(user_agent) == words
