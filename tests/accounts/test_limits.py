"""Limits on attempts: they are told in words, and hold across all processes."""

import subprocess
import sys

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.core.checks import run_checks
from django.urls import reverse

from icctracker.web.accounts.security import AccountAdapter
from tests.factories import make_user
from tests.postbox import arrived

from .second_step import PASSWORD

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
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
client = Client(REMOTE_ADDR="192.0.2.1")
data = {"login": "ada", "password": "wrong"}
for _ in range(6):
    page = client.post("/account/sign-in/", data).content.decode()
print("held off" if "Wait 15 minutes" in page else "tried")
"""


class TestAcrossProcesses:
    def test_two_processes_count_together(self, tmp_path):
        """Slow, since it starts the site twice: nothing else shows that it holds."""
        environment = {
            "DJANGO_SETTINGS_MODULE": "icctracker.settings",
            "SECRET_KEY": "for a test",
            "DEBUG": "1",
            "ALLOWED_HOSTS": "testserver",
            "VAR_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
            "CACHE_URL": "dbcache://cache",
        }

        said = [
            subprocess.run(  # noqa: S603
                [sys.executable, "-c", COUNT],
                cwd=site.BASE_DIR,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            ).stdout.split("\n")[-2]
            for _process in range(2)
        ]

        assert said == ["tried", "held off"]

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
