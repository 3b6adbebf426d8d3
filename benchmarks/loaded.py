"""A database in memory with the real data, for the scripts beside this one."""

import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DATABASE_URL"] = "sqlite://:memory:"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402


def load():
    """Migrate and load; what the commands print is not of interest here."""
    with redirect_stdout(StringIO()):
        call_command("setup_site", "--no-static")


def milliseconds(function, times=5):
    """The median time that a function takes."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        function()
        taken.append((perf_counter() - start) * 1000)
    return median(taken)
