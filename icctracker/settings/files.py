"""Files of the site: a database that is there, and none that others may read."""

import os
import sqlite3
import stat
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# What is for nobody but the site: of a folder, and of a file.
FOLDER, FILE = 0o700, 0o600
_OTHERS = 0o077


class NoDatabase(sqlite3.OperationalError):
    """There is no database where one was to be opened."""


class Existing(sqlite3.Connection):
    """A connection to a database that is there; by itself SQLite makes an empty one."""

    def __init__(self, database, *args, **options):
        if path := _path(database):
            if not path.exists():
                raise NoDatabase(_absent(path))
            # Should it go meanwhile, it is not made either.
            database = f"{path.absolute().as_uri()}?mode=rw"
        super().__init__(database, *args, **options)


def require(database):
    """Stop the start of a site whose database is a file that is not there."""
    path = file_of(database)
    if path and not path.exists():
        raise ImproperlyConfigured(_absent(path))


def make(database):
    """Make the file of a database where there is none; whether that was done."""
    path = file_of(database)
    if path is None or path.exists():
        return False
    path.touch(FILE)
    return True


def file_of(database):
    """The file of a database by its settings; None of a server or in memory."""
    return _path(database["NAME"]) if "sqlite" in database["ENGINE"] else None


def open_to_others(folder, database):
    """The files and folders of the site that others may read, by what to set them to.

    A folder that everybody writes to, such as /tmp, is not the site's to close.
    """
    folder = Path(folder)
    if folder.is_dir() and not folder.stat().st_mode & stat.S_ISVTX:
        found = {folder, *folder.rglob("*")}
    else:
        found = set()
    if path := file_of(database):
        found.update(Path(f"{path}{end}") for end in ("", "-wal", "-shm", "-journal"))
    for each in sorted(found):
        if each.exists() and not each.is_symlink() and each.stat().st_mode & _OTHERS:
            yield each, FOLDER if each.is_dir() else FILE


def close_to_others(folder, database):
    """Close what others may read; how many are closed, and those of another owner."""
    closed, others = 0, []
    for path, mode in list(open_to_others(folder, database)):
        try:
            os.chmod(path, mode)
        except PermissionError:
            others.append(path)
        else:
            closed += 1
    return closed, others


def _path(name):
    """The file that a name stands for; none for an address or one in memory."""
    name = str(name)
    return None if not name or name.startswith(("file:", ":memory:")) else Path(name)


def _absent(path):
    return (
        f"There is no database at {path}. Check DATABASE_URL and VAR_DIR, or make a new"
        " site there with manage.py setup_site"
    )
