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
from .codings import CODES, Coding, CodingLine, Reading, Sample
from .dismissals import Dismissal
from .editions import Edition, EditionSource
from .evidence import Evidence
from .findings import Finding
from .gaps import Gap
from .imports import ImportRun, ValueOrigin
from .invitations import Invitation
from .notices import Notice
from .recommendations import (
    Addressee,
    Codebook,
    Criterion,
    Publication,
    Recommendation,
)
from .reconciliations import ReconciledLine, Reconciliation
from .reviews import ReviewDecision
from .searches import Search
from .situations import Actor, Situation
from .sources import Source
from .status_changes import StatusChange
from .vocabulary import Effect, Form, Kind, Tier

__all__ = [
    "CODES",
    "Actor",
    "Addressee",
    "Assessment",
    "Ballot",
    "Codebook",
    "Coding",
    "CodingLine",
    "Criterion",
    "Dismissal",
    "Document",
    "Edition",
    "EditionSource",
    "Effect",
    "Evidence",
    "Finding",
    "Form",
    "Gap",
    "ImplementationStatus",
    "Import",
    "ImportRun",
    "Invitation",
    "Kind",
    "Member",
    "Membership",
    "Notice",
    "OtherValue",
    "Publication",
    "Reading",
    "Recommendation",
    "ReconciledLine",
    "Reconciliation",
    "ReviewDecision",
    "Sample",
    "Search",
    "Situation",
    "Source",
    "StatusChange",
    "Tier",
    "User",
    "ValueOrigin",
    "Vote",
]
