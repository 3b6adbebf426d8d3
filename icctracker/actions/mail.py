"""Sending people what has been noted for them: one plain message each.

The message goes through the outbox, and is written when it is sent. A notice is claimed
before, so that two messages never tell of it; what cannot be sent waits.
"""

from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Max, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icctracker.models import (
    Assessment,
    Coding,
    Evidence,
    Message,
    Notice,
    Proposal,
    Response,
    ReviewDecision,
    User,
)
from icctracker.readings.present import present
from icctracker.readings.standing import (
    CHANGED,
    NEVER,
    OVERDUE,
    criteria_unsearched,
    reviews_due,
)

from .outbox import Letter, put_for, send_waiting

# What a person may still be told when a message is sent, and would want to know.

Kind = Notice.Kind
_NEEDED = {
    Kind.NEW_ENTRY: "icctracker.review_evidence",
    Kind.CODING: "icctracker.code_evidence",
    Kind.RESPONSE: "icctracker.review_evidence",
    Kind.DUE: "icctracker.curate_evidence",
}


class Concerns:
    """What still concerns one person; asked once, whatever the number of notices."""

    def __init__(self, person):
        self.person = person

    def include(self, notice):
        """Whether the person may be told this, and it is still so.

        Whoever codes an entry blind is told nothing about it but to code it.
        """
        person = self.person
        if not person.is_active or person.mail == User.Mail.NEVER or not person.email:
            return False
        if not person.has_perm(self._needed(notice)):
            return False
        if notice.kind == Kind.CODING:
            return notice.evidence_id in self.blinding
        if notice.evidence_id in self.blinding:
            return False
        still_so = getattr(self, f"_{notice.kind.replace('-', '_')}")
        return still_so(notice)

    def _needed(self, notice):
        if notice.kind == Kind.PROPOSAL and not notice.outcome:
            return "icctracker.review_evidence"
        return _NEEDED.get(notice.kind, "icctracker.add_evidence")

    def _decision(self, notice):
        return notice.evidence.submitted_by_id == self.person.pk

    def _new_entry(self, notice):
        return notice.evidence.state == Evidence.State.SUBMITTED

    def _comment(self, notice):
        own = notice.evidence.submitted_by_id == self.person.pk
        return own or self.person.has_perm("icctracker.review_evidence")

    def _response(self, notice):
        return (notice.evidence_id, notice.recommendation_id) in self.unanswered

    def _proposal(self, notice):
        return bool(notice.outcome) or notice.evidence_id in self.proposed

    def _due(self, notice):
        if not notice.recommendation_id:
            return self.unsearched
        decided = self.assessed.get(notice.recommendation_id)
        return decided is None or decided < notice.created_at

    @cached_property
    def blinding(self):
        """The entries that the person is coding blind."""
        codings = Coding.objects.blinding(self.person)
        return set(codings.values_list("evidence", flat=True))

    @cached_property
    def unanswered(self):
        """What the responses that nobody has answered are about."""
        waiting = Response.objects.waiting()
        return set(waiting.values_list("evidence", "recommendation"))

    @cached_property
    def proposed(self):
        """The entries with a proposed finding that nobody has decided on."""
        return set(Proposal.objects.waiting().values_list("evidence", flat=True))

    @cached_property
    def assessed(self):
        """When each recommendation was last assessed."""
        recorded = Assessment.objects.order_by("recorded_at")
        return dict(recorded.values_list("recommendation", "recorded_at"))

    @cached_property
    def unsearched(self):
        """Whether any criterion has not been searched this year."""
        return bool(criteria_unsearched(timezone.localdate()))


# The words of the messages that the tracker sends, and the link that stops them.

Kind = Notice.Kind
# A digest longer than this would not be read; the desk has the rest.
MOST_LINES = 50
_SALT = "icctracker.mail.off"


def compose(person, notices):
    """The message that tells a person of these notices, as plain text."""
    shown = notices[:MOST_LINES]
    off = _address("mail-off", off_token(person))
    context = {
        "lines": [(line_of(e), f"{settings.SITE_ORIGIN}{e.path}") for e in shown],
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
    return f"{settings.SITE_ORIGIN}{reverse(name, args=args)}"


# A run every hour still sends one digest a day.
BETWEEN_DIGESTS = timedelta(hours=20)
KEPT = timedelta(days=90)


def deliver(people=None):
    """Send each of these people, or all for whom it is time, what waits for them.

    Returns a Counter of messages ``sent``, ``failed`` and ``needless``, since nothing
    concerns the person any more; those that waited in the outbox are among them.
    """
    waiting = Message.objects.waiting().filter(kind=Message.Kind.NOTICES)
    addressed = set(waiting.values_list("person", flat=True))
    for person in people_due() if people is None else people:
        if person.pk not in addressed:
            put_for(person)
    return send_waiting()


def people_due():
    """Those for whom something waits, and who had no digest in the last day."""
    waiting = Notice.objects.waiting().values("person")
    people = User.objects.filter(pk__in=waiting).order_by("pk")
    since = timezone.now() - BETWEEN_DIGESTS
    return [
        person
        for person in people.annotate(last_sent=Max("notices__sent_at"))
        if person.mail != User.Mail.DAILY
        or person.last_sent is None
        or person.last_sent < since
    ]


def forget_old():
    """Delete the notices that were sent long ago; returns how many.

    Those of what is due stay: by them nobody is reminded twice of the same day.
    """
    old = Notice.objects.filter(sent_at__lt=timezone.now() - KEPT)
    return old.exclude(kind=Notice.Kind.DUE).delete()[0]


class Digest(Letter):
    """What a person is told of the notices that wait for them; nothing if none does."""

    def __init__(self, person):
        self.claimed = _claim(person)
        notices = list(self.claimed.select_related("evidence", "recommendation"))
        concerns = Concerns(person)
        wanted = [notice for notice in notices if concerns.include(notice)]
        unwanted = {notice.pk for notice in notices} - {notice.pk for notice in wanted}
        Notice.objects.filter(pk__in=unwanted).delete()
        super().__init__(compose(person, wanted) if wanted else None)

    def sent(self):
        self.claimed.update(sent_at=timezone.now())

    def failed(self):
        self.claimed.update(claimed_at=None)


def _claim(person):
    """The notices of a person that are now ours to send, and no other sender's."""
    now = timezone.now()
    Notice.objects.waiting().filter(person=person).update(claimed_at=now)
    claimed = Notice.objects.filter(person=person, claimed_at=now, sent_at=None)
    return Notice.objects.filter(pk__in=list(claimed.values_list("pk", flat=True)))


# Noting what people are to be told by email; sending it is another matter.
#
# A notice is written in the same transaction as what it tells of, so that there is
# never the one without the other.

Kind, Outcome = Notice.Kind, ReviewDecision.Outcome
# A correction is on the record, and is no verdict on its author.
_TOLD = {Outcome.PUBLISH, Outcome.RETURN, Outcome.DECLINE, Outcome.WITHDRAW}


def tell(people, kind, *, path, **about):
    """Note one thing for each of these people, save those who want no messages.

    Those who want to be told at once are told when the transaction is over. Returns
    the number of people noted.
    """
    wanted = [
        person
        for person in people
        if person.is_active and person.email and person.mail != User.Mail.NEVER
    ]
    Notice.objects.bulk_create(
        Notice(person=person, kind=kind, path=path, **about) for person in wanted
    )
    for person in wanted:
        if person.mail == User.Mail.AT_ONCE:
            put_for(person)
    return len(wanted)


def tell_author(decision):
    """Tell the author of an entry what somebody else decided about it."""
    evidence = decision.evidence
    author = evidence.submitted_by
    if author is None or author.pk == decision.reviewer_id:
        return
    if decision.outcome in _TOLD:
        tell(
            [author],
            Kind.DECISION,
            path=reverse("desk-evidence", args=[evidence.pk]),
            evidence=evidence,
            outcome=decision.outcome,
        )


def tell_reviewers(evidence):
    """Tell those who review that an entry awaits them, its author excepted."""
    tell(
        people_with("review_evidence").exclude(pk=evidence.submitted_by_id),
        Kind.NEW_ENTRY,
        path=reverse("review-evidence", args=[evidence.pk]),
        evidence=evidence,
    )


def tell_coder(coding):
    """Tell whoever was asked by name to code an entry; what anyone may take, nobody."""
    if coding.coder_id and coding.coder_id != coding.offered_by_id:
        tell(
            [coding.coder],
            Kind.CODING,
            path=reverse("coding-detail", args=[coding.pk]),
            evidence=coding.evidence,
        )


def tell_of_comment(comment):
    """Tell the author of an entry, and the reviewers who took part, of a comment.

    Several comments on one entry are one line until it has been sent.
    """
    evidence, writer = comment.evidence, comment.author_id
    waiting = Notice.objects.waiting().filter(kind=Kind.COMMENT, evidence=evidence)
    others = User.objects.exclude(pk=writer).exclude(pk__in=waiting.values("person"))
    took_part = Q(comments__evidence=evidence) | Q(decisions__evidence=evidence)
    reviewers = people_with("review_evidence").filter(took_part)
    sides = {
        "desk-evidence": others.filter(pk=evidence.submitted_by_id),
        "review-evidence": others.filter(pk__in=reviewers.values("pk")).exclude(
            pk=evidence.submitted_by_id
        ),
    }
    for page, people in sides.items():
        path = f"{reverse(page, args=[evidence.pk])}#comment-{comment.pk}"
        tell(people, Kind.COMMENT, path=path, evidence=evidence)


def tell_of_response(response):
    """Tell those who review that somebody outside has answered back."""
    tell(
        people_with("review_evidence"),
        Kind.RESPONSE,
        path=reverse("response-answer", args=[response.reference]),
        evidence=response.evidence,
        recommendation=response.recommendation,
    )


def tell_of_proposal(proposal):
    """Tell those who review, save its author, that a finding is proposed."""
    tell(
        people_with("review_evidence").exclude(pk=proposal.proposed_by_id),
        Kind.PROPOSAL,
        path=reverse("proposal-review", args=[proposal.pk]),
        evidence=proposal.evidence,
    )


def tell_proposer(proposal):
    """Tell whoever proposed a finding what somebody else decided about it."""
    if proposal.proposed_by_id != proposal.decided_by_id:
        tell(
            [proposal.proposed_by],
            Kind.PROPOSAL,
            path=f"{reverse('desk')}#proposals",
            evidence=proposal.evidence,
            outcome=proposal.outcome,
        )


def people_with(codename):
    """Active people whose role gives them a permission of the tracker."""
    granted = Q(groups__permissions__codename=codename) | Q(is_superuser=True)
    return User.objects.filter(granted, is_active=True).distinct().order_by("pk")


# Reminding curators of what is due: once each, not every day.

DUE = Notice.Kind.DUE
# Searching goes on all year; a line a month is enough to keep it in mind.
BETWEEN_SEARCH_REMINDERS = timedelta(days=30)


@transaction.atomic
def remind_of_due(today):
    """Tell each curator what is to be assessed, and once a month what to search.

    Of an assessment each is told once for every day it falls due, for every time the
    evidence overtakes it, and once where there is none. Returns the number of notices.
    """
    curators = list(people_with("curate_evidence"))
    reviews = sum(_remind(curators, due) for due in reviews_due(present(today)))
    return reviews + _remind_of_searches(curators, today)


def _remind(curators, due):
    recommendation = due.standing.recommendation
    told = Notice.objects.filter(kind=DUE, recommendation=recommendation)
    if due.why == OVERDUE:
        told = told.filter(created_at__date__gte=due.since)
    elif due.why == CHANGED:
        told = told.filter(created_at__gte=due.standing.assessment.recorded_at)
    return tell(
        _others(curators, told),
        DUE,
        path=recommendation.get_assess_url(),
        recommendation=recommendation,
        outcome=due.why,
    )


def _remind_of_searches(curators, today):
    if not criteria_unsearched(today):
        return 0
    since = timezone.now() - BETWEEN_SEARCH_REMINDERS
    told = Notice.objects.filter(kind=DUE, recommendation=None, created_at__gt=since)
    return tell(_others(curators, told), DUE, path=f"{reverse('due-list')}#searches")


def _others(curators, told):
    known = set(told.values_list("person", flat=True))
    return [curator for curator in curators if curator.pk not in known]
