"""Limits on attempts: they are told in words, and hold across all processes."""

import re
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from icctracker.settings import files
from icctracker.settings.addresses import database
from icctracker.web.accounts.security import AccountAdapter
from tests.factories import make_user
from tests.own_site import copy_migrated
from tests.postbox import arrived

from .second_step import PASSWORD, code_for, give_app

pytestmark = pytest.mark.django_db


def attempt(client, name="ada", password=None, address="192.0.2.1"):
    """Try to sign in, with a wrong password unless told otherwise."""
    return client.post(
        reverse("sign-in"),
        {"login": name, "password": password or "wrong"},
        REMOTE_ADDR=address,
    )


class TestSigningIn:
    def fail(self, client, times):
        for number in range(times):
            # From one network after another, as whoever guesses a password would.
            attempt(client, address=f"192.0.2.{number}")

    def test_nine_failures_are_forgiven(self, client):
        make_user(username="ada")
        self.fail(client, 9)

        assert attempt(client, password=PASSWORD).status_code == 302

    @pytest.mark.parametrize("name", ["ada", " ADA "])
    def test_after_ten_even_the_right_password_has_to_wait(self, client, name):
        make_user(username="ada")
        self.fail(client, 10)

        response = attempt(client, name, PASSWORD)

        page = response.content.decode()
        assert not response.wsgi_request.user.is_authenticated
        assert "Wait 15 minutes" in page
        assert name.strip() in page and PASSWORD not in page

    def test_trying_many_other_names_frees_none(self, client):
        make_user(username="ada")
        self.fail(client, 10)

        for number in range(1000):
            cache.set(f"another-name-{number}", 1)

        response = attempt(client, password=PASSWORD)
        assert not response.wsgi_request.user.is_authenticated

    def test_another_name_is_not_held_off(self, client):
        make_user(username="grace")
        self.fail(client, 10)

        assert attempt(client, "grace", PASSWORD).status_code == 302

    def test_nor_is_another_network_once_one_tried_too_many_names(self, client):
        make_user(username="grace")
        for number in range(30):
            attempt(client, f"name{number}", address="192.0.2.1")

        here = attempt(client, "grace", PASSWORD, address="192.0.2.1")
        assert "Wait 15 minutes" in here.content.decode()
        assert (
            attempt(client, "grace", PASSWORD, address="192.0.2.2").status_code == 302
        )

    def test_neighbours_in_one_network_of_the_new_kind_count_as_one(self, client):
        for number in range(30):
            attempt(client, f"name{number}", address=f"2001:db8::{number:x}")

        response = attempt(client, "another", address="2001:db8::ffff")

        assert "Wait 15 minutes" in response.content.decode()

    def test_a_flood_is_refused_in_our_words(self, client):
        for _number in range(60):
            attempt(client, "")

        response = attempt(client, "")

        page = response.content.decode()
        assert response.status_code == 429
        assert "Too many attempts" in page and 'id="main"' in page


def known_browser(user):
    """A browser in which somebody has signed in before, and signed out again."""
    browser = Client()
    attempt(browser, user.username, PASSWORD)
    browser.post(reverse("sign-out"))
    return browser


def signs_in(browser, name="ada", **more):
    answer = attempt(browser, name, PASSWORD, **more)
    return answer.wsgi_request.user.is_authenticated


class TestNobodyLocksAKnownPersonOut:
    @pytest.fixture
    def ada(self):
        return make_user(username="ada", email="ada@example.org")

    def flood(self, name="ada", times=12, address=None):
        stranger = Client()
        for number in range(times):
            attempt(stranger, name, address=address or f"198.51.100.{number}")

    def test_a_browser_used_before_still_gets_in(self, ada):
        browser = known_browser(ada)
        self.flood()

        assert not signs_in(Client())
        assert signs_in(browser)

    def test_from_the_very_network_that_floods(self, ada):
        browser = known_browser(ada)
        self.flood(times=70, address="192.0.2.1")

        assert signs_in(browser, address="192.0.2.1")

    def test_others_who_share_the_browser_do_not_take_its_place(self, ada):
        browser = known_browser(ada)
        for _number in range(4):
            other = make_user()
            attempt(browser, other.username, PASSWORD)
            browser.post(reverse("sign-out"))
        self.flood()

        assert signs_in(browser)

    def test_nor_does_it_open_for_another_account(self, ada):
        grace = make_user(username="grace")
        browser = known_browser(grace)
        self.flood()

        assert not signs_in(browser)

    def test_whoever_was_signed_in_before_there_was_a_cookie_is_known(self, ada):
        browser = Client()
        browser.force_login(ada)
        browser.get(reverse("profile"))
        browser.post(reverse("sign-out"))
        self.flood()

        assert signs_in(browser)

    def test_so_is_a_browser_in_which_a_new_password_was_chosen(self, ada):
        self.flood()
        browser = Client()
        browser.post(reverse("password-reset"), {"email": ada.email})
        link = re.search(r"http://testserver(\S+)", arrived()[-1].body)[1]
        page = browser.get(link, follow=True)
        new = dict.fromkeys(["password1", "password2"], "quite another one")
        browser.post(page.request["PATH_INFO"], new)

        attempt(browser, "ada", "quite another one")

        assert browser.get(reverse("profile")).status_code == 200

    def test_confirming_who_one_is_goes_on_too(self, ada):
        browser = known_browser(ada)
        signs_in(browser)
        self.flood()

        answer = browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})

        assert answer.status_code == 302

    def test_the_second_step_goes_on_from_a_network_that_floods(self, ada):
        browser = known_browser(ada)
        secret = give_app(ada)
        self.flood(times=40, address="192.0.2.1")
        attempt(browser, "ada", PASSWORD, address="192.0.2.1")

        code = {"code": code_for(secret)}
        browser.post(reverse("mfa_authenticate"), code, REMOTE_ADDR="192.0.2.1")

        assert browser.get(reverse("profile")).status_code == 200

    def test_the_page_says_what_will_do_instead(self, ada):
        self.flood()

        page = attempt(Client()).content.decode()

        for way in ("passkey", "signed in here before", "new password by email"):
            assert way in page

    def test_the_cookie_is_for_the_server_alone_and_names_nobody(self, ada):
        cookie = known_browser(ada).cookies[site.KNOWN_BROWSER_COOKIE]

        assert cookie["httponly"] and cookie["samesite"] == "Lax"
        assert cookie["max-age"] > 300 * 24 * 60 * 60
        held = {part for token in cookie.value.split("|") for part in token.split(":")}
        assert not held & {str(ada.pk), "ada", ada.email}


SPELLINGS = [
    *("ada", "ADA", " ada ", "ada@example.org", "Ada@Example.ORG", " ADA@example.org"),
    "ＡＤＡ",
]


class TestAnAccountIsCountedHoweverItIsNamed:
    @pytest.mark.parametrize("last", SPELLINGS[:-1])
    def test_in_every_spelling_that_signs_in(self, last):
        make_user(username="ada", email="ada@example.org")
        stranger = Client()
        for number in range(10):
            name = SPELLINGS[number % 6]
            attempt(stranger, name, address=f"192.0.2.{number}")

        assert not signs_in(Client(), last, address="192.0.2.99")

    def test_one_that_does_not_sign_in_is_counted_as_what_it_looks_like(self):
        for number in range(10):
            name = ("ＡＤＡ", "ada", "Ada")[number % 3]
            attempt(Client(), name, address=f"192.0.2.{number}")

        assert "Wait 15 minutes" in attempt(Client(), "ADA").content.decode()


class TestStrangersCannotGoOnGuessing:
    """Neither by a cookie that looks like one of ours, nor by many that are."""

    def tries(self, cookies, times):
        """How many passwords are looked at, one from each of these cookies in turn."""
        looked = 0
        for number in range(times):
            browser = Client()
            cookie = cookies[number % len(cookies)]
            browser.cookies[site.KNOWN_BROWSER_COOKIE] = cookie
            page = attempt(browser, address=f"192.0.2.{number}").content.decode()
            looked += "is not right" in page
        return looked

    @pytest.fixture
    def ada(self):
        return make_user(username="ada")

    def test_made_up_cookies_are_those_of_a_stranger(self, ada):
        true = known_browser(ada).cookies[site.KNOWN_BROWSER_COOKIE].value
        name, instant, signature = true.split(":")
        made_up = [
            *("x", "a:b:c", "|" * 50, f"another:{instant}:{signature}"),
            *(f"{name}:{instant}:{signature[::-1]}", f"{true}x"),
        ]

        assert self.tries(made_up, 18) == 10

    def test_another_accounts_cookies_are_too(self, ada):
        others = [
            known_browser(make_user()).cookies[site.KNOWN_BROWSER_COOKIE].value
            for _number in range(3)
        ]

        assert self.tries(others, 18) == 10

    def test_one_browser_has_ten(self, ada):
        copies = [known_browser(ada).cookies[site.KNOWN_BROWSER_COOKIE].value]

        assert self.tries(copies, 15) == 10

    def test_all_browsers_together_have_an_end(self, ada):
        cookies = [
            known_browser(ada).cookies[site.KNOWN_BROWSER_COOKIE].value
            for _number in range(6)
        ]

        assert self.tries(cookies, 50) == 40

    def test_the_message_of_a_known_browser_says_so(self, ada):
        browser = known_browser(ada)
        for _number in range(10):
            attempt(browser)

        page = attempt(browser, "ada", PASSWORD).content.decode()

        assert "too often in this browser" in page

    def test_an_old_cookie_is_no_longer_known(self, ada, time_machine):
        time_machine.move_to("2026-11-24 10:00Z")
        cookie = known_browser(ada).cookies[site.KNOWN_BROWSER_COOKIE].value
        time_machine.move_to("2028-01-24 10:00Z")

        assert self.tries([cookie], 12) == 10
        assert "too often in this browser" not in attempt(Client()).content.decode()


class TestOtherForms:
    def test_a_new_password_is_asked_for_three_times_an_hour(self, client):
        make_user(email="ada@example.org")
        data = {"email": "ada@example.org"}

        answers = [client.post(reverse("password-reset"), data) for _n in range(4)]

        assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
        assert len(arrived()) == 3

    def test_invitations_are_not_guessed(self, client):
        address = reverse("invitation", args=["guess"])

        for _number in range(20):
            assert client.post(address).status_code == 404

        assert client.post(address).status_code == 429


class TestWhereARequestComesFrom:
    def stand_in(self, rf, **meta):
        request = rf.get("/", **meta)
        return AccountAdapter(request).get_client_ip(request)

    def test_no_address_is_kept_only_a_stand_in_of_the_day(self, rf, time_machine):
        time_machine.move_to("2026-11-24 10:00Z")
        today = self.stand_in(rf, REMOTE_ADDR="192.0.2.1")
        again = self.stand_in(rf, REMOTE_ADDR="192.0.2.1")
        other = self.stand_in(rf, REMOTE_ADDR="192.0.2.2")
        time_machine.move_to("2026-11-25 10:00Z")
        tomorrow = self.stand_in(rf, REMOTE_ADDR="192.0.2.1")

        assert today == again
        assert len({today, other, tomorrow, "192.0.2.1"}) == 4

    def test_what_a_visitor_writes_in_the_header_does_not_count(self, rf):
        plain = self.stand_in(rf, REMOTE_ADDR="192.0.2.1")

        forged = self.stand_in(
            rf, REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.7"
        )

        assert forged == plain

    def test_behind_a_proxy_only_its_own_note_counts(self, rf, settings):
        direct = self.stand_in(rf, REMOTE_ADDR="203.0.113.7")
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

        noted = self.stand_in(
            rf,
            REMOTE_ADDR="127.0.0.1",
            HTTP_X_FORWARDED_FOR="198.51.100.4, 203.0.113.7",
        )

        assert noted == direct


COUNT = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.test import Client
call_command("createcachetable", verbosity=0)
client = Client(REMOTE_ADDR="192.0.2.1")
data = {"login": "ada", "password": "wrong"}
for _ in range(6):
    page = client.post("/account/sign-in/", data).content.decode()
print("held off" if "Wait 15 minutes" in page else "tried")
"""


BUSY = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
import sqlite3
call_command("createcachetable", verbosity=0)
django.db.connection.close()
settings.DATABASES["default"]["OPTIONS"]["timeout"] = 0.2
# Else Django shows its own page of a fault.
settings.DEBUG = False
held = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
data = {"login": "ada", "password": "wrong"}
client = Client(REMOTE_ADDR="192.0.2.1", raise_request_exception=False)
answer = client.post("/account/sign-in/", data)
page = answer.content.decode()
told = "records at this moment" in page or "The site is busy" in page
blamed = "Too many" in page or "too often" in page
print(answer.status_code, told, blamed, "Retry-After" in answer)
held.execute("ROLLBACK")
answer = client.post("/account/sign-in/", data)
print(answer.status_code, "is not right" in answer.content.decode())
"""


class TestAcrossProcesses:
    @pytest.fixture
    def run(self, tmp_path):
        """Runs a script as a process of a site of its own."""
        environment = {
            "DJANGO_SETTINGS_MODULE": "icctracker.settings",
            "SECRET_KEY": "for a test",
            "DEBUG": "1",
            "ALLOWED_HOSTS": "testserver",
            "VAR_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
            "CACHE_URL": "dbcache://cache",
        }
        files.make(database(environment["DATABASE_URL"]))
        copy_migrated(tmp_path / "db.sqlite3")

        def run(script):
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-c", script],
                cwd=site.BASE_DIR,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            return done.stdout.split("\n")[:-1]

        return run

    def test_two_processes_count_together(self, run):
        """It starts the site twice: nothing else shows that it holds."""
        said = [run(COUNT)[-1] for _process in range(2)]

        assert said == ["tried", "held off"]

    def test_a_store_that_is_busy_is_told_from_a_limit(self, run):
        """Somebody else writes all the while, so that nothing can be counted."""
        said = run(BUSY)[-2:]

        assert said == ["503 True False True", "200 True"]

    @pytest.mark.parametrize(
        ("backend", "faults"),
        [
            ("django.core.cache.backends.locmem.LocMemCache", ["icctracker.W002"]),
            ("django.core.cache.backends.dummy.DummyCache", ["icctracker.W002"]),
            ("django.core.cache.backends.db.DatabaseCache", []),
            ("django.core.cache.backends.redis.RedisCache", []),
        ],
    )
    def test_a_cache_of_each_process_alone_is_found_before_it_is_used(
        self, settings, backend, faults
    ):
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "cache"}}

        found = run_checks(tags=["caches"], include_deployment_checks=True)

        assert [each.id for each in found if "icctracker" in each.id] == faults
