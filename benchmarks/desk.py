"""Measure the pages of the desk, the review and the admin, in processor time.

    DATABASE_URL=sqlite:////tmp/measured/synthetic_1000_10_1_1.sqlite3 \\
        .venv/bin/python -m benchmarks.desk [words of the names of pages]

Wants a copy of a synthetic site (``benchmarks/load.py``); ``benchmarks/site.py --only
desk`` makes one. Each page is asked in turn with the bare view, by the same process,
so that who else is at work on the machine does not matter. Prints for each its median
as a multiple of the bare view's, and its queries; with ``--json``, for a program.
"""

import gc
import json
import os
import sys
from statistics import median
from time import process_time

ROUNDS = 7
BARE = "/bare/"


def measure(words=()):
    """Of each page, by its name, what it costs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")
    # Its addresses are added to those of the site.
    from benchmarks import bare  # noqa: F401
    from benchmarks.sheet import sheet
    from benchmarks.targets import desk

    known = sheet()
    for target in desk(known):
        if not words or any(word in target.name for word in words):
            yield target.name, _measured(known, target)


def _measured(known, target):
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    somebody, nobody = (Client(headers={"host": "127.0.0.1"}) for _each in range(2))
    somebody.cookies[known["cookie"]] = known["people"][target.who]["session"]
    _seconds(nobody, BARE)
    _seconds(somebody, target.path)
    pairs = [
        (_seconds(somebody, target.path), _seconds(nobody, BARE))
        for _round in range(ROUNDS)
    ]
    with CaptureQueriesContext(connection) as queries:
        _seconds(somebody, target.path)
    took, nothing = (median(each) for each in zip(*pairs, strict=True))
    return {
        "ms": round(1000 * took, 1),
        "times": round(took / nothing, 1),
        "queries": len(queries),
    }


def _seconds(client, path):
    """The processor time of an answer."""
    gc.collect()
    began = process_time()
    response = client.get(path, secure=True)
    seconds = process_time() - began
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status_code}.")
    return seconds


def as_line(name, row):
    """One page, as a line of the table."""
    ms, times, queries = row["ms"], row["times"], row["queries"]
    return f"{name:36} {ms:8.1f} ms {times:7.1f} x {queries:4} queries"


def main():
    words = [word for word in sys.argv[1:] if word != "--json"]
    if "--json" in sys.argv:
        print(json.dumps(dict(measure(words))))
        return
    for name, row in measure(words):
        print(as_line(name, row), flush=True)


if __name__ == "__main__":
    main()
