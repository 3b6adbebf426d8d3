"""Write the figures of the runs into docs/performance.md, and draw their picture.

    .venv/bin/python -m benchmarks.report

Reads ``before.json`` and ``now.json`` beside this file, in ``results``; either may be
missing. What stands between the two marks in the page is replaced.
"""

import json
from pathlib import Path

from benchmarks.picture import draw
from benchmarks.place import ROOT
from benchmarks.table import ratio_of

RESULTS = Path(__file__).resolve().parent / "results"
PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "performance.svg"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
# Every row of the page: what it is called there, its name in the run, and its goal.
READ = (
    ("Evidence, page 1", "Evidence, page 1", 4),
    ("Evidence, page 40", "Evidence, page 40", 4),
    ("Evidence, page 4,000", "Evidence, page 4,000", 4),
    ("Evidence, the last page", "Evidence, the last page", 4),
    ("Filtered by kind", "One filter: kind", 5),
    ("Filtered by situation", "One filter: situation", 5),
    ("Filtered by actor", "One filter: actor", 5),
    ("Filtered by recommendation", "One filter: recommendation", 5),
    ("Filtered by a word", "One filter: words", 5),
    ("Kind and situation", "Two filters: kind, situation", 5),
    ("Recommendation and effect", "Two filters: recommendation, effect", 5),
    ("Between two dates", "Dates", 5),
    ("Sorted by title", "Sorted by title", 4),
    ("Home", "Home", 4),
    ("Recommendations", "Recommendations", 4),
    ("A recommendation", "A recommendation", 8),
    ("A situation", "A situation", 8),
    ("A member", "A member", 8),
    ("Methodology", "Methodology", 8),
    ("Changes", "Changes", 8),
    ("Home on another day", "Home on another day", 30),
    ("A recommendation on another day", "A recommendation on another day", 30),
    ("Evidence, as known at an instant", "Evidence as known at an instant", 30),
    ("Evidence, warm", "Evidence, warm", 1.3),
    ("Home, warm", "Home, warm", 1.3),
    ("Evidence, not modified", "Evidence, not modified", 1.3),
    ("Home, not modified", "Home, not modified", 1.3),
    ("Publishing an entry", "Publishing an entry", 20),
    ("Evidence, right after publishing", "Evidence, right after it", None),
    ("The desk", "Desk", 10),
    ("The form of a new entry", "Desk: a new entry", 10),
    ("The queue of review", "Review: the queue", 10),
    ("An entry under review", "Review: an entry", 10),
    ("Entries in the admin", "Admin: entries", 10),
    ("*Datasette*, the list", "Datasette, the list", None),
    ("*Datasette*, one filter", "Datasette, one filter", None),
    ("*Datasette*, two filters", "Datasette, two filters", None),
    ("*Django's stock admin*", "Django's stock admin", None),
)
CSV, PEER = "All entries as CSV", "Datasette, all entries as CSV"
TOO_LONG, UNASKED, NONE = "> {} s", "·", "–"


def rows_of(result):
    """Everything that was asked in a run, by name, with its ratio to the bare view."""
    found = {}
    for part in ("reading", "publishing"):
        rows = result["rows"].get(part, {})
        for name, row in rows.items():
            found.setdefault(name, row | {"ratio": ratio_of(row, rows)})
    return found


def row_named(result, name):
    """A row of a run; the last page bears its number in its name."""
    rows = rows_of(result)
    found = [rows[name]] if name in rows else []
    return next(iter(found or [rows[n] for n in rows if n.startswith(f"{name} (")]), {})


def figure(result, name):
    """How many bare views a row costs, as the page says it."""
    row = row_named(result, name)
    if row.get("ratio"):
        return _short(row["ratio"])
    if row.get("no_etag"):
        return "never"
    if row.get("not_asked"):
        return UNASKED
    patience = f"{result.get('patience', 20):g}"
    return TOO_LONG.format(patience) if row.get("gave_up") else NONE


def _short(number):
    return f"{number:,.0f}" if number >= 20 else f"{number:.1f}"


def stream_figures(result):
    """Of the download: times Datasette, and by how many MiB the worker grew."""
    rows = result["rows"].get("streams", {})
    ours, peer = rows.get(CSV, {}), rows.get(PEER, {})
    grown = f"+{ours['grown_MiB']:,.0f}" if "grown_MiB" in ours else NONE
    if "seconds" not in ours or "seconds" not in peer:
        return (TOO_LONG.format(120) if ours else NONE), grown
    return _short(ours["seconds"] / peer["seconds"]), grown


def filter_figure(result):
    """The dearest of our filters, beside Datasette's page with one."""
    rows = rows_of(result)
    ours = [
        row["p50"]
        for name, row in rows.items()
        if name.startswith(("One filter", "Two filters", "Dates")) and "p50" in row
    ]
    peer = rows.get("Datasette, one filter", {}).get("p50")
    if not ours or not peer:
        return NONE
    share = max(ours) / peer
    return f"1/{1 / share:,.0f}" if share < 0.5 else _short(share)


def writing_figures(result):
    """Of eight writers: the middle and the slowest, and what was lost or locked."""
    row = next(iter(result["rows"].get("writing", {}).values()), None)
    if not row or "p50" not in row:
        return NONE, NONE
    took = f"{row['p50']:,.0f} / {row['p95']:,.0f}"
    return took, f"{row['lost']} / {row['locked']}"


def largest_page(result):
    """The bytes of the largest page of the open site, compressed, in KB."""
    sizes = [
        row["gzipped"] / 1024
        for name, row in rows_of(result).items()
        if "gzipped" in row and not name.startswith(("Datasette", "Django", "Admin"))
    ]
    return _short(max(sizes)) if sizes else NONE


def table(before, now):
    """The figures of all runs side by side, as Markdown."""
    results = [*before, *now]
    heads = [_head("before", each) for each in before]
    heads += [_head("now", each) for each in now] or ["now"]
    empty = [] if now else [""]
    lines = [_line("× bare view", "goal", heads)]
    lines.append(_line("---", "--:", ["--:"] * len(heads)))
    for label, name, goal in READ:
        cells = [figure(each, name) for each in results] + empty
        lines.append(_line(label, f"≤ {goal:g}" if goal else "", cells))
    streams = [stream_figures(each) for each in results]
    writing = [writing_figures(each) for each in results]
    pages = [largest_page(each) for each in results]
    filters = [filter_figure(each) for each in results]
    for label, goal, cells in (
        ("The dearest filter, × *Datasette*", "1/150 at a million", filters),
        ("All as CSV, × *Datasette*", "≤ 0.5", [each[0] for each in streams]),
        ("All as CSV, memory in MiB", "≤ +20", [each[1] for each in streams]),
        ("8 writers, p50 / p95 in ms", "", [each[0] for each in writing]),
        ("8 writers, lost / locked", "0 / 0", [each[1] for each in writing]),
        ("Largest page in KB, compressed", "≤ 14", pages),
    ):
        lines.append(_line(label, goal, cells + empty))
    return "\n".join(lines)


def _head(when, result):
    size = f"{result['entries']:,}"
    if result["recommendations"] != 10:
        size += f" / {result['recommendations']}"
    engine = "" if result["engine"] == "SQLite" else f", {result['engine']}"
    return f"{when}, {size}{engine}"


def _line(label, goal, cells):
    return f"| {' | '.join([label, goal, *cells])} |"


def write(page, text):
    """Put a text between the marks of a page."""
    before, _mark, rest = page.partition(BEGIN)
    _old, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{PAGE} does not say where the figures go.")
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{after}"


def _read(name):
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def main():
    before, now = _read("before"), _read("now")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(write(page, table(before, now)), encoding="utf-8")
    rows = [
        (label, goal, [_dots(before, name), _dots(now, name)])
        for label, name, goal in READ
        if goal
    ]
    PICTURE.write_text(draw(rows), encoding="utf-8")


def _dots(results, name):
    """Triples of size, ratio and whether it was given up, of the runs on SQLite."""
    found = []
    for result in results:
        row = row_named(result, name)
        if result["engine"] == "SQLite" and result["recommendations"] == 10 and row:
            late = "ratio" not in row or row["ratio"] is None
            if row.get("gave_up") or not late:
                found.append((result["entries"], row.get("ratio"), late))
    return found


if __name__ == "__main__":
    main()
