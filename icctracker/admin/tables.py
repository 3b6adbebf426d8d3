"""Our own tables in CSV and XLSX, as people save them: found, bounded, and numbered."""

import csv
import io
from itertools import islice

import openpyxl
import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from openpyxl.styles import Alignment, Font

from icctracker.imports.files import FileRefused

MOST_ROWS = 2_000
MOST_COLUMNS = 100
# The names of the columns stand in one of the first rows, below a title and notes.
MOST_ABOVE = 20
MOST_SHEETS = 20
# What stands in a row beyond the last column that has a name.
BESIDE = None
_WIDTH = 24


class Formula(str):
    """A formula of which the file holds no result."""

    __slots__ = ()


class BoundedCSV(CSV):
    """Text with commas, semicolons or tabs; read to its end, kept as far as needed."""

    columns = ()

    def create_dataset(self, in_stream):
        text = in_stream
        if isinstance(text, bytes):
            text = text.decode(self.encoding or "utf-8-sig")
        marks = sorted(",;\t", key=lambda mark: -self._named(text, mark))
        rows = [
            [Formula(cell) if cell.startswith("=") else cell for cell in row]
            for row in _bounded(_csv_rows(text, marks[0]), self.columns)
        ]
        return _dataset(rows, self.columns)

    def _named(self, text, mark):
        """How many columns are named, if this mark stands between cells."""
        head = islice(csv.reader(io.StringIO(text, newline=""), delimiter=mark), 20)
        try:
            return max((_known(row, self.columns) for row in head), default=0)
        except csv.Error:
            return 0

    def get_title(self):
        return "csv"


class BoundedXLSX(XLSX):
    """A spreadsheet of which no more is read than an import takes.

    A single cell far down and far right makes millions of empty ones in between.
    """

    columns = ()

    def create_dataset(self, in_stream):
        sheet = self._sheet(_book(in_stream, data_only=True))
        bounds = {"max_row": MOST_ROWS + MOST_ABOVE + 2, "max_col": MOST_COLUMNS}
        rows = [list(row) for row in sheet.iter_rows(values_only=True, **bounds)]
        formulas = _book(in_stream, data_only=False)[sheet.title].iter_rows(**bounds)
        for row, cells in zip(rows, formulas, strict=False):
            for at, cell in enumerate(cells[: len(row)]):
                if row[at] is None and cell.data_type == "f":
                    row[at] = Formula("=")
        while rows and _is_blank(rows[-1]):
            rows.pop()
        rows = _bounded(rows, self.columns, bounds["max_row"], sheet.max_row)
        return _dataset(rows, self.columns)

    def _sheet(self, book):
        """The first sheet that names our columns; else the one that was left open."""
        bounds = {"max_row": MOST_ABOVE, "max_col": MOST_COLUMNS}
        for sheet in book.worksheets[:MOST_SHEETS]:
            rows = list(sheet.iter_rows(values_only=True, **bounds))
            if _names_at(rows, self.columns) is not None:
                return sheet
        return book.active

    def get_title(self):
        return "xlsx"


def formats_for(formats, columns):
    """The formats of files, as they look for a table with these columns."""
    return [type(each.__name__, (each,), {"columns": columns}) for each in formats]


def _book(content, **options):
    return openpyxl.load_workbook(io.BytesIO(content), read_only=True, **options)


def _csv_rows(text, mark):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        yield from reader
    except csv.Error as fault:
        text = _(
            "Line %(line)d cannot be read as CSV: a quotation mark may be missing or"
            " too many."
        )
        raise FileRefused(text % {"line": reader.line_num}) from fault


def _bounded(rows, columns, cut_at=0, goes_on_to=None):
    """Rows, if no more of them are filled than an import takes.

    Of a spreadsheet that was cut off, its own word says how far it goes on, if any.
    """
    kept, filled, read = [], 0, 0
    for row in rows:
        read += 1
        filled += not _is_blank(row)
        if filled <= MOST_ROWS + MOST_ABOVE + 1:
            kept.append(row)
    above = sum(not _is_blank(row) for row in kept[: _names_at(kept, columns) or 0])
    filled -= above + 1
    if filled > MOST_ROWS:
        text = _("The file has %(rows)d rows; import no more than %(most)d at once.")
        if read == cut_at:
            if not goes_on_to or goes_on_to < read:
                text = _("The file has more than %(most)d rows: import fewer at once.")
            else:
                filled += goes_on_to - read
        raise FileRefused(text % {"rows": filled, "most": MOST_ROWS})
    return kept


def _dataset(rows, columns):
    """The table in rows; ``above`` says how many of them stand above its names."""
    above = _names_at(rows, columns)
    if above is None:
        above = next((at for at, row in enumerate(rows) if not _is_blank(row)), None)
    if above is None:
        raise FileRefused(_("The file is empty: it names no columns."))
    header = _trimmed([_name(cell, columns) for cell in rows[above]])
    named = [at for at, name in enumerate(header) if name]
    dataset = tablib.Dataset()
    dataset.headers = [*(header[at] for at in named), BESIDE]
    for row in rows[above + 1 :]:
        cells = list(row) + [None] * (len(header) - len(row))
        beside = " ".join(str(each) for each in cells[len(header) :] if _says(each))
        dataset.append([*(cells[at] for at in named), beside])
    dataset.above = above
    return dataset


def _names_at(rows, columns):
    """Which of the first rows names the columns; None if none of them does."""
    if not columns:
        return None
    found = [_known(row, columns) for row in rows[: MOST_ABOVE + 1]]
    best = max(found, default=0)
    return found.index(best) if best * 2 >= len(columns) else None


def _known(row, columns):
    return len({_name(cell, columns) for cell in row} & set(columns))


def _name(cell, columns):
    """A name of a column as it is called here, whatever its capitals."""
    name = " ".join(str(cell).split()) if _says(cell) else ""
    return name.casefold() if name.casefold() in columns else name


def _is_blank(row):
    return not any(map(_says, row))


def _says(cell):
    return cell is not None and bool(str(cell).strip())


def _trimmed(row):
    while row and not row[-1]:
        row.pop()
    return row


# Empty ones to begin with.


def blank_csv(columns):
    """A file that only names its columns."""
    dataset = tablib.Dataset(headers=[column["name"] for column in columns])
    return dataset.export("csv").encode("utf-8-sig")


def blank_xlsx(columns):
    """A spreadsheet that names its columns, and explains them on a second sheet."""
    book = openpyxl.Workbook()
    sheet, notes = book.active, book.create_sheet(_("Columns"))
    sheet.title = _("Rows")
    sheet.append([column["name"] for column in columns])
    notes.append([_("Column"), _("Compulsory"), _("What goes in")])
    for column in columns:
        required = _("yes") if column["required"] else ""
        notes.append([column["name"], required, str(column["help"])])
    for each in (sheet, notes):
        each.freeze_panes = "A2"
        for cell in each[1]:
            cell.font = Font(bold=True)
            each.column_dimensions[cell.column_letter].width = _WIDTH
    notes.column_dimensions["C"].width = 4 * _WIDTH
    for row in notes.iter_rows(min_row=2):
        row[2].alignment = Alignment(wrap_text=True)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
