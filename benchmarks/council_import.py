"""Measure the import of a voting file: seconds, rows a second, and memory.

    .venv/bin/python benchmarks/council_import.py

Writes a file in the layout of the UN Digital Library's voting file from our own record
(one row for each member and resolution), and the same ten times over; then imports
both in processes of their own, against the whole record and against one that has only
members.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
COLUMNS = (
    "undl_id ms_code ms_name permanent_member ms_vote date resolution draft meeting"
    " description agenda subjects vote_note total_yes total_no total_abstentions"
    " total_non_voting total_ms modality undl_link"
).split()
ROWS = 41_000


def prepare(folder):
    """A database with the whole record in a folder of its own."""
    os.environ |= {"SECRET_KEY": "benchmark", "DEBUG": "0", "LOG_LEVEL": "ERROR"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "icctracker.settings"}
    os.environ |= {"LARGEST_IMPORT_MB": "300"}
    os.environ |= {"VAR_DIR": str(folder), "DATABASE_URL": ""}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("setup_site", no_static=True, stdout=open(os.devnull, "w"))


def write_file(path, times):
    """The record in the layout of the voting file; returns how many rows it has."""
    rows = []
    for votes in votes_of_the_record():
        if len(rows) + len(votes) <= ROWS:
            rows += votes
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for _time in range(times):
            writer.writerows(rows)
    return len(rows) * times


def votes_of_the_record():
    """The rows of each resolution whose roll call is complete."""
    from icctracker.models import Ballot

    ballots = Ballot.objects.filter(document__series="resolution")
    ballots = ballots.select_related("document").prefetch_related("votes__member")
    for ballot in ballots.order_by("document__number"):
        votes = list(ballot.votes.all())
        if len(votes) == ballot.seats and all(vote.cast != "U" for vote in votes):
            yield [row_of(ballot, vote) for vote in votes]


def row_of(ballot, vote):
    document, member = ballot.document, vote.member
    number, year = document.number, ballot.document.symbol[-5:-1]
    return [
        *(ballot.library_record or "", member.code, member.name.upper()),
        *(member.permanent, vote.cast, ballot.held_on, document.symbol),
        *(document.drafts, ballot.meeting),
        f"Security Council resolution {number} ({year}) [{document.title}]",
        *(document.agenda_item, "", ""),
        *(ballot.yes, ballot.no, ballot.abstain, ballot.non_voting, ballot.seats),
        "Vote" if ballot.was_voted else "Without Vote",
        ballot.document.library_url,
    ]


def measure(path):
    """Seconds and peak memory in MB of an import in a process of its own."""
    # Not getrusage: its peak counts that of the process it was started from.
    code = (
        "import sys; from pathlib import Path; from django.core.management import"
        " execute_from_command_line as run;"
        f" run(['manage.py', 'import_council', {str(path)!r}]);"
        " print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    began = time.perf_counter()
    ran = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    seconds = time.perf_counter() - began
    if ran.returncode:
        raise SystemExit(ran.stdout[-2000:] + ran.stderr[-2000:])
    return seconds, int(ran.stdout.split()[-1]) / 1024


def forget_the_resolutions():
    """Leave only members, as in a record that a voting file is to fill."""
    from icctracker.models import Document

    Document.objects.all().delete()


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        files = [(folder / f"{times}.csv", times) for times in (1, 10)]
        rows = {path: write_file(path, times) for path, times in files}
        for path, _times in files:
            report("compared with the whole record", path, rows[path])
        forget_the_resolutions()
        for path, _times in files:
            report("imported", path, rows[path])
            forget_the_resolutions()


def report(what, path, rows):
    seconds, memory = measure(path)
    size = path.stat().st_size / 1e6
    found = {"what": what, "rows": rows, "MB": round(size, 1)}
    found |= {"seconds": round(seconds, 1), "rows_a_second": int(rows / seconds)}
    print(json.dumps(found | {"peak_memory_MB": int(memory)}))


if __name__ == "__main__":
    main()
