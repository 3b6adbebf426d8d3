"""Spreadsheets read within bounds, and empty ones to begin with."""

import io

import openpyxl
import tablib
from django.utils.translation import gettext as _
from import_export.formats.base_formats import XLSX
from openpyxl.styles import Alignment, Font

from .adding import MOST_ROWS

MOST_COLUMNS = 100
_WIDTH = 24


class BoundedXLSX(XLSX):
    """A spreadsheet of which no more is read than an import takes.

    A single cell far down and far right makes millions of empty ones in between.
    """

    def create_dataset(self, in_stream):
        book = openpyxl.load_workbook(
            io.BytesIO(in_stream), read_only=True, data_only=True
        )
        bounds = {"max_row": MOST_ROWS + 2, "max_col": MOST_COLUMNS}
        rows = [list(row) for row in book.active.iter_rows(values_only=True, **bounds)]
        while rows and not any(rows[-1]):
            rows.pop()
        dataset = tablib.Dataset()
        dataset.headers, *rows = _without_empty_columns(rows)
        dataset.extend(rows)
        return dataset

    def get_title(self):
        return "xlsx"


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


def _without_empty_columns(rows):
    """Rows as wide as the first, which names the columns; longer ones keep theirs."""
    width = max((len(_trimmed(row)) for row in rows), default=0)
    if not width:
        raise ValueError("no cells")
    return [row[:width] + [None] * (width - len(row)) for row in rows]


def _trimmed(row):
    row = list(row)
    while row and row[-1] is None:
        row.pop()
    return row
