"""Chains of descent as a file tells them: a row for each step."""

from django.urls import reverse

from .spreadsheets import BOM, csv_text

COLUMNS = (
    *("chain", "series", "kind", "symbol", "date", "paragraph"),
    *("previous", "previous_date", "previous_paragraph", "similarity", "change"),
    *("words", "words_added", "words_removed"),
    *("terms", "terms_added", "terms_removed"),
    *("source", "texts_compared", "texts_to_compare"),
    *("correction", "other_previous", "address"),
)


def as_csv(chains, address):
    """The text of a CSV file; ``address`` makes a full address of a path."""
    rows = (
        _record(chain, step, address)
        for chain in chains
        for step in (*chain.steps, *chain.ends)
        if step.row or step.correction
    )
    return BOM + csv_text([COLUMNS, *rows])


def _record(chain, step, address):
    row, corrected = step.row, step.correction
    previous = step.previous

    def known(name):
        """What is said of the step; of a forerunner that a person named, nothing."""
        value = getattr(row, name, None)
        return "" if value is None or corrected else value

    return (
        chain.root.cited,
        chain.series,
        row.kind if row else "",
        step.document.symbol,
        step.held_on and step.held_on.isoformat(),
        step.label,
        previous.symbol if previous else "",
        previous.held_on.isoformat() if previous and previous.held_on else "",
        step.previous_label,
        known("similarity"),
        known("change"),
        row.words if row and row.words is not None else "",
        known("words_added"),
        known("words_removed"),
        row.terms if row else "",
        known("terms_added"),
        known("terms_removed"),
        source_of(step),
        known("compared"),
        known("comparable"),
        corrected.reason if corrected else "",
        "; ".join(_forerunner(each) for each in step.others),
        address(address_of(step if step.label else chain.root)),
    )


def source_of(step):
    """Who says it: a reviewer, the table that ships, or the texts."""
    if step.correction:
        return "reviewer"
    return "shipped" if step.row.is_shipped else "computed"


def _forerunner(row):
    if row.previous_id is None:
        return "none"
    return f"{row.previous.symbol}, {row.previous_label}"


def address_of(step):
    return reverse("descent-detail", args=[step.document.symbol, step.anchor])
