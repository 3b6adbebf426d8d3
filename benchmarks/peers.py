"""Datasette, a peer: an environment of its own, and the same entries in one table."""

import sqlite3
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import psycopg

from benchmarks.place import ROOT
from benchmarks.served import Server

DATASETTE = "0.65.5"
FOLDER = ROOT / "benchmarks" / ".peers"
COLUMNS = (
    "id slug occurred_on kind tier symbol meeting title summary votes_yes votes_no"
    " votes_abstain published_at"
).split()
# What the readers of a list filter and sort by.
INDEXED = ("occurred_on", "kind", "tier")
READ = (
    f"SELECT {', '.join(COLUMNS)} FROM icctracker_evidence"  # noqa: S608
    " WHERE state = 'published' ORDER BY id"
)
AT_ONCE = 10_000


def python():
    """The interpreter of an environment with Datasette, made where it is missing."""
    folder = FOLDER / f"datasette-{DATASETTE}"
    found = folder / "bin" / "python"
    if not (folder / ".complete").exists():
        wanted = [f"datasette=={DATASETTE}", f"gunicorn=={version('gunicorn')}"]
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        _run(str(found), "-m", "pip", "install", "--quiet", "--quiet", *wanted)
        (folder / ".complete").touch()
    return str(found)


def _run(*command):
    subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 - our own words


def copy_of_the_entries(place):
    """A file with the published entries in one table, with indexes for its filters."""
    path = place.folder / f"{place.name}_peer.sqlite3"
    if path.exists():
        return path
    half = Path(f"{path}.half")
    half.unlink(missing_ok=True)
    with sqlite3.connect(half) as peer:
        typed = [f"{name} {_kind(name)}" for name in COLUMNS]
        peer.execute(f"CREATE TABLE evidence ({', '.join(typed)})")
        marks = ", ".join("?" * len(COLUMNS))
        sql = f"INSERT INTO evidence VALUES ({marks})"  # noqa: S608
        for rows in _rows(place):
            peer.executemany(sql, rows)
        for name in INDEXED:
            peer.execute(f"CREATE INDEX evidence_{name} ON evidence ({name})")
    peer.close()
    return half.rename(path)


def _kind(name):
    if name == "id":
        return "INTEGER PRIMARY KEY"
    return "INTEGER" if name.startswith("votes") else "TEXT"


def _rows(place):
    """The published entries, many at a time, as SQLite has them."""
    if place.on_postgres:
        with psycopg.connect(place.url()) as connection:
            cursor = connection.cursor("entries")
            cursor.execute(READ)
            while rows := cursor.fetchmany(AT_ONCE):
                yield [tuple(map(_plain, row)) for row in rows]
        return
    connection = sqlite3.connect(place.file)
    cursor = connection.execute(READ)
    while rows := cursor.fetchmany(AT_ONCE):
        yield rows
    connection.close()


def _plain(value):
    return value if isinstance(value, int | str | None) else str(value)


def datasette(place, log):
    """Datasette under the same gunicorn, with a worker for its kind of application."""
    database = copy_of_the_entries(place)
    return Server(
        "benchmarks.datasette_app:application",
        place.environment(PEER_DATABASE=str(database)),
        log,
        python=python(),
        options=["--worker-class", "asgi"],
    )
