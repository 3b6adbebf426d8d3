"""Measure what the first reader after a write pays, in processor time.

    DATABASE_URL=sqlite:////tmp/measured/synthetic_1000_10_1_1.sqlite3 \\
        .venv/bin/python -m benchmarks.first_reader

Wants a copy of a synthetic site (``benchmarks/load.py``): before each answer an entry
is written anew, so that nothing of the version before is good any more. Prints for each
page the median, as a multiple of that of the bare view, and the number of queries.
"""

import os
from statistics import median
from time import process_time

ROUNDS = 5
FIRST = (
    "/situations/ /situations/{situation}/ /methodology/ /changes/ /council/{member}/"
)
OTHERS = "/ /recommendations/ /evidence/ /council/"


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")
    os.environ["KEEP_ANSWERS"] = "0"
    # Its addresses are added to those of the site.
    from benchmarks import bare  # noqa: F401
    from icctracker.models import Evidence, Member, Situation

    busiest = Situation.objects.order_by("pk").first()
    member = Member.objects.filter(permanent=True).first()
    chosen = {"situation": busiest.slug, "member": member.slug}
    entry = Evidence.objects.published().filter(codings__isnull=True).first()
    nothing = _measured("/bare/", entry)[0]
    print(f"{'/bare/':40} {1000 * nothing:8.1f} ms")
    for path in f"{FIRST} {OTHERS}".format(**chosen).split():
        seconds, queries = _measured(path, entry)
        print(f"{path:40} {seconds / nothing:8.1f} x {queries:4} queries")


def _measured(path, entry):
    """The median of the processor time of an answer, and its number of queries."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, found = Client(headers={"host": "127.0.0.1"}), []
    client.get(path)
    for _round in range(ROUNDS):
        _publish(entry)
        began = process_time()
        response = client.get(path, secure=True)
        found.append(process_time() - began)
        if response.status_code != 200:
            raise SystemExit(f"{path} answers {response.status_code}.")
    _publish(entry)
    with CaptureQueriesContext(connection) as queries:
        client.get(path, secure=True)
    return median(found), len(queries)


def _publish(entry):
    """Write an entry as its publication does: taken back, and published again."""
    from icctracker.models import Evidence

    found = Evidence.objects.filter(pk=entry.pk)
    found.update(state=Evidence.State.SUBMITTED)
    found.update(state=Evidence.State.PUBLISHED)


if __name__ == "__main__":
    main()
