"""Redis that is gone or full costs time, and never an answer, a session or a limit."""

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import override_settings
from redis.exceptions import ConnectionError, OutOfMemoryError

from icctracker.settings import addresses, redis

OPERATIONS = [
    ("add", "name", 1),
    ("set", "name", 1),
    ("get", "name"),
    ("touch", "name"),
    ("delete", "name"),
    ("get_many", ["name"]),
    ("has_key", "name"),
    ("set_many", {"name": 1}),
    ("delete_many", ["name"]),
    ("clear",),
]


@pytest.fixture(autouse=True)
def redis_as_configured():
    """Caches as in production; nothing listens at the address of Redis."""
    redis._left_alone_until.clear()
    found = addresses.caches("redis://127.0.0.1:1/0")
    table = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    with override_settings(CACHES=found | {"table": table}):
        yield
        caches["table"].clear()
    redis._left_alone_until.clear()


@pytest.fixture
def redis_is_full(monkeypatch):
    """Reads find nothing; what would be written is refused. Returns what was tried."""
    tried = []

    def refuse(cache, *args, **kwargs):
        tried.append(args)
        raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'")

    for name in ("add", "set", "incr", "set_many"):
        monkeypatch.setattr(RedisCache, name, refuse)
    monkeypatch.setattr(RedisCache, "get", lambda cache, key, default=None: default)
    return tried


class TestRedisThatIsGone:
    @pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each[0])
    def test_fails_nobody(self, operation):
        name, *args = operation

        getattr(caches["answers"], name)(*args)

    def test_has_nothing_kept(self):
        caches["answers"].set("name", 1)

        assert caches["answers"].get("name") is None

    def test_still_counts_attempts(self):
        caches["default"].add("attempts", 0)

        assert caches["default"].incr("attempts") == 1
        assert caches["default"].get("attempts") == 1

    def test_is_not_asked_again_for_a_while_and_said_once(self, monkeypatch, caplog):
        asked = []

        def refuse(cache, *args):
            asked.append(args)
            raise ConnectionError("refused")

        monkeypatch.setattr(RedisCache, "get", refuse)
        for _again in range(3):
            caches["answers"].get("name")

        assert len(asked) == len(caplog.records) == 1

    @pytest.mark.django_db
    @override_settings(SESSION_CACHE_ALIAS="sessions")
    def test_loses_no_session(self):
        session = SessionStore()
        session["says"] = "kept"
        session.save()

        assert SessionStore(session.session_key)["says"] == "kept"


class TestRedisThatIsFull:
    def test_still_counts_attempts(self, redis_is_full):
        for _attempt in range(3):
            count = caches["default"].get("attempts", 0)
            caches["default"].set("attempts", count + 1)

        assert caches["default"].get("attempts") == 3

    def test_is_left_alone_as_long_as_limits_count(self, redis_is_full):
        caches["default"].set("attempts", 1)
        caches["default"].set("attempts", 2)

        assert len(redis_is_full) == 1
        assert redis.FULL >= 15 * 60


class TestSessions:
    def test_a_copy_in_redis_is_trusted_for_a_minute(self):
        twelve_hours = 12 * 60 * 60

        assert caches["sessions"].get_backend_timeout(twelve_hours) == 60
        assert caches["answers"].get_backend_timeout(twelve_hours) == twelve_hours
