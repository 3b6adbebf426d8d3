"""A site of its own: a database that is committed to, and folders beside it.

Made from the one that is kept with every migration applied, on the same engine.
"""

import copy
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


@contextmanager
def _database(ours, folder):
    if ours.vendor == "sqlite":
        name = folder / "var" / "db.sqlite3"
        name.parent.mkdir()
        name.write_bytes((FOLDER / f"{_hash()}.sqlite3").read_bytes())
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
