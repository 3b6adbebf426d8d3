"""Measure what the first reader after a write pays, in processor time.

    DATABASE_URL=sqlite:////tmp/measured/synthetic_1000_10_1_1.sqlite3 \\
        .venv/bin/python -m benchmarks.first_reader

Wants a copy of a synthetic site (``benchmarks/load.py``): before each answer an entry
is written anew, so that nothing of the version before is good any more. Prints for each
page its queries, and the median as a multiple of that of the bare view asked in turn.
"""

import os
from statistics import median
from time import process_time

ROUNDS = 7
BARE = "/bare/"
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
    for path in f"{FIRST} {OTHERS}".format(**chosen).split():
        print(_measured(path, entry))


def _measured(path, entry):
    """What a page costs, in words."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    for each in (path, BARE):
        _seconds(client, each)
    seconds, nothing = [], []
    for _round in range(ROUNDS):
        _publish(entry)
        seconds.append(_seconds(client, path))
        nothing.append(_seconds(client, BARE))
    _publish(entry)
    with CaptureQueriesContext(connection) as queries:
        _seconds(client, path)
    took, times = median(seconds), median(seconds) / median(nothing)
    return f"{path:36} {1000 * took:7.1f} ms {times:6.1f} x {len(queries):4} queries"


def _seconds(client, path):
    """The processor time of an answer."""
    began = process_time()
    response = client.get(path, secure=True)
    seconds = process_time() - began
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status_code}.")
    return seconds


def _publish(entry):
    """Write an entry as its publication does: taken back, and published again."""
    from icctracker.models import Evidence

    found = Evidence.objects.filter(pk=entry.pk)
    found.update(state=Evidence.State.SUBMITTED)
    found.update(state=Evidence.State.PUBLISHED)


if __name__ == "__main__":
    main()
