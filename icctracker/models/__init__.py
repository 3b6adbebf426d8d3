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
from .comments import Comment, comments_for, may_comment
from .dissents import Dissent
from .evidence import Evidence
from .findings import Finding
from .gaps import Gap
from .recommendations import (
    Addressee,
    Codebook,
    Criterion,
    Publication,
    Recommendation,
)
from .responses import Answer, Response
from .reviews import ReviewDecision
from .searches import Search
from .situations import Actor, Situation
from .sources import Source
from .verdicts import Verdict
from .vocabulary import Effect, Form, Kind, Tier

__all__ = [
    "Actor",
    "Addressee",
    "Answer",
    "Assessment",
    "Ballot",
    "Codebook",
    "Comment",
    "Criterion",
    "Dissent",
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
    "Response",
    "ReviewDecision",
    "Search",
    "Situation",
    "Source",
    "Tier",
    "User",
    "Verdict",
    "Vote",
    "comments_for",
    "may_comment",
]
