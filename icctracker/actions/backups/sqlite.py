"""Copying a database of SQLite while it is written to, and putting one in its place."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from icctracker.actions import ActionRefused

from . import fleeting

NAME = "database.sqlite3"
# Seconds that whoever still has the database open is waited for.
PATIENCE = 3


def path():
    """Where the database lies."""
    return Path(connection.settings_dict["NAME"])


def copy(folder):
    """A copy as of one instant, without what is fleeting; how many rows of each table.

    Whoever writes meanwhile neither waits nor is in it by half.
    """
    connection.ensure_connection()
    with closing(sqlite3.connect(folder / NAME)) as made:
        connection.connection.backup(made)
        made.execute("PRAGMA journal_mode = DELETE")
        # Nothing that was emptied stays legible in pages that are free now.
        made.execute("PRAGMA secure_delete = ON")
        with made:
            _empty(made)
        made.execute("VACUUM")
        return _counts(made)


def _empty(made):
    tables = _tables(made)
    # None of what is left out is shown, so that no trigger has anything to note.
    for table in tables & fleeting.TOUCHED:
        kept = fleeting.rows_kept(table)
        made.execute(f'DELETE FROM "{table}" WHERE NOT ({kept})')  # noqa: S608
        if said := fleeting.CHANGED.get(table):
            values = ", ".join(f'"{column}" = {sql}' for column, sql in said.items())
            made.execute(f'UPDATE "{table}" SET {values}')  # noqa: S608


def _tables(made):
    sql = "SELECT name FROM sqlite_master WHERE type = 'table'"
    names = {name for (name,) in made.execute(sql)}
    return {each for each in names if not each.startswith("sqlite_")}


def _counts(made):
    return {
        table: made.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
        for table in sorted(_tables(made))
    }


def verify(folder, counts):
    """Refuse a copy that is not whole in itself, or not what the manifest tells."""
    try:
        with closing(sqlite3.connect(folder / NAME)) as made:
            whole = made.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            astray = made.execute("PRAGMA foreign_key_check").fetchone()
            same = _counts(made) == counts
    except sqlite3.DatabaseError as fault:
        raise ActionRefused(f"The backup is damaged: {fault}") from fault
    if not whole or astray or not same:
        raise ActionRefused("The backup is damaged: its database is not whole.")


def replace(folder, moves, at):
    """Put the copy in the place of what stands, in one step."""
    _settle(folder / NAME, moves, at)
    connection.close()
    target = path()
    _leave_to_us(target)
    os.chmod(folder / NAME, 0o600)
    os.replace(folder / NAME, target)
    sync(target.parent)


def _settle(file, moves, at):
    """End what began before, and have every page that readers hold asked for anew."""
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("UPDATE icctracker_user SET last_login = ?", [at])
        for key, part in ((1, ""), (2, "record")):
            made.execute(
                "INSERT OR IGNORE INTO icctracker_dataversion"
                ' (id, part, "transaction", moves, at) VALUES (?, ?, 0, 0, ?)',
                [key, part, at],
            )
        made.execute(
            "UPDATE icctracker_dataversion SET moves = moves + ?, at = ?", [moves, at]
        )
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _leave_to_us(target):
    """Refuse while anybody has the database open; else nothing is left beside it."""
    if not target.exists():
        return _set_aside(target)
    try:
        with closing(sqlite3.connect(target, timeout=PATIENCE)) as standing:
            # Only whoever is alone with a database can take it out of WAL mode.
            mode = standing.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
            if mode == "wal":
                raise sqlite3.OperationalError("it is open elsewhere")
            standing.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as fault:
        raise ActionRefused(
            "The site is running: stop it and its worker first, then restore."
            f" ({fault})"
        ) from fault
    except sqlite3.DatabaseError:
        # What stands is no database any more, which is why it is to be replaced.
        _set_aside(target)


def _set_aside(target):
    """What lies beside a database that is gone must not be taken for the new one's."""
    for name in ("-wal", "-shm", "-journal"):
        Path(f"{target}{name}").unlink(missing_ok=True)


def sync(folder):
    """Have the disk know that a file has its name now."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
