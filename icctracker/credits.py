"""Whom the Council's record is compiled from, as readers know them."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SOURCES = {
    "SCPO": gettext_lazy("Sciences Po, UNSC votes since 1946"),
    "UN-LIB": gettext_lazy(
        "Dag Hammarskjöld Library, meeting tables and list of vetoes"
    ),
    "UN-XML": gettext_lazy("United Nations, machine-readable resolutions"),
    "TEXT": gettext_lazy("the text of the resolutions"),
    "PRESS": gettext_lazy("press reports only"),
}
# What readers call the values that an import may fill in or change.
OF_DOCUMENT = {
    "title": gettext_lazy("title"),
    "agenda_item": gettext_lazy("agenda item"),
    "drafts": gettext_lazy("drafts"),
    "library_record": gettext_lazy("record in the UN Digital Library"),
}
OF_BALLOT = {
    "agenda_item": gettext_lazy("agenda item"),
    "meeting": gettext_lazy("meeting record"),
    "library_record": gettext_lazy("voting record in the UN Digital Library"),
    "tally": gettext_lazy("totals of the vote"),
    "votes": gettext_lazy("votes of the members"),
}


def named_sources(codes):
    """The sources a record names by their codes."""
    return [SOURCES.get(code, code) for code in codes.split("+") if code]


def sources_of(row):
    """The sources of a row of the record; of one that names none, those of its file."""
    codes = getattr(row, "sources", "")
    return named_sources(codes) or [row.imported.credit or row.imported.source]


@dataclass(frozen=True)
class Later:
    """Values of a document that one import brought after the document itself."""

    values: list
    imported: object

    @property
    def in_words(self):
        """Which values, from where and since when."""
        source = filter(None, [self.imported.credit, self.imported.source])
        return _("%(values)s: %(source)s, imported %(day)s") % {
            "values": capfirst(", ".join(self.values)),
            "source": ", ".join(source),
            "day": date_format(self.imported.imported_at),
        }


class Origins:
    """Which import each value of a document came from, as it stands now; one query.

    Wants a document with its ballots and their imports.
    """

    def __init__(self, document):
        self.document, self.ballots = document, list(document.ballots.all())
        rows = document.origins.select_related("imported").order_by("pk")
        self.latest = {(row.ballot_id, row.field): row for row in rows}

    def of(self, row, field):
        """The row that names the import of a value: its own origin, else its record."""
        ballot = None if row == self.document else row.pk
        return self.latest.get((ballot, field), row)

    def later(self, ballots=None):
        """What came later, by import; of the ballots all, unless some are given."""
        found = {}
        for value, imported in self._later(ballots or self.ballots):
            found.setdefault(imported, []).append(value)
        oldest_first = sorted(found, key=lambda each: (each.imported_at, each.pk))
        return [Later(found[imported], imported) for imported in oldest_first]

    def _later(self, ballots):
        """Pairs of a value, in words, and the import it came from."""
        for field, row in self._changed(None):
            yield str(OF_DOCUMENT.get(field, field)), row.imported
        for ballot in ballots:
            vote = _("vote %(item)d") % {"item": ballot.item}
            if ballot.imported_id != self.document.imported_id:
                yield vote, ballot.imported
            for field, row in self._changed(ballot.pk):
                value = str(OF_BALLOT.get(field, field))
                alone = len(self.ballots) == 1
                yield value if alone else f"{value} ({vote})", row.imported

    def _changed(self, ballot):
        """The fields of the document, or of one ballot, that have an origin."""
        return [(name, row) for (pk, name), row in self.latest.items() if pk == ballot]
