"""A database with every migration applied: made once, copied for each worker and run.

What migrations make is kept under a name that holds a hash of them all, so that a
migration that is new or changed is applied in full on the next run. SQLite keeps a
file under ``.pytest_cache/``, PostgreSQL a database to copy from. The first worker
makes it while the others wait; ``python -m tests.migrated`` makes it beforehand.
"""

import fcntl
import hashlib
import sqlite3
import sys
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader

FOLDER = settings.BASE_DIR / ".pytest_cache" / "migrated"
PREFIX = "tests_migrated_"


def set_up_database():
    """This worker's test database, as migrations leave it; returns the name of ours."""
    own_name = connection.settings_dict["NAME"]
    with _one_at_a_time():
        if connection.vendor == "sqlite":
            _set_up_sqlite()
        else:
            _set_up_postgresql()
    return own_name


def drop_database(own_name):
    if connection.vendor == "postgresql":
        # A thread of a journey's server may end after the last test, with a session.
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    connection.creation.destroy_test_db(own_name, verbosity=0)


def _set_up_sqlite():
    kept = FOLDER / f"{_hash()}.sqlite3"
    _create()
    if kept.exists():
        with sqlite3.connect(kept) as source:
            source.backup(connection.connection)
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        return
    _migrate()
    making = kept.with_suffix(".making")
    making.unlink(missing_ok=True)
    with sqlite3.connect(making) as target:
        connection.connection.backup(target)
    making.rename(kept)


def _set_up_postgresql():
    test, kept = connection.settings_dict["TEST"], PREFIX + _hash()
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [kept])
        found = cursor.fetchone()
    if not found:
        own_name, making = connection.settings_dict["NAME"], PREFIX + "making"
        wanted, test["NAME"] = test["NAME"], making
        _create()
        _migrate()
        connection.close()
        _name(own_name)
        test["NAME"] = wanted
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{making}" RENAME TO "{kept}"')
    test["TEMPLATE"] = kept
    _create()
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


def _create():
    """An empty test database (or a copy of a template), and a connection to it."""
    name = connection.creation._create_test_db(verbosity=0, autoclobber=True)
    connection.close()
    _name(name)
    connection.ensure_connection()


def _name(name):
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _migrate():
    call_command("migrate", verbosity=0, interactive=False)


def _hash():
    """Changes with any migration of any app, and with Django."""
    found = hashlib.sha256(django.__version__.encode())
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    for name, migration in sorted(migrations.items()):
        found.update(repr(name).encode())
        found.update(Path(sys.modules[migration.__module__].__file__).read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def _one_at_a_time():
    """Workers wait for the one that migrates."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"{connection.vendor}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    django.setup()
    drop_database(set_up_database())
