"""Cookies of a site by https: only this host sets them, and nobody is signed out."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from icctracker.models import Evidence
from tests.accounts.conftest import PASSWORD
from tests.desk.posted import entry_post
from tests.factories import make_user

pytestmark = pytest.mark.django_db

GUARDED = [*("__Host-sessionid", "__Host-csrftoken", "__Host-messages", "__Host-known")]
NAMES = [
    *("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "MESSAGES_COOKIE_NAME"),
    "KNOWN_BROWSER_COOKIE",
]


@pytest.fixture
def by_https(settings):
    """The cookies as settings have them where SITE_URL begins with https://."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    for name, value in zip(NAMES, GUARDED, strict=True):
        setattr(settings, name, value)


class Browser(Client):
    """One that asks by https."""

    def generic(self, *args, **given):
        return super().generic(*args, **given | {"secure": True})


@pytest.fixture
def browser(by_https):
    return Browser(enforce_csrf_checks=True, HTTP_REFERER="https://testserver/")


def token(client):
    return client.get(reverse("sign-in")).context["csrf_token"]


def sign_in(client, user):
    data = {"login": user.username, "password": PASSWORD}
    data["csrfmiddlewaretoken"] = str(token(client))
    return client.post(reverse("sign-in"), data)


def as_before(client, user):
    """A browser that somebody signed in with under a release of before."""
    client.force_login(user)
    session = client.session
    session.pop("guarded", None)
    session.save()
    key = client.cookies.pop(GUARDED[0]).value
    client.cookies["sessionid"] = key
    client.cookies["csrftoken"] = "t" * 32


@pytest.mark.parametrize(
    ("address", "prefix"), [("https://a.example.org", "__Host-"), ("http://a.org", "")]
)
def test_names_follow_the_scheme_of_the_site(address, prefix):
    asked = ", ".join(f"s.{name}" for name in NAMES)
    command = f"from django.conf import settings as s; print([{asked}])"
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", command],
        cwd=site.BASE_DIR,
        env={
            "SECRET_KEY": "x",
            "SITE_URL": address,
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "icctracker.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    plain = [name.removeprefix("__Host-") for name in GUARDED]
    assert done.stdout.strip() == str([f"{prefix}{name}" for name in plain])


class TestACookie:
    def test_of_any_kind_is_set_as_browsers_demand_of_its_name(self, browser):
        answer = sign_in(browser, make_user("researcher"))
        assert answer.status_code == 302

        out = browser.post(
            reverse("sign-out"),
            {"csrfmiddlewaretoken": browser.cookies[GUARDED[1]].value},
        )

        held = {**browser.cookies, **answer.cookies, **out.cookies}
        assert set(held) == set(GUARDED)
        for cookie in held.values():
            assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"]
            assert cookie["samesite"] == "Lax"

    def test_holds_what_the_next_page_says(self, browser):
        user = make_user("researcher")
        sign_in(browser, user)
        data = entry_post(user) | {
            "csrfmiddlewaretoken": browser.cookies[GUARDED[1]].value
        }

        answer = browser.post(reverse("evidence-create"), data)

        assert answer.cookies[GUARDED[2]].value
        assert list(get_messages(browser.get(answer.url).wsgi_request))


class TestASessionOfBefore:
    def test_goes_on_under_its_new_name(self, browser):
        as_before(browser, make_user("researcher"))

        answer = browser.get(reverse("desk"))

        assert answer.status_code == 200
        assert {GUARDED[0], GUARDED[1]} <= set(answer.cookies)
        assert answer.cookies[GUARDED[0]].value == browser.cookies["sessionid"].value

    def test_sends_the_form_that_was_open_meanwhile(self, browser):
        user = make_user("researcher")
        as_before(browser, user)

        answer = browser.post(
            reverse("evidence-create"),
            entry_post(user) | {"csrfmiddlewaretoken": "t" * 32},
        )

        assert answer.status_code == 302
        assert Evidence.objects.filter(submitted_by=user).exists()
        # The same form once more, as somebody does who went back.
        del browser.cookies["sessionid"], browser.cookies["csrftoken"]
        again = entry_post(user) | {"csrfmiddlewaretoken": "t" * 32}
        assert browser.post(reverse("evidence-create"), again).status_code == 302

    def test_that_began_since_is_not_taken_by_its_name_of_before(self, browser):
        sign_in(browser, make_user("researcher"))
        planted = Browser()
        planted.cookies["sessionid"] = browser.cookies[GUARDED[0]].value

        assert planted.get(reverse("desk")).status_code == 302

    def test_of_a_stranger_is_none(self, browser):
        browser.cookies["sessionid"] = "x" * 32

        answer = browser.get(reverse("home"))

        assert answer.status_code == 200 and not answer.cookies
