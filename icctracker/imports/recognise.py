"""What kind of file it is, told by its content and never by its name."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import library, lists
from .files import FileRefused, csv_tables, json_table
from .seats import FIVE, Seats

# Our own spreadsheets, known by their columns: they are imported on other pages.

# By columns that only they have: what it is, and the page that imports it.
KINDS = {
    ("occurred_on", "findings"): (gettext_lazy("a file of evidence"), "evidence"),
    ("searched_on", "outcome"): (gettext_lazy("a file of searches"), "search"),
    ("slug", "title_words"): (gettext_lazy("a file of situations"), "situation"),
}
# Where a workbook keeps its texts; no more of them is unpacked than this.
_PARTS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
_UNPACKED = 64 * 1024
_TEXT = re.compile(r"<t(?:\s[^>]*)?>([^<]*)</t>")
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)


def refuse_workbook(path):
    """Say of a workbook where to import it, if it is one of ours."""
    if zipfile.is_zipfile(path):
        refuse(_texts(path))


def refuse(names):
    """Say where to import a file that names these columns, if it is one of ours."""
    names = {name.casefold() for name in names}
    for columns, (kind, noun) in KINDS.items():
        if names.issuperset(columns):
            text = _(
                "This is %(kind)s, not of the Council's record. It is imported on a"
                " page of its own in the admin: %(address)s"
            )
            address = reverse(f"admin:icctracker_{noun}_import")
            said = {"kind": kind, "address": settings.SITE_ORIGIN + address}
            raise FileRefused(text % said)


def _texts(path):
    """The first texts of a workbook; none if it cannot be read as one."""
    found = set()
    try:
        with zipfile.ZipFile(path) as archive:
            for name in set(_PARTS) & set(archive.namelist()):
                with archive.open(name) as part:
                    text = part.read(_UNPACKED).decode("utf-8", "replace")
                found.update(_TEXT.findall(text))
    except _BROKEN:
        return set()
    return found


LIBRARY = "United Nations, Dag Hammarskjöld Library"


@dataclass(frozen=True, slots=True)
class Context:
    """What readers need to know besides the file."""

    seats: Seats
    today: date
    order: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A layout that can be imported."""

    key: str
    label: str
    # What a curator may choose: whose file, of what, in which form.
    offered: str
    # Whom to credit, and how the source is called where it says otherwise than ours.
    credit: str
    short: str
    read: Callable


VOTING = Format(
    "undl-csv",
    gettext_lazy("the UN Digital Library's Security Council voting file"),
    gettext_lazy(
        "UN Digital Library, Security Council Voting Data (CSV, a row for each member"
        " and resolution)"
    ),
    f"{LIBRARY}, Security Council Voting Data",
    "Library voting file",
    library.read_voting,
)
MARC = Format(
    "undl-marcxml",
    gettext_lazy("MARCXML of the UN Digital Library"),
    gettext_lazy(
        "UN Digital Library, records of resolutions and of votes on them (MARCXML)"
    ),
    f"{LIBRARY}, UN Digital Library records",
    "Library record",
    library.read_marc,
)
ROLL_CALLS = Format(
    "sciences-po",
    gettext_lazy("Sciences Po's votes since 1946"),
    gettext_lazy("Sciences Po, UNSC votes since 1946 (CSV)"),
    "Sciences Po, Atelier de cartographie, UNSC votes since 1946 (CC BY 4.0)",
    "Sciences Po roll call",
    lists.read_roll_calls,
)
DPPA = Format(
    "dppa",
    gettext_lazy("the vetoes of the UN Department of Political Affairs (DPPA)"),
    gettext_lazy(
        "Department of Political and Peacebuilding Affairs, vetoes (CSV or JSON)"
    ),
    "United Nations, Department of Political and Peacebuilding Affairs, vetoes",
    "DPPA list of vetoes",
    lists.read_vetoes,
)
VETO_LIST = Format(
    "library-vetoes",
    gettext_lazy("the UN Library's list of vetoes"),
    gettext_lazy(
        "Dag Hammarskjöld Library, list of vetoes (CSV with columns for date, draft and"
        " permanent member)"
    ),
    f"{LIBRARY}, list of vetoes",
    "Library list",
    lists.read_vetoes,
)
# All that can be imported: the page where a file is chosen lists them, and so does
# docs/importing.md.
FORMATS = {each.key: each for each in (VOTING, MARC, DPPA, ROLL_CALLS, VETO_LIST)}
# Tables that are well known but not for this record, by columns that only they have.
OTHERS = {
    ("ms_code", "session"): gettext_lazy("a General Assembly voting file"),
    ("in_library_veto_list",): gettext_lazy("the vetoes this site ships with"),
    ("undl_vote_record",): gettext_lazy("the resolutions this site ships with"),
    ("iso3", "regional_group"): gettext_lazy("the members this site ships with"),
    ("security_council_member",): gettext_lazy("a list of Council members"),
    ("participant", "instrument"): gettext_lazy("the states of the Rome Statute"),
    ("participant", "event"): gettext_lazy("changes among the Rome Statute's states"),
}


class NotKnown(FileRefused):
    """The columns are those of no layout that is known."""


def recognise(file) -> tuple[Format, Callable[[Context], Iterator]]:
    """The format of a file, and what reads it; FileRefused, in words, if none."""
    refuse_workbook(file.path)
    start = file.start().lstrip()
    if start.startswith(b"<"):
        return _xml(file, start)
    if start.startswith((b"[", b"{")):
        table = json_table(file.json())
        found = _by_columns(table.header)
    else:
        found, table = _table(file)
    return found, lambda context: found.read(table, context)


def _table(file):
    """The table in a CSV file, and what it is; titles and notes may stand above it."""
    refused = None
    for table_from in csv_tables(file):
        try:
            table = table_from()
        except FileRefused as fault:
            refused = refused or fault
            continue
        try:
            return _by_columns(table.header), table
        except NotKnown as unknown:
            refused = refused or unknown
    raise refused or FileRefused(_("The file has only blank lines."))


def _xml(file, start):
    if not library.is_marc(start):
        text = _("This XML or web page is not MARCXML.")
        raise FileRefused(f"{text} {accepted()}")
    return MARC, lambda context: MARC.read(file, context)


def _by_columns(header):
    refuse(header)
    names = {name.casefold() for name in header}
    for columns, kind in OTHERS.items():
        if names.issuperset(columns):
            text = _(
                "The columns are those of %s: not among the files that can be imported"
                " here."
            )
            raise FileRefused(text % kind)
    for found, required in (
        (VOTING, library.REQUIRED),
        (ROLL_CALLS, lists.REQUIRED),
    ):
        present = [name for name in required if name in header]
        if len(present) == len(required):
            return found
        if len(present) * 2 >= len(required):
            missing = ", ".join(name for name in required if name not in header)
            text = _(
                "This looks like %(kind)s, but these columns are missing: %(names)s."
            )
            raise FileRefused(text % {"kind": found.label, "names": missing})
    return _list_of_vetoes(header)


def _list_of_vetoes(header):
    columns = lists.columns_of(header)
    if "draft" in columns and "date" in columns:
        if "vetoed by" in columns:
            return VETO_LIST
        if not set(FIVE) - set(columns):
            return DPPA
    if len(columns) >= 3:
        text = _(
            "This looks like a list of vetoes, but it lacks a column for the date, the"
            " draft or the five members who can cast one."
        )
        raise FileRefused(text)
    text = _("None of the layouts that can be imported has these columns: %(names)s.")
    seen = text % {"names": ", ".join(header)[:300]}
    raise NotKnown(f"{seen} {accepted()}")


def accepted():
    """What can be imported, and where that is written."""
    text = _("These can: %(kinds)s. Their columns are listed in docs/importing.md.")
    return text % {"kinds": "; ".join(str(each.label) for each in FORMATS.values())}
