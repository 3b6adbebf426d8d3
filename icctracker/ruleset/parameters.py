"""The judgement in the rule, gathered in one record that can be published and moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields

WEIGHTS = ("decision", "formal", "process", "omission", "signal")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Spans in years, months and days, weights, thresholds in per cent, and numbers.

    The values of ruleset 1.0 stand here; ``LIMITS`` says how far each may move.
    """

    window_years: int = 5
    decision: int = 5
    formal: int = 2
    process: int = 1
    omission: int = 1
    signal: int = 0
    secondary_cap: int = 1
    full: int = 90
    sustain_large: int = 60
    sustain_some: int = 25
    refrain_large: int = 75
    refrain_some: int = 50
    lapse_years: int = 5
    search_years: int = 1
    part_kept: int = 75
    part_departed: int = 25
    enough_occasions: int = 2
    trend_months: int = 24
    trend_movement: int = 10
    enough_findings: int = 3
    enough_publishers: int = 2
    untested_years: int = 5
    low_doubts: int = 2
    review_months: int = 12
    review_months_soon: int = 6
    # Of ruleset 1.0 every interruption counts.
    held_days: int = 0


NAMES = tuple(parameter.name for parameter in fields(Parameters))
PUBLISHED = Parameters()
LIMITS = {
    "window_years": (1, 30),
    **dict.fromkeys([*WEIGHTS, "secondary_cap"], (0, 20)),
    **dict.fromkeys("full sustain_large sustain_some".split(), (0, 100)),
    **dict.fromkeys("refrain_large refrain_some".split(), (0, 100)),
    "lapse_years": (1, 30),
    "search_years": (1, 30),
    "part_kept": (0, 100),
    "part_departed": (0, 100),
    "enough_occasions": (1, 20),
    "trend_months": (1, 120),
    "trend_movement": (1, 100),
    "enough_findings": (0, 20),
    "enough_publishers": (0, 20),
    "untested_years": (1, 30),
    "low_doubts": (1, 5),
    "review_months": (1, 60),
    "review_months_soon": (1, 60),
    "held_days": (0, 3650),
}
# The first of each pair is never above the second.
RISING = (
    ("sustain_some", "sustain_large"),
    ("sustain_large", "full"),
    ("refrain_some", "refrain_large"),
    ("refrain_large", "full"),
    ("part_departed", "part_kept"),
    ("review_months_soon", "review_months"),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value.

    ``why`` is ``unknown``, ``missing``, ``number``, ``range``, ``order`` (it is above
    ``other``) or ``weightless`` (no form of evidence weighs anything).
    """

    name: str
    why: str
    other: str = ""


def faults(values: Mapping[str, object]) -> Iterator[Fault]:
    """What is impossible in a complete set of values, name by name."""
    for name in values:
        if name not in NAMES:
            yield Fault(str(name), "unknown")
    sound = set()
    for name in NAMES:
        if why := _fault(values, name):
            yield Fault(name, why)
        else:
            sound.add(name)
    for low, high in RISING:
        if {low, high} <= sound and values[low] > values[high]:
            yield Fault(low, "order", high)
    if sound.issuperset(WEIGHTS) and not any(values[name] for name in WEIGHTS):
        yield Fault("decision", "weightless")


def _fault(values: Mapping[str, object], name: str) -> str:
    if name not in values:
        return "missing"
    value, (smallest, largest) = values[name], LIMITS[name]
    if not isinstance(value, int) or isinstance(value, bool):
        return "number"
    return "" if smallest <= value <= largest else "range"


def as_values(parameters: Parameters) -> dict[str, int]:
    """The parameters by name, as they are stored."""
    return asdict(parameters)


def from_values(values: Mapping[str, int]) -> Parameters:
    """The parameters that were stored; what was unknown then is as in ruleset 1.0."""
    return Parameters(**{name: values[name] for name in NAMES if name in values})


def value_in_percent(effect: int, parameters: Parameters) -> int:
    """The value s of an occasion with this effect, in per cent."""
    return {2: 100, 1: parameters.part_kept, -1: parameters.part_departed, -2: 0}[
        effect
    ]
