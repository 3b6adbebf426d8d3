"""Findings: single differences between a file and the record, and how they are told."""

import dataclasses
import re
from dataclasses import dataclass

from icctracker.imports.cells import read_title
from icctracker.models import Ballot, Document, OtherValue

Field, Standing = OtherValue.Field, OtherValue.Standing
NEW, CHANGED, CONFLICT, SAME, KNOWN, PASSED, DOUBT, FAULT = (
    *("new", "changed", "conflict", "same", "known", "passed", "doubt", "fault"),
)
# An agenda item in other words: listed, while ours stays.
WORDED = "worded"
_SYMBOL = re.compile(r"S/[^\s,;()]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between file and record, and how it is written, if at all."""

    kind: str
    line: int
    symbol: str = ""
    field: str = ""
    ours: str = ""
    theirs: str = ""
    message: str = ""
    write: dict = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts differences on one document, or on one ballot of it, into findings."""

    source: str
    statement: object
    document: Document
    ballot: Ballot | None

    def finding(self, kind, name, ours, theirs, write):
        line, symbol = self.statement.line, self.statement.name
        return Finding(kind, line, symbol, name, ours, theirs, write=write)

    def fill(self, name, value, also=None):
        """A value that the record lacks or has only in part."""
        record = self.ballot or self.document
        before = getattr(record, name)
        write = {"op": "set", "document": self.document.pk, "field": name}
        write |= {"ballot": self.ballot.pk if self.ballot else None}
        write |= {"value": value, "before": before, "also": also or {}}
        ours = "" if before is None else str(before)
        return self.finding(CHANGED, name, ours, str(value), write)

    def conflict(self, name, says, ours, theirs, known, standing=Standing.OPEN):
        """A value that the record has otherwise."""
        write = {"op": "other", "document": self.document.pk, "field": str(name)}
        write |= {"says": says, "standing": str(standing)}
        kind = KNOWN if known else CONFLICT
        return self.finding(kind, str(name), ours, theirs, {} if known else write)

    def is_known(self, name, text):
        """Whether another value that is kept already says so."""
        pattern = re.compile(rf"(?<!\d){re.escape(text)}(?!\d)")
        return any(
            other.field == name and pattern.search(other.says)
            for other in self.document.other_values.all()
        )

    def symbols(self, name, theirs, other, noun):
        """Differences between symbols; more or fewer of the same are none."""
        ours = getattr(self.ballot or self.document, name)
        if not ours:
            yield self.fill(name, theirs)
            return
        mine, others = symbols_in(ours), symbols_in(theirs)
        if not mine or not others or mine <= others or others <= mine:
            return
        says = f"{self.source}, {noun}: {theirs}"[:500]
        known = self.is_known(other, says)
        yield self.conflict(other, says, ours, theirs, known)

    def number(self, name, theirs):
        """Differences between numbers of records in the Library."""
        ours = getattr(self.ballot or self.document, name)
        if ours is None:
            yield self.fill(name, theirs)
        elif ours != theirs:
            noun = "voting record" if self.ballot else "record"
            says = f"{self.source}: {noun} {theirs} of the UN Digital Library"
            known = self.is_known(Field.OTHER, says)
            yield self.conflict(Field.OTHER, says, str(ours), str(theirs), known)


def plain_title(text):
    """A title without differences of case, spaces, quotation marks and final stops."""
    text = re.sub(r"[“”„«»\"'‘’`<>{}]", "", read_title(text)[0].replace("…", ""))
    text = re.sub(r"\s*[-‐‑–—]+\s*", "-", text)
    return " ".join(text.casefold().split()).strip(" .[])")


def symbols_in(text):
    """The symbols of Council documents in a text."""
    return {found.upper().rstrip(".") for found in _SYMBOL.findall(text)}
