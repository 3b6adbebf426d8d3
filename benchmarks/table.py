"""The figures of one run as a table that can be read in a terminal."""

from benchmarks.desk import as_line
from benchmarks.targets import BARE

WIDTH = 40
HEAD = (
    f"{'':<{WIDTH}}{'ms':>9}{'p95':>9}{'× bare':>8}{'CPU ms':>9}{'× bare':>8}"
    f"{'first':>9}{'KB gz':>8}{'n':>4}"
)


def ratio_of(row, rows, by="p50"):
    """How many bare views a row costs in the same run: by the clock, or in ``cpu``."""
    bare = rows.get(BARE, {}).get(by)
    return row[by] / bare if bare and by in row else None


def as_text(result):
    """Every part of a result, one line a row."""
    engine, rows = result["engine"], result["rows"]
    lines = [f"{result['recipe']}; {engine}; {result['code']}; {result['served']}"]
    lines.append("load, in seconds: " + _pairs(result["load"]))
    for part in ("reading", "publishing"):
        if part in rows:
            lines += ["", HEAD]
            lines += [_line(name, row, rows[part]) for name, row in rows[part].items()]
    if "desk" in rows:
        lines.append("")
        lines += [as_line(name, row) for name, row in rows["desk"].items()]
    for part in ("streams", "writing"):
        for name, row in rows.get(part, {}).items():
            lines += ["" if part == "writing" else None, f"{name}: {_pairs(row)}"]
    lines.append("memory of the workers, in MiB: " + _pairs(result["memory_MiB"]))
    return "\n".join(line for line in lines if line is not None)


def _pairs(row):
    return ", ".join(f"{name} {value}" for name, value in row.items())


def _line(name, row, rows):
    text = f"{name[: WIDTH - 1]:<{WIDTH}}"
    if row.get("no_etag"):
        return text + f"{'no ETag':>9}"
    if row.get("not_asked"):
        return text + f"{'not asked':>9}"
    if "p50" not in row:
        return text + f"{'too long':>9}"
    size, status = row.get("gzipped"), row.get("status", 200)
    text += _cell(row["p50"], 9) + _cell(row["p95"], 9) + _cell(ratio_of(row, rows), 8)
    text += _cell(row.get("cpu"), 9) + _cell(ratio_of(row, rows, "cpu"), 8)
    text += _cell(row.get("first"), 9) + _cell(size and size / 1024, 8)
    odd = "" if status in (200, 304) else f"  answer {status}"
    return text + f"{row['n']:>4}{odd}"


def _cell(number, width):
    return f"{number:>{width}.1f}" if number is not None else " " * width
