"""Measure the whole site at several sizes, as a multiple of a page that does nothing.

    .venv/bin/python benchmarks/site.py --entries 1000,100000 --recommendations 10
    .venv/bin/python benchmarks/site.py --entries 1000 --engine postgres://me@host/any
    .venv/bin/python benchmarks/site.py --entries 1000,100000 --only desk

Loads synthetic entries into a database of their own, serves a copy of it as bin/run
does, beside it a bare view and Datasette, and asks all of them in turn. The part *desk*
is every page of desk, review and admin, in processor time. Prints a table
and, with --out, writes the figures as JSON. docs/performance.md tells how to read it.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import date
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import load, peers, reading, streams, writing  # noqa: E402
from benchmarks.served import Server, served_as  # noqa: E402
from benchmarks.table import as_text  # noqa: E402
from benchmarks.targets import targets  # noqa: E402

PARTS = "reading streams publishing writing desk".split()


def options():
    parser = load.arguments(argparse.ArgumentParser(description=__doc__))
    parser.add_argument("--entries", default="1000", help="sizes, as in 1000,100000")
    parser.add_argument("--recommendations", default="10", help="as in 10,400")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--patience", type=float, default=20, help="seconds an answer")
    parser.add_argument("--budget", type=float, default=4, help="seconds an address")
    parser.add_argument("--writing", type=float, default=10, help="seconds of writing")
    parser.add_argument("--only", default=",".join(PARTS), help="parts to be measured")
    parser.add_argument("--out", type=Path, help="where the figures go, as JSON")
    return parser.parse_args()


def measure(place, chosen):
    """The figures of one size, by part."""
    steps = _loaded(place, chosen)
    place.copy()
    rows, memory = {}, {}
    asked = chosen.only.split(",")
    if asked != ["desk"]:
        sheet = _sheet(place) | {"database": peers.copy_of_the_entries(place).stem}
        with ExitStack() as stack:
            servers = _servers(place, stack)
            rows = dict(_parts(servers, sheet, place, chosen))
            memory = {name: round(each.memory()) for name, each in servers.items()}
    if "desk" in asked:
        rows["desk"] = _in_one_process(place)
    place.drop_copy()
    return {
        "recipe": str(place.recipe),
        "entries": place.recipe.entries,
        "recommendations": place.recipe.recommendations,
        "engine": "PostgreSQL" if place.on_postgres else "SQLite",
        "code": _commit(),
        "measured": str(date.today()),
        "python": platform.python_version(),
        "served": " ".join(served_as()),
        "patience": chosen.patience,
        "load": steps,
        "memory_MiB": memory,
        "rows": rows,
    }


def _loaded(place, chosen):
    """Load in a process of its own: the settings hold for one database only."""
    words = [sys.executable, "-m", "benchmarks.load"]
    for name in "folder publications seed engine".split():
        words += [f"--{name}", str(getattr(chosen, name))]
    for name in "entries recommendations".split():
        words += [f"--{name}", str(getattr(place.recipe, name))]
    steps = json.loads(_said(words, os.environ).splitlines()[-1])
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input"]
    _said([*collect, "--verbosity", "0"], place.environment())
    return steps


def _said(words, environment):
    """What a program of ours prints."""
    ran = subprocess.run(  # noqa: S603 - our own code
        words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return ran.stdout


def _sheet(place, *words):
    command = [sys.executable, "-m", "benchmarks.sheet", *words]
    return json.loads(_said(command, place.environment(place.running)))


def _in_one_process(place):
    """The pages of those who work here, each beside a bare view."""
    command = [sys.executable, "-m", "benchmarks.desk", "--json"]
    uncached = place.environment(place.running, KEEP_ANSWERS="0")
    return json.loads(_said(command, uncached))


def _servers(place, stack):
    """The site, once without a cache of pages and once as it comes, and the peers."""
    uncached = place.environment(place.running, KEEP_ANSWERS="0")
    log = place.folder / "servers.log"
    servers = {
        "site": Server("icctracker.wsgi", uncached, log),
        "kept": Server("icctracker.wsgi", place.environment(place.running), log),
        "bare": Server("benchmarks.bare", uncached, log),
        "datasette": peers.datasette(place, log),
    }
    for server in servers.values():
        stack.enter_context(server)
    return servers


def _parts(servers, sheet, place, chosen):
    """Pairs of a part and its rows, one part after the other."""
    asked, patience = chosen.only.split(","), chosen.patience
    if "reading" in asked:
        rounds = reading.Reading(
            servers, sheet, patience=patience, budget=chosen.budget
        )
        yield "reading", rounds.measure(list(targets(sheet)), chosen.rounds)
    if "streams" in asked:
        rows = streams.download(servers, sheet["database"], patience=6 * patience)
        yield "streams", rows
    if "publishing" in asked:
        most = 2 * chosen.rounds
        rows = writing.publish(servers, sheet, patience=patience, most=most)
        yield "publishing", rows
    if "writing" in asked:
        seconds = chosen.writing
        row, mark = writing.write_together(
            servers["kept"], sheet, seconds=seconds, patience=patience
        )
        found = _sheet(place, *mark.split())
        log = (place.folder / "servers.log").read_text(errors="replace")
        row["lost"] = max(0, row["made"] - found)
        row["locked"] = log.count("database is locked")
        yield "writing", {f"{writing.WRITERS} writers": row}


def _commit():
    found = subprocess.run(  # noqa: S603
        ["git", "rev-parse", "--short", "HEAD"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return found.stdout.strip()


def _numbers(text):
    return [int(number) for number in text.split(",")]


def main():
    chosen, found = options(), []
    with tempfile.TemporaryDirectory() as temporary:
        chosen.folder = chosen.folder or temporary
        sizes = product(_numbers(chosen.entries), _numbers(chosen.recommendations))
        for entries, recommendations in sizes:
            place = load.place_of(chosen, entries, recommendations)
            found.append(measure(place, chosen))
            print(as_text(found[-1]), flush=True)
            if chosen.out:
                chosen.out.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
