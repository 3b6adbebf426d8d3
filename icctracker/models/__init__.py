"""What is known: one module per noun."""

from .accounts import User
from .assessments import Assessment, ImplementationStatus
from .catalogue import (
    Ballot,
    Document,
    Import,
    Member,
    Membership,
    OtherValue,
    Vote,
)
from .evidence import Evidence
from .findings import Finding
from .gaps import Gap
from .proposals import Proposal
from .recommendations import (
    Addressee,
    Codebook,
    Criterion,
    Publication,
    Recommendation,
)
from .reviews import ReviewDecision
from .searches import Search
from .situations import Actor, Situation
from .sources import Source
from .vocabulary import Effect, Form, Kind, Tier

__all__ = [
    "Actor",
    "Addressee",
    "Assessment",
    "Ballot",
    "Codebook",
    "Criterion",
    "Document",
    "Effect",
    "Evidence",
    "Finding",
    "Form",
    "Gap",
    "ImplementationStatus",
    "Import",
    "Kind",
    "Member",
    "Membership",
    "OtherValue",
    "Publication",
    "Recommendation",
    "Proposal",
    "ReviewDecision",
    "Search",
    "Situation",
    "Source",
    "Tier",
    "User",
    "Vote",
]
