"""Passages as a file tells them: where each stands, in what, and what is logged."""

import json
from collections import defaultdict

from icctracker.models import Sponsor

from .passages import KINDS, NOTHING, pinned
from .spreadsheets import BOM, csv_text

COLUMNS = (
    *("symbol", "uri", "kind", "date", "subject", "agenda_item", "chapter_vii"),
    *("paragraph", "annex", "heading", "terms", "words"),
    *("sponsors", "sponsors_iso3", "sponsors_m49"),
    *("address", "official_document", "entries_on_the_document", "logged_by"),
)
# So many at a time: read, then written.
PIECE = 500


def records(passages, moment, address):
    """A row for each passage; ``address`` makes a full address of a path.

    ``passages`` is a queryset with documents and their days.
    """
    keys = list(passages.values_list("pk", flat=True))
    for start in range(0, len(keys), PIECE):
        rows = list(passages.filter(pk__in=keys[start : start + PIECE]))
        symbols = {each.document.symbol for each in rows}
        known = pinned(symbols, moment.as_of, moment.known_at)
        sponsors = _sponsors({each.document_id for each in rows})
        for each in rows:
            on = known.get(each.document.symbol, NOTHING)
            yield _record(each, sponsors[each.document_id], on, address)


def _sponsors(documents):
    found = defaultdict(list)
    for sponsor in Sponsor.objects.filter(document__in=documents):
        found[sponsor.document_id].append(sponsor)
    return found


def _record(passage, sponsors, on, address):
    document = passage.document
    codes = [each.code for each in sponsors]
    numbers = [each.m49 for each in sponsors]
    return (
        *(document.symbol, document.uri, document.series),
        *(passage.held_on and passage.held_on.isoformat(), document.title),
        *(document.agenda_item, document.chapter_vii),
        *(passage.label, passage.annex, passage.heading),
        *(passage.term_list, passage.words),
        *([each.name for each in sponsors], codes, numbers),
        *(address(passage.get_absolute_url()), document.url),
        *([*on.entries], on.at(passage)),
    )


def as_csv(passages, moment, address):
    """The lines of a CSV file, a piece at a time; lists are parted by semicolons."""
    yield BOM + csv_text([COLUMNS])
    for record in records(passages, moment, address):
        yield csv_text([[_cell(value) for value in record]])


def _cell(value):
    if isinstance(value, list):
        return "; ".join("" if each is None else str(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else value


def as_json(passages, moment, address, head):
    """The text of a JSON file, a piece at a time; one that breaks off has no end."""
    start = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    yield f'{start},\n "passages": ['
    between = "\n  "
    for record in records(passages, moment, address):
        told = dict(zip(COLUMNS, record, strict=True))
        yield between + json.dumps(told, ensure_ascii=False)
        between = ",\n  "
    yield "\n ]\n}"


YEAR_COLUMNS = (
    *("year", "resolutions", "resolutions_read", "statements", "statements_read"),
    *("drafts_not_adopted", "drafts_read", "speak_of_the_court", "logged"),
    "not_logged",
)


def years_as_csv(years):
    """The years of ``naming_the_court`` as CSV, the newest first."""
    rows = [
        (
            row.year,
            *(
                number.get(kind, 0)
                for kind in KINDS
                for number in (row.documents, row.texts)
            ),
            *(row.naming, row.logged, row.waiting),
        )
        for row in years
    ]
    return BOM + csv_text([YEAR_COLUMNS, *rows])
