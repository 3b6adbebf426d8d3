"""The published rule, and what belongs to it; free of the web framework."""

from .days import first_day_beyond, minus_years
from .gist import gist_of, status_with
from .parameters import PUBLISHED, Parameters
from .records import (
    FORMS,
    KINDS,
    TIERS,
    Case,
    Criterion,
    CriterionResult,
    Finding,
    Result,
    Search,
    Status,
    Step,
    weigh,
    weight,
)
from .rule import VERSION, evaluate, history, since, status_on

__all__ = [
    "Case",
    "Criterion",
    "CriterionResult",
    "FORMS",
    "Finding",
    "KINDS",
    "PUBLISHED",
    "Parameters",
    "Result",
    "Search",
    "Status",
    "Step",
    "TIERS",
    "VERSION",
    "evaluate",
    "first_day_beyond",
    "gist_of",
    "history",
    "minus_years",
    "since",
    "status_on",
    "status_with",
    "weigh",
    "weight",
]
