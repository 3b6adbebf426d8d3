"""What kind of file it is, told by its content and never by its name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.imports import (
    marc_xml,
    own_files,
    roll_calls_csv,
    veto_lists,
    voting_csv,
)
from icctracker.imports.files import csv_table, json_table
from icctracker.imports.records import FileRefused
from icctracker.imports.seats import FIVE, Seats

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
    # Whom to credit, and how the source is called where it says otherwise than ours.
    credit: str
    short: str
    read: Callable


VOTING = Format(
    "undl-csv",
    gettext_lazy("the UN Digital Library's Security Council voting file"),
    f"{LIBRARY}, Security Council Voting Data",
    "Library voting file",
    voting_csv.read,
)
MARC = Format(
    "undl-marcxml",
    gettext_lazy("MARCXML of the UN Digital Library"),
    f"{LIBRARY}, UN Digital Library records",
    "Library record",
    marc_xml.read,
)
ROLL_CALLS = Format(
    "sciences-po",
    gettext_lazy("Sciences Po's votes since 1946"),
    "Sciences Po, Atelier de cartographie, UNSC votes since 1946 (CC BY 4.0)",
    "Sciences Po roll call",
    roll_calls_csv.read,
)
DPPA = Format(
    "dppa",
    gettext_lazy("the vetoes of the UN Department of Political Affairs (DPPA)"),
    "United Nations, Department of Political and Peacebuilding Affairs, vetoes",
    "DPPA list of vetoes",
    veto_lists.read,
)
VETO_LIST = Format(
    "library-vetoes",
    gettext_lazy("the UN Library's list of vetoes"),
    f"{LIBRARY}, list of vetoes",
    "Library list",
    veto_lists.read,
)
FORMATS = {each.key: each for each in (VOTING, MARC, ROLL_CALLS, DPPA, VETO_LIST)}
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


def recognise(file) -> tuple[Format, Callable[[Context], Iterator]]:
    """The format of a file, and what reads it; FileRefused, in words, if none."""
    own_files.refuse_workbook(file.path)
    start = file.start().lstrip()
    if start.startswith(b"<"):
        return _xml(file, start)
    is_json = start.startswith((b"[", b"{"))
    table = json_table(file.json()) if is_json else csv_table(file)
    found = _by_columns(table.header)
    return found, lambda context: found.read(table, context)


def _xml(file, start):
    if not marc_xml.is_marc(start):
        raise FileRefused(_("This XML or web page is not MARCXML."))
    return MARC, lambda context: MARC.read(file, context)


def _by_columns(header):
    own_files.refuse(header)
    names = {name.casefold() for name in header}
    for columns, kind in OTHERS.items():
        if names.issuperset(columns):
            text = _(
                "The columns are those of %s: not among the files that can be imported"
                " here."
            )
            raise FileRefused(text % kind)
    for found, required in (
        (VOTING, voting_csv.REQUIRED),
        (ROLL_CALLS, roll_calls_csv.REQUIRED),
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
    columns = veto_lists.columns_of(header)
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
    text = _("None of the layouts that can be imported has these columns: %s.")
    raise FileRefused(text % ", ".join(header)[:300])
