"""What is asked for: every address by the name it has in the table."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import NamedTuple

from benchmarks.asking import signed_in

PLAIN, WARM, NOT_MODIFIED = "uncached", "warm", "not modified"
PAGE = 25
BARE = "A bare view"


class Target(NamedTuple):
    """An address on a server; in braces stands what is another at each request."""

    name: str
    server: str
    path: str
    mode: str = PLAIN
    who: str = ""

    @property
    def page(self):
        """What it shows, whatever is asked of it."""
        return self.path.partition("?")[0]


class Addresses:
    """Fills in the braces: no two requests ask for the same day or instant."""

    def __init__(self, sheet):
        self.sheet, self.numbers = sheet, count(1)
        self.instant = datetime.fromisoformat(sheet["instant"])

    def of(self, target):
        number = next(self.numbers)
        day = date.today() - timedelta(days=number * 17 % 3600 + 1)
        instant = self.instant - timedelta(seconds=number * 7919)
        said = instant.isoformat().replace("+00:00", "Z")
        return target.path.format(day=day, instant=said)

    def headers(self, target):
        if not target.who:
            return {}
        cookies = signed_in(self.sheet, target.who)
        return {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}


def targets(sheet):
    """Everything that is read, in the order of the table."""
    yield Target(BARE, "bare", "/bare/")
    yield Target("The same without the layout", "bare", "/without-layout/")
    yield Target("An answer without Django", "bare", "/nothing/")
    yield from _lists(sheet)
    yield from _pages(sheet)
    yield from _past(sheet)
    yield from _again(sheet)
    yield from desk(sheet)
    yield from _peers(sheet)


def _lists(sheet):
    last = -(-sheet["entries"] // PAGE)
    situation, actor = sheet["situation"], sheet["actor"].replace(" ", "+")
    queries = {"Evidence, page 1": ""}
    queries |= {f"Evidence, page {n:,}": f"page={n}" for n in (40, 4000) if n <= last}
    queries |= {
        f"Evidence, the last page ({last:,})": f"page={last}",
        "One filter: kind": "kind=statement",
        "One filter: situation": f"situation={situation}",
        "One filter: actor": f"actor={actor}",
        "One filter: recommendation": "recommendation=R3",
        "One filter: words": f"q={sheet['word']}",
        "Two filters: kind, situation": f"kind=veto&situation={situation}",
        "Two filters: recommendation, effect": "recommendation=R3&effect=-2",
        "Dates": "date_from=2011-01-01&date_to=2015-12-31",
        "A filter that matches nothing": "kind=deferral&effect=-2&tier=C&actor="
        + actor,
        "Sorted by title": "sort=title",
    }
    for name, query in queries.items():
        yield Target(name, "site", f"/evidence/?{query}")


def _pages(sheet):
    for name, path in {
        "Home": "/",
        "Recommendations": "/recommendations/",
        "A recommendation": "/recommendations/r1/",
        "Its history": "/recommendations/r1/history/",
        "An entry": f"/evidence/{sheet['entry']}/",
        "Situations": "/situations/",
        "A situation": f"/situations/{sheet['situation']}/",
        "A member": "/council/china/",
        "Methodology": "/methodology/",
        "Changes": "/changes/",
    }.items():
        yield Target(name, "site", path)


def _past(sheet):
    for name, path in {
        "Home on another day": "/?as_of={day}",
        "A recommendation on another day": "/recommendations/r1/?as_of={day}",
        "Evidence on another day": "/evidence/?as_of={day}",
        "Home as known at an instant": "/?known_at={instant}",
        "Evidence as known at an instant": "/evidence/?known_at={instant}",
    }.items():
        yield Target(name, "site", path)


def _again(sheet):
    pages = {
        "Evidence": "/evidence/",
        "Home": "/",
        "A recommendation": "/recommendations/r1/",
    }
    for mode in (WARM, NOT_MODIFIED):
        for name, path in pages.items():
            yield Target(f"{name}, {mode}", "kept", path, mode)


def desk(sheet):
    entry = sheet["queue"][-1]["pk"]
    for name, path, who in (
        ("Desk", "/desk/", "researcher-1"),
        ("Desk: a new entry", "/desk/evidence/new/", "researcher-1"),
        ("Review: the queue", "/review/", "reviewer-1"),
        ("Review: an entry", f"/review/evidence/{entry}/", "reviewer-1"),
        ("Admin: entries", "/admin/icctracker/evidence/", "curator-1"),
        ("Desk: suggestions", "/desk/suggestions/", "researcher-1"),
        ("Desk: to be coded", "/desk/coding/", "researcher-1"),
        ("Review: sorted by risk", "/review/?sort=risk", "reviewer-1"),
        ("Review: to be reconciled", "/review/reconcile/", "reviewer-1"),
        ("Review: what is due", "/review/due/", "reviewer-1"),
        ("Admin: an entry", f"/admin/icctracker/evidence/{entry}/change/", "curator-1"),
        ("Admin: findings", "/admin/icctracker/finding/", "curator-1"),
        ("Admin: decisions", "/admin/icctracker/reviewdecision/", "curator-1"),
        ("Admin: codings", "/admin/icctracker/coding/", "curator-1"),
        ("Admin: actors", "/admin/icctracker/actor/", "curator-1"),
        ("Admin: situations", "/admin/icctracker/situation/", "curator-1"),
        ("Admin: documents", "/admin/icctracker/document/", "curator-1"),
        ("Admin: ballots", "/admin/icctracker/ballot/", "curator-1"),
    ):
        yield Target(name, "site", path, who=who)


def _peers(sheet):
    table = f"/{sheet['database']}/evidence?_size=25&_sort_desc=occurred_on"
    for name, query in {
        "Datasette, the list": "",
        "Datasette, one filter": "&kind=statement",
        "Datasette, two filters": "&kind=veto&tier=A",
    }.items():
        yield Target(name, "datasette", f"{table}{query}")
    stock = "/stock/icctracker/evidence/"
    yield Target("Django's stock admin", "bare", stock, who="curator-1")
