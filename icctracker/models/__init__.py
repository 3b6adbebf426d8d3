"""What is known: one module per noun."""

from .accounts import User
from .assessments import Assessment, ImplementationStatus
from .catalogue import (
    Ballot,
    Document,
    Import,
    Member,
    Membership,
    Vote,
)
from .codings import CODES, Coding, CodingLine, Reading, Sample
from .comments import Comment, comments_for, may_comment
from .dismissals import Dismissal
from .dissents import Dissent
from .editions import Edition, EditionSource
from .evidence import Evidence
from .findings import Finding
from .gaps import Gap
from .imports import ImportRun, ValueOrigin
from .invitations import Invitation
from .notices import Notice
from .other_values import OtherValue
from .proposals import Proposal
from .recommendations import (
    Addressee,
    Codebook,
    Criterion,
    Publication,
    Recommendation,
)
from .reconciliations import ReconciledLine, Reconciliation
from .responses import Answer, Response
from .reviews import ReviewDecision
from .searches import Search
from .situations import Actor, Situation
from .sources import Source
from .status_changes import StatusChange
from .verdicts import Verdict
from .vocabulary import Effect, Form, Kind, Tier

__all__ = [
    "CODES",
    "Actor",
    "Addressee",
    "Answer",
    "Assessment",
    "Ballot",
    "Codebook",
    "Coding",
    "CodingLine",
    "Comment",
    "Criterion",
    "Dismissal",
    "Dissent",
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
    "Proposal",
    "ReconciledLine",
    "Reconciliation",
    "Response",
    "ReviewDecision",
    "Sample",
    "Search",
    "Situation",
    "Source",
    "StatusChange",
    "Tier",
    "User",
    "ValueOrigin",
    "Verdict",
    "Vote",
    "comments_for",
    "may_comment",
]
