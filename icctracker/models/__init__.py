"""What is known: one module per noun."""

from .accounts import User
from .assessments import Assessment, ImplementationStatus
from .evidence import (
    Actor,
    Effect,
    Evidence,
    Finding,
    Form,
    Kind,
    Search,
    Situation,
    Source,
    Tier,
)
from .recommendations import (
    Addressee,
    Codebook,
    Criterion,
    Publication,
    Recommendation,
)
from .reviews import ReviewDecision

__all__ = [
    "Actor",
    "Addressee",
    "Assessment",
    "Codebook",
    "Criterion",
    "Effect",
    "Evidence",
    "Finding",
    "Form",
    "ImplementationStatus",
    "Kind",
    "Publication",
    "Recommendation",
    "ReviewDecision",
    "Search",
    "Situation",
    "Source",
    "Tier",
    "User",
]
