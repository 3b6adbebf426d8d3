"""Commenting on an entry that is under review."""

from django.db import transaction
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused
from icctracker.actions.evidence import lock
from icctracker.actions.notices import tell_of_comment
from icctracker.models import Comment, may_comment
from icctracker.models.comments import LONGEST_COMMENT


@transaction.atomic
def comment(evidence, *, by, text):
    """Add a comment; the same words sent twice in a row are one comment.

    Raises ActionRefused if the person neither wrote nor reviews the entry, if nobody
    reviews it yet, or if the text is empty or too long.
    """
    evidence, text = lock(evidence), text.strip()
    if not may_comment(by, evidence):
        raise ActionRefused(
            _("Only its author and reviewers comment on an entry, once submitted.")
        )
    if not text:
        raise ActionRefused(_("Write a comment first."))
    if len(text) > LONGEST_COMMENT:
        raise ActionRefused(
            _("Shorten this to at most %(most)d characters; it has %(n)d.")
            % {"most": LONGEST_COMMENT, "n": len(text)}
        )
    last = evidence.comments.order_by("-written_at", "-pk").first()
    if last and (last.author_id, last.text) == (by.pk, text):
        return last
    made = Comment.objects.create(evidence=evidence, author=by, text=text)
    tell_of_comment(made)
    return made
