"""Other voices on a page: verdicts of others, dissent, corrections and replies."""

from django.db.models import Q

from icctracker.models import Dissent, Response


def verdicts_on(recommendation, moment):
    """What other trackers say of a recommendation."""
    return recommendation.verdicts.known(moment.as_of, moment.known_at)


def dissents_on(recommendation, known_at):
    """Where coders of ours would have judged it otherwise."""
    about = Q(assessment__recommendation=recommendation) | Q(
        finding__criterion__recommendation=recommendation
    )
    return _dissents(about, known_at)


def responses_to(recommendation, known_at):
    """What readers answered to it."""
    return Response.objects.public(known_at).filter(recommendation=recommendation)


def of_evidence(evidence, known_at):
    """Dissent from the findings of an entry, and what readers answered to it."""
    dissents = _dissents(Q(finding__evidence=evidence), known_at)
    return {
        "dissents": as_known_then(dissents, known_at),
        "responses": Response.objects.public(known_at).filter(evidence=evidence),
    }


def _dissents(about, known_at):
    return (
        Dissent.objects.public(known_at)
        .filter(about)
        .select_related("author", "finding__criterion", "finding__evidence")
        .select_related("assessment")
    )


def as_known_then(dissents, known_at):
    """The dissents, without what was not yet known at an instant."""
    found = list(dissents)
    for dissent in found:
        if known_at and dissent.withdrawn_at and dissent.withdrawn_at > known_at:
            dissent.withdrawn_at, dissent.withdrawal_reason = None, ""
    return found
