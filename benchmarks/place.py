"""Where a synthetic site lives: a database of its own, and the settings for it.

On SQLite it is a file in a folder that the caller names. On PostgreSQL it is a database
of its own, called after the one that the address names, which is never touched.
"""

import os
import shutil
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "synthetic"


class Place:
    """The databases of one recipe: as loaded, and the copy that is measured."""

    def __init__(self, recipe, folder, engine="sqlite"):
        self.recipe, self.engine = recipe, engine
        self.folder = Path(folder).resolve()
        parts = (recipe.entries, recipe.recommendations, recipe.publications)
        before = [urlsplit(engine).path.strip("/")] if self.on_postgres else []
        self.running = "_".join([*before, PREFIX, "running"])
        self.name = "_".join(map(str, (*before, PREFIX, *parts, recipe.seed)))

    @property
    def on_postgres(self):
        return self.engine != "sqlite"

    def url(self, name=None):
        """The address of the database as loaded, or of another of ours."""
        name = name or self.name
        if self.on_postgres:
            return urlunsplit(urlsplit(self.engine)._replace(path=f"/{name}"))
        return f"sqlite:///{self.folder / name}.sqlite3"

    def environment(self, name=None, **more):
        """The settings of a site on it; what is not named is the site's default."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "icctracker.settings",
            "SECRET_KEY": "for measuring only, and for nothing that anybody keeps",
            "DEBUG": "0",
            "SITE_URL": "http://127.0.0.1",
            "ALLOWED_HOSTS": "127.0.0.1",
            "VAR_DIR": str(self.folder),
            "STATIC_ROOT": str(self.folder / "static"),
            "DATABASE_URL": self.url(name),
            "EMAIL_URL": "dummymail://",
            "LOG_LEVEL": "WARNING",
            **more,
        }

    def create(self):
        """Make the database where it is missing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.on_postgres and not self._exists():
            self._ask(f'CREATE DATABASE "{self.name}"')

    def copy(self):
        """A fresh copy, so that every run begins with the same."""
        if self.on_postgres:
            self._ask(f'DROP DATABASE IF EXISTS "{self.running}" WITH (FORCE)')
            self._ask(f'CREATE DATABASE "{self.running}" TEMPLATE "{self.name}"')
            return
        self.drop_copy()
        with sqlite3.connect(self.file) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self.file, self._file(self.running))

    def drop_copy(self):
        if self.on_postgres:
            self._ask(f'DROP DATABASE IF EXISTS "{self.running}" WITH (FORCE)')
            return
        for end in ("", "-wal", "-shm"):
            Path(f"{self._file(self.running)}{end}").unlink(missing_ok=True)

    @property
    def file(self):
        """The file of the database as loaded, on SQLite."""
        return self._file(self.name)

    def _file(self, name):
        return self.folder / f"{name}.sqlite3"

    def _exists(self):
        sql = "SELECT 1 FROM pg_database WHERE datname = %s"
        return bool(self._ask(sql, [self.name]))

    def _ask(self, sql, values=None):
        """One statement outside of any transaction, asked of the database named."""
        with psycopg.connect(self.engine, autocommit=True) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []
