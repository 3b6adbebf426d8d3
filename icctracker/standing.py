"""Where each recommendation stands: the evidence on record, put to the rule.

Reads only. Builds the rule's case from the database for two clocks: ``as_of``, when
things happened, and ``known_at``, what had been accepted by then (None means now).
"""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache

from icctracker import ruleset
from icctracker.models import (
    Assessment,
    Codebook,
    Criterion,
    Finding,
    Recommendation,
    Search,
)
from icctracker.models.recommendations import speaks_to

# The rule is pure and its cases are hashable: results can be kept, never stale.
_evaluate = lru_cache(maxsize=512)(ruleset.evaluate)
_history = lru_cache(maxsize=512)(ruleset.history)


@dataclass
class Standing:
    """One recommendation at one moment: what the rule suggests, what was decided."""

    recommendation: Recommendation
    case: ruleset.Case
    assessment: Assessment | None = None
    # As read from the database: what is judged, and every assessment, newest first.
    criteria: list[Criterion] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)

    @cached_property
    def result(self):
        return _evaluate(self.case)

    @property
    def suggested(self):
        """The rule's ``ruleset.Status``."""
        return self.result.status

    @property
    def status(self):
        """What stands: the curator's decision, else the rule's suggestion."""
        if not self.assessment:
            return self.suggested
        return ruleset.Status(
            self.assessment.decided,
            reason=self.assessment.decided_reason or None,
        )

    @property
    def confirmed(self):
        """Whether a curator has decided, rather than the rule alone."""
        return self.assessment is not None

    @property
    def differs_from_the_rule(self):
        """Whether what stands is another status than the rule suggests now."""
        return self.status.code != self.suggested.code

    @property
    def overtaken_by_evidence(self):
        """Whether the rule suggests something else than when it was last assessed."""
        return bool(
            self.assessment and self.assessment.suggested != self.suggested.code
        )

    @cached_property
    def history(self):
        """Every change of the suggested status since the publication."""
        start = min(self.recommendation.publication.published_on, self.case.as_of)
        return _history(self.case, start)

    @property
    def since(self):
        """The day since which the rule has suggested this status without a break."""
        changes = list(self.history)
        while len(changes) > 1 and changes[-2][1].code == self.suggested.code:
            changes.pop()
        return changes[-1][0]

    @property
    def since_the_start(self):
        """Whether the status has not changed since the publication."""
        return self.since == self.recommendation.publication.published_on

    @property
    def review_due_on(self):
        return self.assessment.review_due_on if self.assessment else None

    @property
    def review_overdue(self):
        return bool(self.review_due_on and self.review_due_on <= self.case.as_of)

    @property
    def not_tested_since(self):
        """The last test of an essential criterion that is no longer tested, if any."""
        dates = [
            self.result.criteria[c.code].tested_on
            for c in self.case.criteria
            if c.essential and self.result.criteria[c.code].tested_on
        ]
        old = [day for day in dates if day < self.case.as_of]
        return min(old, default=None)

    @property
    def lapsed(self):
        return any(found.lapsed for found in self.result.criteria.values())


def codebook(known_at=None):
    """The codebook in force now, or at an instant."""
    return Codebook.objects.in_force(known_at)


def standings(
    as_of: date,
    known_at: datetime | None = None,
    recommendations=None,
    version: Codebook | None = None,
):
    """A Standing for each recommendation, in order, in a fixed number of queries.

    With ``version`` its criteria are those judged, in force or not: a draft shows what
    it would change.
    """
    if recommendations is None:
        recommendations = Recommendation.objects.select_related(
            "publication"
        ).prefetch_related("addressees")
    recommendations = list(recommendations)
    version = version or codebook(known_at)
    criteria = _criteria(recommendations, version)
    cases = _cases(criteria, as_of, known_at, version)
    assessments = defaultdict(list)
    for assessment in (
        Assessment.objects.in_force(as_of, known_at)
        .filter(recommendation__in=recommendations)
        .select_related("assessed_by", "codebook")
    ):
        assessments[assessment.recommendation_id].append(assessment)
    return [
        Standing(
            recommendation=rec,
            case=cases[rec.pk],
            assessment=next(iter(assessments[rec.pk]), None),
            criteria=criteria[rec.pk],
            assessments=assessments[rec.pk],
        )
        for rec in recommendations
    ]


def standing_of(recommendation, as_of, known_at=None):
    """The Standing of one recommendation."""
    return standings(as_of, known_at, [recommendation])[0]


def result_for(recommendation, as_of, known_at=None):
    """What the rule suggests for one recommendation."""
    version = codebook(known_at)
    criteria = _criteria([recommendation], version)
    return _evaluate(_cases(criteria, as_of, known_at, version)[recommendation.pk])


def standings_with(evidence, as_of):
    """Where each recommendation an entry bears on stands, now and once it is published.

    Pairs of Standings, in order; the findings are those not yet accepted.
    """
    drafts = list(
        evidence.findings.filter(accepted_at__isnull=True)
        .annotate(counts=speaks_to(codebook()))
        .select_related("criterion__recommendation__publication")
        .order_by("criterion__recommendation__number", "pk")
    )
    recommendations = {f.criterion.recommendation: None for f in drafts}
    counting = [draft for draft in drafts if draft.counts]
    publisher = getattr(evidence.principal_source, "publisher", "")
    return [
        (now, _with_drafts(now, evidence, counting, publisher))
        for now in standings(as_of, recommendations=recommendations)
    ]


def suggested_with(now, evidence, drafts):
    """The status the rule would suggest, were an entry published; starts no query.

    ``evidence`` has its sources prefetched, ``drafts`` their criteria; all of them
    speak to the version that ``now`` was judged by.
    """
    publisher = getattr(evidence.principal_source, "publisher", "")
    case = _with_drafts(now, evidence, drafts, publisher).case
    return ruleset.status_on(case, case.as_of)


def _with_drafts(now, evidence, drafts, publisher):
    codes = {criterion.code for criterion in now.case.criteria}
    added = tuple(
        ruleset.Finding(
            id=draft.pk,
            criterion=draft.criterion.code,
            date=evidence.occurred_on,
            effect=draft.effect,
            form=draft.form,
            tier=evidence.tier,
            occasion=draft.occasion,
            publisher=publisher,
            double_coded=draft.coded_twice,
            disputed=draft.disputed,
        )
        for draft in drafts
        if draft.criterion.code in codes and evidence.occurred_on
    )
    case = replace(now.case, findings=now.case.findings + added)
    return Standing(now.recommendation, case, now.assessment)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _criteria(recommendations, version):
    """The criteria of each recommendation in a version, by primary key."""
    criteria = {recommendation.pk: [] for recommendation in recommendations}
    for row in Criterion.objects.filter(
        codebook=version, recommendation__in=recommendations
    ):
        criteria[row.recommendation_id].append(row)
    return criteria


def _cases(criteria, as_of, known_at, version):
    """The rule's case of each recommendation, by primary key; two queries."""
    owner = {row.code: rec for rec, rows in criteria.items() for row in rows}
    findings, searches = defaultdict(list), defaultdict(list)
    for finding in _findings(owner, known_at, version):
        findings[owner[finding.criterion]].append(finding)
    for search in _searches(owner, known_at, version):
        searches[owner[search.criterion]].append(search)
    return {
        rec: ruleset.Case(
            as_of,
            tuple(
                ruleset.Criterion(row.code, row.kind, row.essential, row.delivered_by)
                for row in rows
            ),
            tuple(findings[rec]),
            tuple(searches[rec]),
        )
        for rec, rows in criteria.items()
    }


def _findings(codes, known_at, version):
    rows = (
        Finding.objects.accepted(known_at)
        .under(version)
        .filter(criterion__code__in=codes)
        .with_dispute(known_at)
        .order_by("event_date", "pk")
        .values_list(
            "pk",
            "criterion__code",
            "event_date",
            "effect",
            "form",
            "tier",
            "occasion",
            "publisher",
            "coded_twice",
            "in_dispute",
        )
    )
    return [ruleset.Finding(*row) for row in rows]


def _searches(codes, known_at, version):
    rows = (
        Search.objects.known(known_at)
        .under(version)
        .filter(criterion__code__in=codes)
        .order_by("searched_on", "pk")
        .values_list("criterion__code", "searched_on")
    )
    return [ruleset.Search(*row) for row in rows]
