"""A small part of the Council's record, in the layout of the real files."""

import csv

from django.conf import settings

from icctracker.imports.first_record import MEMBERS, RESOLUTIONS, VETOES

RECORD = settings.BASE_DIR / "fixtures" / "council"
# Each is there for a peculiarity of its own.
NUMBERS = {1, 3, 25, 166, 193, 338, 360, 387, 741, 758, 1422, 1593, 2720, 2756, 2825}
DRAFTS = {
    "",
    "S/PV.45",
    "S/PV.49",
    "S/552",
    "S/552, S/PV.202",
    "S/5973",
    "S/10805/Rev.1 (as amended)",
    "S/2001/270",
    "S/2014/348",
    "S/2020/654",
    "Oral amendment",
}


def write_part(folder):
    """Write the part to a folder, with all members: their names explain each other."""
    kept = {
        MEMBERS: _rows(MEMBERS, lambda row: True),
        RESOLUTIONS: _rows(RESOLUTIONS, lambda row: int(row["number"]) in NUMBERS),
        VETOES: _rows(VETOES, lambda row: row["draft"] in DRAFTS),
    }
    for file, rows in kept.items():
        write_rows(folder / file, rows)
    return folder


def change_row(path, **values):
    """Change columns of the first row of a file."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    write_rows(path, [rows[0] | values, *rows[1:]])


def write_rows(path, rows):
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def _rows(file, wanted):
    with (RECORD / file).open(encoding="utf-8-sig", newline="") as lines:
        return [row for row in csv.DictReader(lines) if wanted(row)]
