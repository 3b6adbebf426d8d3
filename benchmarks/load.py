"""Load synthetic entries into the product's own tables, in a database of their own.

    .venv/bin/python -m benchmarks.load --folder /tmp/measured --entries 100000

Makes ``synthetic_….sqlite3`` in the folder, or with ``--engine postgres://…`` a
database of that name beside the one named. What has been loaded already is only
migrated. It refuses a database that holds anything else.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import date

from benchmarks.place import ROOT, Place
from benchmarks.synthetic import Recipe

LONGEST_DAILY_COMMAND = 20


def arguments(parser):
    """The options that say what is loaded and where."""
    parser.add_argument("--folder", help="where the databases go, to be used again")
    parser.add_argument("--publications", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="sqlite", help="sqlite, or postgres://…")
    return parser


def place_of(options, entries, recommendations):
    """Where a load of this size lives."""
    recipe = Recipe(
        entries,
        recommendations,
        options.publications,
        options.seed,
        # The first day of the year, so that a load can be used for some time.
        date(date.today().year, 1, 1),
    )
    return Place(recipe, options.folder, options.engine)


def load(place):
    """Make, migrate and fill the database; the seconds that each step took."""
    place.create()
    os.environ.update(place.environment())
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command, get_commands

    from benchmarks.filling import OtherData, fill_once, in_a_hurry
    from icctracker.settings import files

    steps = {}
    files.make(settings.DATABASES["default"])
    changed = _waits_for_migrations(call_command)
    with timed(steps, "migrate"):
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    with timed(steps, "load"), in_a_hurry():
        try:
            changed = fill_once(place.recipe) or changed
        except OtherData as refusal:
            raise SystemExit(str(refusal)) from refusal
    if not changed:
        return steps
    if "rebuild" in get_commands():
        with timed(steps, "rebuild"):
            call_command("rebuild", verbosity=0, stdout=open(os.devnull, "w"))
    with timed(steps, "record_changes"):
        steps["record_changes ended"] = _daily(place)
    return steps


def _waits_for_migrations(call_command):
    """Whether the code has migrations that this database has not seen."""
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except SystemExit:
        return True
    return False


def _daily(place):
    """Note today's statuses, as every site does each day; whether it came to an end."""
    try:
        subprocess.run(
            [sys.executable, "manage.py", "record_changes"],
            env=place.environment(),
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=LONGEST_DAILY_COMMAND,
        )
    except subprocess.TimeoutExpired:
        return False
    return True


class timed:
    """Notes under a name how many seconds something took."""

    def __init__(self, steps, name):
        self.steps, self.name = steps, name

    def __enter__(self):
        self.began = time.perf_counter()

    def __exit__(self, *failure):
        self.steps[self.name] = round(time.perf_counter() - self.began, 1)


def main():
    parser = arguments(argparse.ArgumentParser(description=__doc__))
    parser.add_argument("--entries", type=int, default=1000)
    parser.add_argument("--recommendations", type=int, default=10)
    options = parser.parse_args()
    if not options.folder:
        parser.error("name a --folder for the database")
    place = place_of(options, options.entries, options.recommendations)
    print(json.dumps({"database": place.name} | load(place)))


if __name__ == "__main__":
    main()
