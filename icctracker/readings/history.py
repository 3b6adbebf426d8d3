"""The public history of entries and recommendations: what changed, and when.

Reads only what was published: nothing of a draft, and nobody's name.
"""

from collections import Counter, defaultdict, namedtuple
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    F,
    IntegerField,
    Min,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Substr
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import (
    FACTS_SHOWN,
    VOTES,
    Assessment,
    Codebook,
    Criterion,
    Edition,
    Effect,
    Evidence,
    Form,
    Recoding,
    ReviewDecision,
    Ruleset,
    StatusChange,
)
from icctracker.models.evidence import SUBJECTS
from icctracker.models.findings import FindingQuerySet
from icctracker.ruleset import wording

from .lists import end_of_month
from .tallies import kept

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
    # Of a version of the codebook: why findings no longer speak to their criterion.
    silent: list = field(default_factory=list)

    @property
    def kind(self):
        """``publish``, ``correct``, ``restore``, ``recode`` or ``withdraw``."""
        if self.edition and self.edition.codebook_id:
            return "recode"
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
    """The Steps of an entry's public life, newest first, in eight queries."""
    findings, steps, said = list(accepted_ever(evidence)), [], {}
    silent = _silent(evidence)
    for at, decision, edition in _events(evidence, known_at):
        changes = []
        if edition:
            now_said = everything_said(edition, findings)
            changes, said = differences(said, now_said), now_said
        of_version = silent[edition.codebook_id] if edition else []
        steps.append(Step(at, decision, edition, changes, of_version))
    return steps[::-1]


def _silent(evidence):
    """What no longer speaks to its criterion, by the version that asks another test."""
    found = defaultdict(list)
    rows = Recoding.objects.public().filter(finding__evidence=evidence)
    rows = rows.filter(outcome=Recoding.Outcome.SILENT).order_by("pk")
    for row in rows.select_related("finding__criterion"):
        found[row.codebook_id].append(row)
    return found


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
    rows = evidence.editions.order_by("number").select_related("codebook")
    return rows.prefetch_related(*parts)


def accepted_ever(evidence):
    """Every finding of an entry that was ever accepted."""
    return evidence.findings.filter(accepted_at__isnull=False).select_related(
        "criterion__recommendation"
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
    stood = [each for each in findings if FindingQuerySet.held(each, instant)]
    return sorted(stood, key=lambda finding: finding.criterion.code)


# The order in which the facts are told; what is not named follows.
_FIRST = "occurred_on kind title summary symbol meeting votes roll_call".split()
_FIRST += [*SUBJECTS, "tier"]
_TOLD = [*_FIRST, *(name for name in FACTS_SHOWN if name not in (*_FIRST, *VOTES))]
_LABELS = {"votes": gettext_lazy("Votes"), "tier": gettext_lazy("Evidence tier")}


def facts_said(edition):
    """The facts of an edition by label, as people read them; empty ones left out."""
    first = edition.principal_source
    in_words = {
        "occurred_on": date_format(edition.occurred_on),
        "kind": edition.get_kind_display(),
        "votes": _votes(edition),
        "roll_call": "; ".join(
            f"{vote}: {', '.join(names)}" for vote, names in edition.by_vote
        ),
        "situations": _joined(edition.situations.all()),
        "actors": _joined(edition.actors.all()),
        "tier": f"{edition.tier}: {edition.get_tier_display()}",
    }
    said = {
        _label(name): in_words[name] if name in in_words else getattr(edition, name)
        for name in _TOLD
    }
    return _by_label(said | {_("Rests on"): first.label if first else ""})


def _label(name):
    known = _LABELS.get(name)
    return str(known or capfirst(Edition._meta.get_field(name).verbose_name))


def _by_label(said, **words):
    """A Said for each label that has a text, by label; the words go into the labels."""
    return {
        label % words: Said(label % words, str(text))
        for label, text in said.items()
        if text not in (None, "")
    }


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
        _("%(code)s, words searched for"): finding.searched_words,
        _("%(code)s, occasion"): _("yes") if finding.occasion else _("no"),
        _("%(code)s, read at"): finding.pinpoint,
    }
    return _by_label(said, code=finding.criterion.key)


def as_known(findings, known_at):
    """Give the entries of findings, as read, the facts that they had at an instant."""
    editions = Edition.objects.stood(known_at).filter(
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
    versions = Codebook.objects.of(recommendation.publication_id).published(known_at)
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


# The public stream of changes: what happened on the site, by whoever's doing.
#
# Each kind of change says which rows it has; the stream puts them into one order in the
# database and reads only those of the page that is shown. A new kind is one more row in
# ``KINDS``.

Outcome = ReviewDecision.Outcome
# ``together``: how many records changed in one and the same act.
Told = namedtuple("Told", "kind at together record")


def _status(recommendations):
    """Changes of the status shown; the first on record is not one."""
    rows = StatusChange.objects.exclude(cause=StatusChange.Cause.FIRST)
    return _of(rows, recommendations)


def _decisions(outcome, **extra):
    def rows(recommendations):
        found = ReviewDecision.objects.filter(outcome=outcome, **extra)
        if recommendations:
            entries = Evidence.objects.public().filter(
                findings__accepted_at__isnull=False,
                findings__criterion__recommendation__in=recommendations,
            )
            found = found.filter(evidence__in=entries)
        return found

    return rows


def _assessments(recommendations):
    return _of(Assessment.objects.all(), recommendations)


def _codebooks(recommendations):
    day = Cast("published_on", output_field=DateTimeField())
    rows = Codebook.objects.published().annotate(instant=Coalesce("published_at", day))
    if recommendations:
        criteria = Criterion.objects.filter(recommendation__in=recommendations)
        rows = rows.filter(pk__in=criteria.values("codebook"))
    return rows


def _rulesets(recommendations):
    """What somebody published; the ruleset that came with the data changed nothing."""
    rows = Ruleset.objects.published().filter(published_by__isnull=False)
    if recommendations:
        publications = {each.publication_id for each in recommendations}
        rows = rows.filter(publication__in=publications)
    return rows


def _of(rows, recommendations):
    return rows.filter(recommendation__in=recommendations) if recommendations else rows


Kind = namedtuple("Kind", "label rows at")
KINDS = {
    "status": Kind(gettext_lazy("Status changes"), _status, "at"),
    "publish": Kind(
        gettext_lazy("Publications"), _decisions(Outcome.PUBLISH), "decided_at"
    ),
    "correct": Kind(
        gettext_lazy("Corrections"),
        _decisions(Outcome.CORRECT, edition__restores__isnull=True),
        "decided_at",
    ),
    "restore": Kind(
        gettext_lazy("Restorations"),
        _decisions(Outcome.CORRECT, edition__restores__isnull=False),
        "decided_at",
    ),
    "withdraw": Kind(
        gettext_lazy("Withdrawals"), _decisions(Outcome.WITHDRAW), "decided_at"
    ),
    "assess": Kind(gettext_lazy("Assessments"), _assessments, "recorded_at"),
    "codebook": Kind(gettext_lazy("Codebook changes"), _codebooks, "instant"),
    "ruleset": Kind(gettext_lazy("Changes of the rule"), _rulesets, "published_at"),
}
# Of what grows with the entries the database keeps the number, by this mark.
CHANGED = "changed:"
DECIDED = {
    code: f"{CHANGED}{code}" for code in "publish correct restore withdraw".split()
}


@dataclass(frozen=True)
class Stream:
    """What changed on the site until an instant: all of it, or of some kinds.

    With ``recommendations`` only what is about any of them.
    """

    known_at: datetime
    kinds: tuple = ()
    recommendations: tuple = ()
    since: date | None = None
    to: date | None = None
    # Whether nothing is left out that was ever decided.
    is_now: bool = False

    def between(self, first, last):
        """Rows of kind, instant, number of records and key of one; newest first.

        From one day to another, or one month; what was published at one instant is one
        row.
        """
        if self.by_month:
            last = end_of_month(last)
        since = max(filter(None, [self.since, first]))
        until = min(filter(None, [self.to, last]))
        parts = [_row(*part) for part in self._parts(since, until)]
        return _together(parts).order_by("-instant_of", "-rank_of", "-key_of")

    @property
    def by_month(self):
        """Whether what was decided is counted by month already: all of it is asked."""
        return self.is_now and not (self.recommendations or self.since or self.to)

    def counts(self):
        """How many rows each day has, or each month where that is known already."""
        decided = DECIDED if self.by_month else ()
        parts = [_days(*part) for part in self._parts(self.since, self.to, decided)]
        found = Counter()
        for day, count in _together(parts) if parts else ():
            day = date.fromisoformat(day)
            found[day.replace(day=1) if self.by_month else day] += count
        return found + (self._decided() if self.by_month else Counter())

    def _decided(self):
        """How many decisions were told in each month, as the database counts them."""
        found = {code: Counter() for code in DECIDED}
        for mark, month, number in kept(["month"], mark__in=DECIDED.values()):
            found[mark.removeprefix(CHANGED)][month] += number
        # What restores an earlier version is recorded as a correction.
        found["correct"] -= found["restore"]
        chosen = self.kinds or found
        return sum((found[code] for code in found if code in chosen), Counter())

    def _parts(self, since, to, without=()):
        """The records of each kind, its code and the name of its instant."""
        last = min(self.known_at, _end_of(to)) if to else self.known_at
        for code, known in KINDS.items():
            if code in without or (self.kinds and code not in self.kinds):
                continue
            rows = known.rows(self.recommendations).filter(**{f"{known.at}__lte": last})
            if since:
                rows = rows.filter(**{f"{known.at}__gte": _start_of(since)})
            yield rows.order_by(), code, known.at


def _together(parts):
    first, *rest = parts
    return first.union(*rest, all=True)


def _days(rows, code, at):
    """How many rows a kind has on each day."""
    # One row for all that was published at one instant.
    each = Count(at, distinct=True) if code == "publish" else Count("pk")
    day = Substr(Cast(at, output_field=CharField()), 1, 10)
    return (
        rows.values(day_of=day)
        .annotate(number_of=each)
        .values_list("day_of", "number_of")
    )


def _row(rows, code, at):
    """The same columns for every kind; publications of one instant as one.

    Of what happened at one instant the rank puts a change of status last: it followed.
    """
    columns = {
        "kind_of": Value(code, output_field=CharField()),
        "rank_of": Value(list(KINDS).index(code), output_field=IntegerField()),
        "instant_of": F(at),
    }
    if code == "publish":
        each = rows.values(**columns)
        return each.annotate(together_of=Count("pk"), key_of=Min("pk"))
    one = Value(1, output_field=IntegerField())
    return rows.values(**columns, together_of=one, key_of=F("pk"))


def _start_of(day):
    return datetime.combine(day, time.min, UTC)


def _end_of(day):
    return datetime.combine(day, time.max, UTC)


def told(rows):
    """A Told for each row, with its record; a fixed number of queries."""
    keys = defaultdict(set)
    for row in rows:
        keys[_table(row["kind_of"])].add(row["key_of"])
    records = {
        table: TABLES[table]().filter(pk__in=chosen).in_bulk()
        for table, chosen in keys.items()
    }
    return [
        Told(
            row["kind_of"],
            row["instant_of"],
            row["together_of"],
            records[_table(row["kind_of"])][row["key_of"]],
        )
        for row in rows
    ]


def _table(kind):
    return kind if kind in TABLES else "decision"


TABLES = {
    "status": lambda: StatusChange.objects.select_related(
        "recommendation", "decision__evidence"
    ),
    "decision": lambda: ReviewDecision.objects.select_related(
        "evidence", "reviewer", "edition__restores"
    ),
    "assess": lambda: Assessment.objects.select_related(
        "recommendation", "assessed_by"
    ),
    "codebook": lambda: Codebook.objects.select_related("publication"),
    "ruleset": lambda: Ruleset.objects.select_related("publication"),
}
