"""What may be done with an entry in each state, and where."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from icctracker.models import Evidence

State = Evidence.State


def may_edit(user, entry):
    """Whether an entry may be edited here: before review, not in another's hands."""
    if entry is None or entry.state == State.SUBMITTED:
        return user.has_perm("icctracker.curate_evidence")
    return entry.is_editable and entry.submitted_by_id == user.pk


def next_steps(entry, user):
    """What can be done with an entry in its state, in words and links."""
    own = entry.submitted_by_id == user.pk
    at_desk = ("desk-evidence", _("Open at the desk"))
    texts = {
        State.DRAFT: (_("This is your draft. Submit it at your desk."), at_desk),
        State.SUBMITTED: (
            _("It awaits review. What you change here is kept in its history."),
            ("review-evidence", _("Review this entry")),
        ),
        State.RETURNED: (
            _("It was sent back; its author edits it and submits it again."),
            at_desk if own else None,
        ),
        State.PUBLISHED: (
            _(
                "It is published, so its facts and findings are read-only. A"
                " correction gives a reason and supersedes the findings it touches."
            ),
            ("evidence-correct", _("Correct this entry")),
        ),
        State.WITHDRAWN: (_("It was withdrawn; its page stays."), None),
        State.DECLINED: (_("It was declined and is kept as it is."), None),
    }
    text, step = texts[State(entry.state)]
    return {"text": text, "links": _links(entry, step)}


def _links(entry, step):
    try:
        return [(reverse(step[0], args=[entry.pk]), step[1])] if step else []
    except NoReverseMatch:
        return []
