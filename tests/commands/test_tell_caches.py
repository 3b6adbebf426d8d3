"""A cache in front of the site is told when what readers are shown has moved."""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from icctracker.actions.caches import Teller
from tests.factories import make_evidence

pytestmark = pytest.mark.django_db


class Cache(HTTPServer):
    """Notes what it is told; refuses it while it is ``full``."""

    def __init__(self):
        self.told, self.full = [], False
        super().__init__(("127.0.0.1", 0), _Answers)


class _Answers(BaseHTTPRequestHandler):
    def do_PURGE(self):
        if not self.server.full:
            told = self.command, self.path, self.headers.get("X-Key")
            self.server.told.append(told)
        self.send_response(503 if self.server.full else 200)
        self.end_headers()

    def log_message(self, *args):
        """Says nothing."""


@pytest.fixture
def cache(settings):
    cache = Cache()
    settings.PURGE_URLS = [f"http://127.0.0.1:{cache.server_port}/all"]
    settings.PURGE_HEADERS = {"X-Key": "secret"}
    thread = Thread(target=cache.serve_forever, args=(0.01,))
    thread.start()
    yield cache
    cache.shutdown()
    thread.join()
    cache.server_close()


class TestTelling:
    def test_it_is_told_at_the_start_and_after_each_change(self, cache):
        teller = Teller()
        for _look in range(2):
            assert teller.look() == {}
        assert cache.told == [("PURGE", "/all", "secret")]

        make_evidence()
        teller.look()

        assert len(cache.told) == 2

    def test_what_it_was_not_told_it_is_told_later(self, cache):
        teller, cache.full = Teller(), True
        assert list(teller.look().values()) == ["HTTP Error 503: Service Unavailable"]

        cache.full = False

        assert teller.look() == {} and len(cache.told) == 1

    def test_one_that_is_gone_does_not_keep_the_others_from_it(self, cache, settings):
        gone = "http://127.0.0.1:9/"
        settings.PURGE_URLS = [gone, *settings.PURGE_URLS]

        assert list(Teller().look()) == [gone]
        assert len(cache.told) == 1

    def test_by_command(self, cache):
        call_command("tell_caches", once=True)

        assert len(cache.told) == 1

    def test_a_command_with_nobody_to_tell_says_so(self, settings):
        with pytest.raises(CommandError, match="PURGE_URLS"):
            call_command("tell_caches", once=True)


class TestPages:
    def test_are_held_by_shared_caches_only_as_long_as_it_is_set(
        self, client, settings
    ):
        assert "s-maxage" not in client.get("/about/")["Cache-Control"]

        settings.SHARED_MAX_AGE = 60

        held = client.get("/about/")["Cache-Control"]
        assert "s-maxage=60" in held and "max-age=0" in held

    def test_held_by_nobody_that_is_told_draw_a_warning(self, settings):
        settings.SHARED_MAX_AGE = 60

        assert [each.id for each in run_checks()] == ["icctracker.W003"]
