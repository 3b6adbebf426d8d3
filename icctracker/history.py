"""The public history of entries and recommendations: what changed, and when.

Reads only what was published: nothing of a draft, and nobody's name.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from icctracker import wording
from icctracker.models import (
    Codebook,
    Criterion,
    Edition,
    Effect,
    Form,
    ReviewDecision,
)
from icctracker.models.editions import FACTS_SHOWN

PUBLIC = ["publish", "correct", "withdraw"]


class Said(NamedTuple):
    """A text and the label that it has on the page."""

    label: str
    text: str


@dataclass(frozen=True)
class Change:
    """One thing that was said before and after; either may be empty."""

    label: str
    before: str
    after: str

    @property
    def parts(self):
        """The text in pieces: the same, removed or added."""
        return wording.compare(self.before, self.after)


@dataclass(frozen=True)
class Step:
    """Something that happened to a published entry, and what it changed."""

    at: datetime
    decision: ReviewDecision | None
    edition: Edition | None
    changes: list

    @property
    def kind(self):
        """``publish``, ``correct``, ``restore`` or ``withdraw``."""
        if self.edition and self.edition.restores_id:
            return "restore"
        if self.decision:
            return self.decision.outcome
        return "publish" if self.edition.number == 1 else "correct"


def differences(before, after):
    """A Change for each text that differs between two dictionaries of Said."""
    changes = []
    for key in dict.fromkeys([*after, *before]):
        label = (after.get(key) or before[key]).label
        old, new = (said[key].text if key in said else "" for said in (before, after))
        if old != new:
            changes.append(Change(label, old, new))
    return changes


def steps_of(evidence, known_at=None):
    """The Steps of an entry's public life, newest first, in seven queries."""
    findings, steps, said = list(accepted_ever(evidence)), [], {}
    for at, decision, edition in _events(evidence, known_at):
        changes = []
        if edition:
            now_said = everything_said(edition, findings)
            changes, said = differences(said, now_said), now_said
        steps.append(Step(at, decision, edition, changes))
    return steps[::-1]


def _events(evidence, known_at):
    """Instant, decision and edition of all that happened in public, in order."""
    editions = list(editions_of(evidence))
    shown_by = {edition.decision_id: edition for edition in editions}
    decisions = evidence.decisions.filter(outcome__in=PUBLIC)
    events = [
        (decision.decided_at, decision, shown_by.pop(decision.pk, None))
        for decision in decisions.select_related("reviewer")
    ]
    undecided = [edition for edition in editions if edition.decision_id is None]
    events += [(edition.at, None, edition) for edition in undecided]
    known = [event for event in events if known_at is None or event[0] <= known_at]
    return sorted(known, key=lambda event: event[0])


def editions_of(evidence):
    """The editions of an entry with their parts, in order."""
    parts = ("situations", "actors", "sources", "restores")
    return evidence.editions.order_by("number").prefetch_related(*parts)


def accepted_ever(evidence):
    """Every finding of an entry that was ever accepted."""
    return evidence.findings.filter(accepted_at__isnull=False).select_related(
        "criterion"
    )


def everything_said(edition, findings):
    """The Said of an edition, by what tells them apart: facts, sources, findings."""
    said = facts_said(edition)
    for source in edition.sources.all():
        said[source.url] = Said(_("Source"), _source(source))
    for finding in standing_at(findings, edition.at):
        said |= _finding(finding)
    return said


def standing_at(findings, instant):
    """Those findings that were accepted at an instant, by code of the criterion."""
    stood = [
        finding
        for finding in findings
        if finding.accepted_at <= instant
        and (finding.retired_at is None or finding.retired_at > instant)
    ]
    return sorted(stood, key=lambda finding: finding.criterion.code)


def facts_said(edition):
    """The facts of an edition by label, as people read them; empty ones left out."""
    first = edition.principal_source
    said = {
        _("Date"): date_format(edition.occurred_on),
        _("Kind"): edition.get_kind_display(),
        _("Title"): edition.title,
        _("Summary"): edition.summary,
        _("Document symbol"): edition.symbol,
        _("Meeting record"): edition.meeting,
        _("Votes"): _votes(edition),
        _("Votes of the members"): "; ".join(
            f"{vote}: {', '.join(names)}" for vote, names in edition.by_vote
        ),
        _("Situations"): _joined(edition.situations.all()),
        _("Actors"): _joined(edition.actors.all()),
        _("Evidence tier"): f"{edition.tier}: {edition.get_tier_display()}",
        _("On what was read"): edition.verification_note,
        _("Rests on"): first.label if first else "",
    }
    return _by_label(said)


def _by_label(said, **words):
    """A Said for each label that has a text, by label; the words go into the labels."""
    labelled = [(label % words, str(text)) for label, text in said.items() if text]
    return {label: Said(label, text) for label, text in labelled}


def _joined(rows):
    return "; ".join(sorted(map(str, rows)))


def _votes(edition):
    if not edition.has_votes:
        return ""
    return _("%(yes)s in favour, %(no)s against, %(abstain)s abstaining") % {
        "yes": edition.votes_yes,
        "no": edition.votes_no,
        "abstain": edition.votes_abstain,
    }


def _source(source):
    official = _("official") if source.official else ""
    parts = [source.label, source.url, source.publisher, official]
    if source.archived_url:
        parts.append(_("archived copy: %(url)s") % {"url": source.archived_url})
    return "; ".join(filter(None, parts))


def _finding(finding):
    """What a finding says, by label."""
    said = {
        _("%(code)s, effect"): Effect(finding.effect).label,
        _("%(code)s, reason"): finding.rationale,
        _("%(code)s, form"): Form(finding.form).label,
        _("%(code)s, why this form"): finding.form_reason,
        _("%(code)s, occasion"): _("yes") if finding.occasion else _("no"),
        _("%(code)s, read at"): finding.pinpoint,
    }
    return _by_label(said, code=finding.criterion.code)


def as_known(findings, known_at):
    """Give the entries of findings, as read, the facts that they had at an instant."""
    editions = Edition.objects.at_instant(known_at).filter(
        evidence__in={finding.evidence_id for finding in findings}
    )
    facts = {row["evidence"]: row for row in editions.values("evidence", *FACTS_SHOWN)}
    for finding in findings:
        known = facts.get(finding.evidence_id, {})
        for name in FACTS_SHOWN:
            if name in known:
                setattr(finding.evidence, name, known[name])


def last_edition(evidence, known_at):
    """What readers were last shown of an entry by an instant, with its parts, or None.

    Of a withdrawn entry it is the edition that the withdrawal ended.
    """
    editions = Edition.objects.filter(evidence=evidence, at__lte=known_at)
    return editions.complete(known_at).order_by("-number").first()


def wordings(recommendation, known_at=None):
    """Pairs of instant and Changes, for each time its wording changed; newest first."""
    rows = recommendation.history.order_by("history_date", "history_id")
    if known_at:
        rows = rows.filter(history_date__lte=known_at)
    found, said = [], {}
    for row in rows:
        texts = {_("Short title"): row.short_title, _("Text"): row.text}
        now_said = _by_label(texts)
        if changes := differences(said, now_said):
            found.append((row.history_date, changes))
        said = now_said
    return found[::-1]


def codebooks(recommendation, known_at):
    """Pairs of codebook and Changes to the criteria of a recommendation, newest first.

    Only versions that had taken effect; those that leave its criteria alone are left
    out.
    """
    criteria = defaultdict(dict)
    for criterion in Criterion.objects.filter(recommendation=recommendation):
        criteria[criterion.codebook_id] |= _criterion(criterion)
    found, said = [], {}
    versions = Codebook.objects.published(known_at)
    for version in versions.order_by("published_on", "pk"):
        if changes := differences(said, criteria[version.pk]):
            found.append((version, changes))
        said = criteria[version.pk]
    return found[::-1]


def _criterion(criterion):
    """What a criterion says, by label."""
    essential = _("yes") if criterion.essential else _("no")
    to_deliver = criterion.kind == Criterion.CriterionKind.DELIVER
    delivered_by = criterion.get_delivered_by_display() if to_deliver else ""
    said = {
        _("%(code)s, statement"): criterion.statement,
        _("%(code)s, kind"): criterion.get_kind_display(),
        _("%(code)s, essential"): essential,
        _("%(code)s, counts"): criterion.counts,
        _("%(code)s, does not count"): criterion.does_not_count,
        _("%(code)s, delivered by"): delivered_by,
    }
    return _by_label(said, code=criterion.code)
