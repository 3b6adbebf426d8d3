"""Rows for a spreadsheet, as CSV: none of their texts runs as a formula."""

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


def csv_lines(rows):
    """Each row as a line of CSV, one by one, as they are asked for."""
    for row in rows:
        yield csv_text([row])


def csv_text(rows):
    """Rows as the lines of CSV that they make together.

    The module ``csv`` writes the same, but looks at each character by itself, twice.
    """
    # A line with nothing on it would be no row.
    lines = [",".join([_written(cell) for cell in row]) or '""' for row in rows]
    return "\r\n".join([*lines, ""])


def _written(cell):
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    text = _GUARD + cell if cell.startswith(_FORMULA_STARTS) else cell
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text
