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
from icctracker.standing import standings

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


@transaction.atomic
def remind_of_due(today):
    """Tell each curator, once, of every status whose review has become due.

    Returns the number of notices written.
    """
    curators = list(people_with("curate_evidence"))
    return sum(
        _remind(curators, standing)
        for standing in standings(today)
        if standing.review_overdue
    )


def people_with(codename):
    """Active people whose role gives them a permission of the tracker."""
    granted = Q(groups__permissions__codename=codename) | Q(is_superuser=True)
    return User.objects.filter(granted, is_active=True).distinct().order_by("pk")


def _remind(curators, standing):
    recommendation = standing.recommendation
    told = set(
        Notice.objects.filter(
            kind=Kind.DUE,
            recommendation=recommendation,
            created_at__date__gte=standing.review_due_on,
        ).values_list("person", flat=True)
    )
    return tell(
        [curator for curator in curators if curator.pk not in told],
        Kind.DUE,
        path=reverse("assessment-create", args=[recommendation.code.lower()]),
        recommendation=recommendation,
    )
