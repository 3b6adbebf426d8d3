"""The words of the messages that the tracker sends, and the link that stops them."""

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icctracker.due import CHANGED, NEVER, OVERDUE, criteria_unsearched
from icctracker.models import Notice, Proposal, ReviewDecision, User

Kind = Notice.Kind
# A digest longer than this would not be read; the desk has the rest.
MOST_LINES = 50
_SALT = "icctracker.mail.off"


def compose(person, notices):
    """The message that tells a person of these notices, as plain text."""
    shown = notices[:MOST_LINES]
    off = _address("mail-off", off_token(person))
    context = {
        "lines": [(line_of(each), f"{settings.SITE_URL}{each.path}") for each in shown],
        "more": len(notices) - len(shown),
        "desk_url": _address("desk"),
        "settings_url": _address("mail-settings"),
        "off_url": off,
    }
    return EmailMessage(
        subject=_subject(notices),
        body=render_to_string("mail/digest.txt", context),
        to=[person.email],
        headers={
            "List-Unsubscribe": f"<{off}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )


def line_of(notice):
    """One notice in words.

    It tells the title and date of an entry; codes, reasons and comments never leave
    the site by email.
    """
    if notice.kind == Kind.DECISION:
        return _decided(notice)
    if notice.kind == Kind.DUE:
        return _due(notice) if notice.recommendation else _unsearched()
    if notice.kind == Kind.PROPOSAL:
        return _proposed(notice)
    if notice.kind == Kind.RESPONSE:
        return _("A correction or reply from outside awaits an answer.")
    line = {
        Kind.NEW_ENTRY: _("Awaiting review: %(entry)s."),
        Kind.CODING: _("For you to code without seeing other codes: %(entry)s."),
        Kind.COMMENT: _("There is a comment on %(entry)s."),
    }[notice.kind]
    return line % {"entry": _named(notice.evidence)}


def off_token(person):
    """What lets the holder of a message stop messages, and do nothing else."""
    return signing.dumps(person.pk, salt=_SALT)


def person_of(token):
    """Whom such a token belongs to, or None if it was not made here."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=key, is_active=True).first()


def _decided(notice):
    line = {
        ReviewDecision.Outcome.PUBLISH: _("Your entry is published: %(entry)s."),
        ReviewDecision.Outcome.RETURN: _(
            "Your entry is sent back to you with a comment: %(entry)s."
        ),
        ReviewDecision.Outcome.DECLINE: _(
            "Your entry is declined, with the reason: %(entry)s."
        ),
        ReviewDecision.Outcome.WITHDRAW: _(
            "Your published entry is withdrawn, with the reason: %(entry)s."
        ),
    }[notice.outcome]
    return line % {"entry": _named(notice.evidence)}


def _proposed(notice):
    line = {
        "": _("A finding is proposed for %(entry)s."),
        Proposal.Outcome.ACCEPTED: _("The finding you proposed is added to %(entry)s."),
        Proposal.Outcome.DECLINED: _(
            "The finding you proposed is declined, with the reason: %(entry)s."
        ),
    }[notice.outcome]
    return line % {"entry": _named(notice.evidence)}


def _due(notice):
    line = {
        OVERDUE: _("%(code)s: the review of its status is due."),
        NEVER: _("%(code)s: its status has never been assessed."),
        CHANGED: _("%(code)s: the evidence has changed since it was assessed."),
    }[notice.outcome]
    return line % {"code": notice.recommendation.code}


def _unsearched():
    count = len(criteria_unsearched(timezone.localdate()))
    line = ngettext(
        "One criterion has not been searched this year.",
        "%(count)d criteria have not been searched this year.",
        count,
    )
    return line % {"count": count}


def _named(evidence):
    day = date_format(evidence.occurred_on) if evidence.occurred_on else ""
    # On one line whatever was typed: a title must not look like another message.
    title = " ".join(evidence.title.split())
    return _("“%(title)s”, %(day)s") % {"title": title, "day": day}


def _subject(notices):
    if len(notices) == 1:
        return f"ICC Tracker: {notices[0].get_kind_display()}"
    counted = ngettext("%(count)d thing to know", "%(count)d things to know", 2)
    return f"ICC Tracker: {counted % {'count': len(notices)}}"


def _address(name, *args):
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
