"""What readers of files pass on: statements about votes, faults, what is left out."""

from dataclasses import dataclass, field
from datetime import date


class FileRefused(Exception):
    """The file as a whole cannot be imported; the message says why, in words."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a file that cannot be right, and why."""

    line: int
    field: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file says of one vote; what is empty or None it does not say."""

    line: int
    symbol: str
    series: str
    number: int | None = None
    # What the file calls a text that has no symbol of its own.
    named: str = ""
    held_on: date | None = None
    title: str = ""
    title_is_cut: bool = False
    agenda_item: str = ""
    drafts: str = ""
    meeting: str = ""
    # In favour, against, abstaining, not voting.
    tally: tuple[int, int, int, int] | None = None
    without_vote: bool = False
    # How members voted, by code of the seat.
    votes: dict[str, str] = field(default_factory=dict)
    vetoed_by: frozenset[str] = frozenset()
    document_record: int | None = None
    vote_record: int | None = None
    note: str = ""
    # Votes left out, because they are said to be of members that had no seat.
    doubts: tuple[Fault, ...] = ()

    @property
    def name(self):
        """What the text is called, with or without a symbol."""
        return self.symbol or self.named


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A part of a file that is in order but not for this record, and why."""

    line: int
    symbol: str
    reason: str


class Faulty(Exception):
    """Ends the reading of one vote; carries its fault."""

    def __init__(self, line, column, value, message):
        super().__init__(message)
        self.fault = Fault(line, column, str(value)[:200], str(message))
