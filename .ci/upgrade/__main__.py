"""Proves an upgrade: python3 .ci/upgrade DATABASE_URL…, each an empty database.

A site is set up with the code of an earlier commit and filled with records in every
state; then this code takes its database over. Nothing may be lost, no status may move.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
# The last commit that was accepted before this one; `fill.py` is written for it.
EARLIER = "91a5bd492be94d8add478542b10aecb8a194f833"
DAYS = [
    "2013-12-31",
    "2017-06-30",
    "2020-12-31",
    "2024-12-31",
    date.today().isoformat(),
]
SHOWN = 20

# What an upgrade renames on purpose: "table" or "table.column", and its new name alone.
MOVED = {}
# What it changes or drops on purpose: "table" or "table.column", and why.
WHOLE = "titles that were cut or had slips give way, and what they were is on record"
READ = "what the record lacked is filled in from the texts"
CORRECTED = "corrected by the texts, with what it was on record"
INTENDED = {
    "icctracker_document.title": WHOLE,
    "icctracker_document.title_is_cut": WHOLE,
    "icctracker_document.folded": WHOLE,
    "icctracker_document.court_mentions": READ,
    "icctracker_document.drafts": READ,
    "icctracker_ballot.meeting": CORRECTED,
    "icctracker_ballot.folded": CORRECTED,
}
# The second release of the data: entries of which facts or findings are mended by a
# correction, which are verified by now and published, or of which findings are coded
# again under codebook 1.1; and what that changes.
TRACKER = ROOT / "fixtures" / "tracker"
RELEASE = json.loads((TRACKER / "changes-1.1.json").read_text("utf-8"))
CODED_AGAIN = {
    row["slug"]
    for row in json.loads((TRACKER / "evidence.json").read_text("utf-8"))
    if {each["criterion"] for each in row["findings"]}
    & set(RELEASE["to_be_coded_again"])
}
MENDED = {
    "resolution-2717-2023-drc-mandate",
    *(each["slug"] for each in RELEASE["entries_changed"]),
    *CODED_AGAIN,
}
_FACTS = {name for each in RELEASE["entries_changed"] for name in each["fields"]}
BY_A_CORRECTION = {
    "icctracker_evidence": (
        *_FACTS,
        *("meeting", "version", "updated_at", "state", "published_at", "folded"),
    ),
    "icctracker_edition": ("until",),
    "icctracker_finding": ("retired_at",),
    "icctracker_source": ("position",),
}
# What an entry that waits is about is written anew as it waits, and what shows less
# than was said is no longer its source: rows of it may go.
WRITTEN_ANEW = (
    *("icctracker_finding", "icctracker_source"),
    *("icctracker_evidence_actors", "icctracker_evidence_situations"),
)
# What is known of the data by now: searches and known gaps are told otherwise.
TOLD_OTHERWISE = {
    "icctracker_search.outcome": "what a later search found is told",
    "icctracker_gap.text": "less is missing",
    "icctracker_gap.noted_on": "less is missing, and it is noted when",
    "icctracker_gap.closed_on": "what was missing is there",
}
INTENDED |= TOLD_OTHERWISE
# What follows from the entries, and moves with them.
FOLLOWS = (
    *("icctracker_presentstanding", "icctracker_listing", "icctracker_listingcount"),
    *("icctracker_exportline", "icctracker_dataversion", "icctracker_titleword"),
    *("icctracker_monthsum",),
)


def main(databases):
    if not databases:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        with timed(f"the site of {EARLIER[:7]}, in an environment of its own"):
            earlier = unpack(Path(scratch))
        call(ROOT / "bin/environment", "requirements.txt", check=True)
        with ThreadPoolExecutor() as at_once:
            drills = [at_once.submit(drill, earlier, each) for each in databases]
            wrong = [fault for each in drills for fault in each.result()]
    for fault in wrong[:SHOWN]:
        print(fault)
    if wrong:
        sys.exit(f"The upgrade from {EARLIER[:7]} is not safe: {len(wrong)} found.")


def unpack(scratch):
    """The earlier commit in a folder, with an environment for it."""
    git = ["git", "-c", f"safe.directory={ROOT}", "-C", ROOT]
    if call(*git, "cat-file", "-e", f"{EARLIER}^{{commit}}").returncode:
        sys.exit(
            f"Commit {EARLIER[:7]}, from which an upgrade is to be proved, is not in"
            " this clone. Fetch the whole history: git fetch --unshallow"
        )
    folder = scratch / "earlier"
    folder.mkdir()
    call(*git, "archive", "-o", scratch / "earlier.tar", EARLIER, check=True)
    call("tar", "-x", "-f", scratch / "earlier.tar", "-C", folder, check=True)
    call(folder / "bin/environment", "requirements.txt", check=True)
    return folder


def drill(earlier, database):
    """What is wrong after this code has taken over a site of the earlier one."""
    kind = database.partition(":")[0]
    site = Site(database, earlier / "var" / kind)
    with timed(f"{kind}: set up and filled"):
        site.manage(earlier, "setup_site", "--no-static")
        instants = site.shell(earlier, "fill.py")
        wanted = {"instants": readings(*instants), "addresses": {}}
        before = site.shell(earlier, "look.py", wanted)
    with timed(f"{kind}: moved to this code"):
        site.manage(ROOT, "setup_site", "--no-static")
    with timed(f"{kind}: looked at"):
        wanted["addresses"] = addresses(before["tables"])
        after = site.shell(ROOT, "look.py", wanted)
    print(f"{kind}: {told(before)}", flush=True)
    return [f"{kind}: {fault}" for fault in faults(before, after)]


def readings(filled, changed):
    """When the statuses are read, by both clocks.

    Each day with all that was known before the upgrade, which brings new entries and
    so may move what is known since, and with what was known before the changes; today
    with the first data alone, and with nothing.
    """
    upgraded = datetime.now(UTC).isoformat()
    days = [[day, at] for day in DAYS for at in (upgraded, changed)]
    return [*days, [DAYS[-1], filled], [DAYS[-1], DAYS[0]]]


class Site:
    """A site on a database, run with one code or another."""

    def __init__(self, database, var):
        self.settings = os.environ | {
            "DATABASE_URL": database,
            # Pages are looked at without collected static files.
            "DEBUG": "1",
            "SECRET_KEY": "only for this site",
            "SITE_URL": "http://127.0.0.1:8000",
            "EMAIL_URL": "dummymail://",
            "VAR_DIR": str(var),
            "LOG_LEVEL": "ERROR",
        }

    def manage(self, folder, *command, **options):
        """What a command of the code in a folder prints."""
        done = call(
            folder / ".venv/bin/python",
            "manage.py",
            *command,
            cwd=folder,
            env=self.settings,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )
        if done.returncode:
            sys.exit(f"{done.stdout}\nmanage.py {command[0]} failed.")
        return done.stdout

    def shell(self, folder, script, told=None):
        """What a script of ours prints as JSON in the shell of the code in a folder."""
        text = (HERE / script).read_text(encoding="utf-8")
        command = ("shell", "--no-imports", "--verbosity=0", f"--command={text}")
        return json.loads(self.manage(folder, *command, input=json.dumps(told)))


def addresses(tables):
    """The pages of what the site held before, and of one researcher, by person."""
    entries = rows(tables, "icctracker_evidence")
    shown = [each["slug"] for each in entries if each["published_at"]]
    own = max(
        rows(tables, "icctracker_user"), key=lambda each: each["username"] == "ada"
    )
    wrote = [each for each in entries if each["submitted_by_id"] == own["id"]]
    changed = {each["slug"] for each in wrote if each["published_at"]}
    pages = [
        *(f"/evidence/{slug}/" for slug in shown),
        *(f"/evidence/{slug}/history/" for slug in sorted(changed)),
        *(
            f"/recommendations/{each['code'].lower()}/{tail}"
            for each in rows(tables, "icctracker_recommendation")
            for tail in ("", "history/")
        ),
        *(
            f"/situations/{each['slug']}/"
            for each in rows(tables, "icctracker_situation")
        ),
        *(
            f"/responses/{each['reference']}/"
            for each in rows(tables, "icctracker_response")
        ),
        *"/ /recommendations/ /evidence/ /evidence.csv /evidence.json".split(),
        *"/changes/ /situations/ /documents/ /council/ /methodology/".split(),
        *"/methodology/codebook/ /methodology/codebook/1.0/ /responses/".split(),
    ]
    desk = ["/desk/", *(f"/desk/evidence/{each['id']}/" for each in wrote)]
    return {"": pages, "ada": [*desk, "/desk/searches/new/", "/account/"]}


def rows(tables, name):
    """The rows of a table, each by the names of its columns."""
    table = tables[name]
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def faults(before, after):
    """Each thing that was lost or moved, as a sentence."""
    for name in before["tables"]:
        yield from lost(name, before["tables"], after["tables"])
    for (day, known_at, old), (_day, _at, new) in zip(
        before["statuses"], after["statuses"], strict=True
    ):
        for where, was, now in moved(old, new):
            asked = f"{day}, known at {known_at or 'present'}"
            yield f"status on {asked}: {where} was {was!r} and is {now!r}"
    for sentence in after["complaints"]:
        if sentence not in before["complaints"]:
            yield f"check_consistency says now: {sentence}"
    for person, found in after["answers"].items():
        for address, code in found.items():
            if code != 200:
                yield f"{address} answers {person or 'readers'} with {code}"


def lost(name, before, after):
    """What of a table is gone or has another value."""
    target = MOVED.get(name, name)
    if name in INTENDED or name in FOLLOWS:
        return
    if target not in after:
        yield f"table {name} is gone"
        return
    new = {identity(row, before[name]["key"]): row for row in rows(after, target)}
    for row in rows(before, name):
        key = identity(row, before[name]["key"])
        if key not in new:
            if not (name in WRITTEN_ANEW and is_mended(before, row)):
                yield f"{name} {key} is gone"
            continue
        for column, value in row.items():
            place = f"{name}.{column}"
            there = MOVED.get(place, column)
            now = new[key].get(there, "no such column")
            mended = column in BY_A_CORRECTION.get(name, ()) and is_mended(before, row)
            if now != value and place not in INTENDED and not mended:
                yield f"{place} of {key} was {value!r} and is {now!r}"


def is_mended(tables, row):
    """Whether a row is an entry that an upgrade mends, or an edition of one."""
    entries = {each["id"]: each["slug"] for each in rows(tables, "icctracker_evidence")}
    return entries.get(row.get("evidence_id", row["id"])) in MENDED


def identity(row, key):
    """What tells a row from the others of its table."""
    return row[key] if key else tuple(row.values())


def moved(old, new, where=""):
    """Where something that was said is no longer said, or otherwise."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name, value in old.items():
            yield from moved(value, new.get(name, "nothing"), f"{where}/{name}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new, strict=True)):
            yield from moved(*pair, f"{where}/{number}")
    elif old != new:
        yield where, old, new


def told(seen):
    """How much was compared."""
    count = sum(len(table["rows"]) for table in seen["tables"].values())
    return (
        f"{count} rows of {len(seen['tables'])} tables and"
        f" {len(seen['statuses'])} lists of statuses compared"
    )


def call(*command, **options):
    return subprocess.run(command, **options)  # noqa: S603


@contextmanager
def timed(what):
    began = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
