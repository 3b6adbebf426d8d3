"""Noting what people are to be told by email; sending it is another matter.

A notice is written in the same transaction as what it tells of, so that there is never
the one without the other.
"""

from functools import partial

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from icctracker.actions.mail import deliver
from icctracker.models import Notice, ReviewDecision, User

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
    at_once = [person for person in wanted if person.mail == User.Mail.AT_ONCE]
    if at_once:
        transaction.on_commit(partial(deliver, at_once))
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
