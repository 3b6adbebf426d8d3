"""Risks: what a reviewer should read twice in an entry that waits, and why."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db import models
from django.db.models import Count
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from icctracker.models import (
    Criterion,
    Dissent,
    Evidence,
    Finding,
    ImplementationStatus,
    Tier,
)
from icctracker.models.rules import clash_of_sources

from . import saying

# Whoever has fewer published entries is new to coding.
NEW_UNTIL = 5


class RiskKind(models.TextChoices):
    """In the order in which a reviewer is told of them."""

    CHANGES_STATUS = "changes-status", gettext_lazy("It would change a status")
    CONTESTED = "contested", gettext_lazy("It bears on a contested recommendation")
    SECONDARY = "secondary", gettext_lazy("It rests on no official source")
    NEW_RESEARCHER = "new-researcher", gettext_lazy("Its researcher is new")
    UNCHECKED = "unchecked", gettext_lazy("Something remains to be checked")


TELLING = {RiskKind.CHANGES_STATUS, RiskKind.CONTESTED, RiskKind.UNCHECKED}


@dataclass(frozen=True)
class Risk:
    """One reason to look twice, in words."""

    kind: str
    why: str

    @property
    def label(self):
        return RiskKind(self.kind).label

    @property
    def tells_codes(self):
        """Whether it could tell a second coder what was found before."""
        return self.kind in TELLING


def risks_of(entries, prospect):
    """The risks of entries that wait, by primary key, in a fixed number of queries.

    ``entries`` have sources and ``current_findings`` (with criterion) prefetched;
    ``prospect`` is that of the recommendations that they speak to.
    """
    entries = list(entries)
    published = _published_by({entry.submitted_by_id for entry in entries})
    contested = _contested(prospect.now)
    then = prospect.once_published(entries)
    found = {}
    for entry in entries:
        found[entry.pk] = [
            *_changes(entry, prospect.now, then),
            *_contests(entry, contested),
            *_weak_sources(entry),
            *_newcomer(entry, published),
            *_unchecked(entry),
        ]
    return found


def _changes(entry, standings, then):
    for now in standings:
        status = then.get((entry, now.recommendation), now.suggested)
        if status != now.suggested:
            words = {
                "code": now.recommendation.code,
                "before": _in_words(now.suggested),
                "after": _in_words(status),
            }
            text = _("%(code)s would go from “%(before)s” to “%(after)s”.")
            yield Risk(RiskKind.CHANGES_STATUS, text % words)


def _in_words(status):
    label = ImplementationStatus(status.code).label
    reason = saying.REASONS.get(status.trace or status.reason)
    return f"{label}: {reason}" if reason else str(label)


def _contests(entry, contested):
    about = {row.criterion.recommendation_id: row for row in entry.current_findings}
    for key, finding in about.items():
        for why in contested.get(key, ()):
            code = finding.criterion.recommendation.code
            yield Risk(RiskKind.CONTESTED, f"{code}: {why}")


def _contested(standings):
    """Why a recommendation is contested, by its primary key."""
    reasons = defaultdict(list)
    in_force = {row.assessment.pk: row for row in standings if row.assessment}
    for row in in_force.values():
        if row.assessment.overrides:
            text = _("a curator decided otherwise than the rule suggested.")
            reasons[row.recommendation.pk].append(text)
    dissented = Dissent.objects.on_record().filter(assessment__in=in_force)
    for key in sorted(set(dissented.values_list("assessment", flat=True))):
        text = _("there is dissent from its assessment.")
        reasons[in_force[key].recommendation.pk].append(text)
    for key, number in _in_dispute([row.recommendation for row in standings]).items():
        text = ngettext(
            "a finding is in dispute.", "%(n)d findings are in dispute.", number
        )
        reasons[key].append(text % {"n": number})
    return reasons


def _in_dispute(recommendations):
    """How many findings are in dispute, by the key of the recommendation.

    Those marked so, and those on whose entry a dissent stands: few, and read as such.
    """
    dissents = Dissent.objects.on_record().filter(finding__isnull=False)
    accepted = Finding.objects.accepted().order_by()
    dissented = accepted.filter(evidence__in=dissents.values("finding__evidence"))
    found = accepted.filter(disputed=True).values_list("pk", "criterion")
    found = set(found) | set(
        dissented.with_dispute().filter(in_dispute=True).values_list("pk", "criterion")
    )
    criteria = Criterion.objects.filter(recommendation__in=recommendations)
    owners = dict(criteria.values_list("pk", "recommendation"))
    return Counter(owners[each] for _pk, each in found if each in owners)


def _weak_sources(entry):
    sources = [{"official": source.official} for source in entry.sources.all()]
    if entry.tier == Tier.SECONDARY:
        yield Risk(RiskKind.SECONDARY, _("It is coded as tier C, a secondary source."))
    if clash := clash_of_sources(entry.tier, sources):
        yield Risk(RiskKind.SECONDARY, clash)


def _newcomer(entry, published):
    if entry.submitted_by_id is None:
        return
    number = published.get(entry.submitted_by_id, 0)
    if number < NEW_UNTIL:
        text = ngettext(
            "One entry of theirs has been published so far.",
            "%(n)d entries of theirs have been published so far.",
            number,
        )
        if not number:
            text = _("No entry of theirs has been published yet.")
        yield Risk(RiskKind.NEW_RESEARCHER, text % {"n": number})


def _unchecked(entry):
    if entry.verification_note:
        note = " ".join(entry.verification_note.split())
        yield Risk(RiskKind.UNCHECKED, Truncator(note).chars(160))


def _published_by(authors):
    return dict(
        Evidence.objects.published()
        .filter(submitted_by__in=authors - {None})
        .values_list("submitted_by")
        .annotate(n=Count("pk"))
        .order_by()
    )
