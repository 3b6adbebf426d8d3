"""Writing as people do: through the forms, one at a time and eight at once."""

import threading
import time
import uuid

from benchmarks.asking import GaveUp, Line, signed_in, summary
from benchmarks.targets import BARE

WRITERS = 8
MADE = 302


def publish(servers, sheet, *, patience, most):
    """Publish what waits, one after another; between them the bare view, and readers.

    Returns rows of figures by name. Half a minute is the most it takes.
    """
    names = PUBLISH, AFTER_LIST, AFTER_HOME, BARE
    taken, failed = {name: [] for name in names}, 0
    lines = {name: Line(servers[name], patience) for name in ("kept", "bare")}
    cookies, until = signed_in(sheet, "reviewer-1"), time.monotonic() + 30
    for waiting in sheet["queue"][:most]:
        form = {"outcome": "publish", "checked": "on", "seen": waiting["version"]}
        path = f"/review/evidence/{waiting['pk']}/"
        try:
            taken[BARE].append(lines["bare"].get("/bare/").seconds)
            answer = lines["kept"].post(path, form, cookies)
            taken[PUBLISH].append(answer.seconds)
            failed += answer.status != MADE
            taken[AFTER_LIST].append(lines["kept"].get("/evidence/").seconds)
            taken[AFTER_HOME].append(lines["kept"].get("/").seconds)
        except GaveUp:
            servers["kept"].restart()
            break
        if time.monotonic() > until:
            break
    rows = {name: _row(seconds, "not_asked") for name, seconds in taken.items()}
    if not taken[PUBLISH]:
        rows[PUBLISH] = {"gave_up": True}
    rows[PUBLISH]["failed"] = failed
    return rows


PUBLISH = "Publishing an entry"
AFTER_LIST = "Evidence, right after it"
AFTER_HOME = "Home, right after that"


def _row(seconds, otherwise="gave_up"):
    return summary(seconds) if seconds else {otherwise: True}


class Writer(threading.Thread):
    """One researcher who logs entries until the time is over."""

    def __init__(self, server, sheet, number, mark, until, patience):
        super().__init__()
        self.line, self.sheet = Line(server, patience), sheet
        self.number, self.mark, self.until = number, mark, until
        self.taken, self.made, self.statuses = [], 0, {}

    def run(self):
        who = f"researcher-{self.number + 1}"
        cookies = signed_in(self.sheet, who)
        opened_by = self.sheet["people"][who]["opened_by"]
        while time.monotonic() < self.until:
            form = self._form(len(self.taken)) | {"opened_by": opened_by}
            try:
                answer = self.line.post("/desk/evidence/new/", form, cookies)
            except (GaveUp, OSError) as failure:
                self._note(type(failure).__name__)
                continue
            self.taken.append(answer.seconds)
            self.made += answer.status == MADE
            self._note(str(answer.status))

    def _note(self, what):
        self.statuses[what] = self.statuses.get(what, 0) + 1

    def _form(self, place):
        criteria = self.sheet["criteria"]
        return {
            "creation_key": str(uuid.uuid4()),
            "seen": "1",
            "occurred_on": f"{place % 28 + 1} May 2014",
            "kind": "statement",
            "title": f"{self.mark} {self.number} {place}",
            "summary": "Synthetic text for measuring: nothing of it happened.",
            "tier": "A",
            "actor_names": self.sheet["actor"],
            "sources-TOTAL_FORMS": "1",
            "sources-INITIAL_FORMS": "0",
            "sources-0-url": f"https://synthetic.invalid/{self.number}/{place}",
            "sources-0-label": "Synthetic source",
            "sources-0-official": "on",
            "findings-TOTAL_FORMS": "1",
            "findings-INITIAL_FORMS": "0",
            "findings-0-criterion": str(criteria[place % len(criteria)]),
            "findings-0-effect": "1",
            "findings-0-rationale": "Synthetic reason.",
            "submit": "1",
        }


def write_together(server, sheet, *, seconds, patience):
    """Eight log entries at once; a row of figures, and how all their titles begin."""
    mark = f"Synthetic writing {uuid.uuid4().hex[:8]}"
    until = time.monotonic() + seconds
    writers = [
        Writer(server, sheet, number, mark, until, patience)
        for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    taken = [each for writer in writers for each in writer.taken]
    statuses = {}
    for writer in writers:
        for name, many in writer.statuses.items():
            statuses[name] = statuses.get(name, 0) + many
    row = _row(taken) | {"seconds": seconds, "answers": statuses}
    return row | {"made": sum(writer.made for writer in writers)}, mark
