"""Our own spreadsheets, known by their columns: they are imported on other pages."""

import re
import zipfile
import zlib

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.imports.records import FileRefused

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
            said = {"kind": kind, "address": settings.SITE_URL + address}
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
