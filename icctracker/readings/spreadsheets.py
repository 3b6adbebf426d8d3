"""Rows for a spreadsheet, as CSV: none of their texts runs as a formula."""

import csv

BOM = "\ufeff"
# What a spreadsheet takes for the start of a formula, and what keeps it a text.
_FORMULA_STARTS = tuple("=+-@\t\r")
_GUARD = "'"


def safe_cell(value):
    """A cell that no spreadsheet will run as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return _GUARD + value
    return value


def without_guard(text):
    """A text as it was before it was made safe."""
    guarded = text.startswith(_GUARD) and text[1:].startswith(_FORMULA_STARTS)
    return text[1:] if guarded else text


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text):
        return text


def csv_lines(rows):
    """Each row as a line of CSV, one by one, as they are asked for."""
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])
