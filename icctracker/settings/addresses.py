"""Engines as Django is told of them, from the addresses in the environment."""

import environ
from django.core.exceptions import ImproperlyConfigured

from . import files

POSTGRESQL, SQLITE = "django.db.backends.postgresql", "django.db.backends.sqlite3"
OUR_SQLITE = "icctracker.settings.sqlite"
REDIS = "icctracker.settings.redis.SharedCache"
TABLE = "icctracker.settings.table.CountingTable"
MEMCACHED = ("PyMemcacheCache", "PyLibMCCache")
# A cache that does not answer must not hold up a page, however short the page is.
SECONDS_FOR_REDIS = 0.5
# How long a database is waited for, and how long a connection without a pool is kept.
SECONDS_TO_CONNECT = 3
SECONDS_KEPT = 60
# How long a writer waits for another. A page that waits holds one of few threads.
SECONDS_FOR_A_LOCK = 20
# Signing out deletes a session from the database and from Redis. Where Redis could not
# be reached for that, its copy still opens the door for so long.
SECONDS_OF_A_SESSION = 60


def database(address, *, pool=True):
    """A database by its address; ``?pgbouncer=1`` says that PgBouncer stands before it.

    Several hosts (``postgres://me@one:6432,two:5432/tracker``) are tried in turn.
    """
    found = environ.Env.db_url_config(address)
    if found.get("ENGINE") == SQLITE:
        ours = {"ENGINE": OUR_SQLITE, "CONN_MAX_AGE": None}
        return found | ours | {"OPTIONS": _on_sqlite()}
    if found.get("ENGINE") != POSTGRESQL:
        raise ImproperlyConfigured(
            "Set DATABASE_URL to an address such as postgres://…"
        )
    options = {"connect_timeout": SECONDS_TO_CONNECT} | found.get("OPTIONS", {})
    # A connection that has died is noticed before a page is asked of it.
    found |= {"CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    if options.pop("pgbouncer", False):
        return found | _behind_pgbouncer(options)
    # As on SQLite, a writer waits for another, and not for ever.
    options.setdefault("options", f"-c lock_timeout={SECONDS_FOR_A_LOCK}s")
    if pool:
        options["pool"] = {"timeout": 2 * SECONDS_TO_CONNECT}
    return found


def replica(address):
    """A copy of the database that only open pages are read from."""
    found = database(address, pool=False)
    if found["ENGINE"] != POSTGRESQL:
        raise ImproperlyConfigured("DATABASE_REPLICA_URL must begin with postgres://")
    # No pool: whoever asks it when it is gone would wait for one.
    return found | {"CONN_MAX_AGE": SECONDS_KEPT, "TEST": {"MIRROR": "default"}}


def _on_sqlite():
    return {
        # Readers never wait for a writer, and a writer waits for another, not fails.
        "transaction_mode": "IMMEDIATE",
        "timeout": SECONDS_FOR_A_LOCK,
        # What was said to be saved is on the disk, even if the power fails.
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
        # A mistyped address is said, where SQLite would make an empty database.
        "factory": files.Existing,
    }


def _behind_pgbouncer(options):
    """Where each transaction may be on another connection, nothing may outlast one."""
    return {
        # PgBouncer is the pool; a connection to it costs next to nothing to keep.
        "CONN_MAX_AGE": SECONDS_KEPT,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options | {"prepare_threshold": None},
    }


def caches(address):
    """All caches, from the address of the one that processes share."""
    shared = environ.Env.cache_url_config(address)
    kind = shared["BACKEND"].rpartition(".")[2]
    if kind == "DatabaseCache":
        shared["BACKEND"] = TABLE
    found = {"default": shared}
    if redis := kind == "RedisCache":
        # What is counted is counted in the database while Redis is gone or full.
        table = environ.Env.cache_url_config("dbcache://cache")
        found["table"] = _bounded(table | {"BACKEND": TABLE})
        found["default"] = _in_redis(shared, "limits", instead="table")
        found["sessions"] = _in_redis(shared, "sessions", longest=SECONDS_OF_A_SESSION)
    elif kind not in MEMCACHED:
        _bounded(shared)
    # Whole answers to strangers, and parts that pages share.
    for name, number in (("answers", 500), ("fragments", 4_000)):
        if redis:
            found[name] = _in_redis(shared, name)
        elif kind in MEMCACHED:
            found[name] = shared | {"KEY_PREFIX": name}
        else:
            found[name] = _in_each_process(name, number)
    return found


def _bounded(cache):
    """Django keeps 300 entries: whoever tries many names would push counters out."""
    cache.setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 100_000)
    return cache


def _in_redis(shared, prefix, **ours):
    options = {
        "socket_connect_timeout": SECONDS_FOR_REDIS,
        "socket_timeout": SECONDS_FOR_REDIS,
    } | shared.get("OPTIONS", {})
    return shared | {"BACKEND": REDIS, "KEY_PREFIX": prefix, "OPTIONS": options | ours}


def _in_each_process(name, number):
    return {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "OPTIONS": {"MAX_ENTRIES": number},
    }
