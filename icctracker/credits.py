"""Whom the Council's record is compiled from, as readers know them."""

from django.utils.translation import gettext_lazy as _

SOURCES = {
    "SCPO": _("Sciences Po, UNSC votes since 1946"),
    "UN-LIB": _("Dag Hammarskjöld Library, meeting tables and list of vetoes"),
    "UN-XML": _("United Nations, machine-readable resolutions"),
    "TEXT": _("the text of the resolutions"),
    "PRESS": _("press reports only"),
}


def named_sources(codes):
    """The sources a record names by their codes."""
    return [SOURCES.get(code, code) for code in codes.split("+") if code]


def sources_of(row):
    """The sources of a row of the record; of one that names none, those of its file."""
    return named_sources(row.sources) or [row.imported.credit or row.imported.source]
