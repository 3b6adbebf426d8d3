"""A small part of the Council's record, in the layout of the real files."""

import csv

from django.conf import settings

from icctracker.imports.council_tables import (
    CHECKS,
    DOCUMENTS,
    FAILED,
    LINEAGE,
    MENTIONS,
    SPONSORS,
    STATEMENTS,
    SUBJECTS,
    TITLES,
    load_council_tables,
)
from icctracker.imports.first_record import (
    MEMBERS,
    RESOLUTIONS,
    VETOES,
    load_council_record,
)

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


# Of what was compiled from the documents themselves, each again for a peculiarity.
SYMBOLS = {
    "S/RES/1422(2002)",
    "S/RES/1593(2005)",
    "S/RES/2720(2023)",
    "S/RES/2756(2024)",
    "S/RES/2825(2026)",
    "S/PRST/2000/6",
    "S/PRST/2014/5",
    "S/404",
    "S/516",
    "S/1158",
    "S/2023/772",
    "S/2024/383",
}
TABLES = {
    **dict.fromkeys((DOCUMENTS, STATEMENTS, TITLES, CHECKS), "symbol"),
    **dict.fromkeys((SPONSORS, SUBJECTS, MENTIONS, LINEAGE), "symbol"),
    FAILED: "draft",
}


def write_part(folder):
    """Write the part to a folder, with all members: their names explain each other."""
    kept = {
        MEMBERS: _rows(MEMBERS, lambda row: True),
        RESOLUTIONS: _rows(RESOLUTIONS, lambda row: int(row["number"]) in NUMBERS),
        VETOES: _rows(VETOES, lambda row: row["draft"] in DRAFTS),
    }
    kept |= {
        file: _rows(file, lambda row, column=column: row[column] in SYMBOLS)
        for file, column in TABLES.items()
    }
    for file, rows in kept.items():
        write_rows(folder / file, rows)
    return folder


def load_read_council(folder):
    """The record, and what was compiled from the texts of its documents."""
    return load_council_record(folder) + load_council_tables(folder)


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
