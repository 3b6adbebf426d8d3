"""Files as rows: opened within limits, decoded strictly, read a line at a time."""

import csv
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from icctracker.texts.dates import Span

from .given import given, is_error

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
    # The days it gives where it gives several, and how it writes them.
    held_within: Span | None = None
    dated: str = ""
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
    # Why it can be no vote that is new: nothing in the file says what was voted on.
    nameless: Fault | None = None

    @property
    def days(self):
        """All the days on which the vote may have been held."""
        if self.held_within is None:
            return [self.held_on] if self.held_on else []
        first, last = self.held_within.first, self.held_within.last
        return [first + timedelta(n) for n in range((last - first).days + 1)]

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
# The names of the columns stand in one of the first lines, below a title and notes.
MOST_LINES_ABOVE = 20
# A table with more notes than that is none.
MOST_NOTES = 1_000
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
        self.done = 0
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
            text = self.path.read_bytes().decode("utf-8-sig")
            content = _records_on_lines(text) or json.loads(text)
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
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = _(
                "The file is not text in UTF-8 but in UTF-16, which Excel calls Unicode"
                " text. Save it as CSV in UTF-8."
            )
            raise FileRefused(text)
        if b"\x00" in start:
            raise FileRefused(_not_utf8())


class Table:
    """Rows by the names of their columns."""

    def __init__(self, header, rows):
        self.header = header
        self._rows, self._notes = rows, 0

    def __iter__(self):
        """Pairs of line and cells; or a Fault, where a row does not fit the header."""
        for line, cells in self._rows:
            if isinstance(cells, dict):
                yield line, {name: given(cell) for name, cell in cells.items()}
            elif len(cells := self._trimmed(cells)) == len(self.header):
                yield line, dict(zip(self.header, map(given, cells), strict=True))
            elif found := self._other(line, cells):
                yield found

    def _trimmed(self, cells):
        """Cells without empty ones beyond the last column."""
        while len(cells) > len(self.header) and not cells[-1].strip():
            cells = cells[:-1]
        blank = not any(cell.strip() for cell in cells)
        return [] if blank or [cell.strip() for cell in cells] == self.header else cells

    def _other(self, line, cells):
        """What is no row of the table: a note below or between its rows, or a fault."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(filled) == 1 and len(cells) <= len(self.header):
            self._notes += 1
            if self._notes > MOST_NOTES:
                text = _("More than %d lines have one cell alone: they are no table.")
                raise FileRefused(text % MOST_NOTES)
            text = _("A note beside the table, not a row of it: “%s”.")
            return PassedOver(line, "", text % filled[0][:200])
        if filled:
            text = _("The row has %(found)d columns; the first row names %(named)d.")
            counts = {"found": len(cells), "named": len(self.header)}
            return Fault(line, "", "", text % counts)
        return None


def csv_tables(file):
    """A CSV file as a table, once for each line that may name its columns."""
    for above, (_line, text) in enumerate(islice(file.lines(), MOST_LINES_ABOVE)):
        if text.strip():
            yield partial(_csv_table, file, above)


def _csv_table(file, above):
    """A table below some lines; its first row tells commas, semicolons and tabs."""
    lines = islice(file.lines(), above, None)
    first, header_line = next(lines)
    delimiter = max(",;\t", key=header_line.count)
    rows = _csv_rows(first, header_line, lines, delimiter)
    _line, header = next(rows)
    header = [name.strip() for name in header]
    while header and not header[-1]:
        header.pop()
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
    content = _records(content)
    if not content:
        text = _(
            "This JSON file is not a list of records, nor has it one under the name"
            " records, value, data, items, rows, results or features."
        )
        raise FileRefused(text)
    header = list(dict.fromkeys(name for row in content for name in row))
    rows = (
        (number, {name: _cell(row.get(name)) for name in header})
        for number, row in enumerate(content, start=1)
    )
    return Table(header, rows)


def _records(content, depth=3):
    """The records in what a data portal answers; nothing if they are not found."""
    if isinstance(content, list):
        rows = content if all(isinstance(row, dict) for row in content) else []
        wrapped = [row.get("attributes") or row.get("properties") for row in rows]
        return wrapped if all(isinstance(row, dict) for row in wrapped) else rows
    if not isinstance(content, dict) or not depth:
        return []
    named = [content[name] for name in _RECORDS if name in content]
    lists = [value for value in content.values() if isinstance(value, list)]
    inside = named or (lists if len(lists) == 1 else [])
    return next(filter(None, (_records(each, depth - 1) for each in inside)), [])


def _records_on_lines(text):
    """The records of a text that has one on each line; nothing if it has not."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not all(line.strip().endswith("}") for line in lines):
        return []
    try:
        return [json.loads(line) for line in lines]
    except ValueError:
        return []


# Where data portals keep their records.
_RECORDS = "result records value data items rows results features".split()


def check_cells(line, cells, texts):
    """Refuse the error of a formula in any cell, and in texts what runs as one."""
    for column, cell in cells.items():
        if is_error(cell):
            text = _("The formula in this cell of the spreadsheet came to an error.")
            raise Faulty(line, column, cell, text)
    for column in texts:
        if cells.get(column, "").startswith(_FORMULA):
            text = _("A cell that begins like a formula is not imported.")
            raise Faulty(line, column, cells[column], text)


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
