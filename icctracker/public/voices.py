"""Other voices on a page: verdicts of others, dissent, corrections and replies."""

from django.db.models import Q

from icctracker.models import Dissent, Response


def of_recommendation(recommendation, moment):
    """What others say of a recommendation, coders of ours and readers among them."""
    about = Q(assessment__recommendation=recommendation) | Q(
        finding__criterion__recommendation=recommendation
    )
    return {
        "verdicts": recommendation.verdicts.known(moment.as_of, moment.known_at),
        "dissents": _dissents(about, moment.known_at),
        "responses": _responses(moment.known_at, recommendation=recommendation),
    }


def of_evidence(evidence, known_at):
    """Dissent from the findings of an entry, and what readers answered to it."""
    return {
        "dissents": _dissents(Q(finding__evidence=evidence), known_at),
        "responses": _responses(known_at, evidence=evidence),
    }


def _dissents(about, known_at):
    found = list(
        Dissent.objects.public(known_at)
        .filter(about)
        .select_related("author", "finding__criterion", "finding__evidence")
        .select_related("assessment")
    )
    for dissent in found:
        # What was not yet known is not shown.
        if known_at and dissent.withdrawn_at and dissent.withdrawn_at > known_at:
            dissent.withdrawn_at, dissent.withdrawal_reason = None, ""
    return found


def _responses(known_at, **about):
    return list(Response.objects.public(known_at).filter(**about))
