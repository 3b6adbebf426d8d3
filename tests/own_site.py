"""A site of its own: a database that is committed to, and folders beside it.

Made from the one that is kept with every migration applied, on the same engine.
"""

import copy
import os
import subprocess
import sys
from contextlib import contextmanager

from django.conf import settings
from django.db import connections
from django.db.utils import load_backend

from tests.migrated import FOLDER, PREFIX, _hash

ALIAS = "default"


def connect_to(name):
    """A connection of this thread to the database of another name."""
    told = copy.deepcopy(connections.settings[ALIAS]) | {"NAME": str(name)}
    backend = load_backend(told["ENGINE"])
    connections[ALIAS] = backend.DatabaseWrapper(told, ALIAS)


@contextmanager
def own_site(folder):
    """Within it this thread has the site; gives the name of its database."""
    ours = connections[ALIAS]
    with _database(ours, folder) as name:
        connect_to(name)
        try:
            yield name
        finally:
            connections[ALIAS].close()
            connections[ALIAS] = ours


def copy_migrated(path):
    """A file of SQLite with every migration applied, for processes of their own."""
    kept = FOLDER / f"{_hash()}.sqlite3"
    if not kept.exists():
        # Tests on PostgreSQL need not have it.
        ours = {"DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "tests.settings"}
        make = [sys.executable, "-m", "tests.migrated"]
        subprocess.run(make, cwd=settings.BASE_DIR, env=os.environ | ours, check=True)  # noqa: S603
    path.write_bytes(kept.read_bytes())


@contextmanager
def _database(ours, folder):
    if ours.vendor == "sqlite":
        name = folder / "var" / "db.sqlite3"
        name.parent.mkdir()
        copy_migrated(name)
        yield name
        return
    name = f"{settings.DATABASES[ALIAS]['NAME']}_own"
    with ours.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{PREFIX}{_hash()}"')
    try:
        yield name
    finally:
        with ours.creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
