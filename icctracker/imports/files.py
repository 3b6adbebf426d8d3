"""Files as rows: opened within limits, decoded strictly, read a line at a time."""

import csv
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

# What readers of files pass on: statements about votes, faults, what is left out.


class FileRefused(Exception):
    """The file as a whole cannot be imported; the message says why, in words."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a file that cannot be right, and why."""

    line: int
    field: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file says of one vote; what is empty or None it does not say."""

    line: int
    symbol: str
    series: str
    number: int | None = None
    # What the file calls a text that has no symbol of its own.
    named: str = ""
    held_on: date | None = None
    title: str = ""
    title_is_cut: bool = False
    agenda_item: str = ""
    drafts: str = ""
    meeting: str = ""
    # In favour, against, abstaining, not voting.
    tally: tuple[int, int, int, int] | None = None
    without_vote: bool = False
    # How members voted, by code of the seat.
    votes: dict[str, str] = field(default_factory=dict)
    vetoed_by: frozenset[str] = frozenset()
    document_record: int | None = None
    vote_record: int | None = None
    note: str = ""
    # Votes left out, because they are said to be of members that had no seat.
    doubts: tuple[Fault, ...] = ()

    @property
    def name(self):
        """What the text is called, with or without a symbol."""
        return self.symbol or self.named


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A part of a file that is in order but not for this record, and why."""

    line: int
    symbol: str
    reason: str


class Faulty(Exception):
    """Ends the reading of one vote; carries its fault."""

    def __init__(self, line, column, value, message):
        super().__init__(message)
        self.fault = Fault(line, column, str(value)[:200], str(message))


LONGEST_LINE = 200_000
LARGEST_JSON = 20 * 1024 * 1024
MOST_COLUMNS = 1_000
_START = 4_096
# First bytes that no text file has, and what they are.
_MAGIC = {
    b"PK\x03\x04": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"%PDF": "pdf",
    b"\xd0\xcf\x11\xe0": "xls",
    b"SQLite format 3": "sqlite",
}
_FORMULA = ("=", "@", "+", "\t")


class SourceFile:
    """A file to import: its name, its size, its first bytes, and how far it is read."""

    def __init__(self, path, name=""):
        self.path, self.name = Path(path), name or Path(path).name
        try:
            self.size = self.path.stat().st_size
            regular = self.path.is_file()
        except OSError as missing:
            raise FileRefused(_("There is no such file.")) from missing
        if not regular:
            raise FileRefused(_("This is not a file."))
        self._check_size()
        self.done = 0

    def start(self):
        """The first bytes, without a byte-order mark."""
        with self.path.open("rb") as file:
            start = file.read(_START)
        self._check_kind(start)
        return start.removeprefix(b"\xef\xbb\xbf")

    def lines(self):
        """Each line as text, numbered from 1; the file is never held as a whole."""
        with self.path.open("rb") as file:
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                self.done += len(line)
                yield number, _decoded(number, line)

    def chunks(self):
        """The bytes, piece by piece."""
        with self.path.open("rb") as file:
            while piece := file.read(64 * 1024):
                self.done += len(piece)
                yield piece

    def json(self):
        """The file as JSON; it is bounded, because it is read as a whole."""
        if self.size > LARGEST_JSON:
            text = _("A JSON file may have %s at most; this one has more.")
            raise FileRefused(text % filesizeformat(LARGEST_JSON))
        try:
            content = json.loads(self.path.read_bytes().decode("utf-8-sig"))
        except UnicodeDecodeError as fault:
            raise FileRefused(_not_utf8()) from fault
        except (ValueError, RecursionError) as fault:
            text = _("This looks like JSON but cannot be read as such: %s.")
            raise FileRefused(text % _short(fault)) from fault
        self.done = self.size
        return content

    def _check_size(self):
        if self.size > settings.LARGEST_IMPORT:
            text = _("The file has %(size)s; at most %(most)s can be imported.")
            most = filesizeformat(settings.LARGEST_IMPORT)
            size = filesizeformat(self.size)
            raise FileRefused(text % {"size": size, "most": most})
        if not self.size:
            raise FileRefused(_("The file is empty."))

    def _check_kind(self, start):
        for magic, kind in _MAGIC.items():
            if start.startswith(magic):
                text = _(
                    "This is not a text file (it begins like %s). Save the table as"
                    " CSV in UTF-8 and choose that."
                )
                raise FileRefused(text % kind)
        if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in start:
            raise FileRefused(_not_utf8())


class Table:
    """Rows by the names of their columns."""

    def __init__(self, header, rows):
        self.header = header
        self._rows = rows

    def __iter__(self):
        """Pairs of line and cells; or a Fault, where a row does not fit the header."""
        for line, cells in self._rows:
            if isinstance(cells, dict):
                yield line, cells
            elif len(cells) == len(self.header):
                yield line, dict(zip(self.header, cells, strict=True))
            elif any(cell.strip() for cell in cells):
                text = _(
                    "The row has %(found)d columns; the first row names %(named)d."
                )
                counts = {"found": len(cells), "named": len(self.header)}
                yield Fault(line, "", "", text % counts)


def csv_table(file):
    """A CSV file as a table; commas, semicolons or tabs, as its first row has them."""
    lines = file.lines()
    first, header_line = next(lines)
    delimiter = max(",;\t", key=header_line.count)
    rows = _csv_rows(first, header_line, lines, delimiter)
    _line, header = next(rows)
    header = [name.strip() for name in header]
    if len(header) > MOST_COLUMNS:
        raise FileRefused(_("The first row names too many columns."))
    named = [name.casefold() for name in header if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        text = _("The first row names these columns twice: %s.")
        raise FileRefused(text % ", ".join(twice))
    return Table(header, rows)


def json_table(content):
    """A list of JSON objects as a table; its lines are the numbers of its records."""
    if isinstance(content, dict):
        lists = [value for value in content.values() if isinstance(value, list)]
        content = lists[0] if len(lists) == 1 else None
    objects = isinstance(content, list) and all(isinstance(x, dict) for x in content)
    if not content or not objects:
        raise FileRefused(_("This JSON file is not a list of records."))
    header = list(dict.fromkeys(name for row in content for name in row))
    rows = (
        (number, {name: _cell(row.get(name)) for name in header})
        for number, row in enumerate(content, start=1)
    )
    return Table(header, rows)


def check_formulas(line, cells, columns):
    """The Fault of the first cell that a spreadsheet would run as a formula."""
    for column in columns:
        if cells.get(column, "").startswith(_FORMULA):
            text = _("A cell that begins like a formula is not imported.")
            return Fault(line, column, cells[column][:200], text)
    return None


def _csv_rows(first, header_line, lines, delimiter):
    """Pairs of first line and cells of each row."""
    at = first

    def texts():
        nonlocal at
        yield header_line
        for number, text in lines:
            at = number
            yield text

    reader = csv.reader(texts(), delimiter=delimiter, strict=True)
    begins = first
    try:
        for cells in reader:
            yield begins, cells
            begins = at + 1
    except csv.Error as fault:
        text = _(
            "Line %(line)d cannot be read as CSV: a quotation mark may be missing or"
            " too many (%(fault)s)."
        )
        raise FileRefused(text % {"line": begins, "fault": _short(fault)}) from fault


def _decoded(number, line):
    if len(line) > LONGEST_LINE:
        text = _("Line %(line)d is longer than %(most)d characters.")
        raise FileRefused(text % {"line": number, "most": LONGEST_LINE})
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as fault:
        raise FileRefused(_not_utf8(number)) from fault
    if "\x00" in text:
        raise FileRefused(_not_utf8(number))
    return text


def _not_utf8(line=None):
    if line is None:
        return _("The file is not text in UTF-8. Save it as CSV in UTF-8.")
    text = _(
        "Line %d is not text in UTF-8: letters with accents would come out wrong. Save"
        " the file as CSV in UTF-8."
    )
    return text % line


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list):
        return "; ".join(map(_cell, value))
    return str(value)


def _short(fault):
    return str(fault)[:120]
