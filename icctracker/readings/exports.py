"""Entries as a file tells them: read as values, some at a time, never all at once.

Keys are read by the page, in the order asked for; what entries say, by the piece. No
query stays open while a slow reader takes what was written. So a file may tell what was
published or corrected since it began or may not; an entry whose place in the order
stays is told once, and one that is withdrawn before its piece is read is not told.
"""

import json
from array import array
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from django.db.models import BigIntegerField, CharField, ExpressionWrapper, F, Func, Q

from icctracker.models import FACTS_SHOWN, Evidence, ExportLine, Finding
from icctracker.models.evidence import with_subjects

from .spreadsheets import BOM, csv_text

# How each member voted is downloaded with the Council's record; notes on what was read
# are for the page of the entry.
LEFT_OUT = ("roll_call", "verification_note")
FACTS_GIVEN = [name for name in FACTS_SHOWN if name not in LEFT_OUT]
RENAMED = {"occurred_on": "date"}
LISTS = ("situations", "actors", "sources", "findings")
COLUMNS = [
    *(RENAMED.get(name, name) for name in with_subjects(FACTS_GIVEN)),
    *("sources", "findings", "address"),
]
# How many at a time: keys, of eight bytes each; entries as they are read, of a kilobyte
# or two; entries as they are written, when several copies of them exist.
PAGE = 50_000
PIECE = 2_000
WRITTEN = 100


class Layout(NamedTuple):
    """How a kind of file writes the lists of an entry: one text each."""

    between: str
    text: Callable
    # What is told of a finding besides its criterion, and how.
    codes: list[str]
    finding: Callable


# CSV.

_CSV = Layout("; ", str, ["effect"], "{} {}".format)


def as_csv(entries, known_at, address):
    """The lines of a CSV file, some at a time; ``address`` makes one of a slug.

    ``entries`` is a queryset of entries or, as they were known, of editions. Without
    the mark at its beginning a spreadsheet takes its letters for those of the West.
    """
    yield BOM + csv_text([COLUMNS])
    if known_at is None:
        yield from _kept(entries, address)
        return
    records = _records(entries, known_at, address, _CSV)
    while some := list(islice(records, WRITTEN)):
        yield csv_text(some)


def _kept(entries, address):
    """The lines that are kept, some at a time; what is missing is made for this."""
    # What stands before and after a slug in an address; neither is ever quoted.
    before, after = address("\n").split("\n")
    for keys in _pieces(entries):
        rows = ExportLine.objects.filter(pk__in=Listed(keys)).values_list(
            "pk", "text", "evidence__slug"
        )
        told = {key: f"{text}{before}{slug}{after}\r\n" for key, text, slug in rows}
        missing = [key for key in keys if key not in told]
        for key, text, slug in lines_of(missing):
            told[key] = f"{text}{before}{slug}{after}\r\n"
        lines = (told[key] for key in keys if key in told)
        while some := list(islice(lines, WRITTEN)):
            yield "".join(some)


def lines_of(keys):
    """Key, line up to the address, and slug of each published entry among these."""
    for record in _records_of(Evidence, keys, None, _CSV) if keys else ():
        key, slug, *told = record
        yield key, csv_text([[*told, ""]]).removesuffix("\r\n"), slug


def without_line():
    """The keys of published entries of which no line is kept."""
    rows = Evidence.objects.published().filter(export_line=None).order_by()
    return rows.values_list("pk", flat=True)


def wrong_lines():
    """The slugs of entries of which a line is kept that is not what they tell."""
    for keys in _pieces(Evidence.objects.filter(export_line__isnull=False)):
        kept = dict(
            ExportLine.objects.filter(pk__in=Listed(keys)).values_list("pk", "text")
        )
        right = {key: (text, slug) for key, text, slug in lines_of(keys)}
        for key, text in kept.items():
            meant, slug = right.get(key, (None, key))
            if text != meant:
                yield slug


# JSON, laid out as by ``json.dumps`` with an indent of 1, which takes longer.

_quoted = json.JSONEncoder(ensure_ascii=False).encode


def as_json(entries, known_at, address, head):
    """The text of a JSON file, some at a time: what stands at its head, then entries.

    If reading fails on the way, what was written has no end and is no JSON.
    """
    start = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    yield f'{start},\n "evidence": ['
    records = _records(entries, known_at, address, _JSON)
    between, end = "\n  ", "]\n}"
    while some := list(islice(records, WRITTEN)):
        yield between + ",\n  ".join(map(_object, some))
        between, end = ",\n  ", "\n ]\n}"
    yield end


def _value(value):
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _list(written):
    return f"[\n    {written}\n   ]" if written else "[]"


def _template(names, margin):
    lines = ",".join(f"{margin} {_quoted(name)}: %s" for name in names)
    return f"{{{lines}{margin}}}"


_OBJECT = _template(COLUMNS, "\n  ")
_WRITE = [_list if name in LISTS else _value for name in COLUMNS]
_CODES = "effect form occasion pinpoint searched_words rationale".split()
_FINDING = _template(["id", "criterion", *_CODES], "\n    ")


def _object(record):
    return _OBJECT % tuple(
        [write(value) for write, value in zip(_WRITE, record, strict=True)]
    )


def _finding(criterion, key, *codes):
    return _FINDING % tuple(map(_value, (key, criterion, *codes)))


_JSON = Layout(",\n    ", _quoted, ["pk", *_CODES], _finding)


# Keys, in an order that leaves no two entries in the same place.


def _pieces(entries):
    """Lists of keys, in the order of the entries."""
    for page in _pages_of_keys(entries):
        for start in range(0, len(page), PIECE):
            yield page[start : start + PIECE].tolist()


def _pages_of_keys(entries):
    order = _whole_order(entries)
    names = [name.removeprefix("-") for name in order]
    rows = entries.order_by(*order).values_list("pk", *names)
    last = None
    while True:
        page = array("q")
        following = rows.filter(_after(order, last[1:])) if last else rows
        # Read to the end before anything is written: no query stays open.
        for last in following[:PAGE].iterator():
            page.append(last[0])
        yield page
        if len(page) < PAGE:
            return


def _whole_order(entries):
    """The order of a queryset; what it leaves in the same place, by key."""
    usual = entries.model._meta.ordering
    order = [*(entries.query.order_by or usual)]
    key = usual[-1].removeprefix("-")
    if key not in {name.removeprefix("-") for name in order}:
        order.append(f"-{key}" if order[-1].startswith("-") else key)
    return order


def _after(order, row):
    """What stands behind a row, as a condition for the database."""
    behind = Q(pk__in=[])
    for name, value in reversed(list(zip(order, row, strict=True))):
        field = name.removeprefix("-")
        lookup = "lt" if name.startswith("-") else "gt"
        behind = Q(**{f"{field}__{lookup}": value}) | Q(behind, **{field: value})
    # This follows from the rest, but by this an index can be entered.
    return Q(**{f"{field}__{lookup}e": value}) & behind


# Records: what is told of each entry, in the order of the columns.

# How many facts stand between the day and what the event is about.
_BEFORE = COLUMNS.index("situations") - 1


def _records(entries, known_at, address, layout):
    """Tuples of what stands in the columns; its lists are texts as in the layout."""
    for keys in _pieces(entries):
        for _key, slug, *told in _records_of(entries.model, keys, known_at, layout):
            yield *told, address(slug)


def _records_of(model, keys, known_at, layout):
    """Of each its key, its slug, and what stands in the columns before the address."""
    facts = _facts(model, keys)
    situations, actors, sources = _parts(model, keys, layout)
    findings = _findings(facts.values(), known_at, layout)
    for key in filter(facts.__contains__, keys):
        entry, slug, day, *said = facts[key]
        yield (
            *(key, slug, str(day), *said[:_BEFORE]),
            *(situations.get(key, ""), actors.get(key, "")),
            *said[_BEFORE:],
            *(sources.get(key, ""), findings.get(entry, "")),
        )


class Listed(Func):
    """Keys to be found among, handed to the database as one parameter.

    As a parameter each, they take longer than what is found by them.
    """

    def __init__(self, keys):
        super().__init__(output_field=BigIntegerField())
        self.keys = keys

    def as_sqlite(self, compiler, connection):
        return "(SELECT value FROM json_each(%s))", [json.dumps(self.keys)]

    def as_postgresql(self, compiler, connection):
        return "(SELECT unnest(%s::bigint[]))", [self.keys]


def _facts(model, keys):
    """Entry, its slug, and what is said, by key, of what was not withdrawn since.

    Whether it is known was asked for the page. Asked here too, SQLite would go through
    all that is known for each piece.
    """
    rows = model.objects.filter(pk__in=Listed(keys)).order_by()
    # As the database has it: a text becomes no day to become a text again.
    day = ExpressionWrapper(F("occurred_on"), CharField())
    said = [day if name == "occurred_on" else F(name) for name in FACTS_GIVEN]
    if model is not Evidence:
        told = rows.values_list("pk", "evidence_id", "evidence__slug", *said)
        return {key: row for key, *row in told}
    told = rows.values_list("state", "pk", "pk", "slug", *said)
    published = Evidence.State.PUBLISHED
    return {key: row for state, key, *row in told if state == published}


def _parts(model, keys, layout):
    """Situations, actors and sources, each by key as one text."""
    owner = model._meta.model_name
    for parts, told, order in (
        (model.situations.through, "situation__slug", "situation__name"),
        (model.actors.through, "actor__name", "actor__name"),
        (model.sources.rel.related_model, "url", "position"),
    ):
        rows = parts.objects.filter(**{f"{owner}__in": Listed(keys)})
        rows = rows.order_by(order, "pk").values_list(f"{owner}_id", told)
        yield _joined(((key, layout.text(text)) for key, text in rows), layout)


def _findings(facts, known_at, layout):
    """The findings accepted, by entry as one text."""
    accepted = Finding.objects.accepted(known_at).filter(
        evidence__in=Listed([entry for entry, *_said in facts])
    )
    recommendation = "criterion__recommendation"
    rows = accepted.order_by(f"{recommendation}__number", "criterion__code", "pk")
    rows = rows.values_list(
        "evidence_id", f"{recommendation}__within", "criterion__code", *layout.codes
    )
    found = (
        (entry, layout.finding(f"{within}:{code}" if within else code, *codes))
        for entry, within, code, *codes in rows
    )
    return _joined(found, layout)


def _joined(pairs, layout):
    """The texts of each key as one text."""
    found = {}
    for key, text in pairs:
        found[key] = f"{found[key]}{layout.between}{text}" if key in found else text
    return found
