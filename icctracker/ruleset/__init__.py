"""The published rule, and what belongs to it; free of the web framework."""

from .days import first_day_beyond, minus_years
from .gist import gist_of, status_with
from .moving import moved, moves_in
from .parameters import PUBLISHED, Parameters
from .records import (
    FORMS,
    KINDS,
    TIERS,
    Case,
    Criterion,
    CriterionResult,
    Finding,
    Grade,
    Result,
    Search,
    Status,
    Step,
    TooShort,
    weigh,
    weight,
)
from .rule import VERSION, evaluate, history, history_from, since, status_on

__all__ = [
    "Case",
    "Criterion",
    "CriterionResult",
    "FORMS",
    "Finding",
    "Grade",
    "KINDS",
    "PUBLISHED",
    "Parameters",
    "Result",
    "Search",
    "Status",
    "Step",
    "TIERS",
    "TooShort",
    "VERSION",
    "evaluate",
    "first_day_beyond",
    "gist_of",
    "history",
    "history_from",
    "minus_years",
    "moved",
    "moves_in",
    "since",
    "status_on",
    "status_with",
    "weigh",
    "weight",
]
