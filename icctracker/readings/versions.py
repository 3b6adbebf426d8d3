"""How two versions of the codebook differ, and what a draft would change.

Reads only.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby

from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from icctracker.models import Codebook, Criterion, Evidence, Finding, Search
from icctracker.models.recommendations import speaks_to
from icctracker.ruleset.wording import REMOVED, SAME, word_diff

from . import saying
from .recoding import asked_anew, progress, to_code, unused
from .recoding import ready as ready_for
from .standing import parameters_of, rules, standings

# What a version says of a criterion, in the order in which it is read.
TEXTS = ("statement", "counts", "does_not_count")
TRAITS = ("kind", "essential", "delivered_by")


@dataclass
class Change:
    """One criterion beside itself in the version before; one of the two may lack."""

    before: Criterion | None
    after: Criterion | None

    ADDED, DROPPED, RECODED, REVISED, SAME = (
        "added dropped recoded revised same".split()
    )
    WORDS = {
        ADDED: _("new"),
        DROPPED: _("dropped"),
        RECODED: _("changed, to be coded again"),
        REVISED: _("changed, findings carry over"),
        SAME: _("unchanged"),
    }

    @property
    def criterion(self):
        return self.after or self.before

    @cached_property
    def kind(self):
        """What happened to it, in one word."""
        if not self.before or not self.after:
            return self.ADDED if self.after else self.DROPPED
        if self.before.meaning != self.after.meaning:
            return self.RECODED
        return self.REVISED if self._differs() else self.SAME

    @property
    def words(self):
        return self.WORDS[self.kind]

    @property
    def is_change(self):
        return self.kind != self.SAME

    @property
    def keeps_findings(self):
        return self.kind in (self.REVISED, self.SAME)

    def _differs(self):
        return any(
            getattr(self.before, name) != getattr(self.after, name)
            for name in (*TEXTS, *TRAITS)
        )

    @cached_property
    def texts(self):
        """Name, label and pieces of each text, with what differs marked."""
        return [
            (name, Criterion._meta.get_field(name).verbose_name, self._pieces(name))
            for name in TEXTS
        ]

    def _pieces(self, name):
        before, after = getattr(self.before, name, ""), getattr(self.after, name, "")
        if self.after is None:
            return [(REMOVED, before)] if before else []
        if self.before is None:
            return [(SAME, after)] if after else []
        return word_diff(before, after)

    @cached_property
    def traits(self):
        """Label, earlier and later value of each trait that changed."""
        if not self.before or not self.after:
            return []
        pairs = [
            (name, _trait(self.before, name), _trait(self.after, name))
            for name in TRAITS
            if getattr(self.before, name) != getattr(self.after, name)
        ]
        return [
            (Criterion._meta.get_field(name).verbose_name, before, after)
            for name, before, after in pairs
        ]


def _trait(criterion, name):
    if name == "essential":
        return _("yes") if criterion.essential else _("no")
    return getattr(criterion, f"get_{name}_display")()


def changes(codebook, before=None):
    """A Change for each criterion of a version and of the one before it, in order."""
    before = before or Codebook.objects.before(codebook)
    pairs = defaultdict(dict)
    for version in (before, codebook):
        for criterion in Criterion.objects.of(version) if version else ():
            pairs[criterion.code][version.pk] = criterion
    earlier = before.pk if before else None
    found = [
        Change(pair.get(earlier), pair.get(codebook.pk)) for pair in pairs.values()
    ]
    return sorted(found, key=lambda change: _place(change.criterion))


def _place(criterion):
    recommendation = criterion.recommendation
    return recommendation.publication_id, recommendation.number, criterion.code


def by_recommendation(rows):
    """The changes in groups: (recommendation, its changes)."""
    groups = groupby(rows, key=lambda change: change.criterion.recommendation)
    return [(owner, list(members)) for owner, members in groups]


def counted(rows):
    """How many criteria are new, dropped and so on: words and number, if any."""
    numbers = Counter(change.kind for change in rows)
    return [
        (Change.WORDS[kind], numbers[kind]) for kind in Change.WORDS if numbers[kind]
    ]


@dataclass
class Touched:
    """What was coded with a criterion that a draft changes."""

    change: Change
    findings: list = field(default_factory=list)
    searches: int = 0
    waiting: int = 0
    # How far its findings are coded again, where its test changes.
    progress: object = None


@dataclass
class StatusPreview:
    """What a draft would change of the statuses: pairs of Standings, now and then."""

    draft: object
    before: object
    statuses: list

    @property
    def moved(self):
        """Where the rule would suggest another status, or another reason for it."""
        return [(now, then) for now, then in self.statuses if _moves(now, then)]

    @property
    def shifted(self):
        """Where the status stays, but not the trend, the confidence or a level."""
        return [
            (now, then)
            for now, then in self.statuses
            if not _moves(now, then) and _shown(now) != _shown(then)
        ]

    @property
    def rule(self):
        """How a status follows from the main parts, in words."""
        return saying.THE_RULE

    @property
    def token(self):
        """Stands for exactly what is shown, so that no other thing is published."""
        shown = [(str(now.suggested), str(then.suggested)) for now, then in self.moved]
        text = f"{self.draft.pk}:{self.draft.revision}:{shown}"
        return sha256(text.encode()).hexdigest()[:16]


@dataclass
class Preview(StatusPreview):
    """What a draft of the codebook would change if it took effect on a day."""

    changes: list
    touched: list
    # What was coded under the draft, by finding, and what is still to be.
    coded: list = field(default_factory=list)
    uncoded: list = field(default_factory=list)
    unused: int = 0

    @property
    def is_empty(self):
        return not any(change.is_change for change in self.changes)

    @property
    def left(self):
        """How many findings would no longer count, since nobody coded them again."""
        return len(self.uncoded)

    @property
    def token(self):
        """That of the statuses, and of each coding."""
        text = f"{super().token}:{self.coded}:{self.uncoded}"
        return sha256(text.encode()).hexdigest()[:16]


def _moves(now, then):
    return now.suggested != then.suggested


def _shown(standing):
    result = standing.result
    levels = [(code, found.level) for code, found in result.criteria.items()]
    return result.trend, result.confidence, sorted(levels)


def preview(draft, as_of):
    """What a draft would change; the same number of queries however much there is."""
    before = Codebook.objects.before(draft)
    rows = changes(draft, before)
    recommendations = list(draft.publication.recommendations.with_parts())
    statuses = zip(
        standings(as_of, recommendations=recommendations),
        standings(as_of, recommendations=recommendations, version=draft),
        strict=True,
    )
    asked = asked_anew(draft)
    touched = _touched(rows, before)
    for each in progress(draft, asked):
        touched[each.criterion.code].progress = each
    coded = list(ready_for(draft, asked).order_by("pk").values_list(*_CODED))
    done = {finding for _pk, _version, finding in coded}
    due = to_code(draft, asked).order_by("pk").values_list("pk", flat=True)
    return Preview(
        draft,
        before,
        list(statuses),
        rows,
        list(touched.values()),
        coded,
        [key for key in due if key not in done],
        unused(draft, asked).count(),
    )


_CODED = ("pk", "version", "finding")


def _touched(rows, before):
    """Each change of a criterion in force, by code, with what was coded with it."""
    touched = {
        change.before.code: Touched(change)
        for change in rows
        if change.before and change.is_change
    }
    findings = Finding.objects.under(before).filter(criterion__code__in=touched)
    accepted = findings.accepted().select_related("evidence", "criterion")
    for finding in accepted.order_by("-event_date", "-pk"):
        touched[finding.criterion.code].findings.append(finding)
    waiting = findings.filter(evidence__state=Evidence.State.SUBMITTED)
    for code in waiting.values_list("criterion__code", flat=True):
        touched[code].waiting += 1
    searches = Search.objects.known().under(before).filter(criterion__code__in=touched)
    for code in searches.values_list("criterion__code", flat=True):
        touched[code].searches += 1
    return touched


def to_code_again(codebook):
    """Accepted findings on a test that has changed since, and not yet coded anew.

    What an entry shows about a dropped criterion is not asked any more.
    """
    asked = _criteria(codebook).values("code")
    recoded = Finding.objects.accepted().under(codebook)
    again = recoded.filter(
        evidence=OuterRef("evidence"),
        criterion__code=OuterRef("criterion__code"),
        criterion__recommendation=OuterRef("criterion__recommendation"),
    )
    return (
        Finding.objects.accepted()
        .filter(
            ~speaks_to(codebook),
            ~Exists(again),
            criterion__code__in=asked,
            criterion__recommendation__publication=codebook.publication_id,
        )
        .select_related("evidence", "criterion__recommendation")
        .order_by("criterion__recommendation__number", "criterion__code", "event_date")
    )


def _criteria(codebook):
    return Criterion.objects.filter(codebook=codebook)


def mark_outdated(findings, known_at=None):
    """Note on each finding whether a version has *dropped* or *changed* its test.

    Findings come with their criterion; "" where it still counts. Each is told by what
    values it is weighed, too: those in force now, or at an instant.
    """
    meanings = {
        each.identity: each.meaning for each in Criterion.objects.in_force(known_at)
    }
    in_force = rules(known_at)
    for finding in findings:
        criterion = finding.criterion
        publication = criterion.recommendation.publication_id
        finding.parameters = parameters_of(in_force.get(publication))
        if criterion.identity not in meanings:
            finding.outdated = "dropped"
        else:
            same = criterion.meaning == meanings[criterion.identity]
            finding.outdated = "" if same else "changed"
    return findings
