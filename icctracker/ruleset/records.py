"""What the rule is given and what it says: a case, its parts, and a result."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .parameters import PUBLISHED, Parameters

KINDS = ("deliver", "sustain", "refrain")
FORMS = ("decision", "formal", "process", "omission", "signal")
TIERS = ("A", "B", "C")
NO_ACTION = "no action found"
# What there was where a criterion is at level 0: a step forward that has lapsed, one
# that was undone, or occasions that were let pass. The first that holds is said.
LAPSED, UNDONE, MISSED = TRACES = ("lapsed", "undone", "missed")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A testable part of a recommendation."""

    code: str
    kind: str
    essential: bool
    delivered_by: str = "decision"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one accepted piece of evidence shows about one criterion."""

    id: int | str
    criterion: str
    date: date
    effect: int
    form: str
    tier: str
    occasion: bool
    publisher: str
    double_coded: bool = False
    disputed: bool = False

    @property
    def order(self) -> tuple[date, bool, int | str]:
        """Sorts by date, then id; numbers before names."""
        return (self.date, isinstance(self.id, str), self.id)

    @property
    def strong(self) -> bool:
        return self.form in ("decision", "formal") and self.tier != "C"

    @property
    def decisive(self) -> bool:
        return self.form == "decision" and self.tier != "C"

    @property
    def breach(self) -> bool:
        return self.decisive and self.effect == -2


@dataclass(frozen=True, slots=True)
class Search:
    """A logged look for evidence that found nothing."""

    criterion: str
    date: date


class TooShort(Exception):
    """A case was shortened, and what is asked follows from what was left out.

    ``criterion`` is the code of the one that takes more; empty if it may be any.
    """

    def __init__(self, criterion: str = ""):
        super().__init__(criterion)
        self.criterion = criterion


@dataclass(frozen=True, slots=True)
class Case:
    """All the rule may know of one recommendation; hashable, so it can be cached.

    Of the criteria in ``since`` the findings up to a day are left out. Of such a case
    the rule says what it says of the whole, or raises TooShort. ``weighed`` may tell of
    the whole how many findings weigh, of how many publishers, if any is coded once,
    and if any is in dispute; more than the rule asks for need not be counted.
    """

    as_of: date
    criteria: tuple[Criterion, ...]
    findings: tuple[Finding, ...] = ()
    searches: tuple[Search, ...] = ()
    since: tuple[tuple[str, date], ...] = ()
    weighed: tuple[int, int, bool, bool] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """How one finding entered a level.

    ``share`` is its part of the total weight and ``value`` its s (conduct only);
    ``level`` is the level after it (deliver only).
    """

    finding: int | str
    weight: int
    value: Fraction | None = None
    share: Fraction | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """The level of one criterion: 0 to 3, or None when it is unknown.

    ``trace`` is that of its Grade. Of ``weight``, which is that of all occasions,
    ``kept`` is the part of those complied with. ``last_on`` is the day of the last
    occasion, or of the last step forward; ``later`` are the occasions that came after
    the last window that measures.
    """

    level: int | None = None
    score: Fraction | None = None
    tested_on: date | None = None
    lapsed: bool = False
    occasions: int = 0
    complied: int = 0
    breach: bool = False
    steps: tuple[Step, ...] = ()
    trace: str = ""
    weight: int = 0
    kept: int = 0
    last_on: date | None = None
    lapsed_on: date | None = None
    later: tuple[int | str, ...] = ()


class Grade(NamedTuple):
    """What a status needs of one criterion: its level, and if there was a breach.

    At level 0 ``trace`` tells what there was all the same, as TRACES has it.
    """

    level: int | None = None
    breach: bool = False
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """Code, level and reason of a recommendation; level None when not known.

    Of the reason *no action found* ``trace`` tells what there was all the same, so that
    nobody is told of nothing where there was something; empty if there was nothing.
    """

    code: str
    level: int | None = None
    reason: str | None = None
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What the rule suggests, and what a reader should know beside it."""

    status: Status
    contrary: bool
    criteria: dict[str, CriterionResult] = field(hash=False)
    fragile: tuple[tuple[int | str, Status], ...]
    trend: str | None
    confidence: str
    doubts: tuple[str, ...]
    review_due_months: int
    # What holds of each doubt, and of which criteria.
    because: tuple[tuple[str, tuple[str, ...]], ...] = ()


def weigh(form: str, tier: str, parameters: Parameters = PUBLISHED) -> int:
    """The weight of a form; on a secondary source it carries at most one."""
    full = getattr(parameters, form)
    return min(full, parameters.secondary_cap) if tier == "C" else full


def weight(finding: Finding, parameters: Parameters = PUBLISHED) -> int:
    """The weight of a finding."""
    return weigh(finding.form, finding.tier, parameters)
