"""Comments: what the author of an entry and its reviewers say to each other."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .codings import Coding

LONGEST_COMMENT = 5000


class Comment(models.Model):
    """One remark on an entry, for its author and reviewers; never shown to readers.

    It is only ever added.
    """

    evidence = models.ForeignKey(
        "icctracker.Evidence",
        on_delete=models.PROTECT,
        related_name="comments",
        verbose_name=_("evidence"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="comments",
        verbose_name=_("author"),
    )
    text = models.TextField(_("comment"), max_length=LONGEST_COMMENT)
    written_at = models.DateTimeField(
        _("written at"), default=timezone.now, editable=False
    )

    class Meta:
        ordering = ["written_at", "pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(name="comment_says_something", condition=~Q(text=""))
        ]

    def __str__(self):
        return f"{self.evidence_id}, {self.written_at:%Y-%m-%d}"


def comments_for(user, evidence):
    """The comments on an entry that a person may read, oldest first.

    Those of its author and of reviewers; nobody else is shown any.
    """
    if not may_comment(user, evidence):
        return Comment.objects.none()
    return Comment.objects.filter(evidence=evidence).select_related("author")


def may_comment(user, evidence):
    """Whether a person takes part in the review of an entry: no draft is reviewed.

    Whoever is coding it blind does not: comments speak of the first codes.
    """
    if evidence.state == evidence.State.DRAFT:
        return False
    if Coding.objects.blinding(user).filter(evidence=evidence).exists():
        return False
    own = evidence.submitted_by_id == user.pk
    return own or user.has_perm("icctracker.review_evidence")
