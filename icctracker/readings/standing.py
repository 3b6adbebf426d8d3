"""Where each recommendation stands: the evidence on record, put to the rule.

Reads only. Builds the rule's case from the database for two clocks: ``as_of``, when
things happened, and ``known_at``, what had been accepted by then (None means now).
"""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import pairwise

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from icctracker import ruleset
from icctracker.models import (
    Assessment,
    Codebook,
    Criterion,
    Finding,
    Recommendation,
    Ruleset,
    Search,
)
from icctracker.models.standings import Stands
from icctracker.ruleset import (
    PUBLISHED,
    CriterionResult,
    Parameters,
    Status,
    Step,
    minus_years,
)
from icctracker.ruleset.records import UNDONE

from .grounds import grounds_of
from .recoding import asked_anew, ready

# The rule is pure, its cases and parameters are hashable: results are never stale.
_evaluate = lru_cache(maxsize=512)(ruleset.evaluate)
_moves = lru_cache(maxsize=512)(ruleset.moves_in)


@dataclass
class Standing(Stands):
    """One recommendation at one moment: what the rule suggests, what was decided."""

    recommendation: Recommendation
    case: ruleset.Case
    # What the rule judges by, and the record that says so, if it is on record.
    parameters: Parameters = PUBLISHED
    rule: Ruleset | None = None
    codebook_id: int | None = None
    assessment: Assessment | None = None
    # As read from the database: what is judged, and every assessment, newest first.
    criteria: list[Criterion] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    # The day of the next one, dated where it is tomorrow already.
    assessed_anew_on: date | None = None

    @cached_property
    def result(self):
        return _evaluate(self.case, self.parameters)

    @property
    def suggested(self):
        """The rule's ``ruleset.Status``."""
        return self.result.status

    @property
    def as_of(self):
        return self.case.as_of

    @property
    def start(self):
        """The day from which on its history is told."""
        return min(self.recommendation.publication.published_on, self.case.as_of)

    @cached_property
    def first(self):
        """The day of the first finding by its date, if there is one."""
        days = (f.date for f in self.case.findings if f.date <= self.case.as_of)
        return min(days, default=None)

    @cached_property
    def moves(self):
        """Each change of the grade of each criterion since the publication."""
        return _moves(self.case, self.start, self.parameters)

    @cached_property
    def history(self):
        """Every change of the suggested status since the publication."""
        return ruleset.history_from(
            self.case.criteria, self.moves, self.start, self.first
        )

    @property
    def since(self):
        """The day since which the rule has suggested this status."""
        return ruleset.since(self.history, self.parameters)

    @property
    def review_due_months(self):
        return self.result.review_due_months

    @property
    def changes(self):
        """Each change of the suggested status: day, code before and after."""
        return [
            (day, before.code, after.code)
            for (_day, before), (day, after) in pairwise(self.history)
            if before.code != after.code
        ]

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

    @property
    def confidence(self):
        return self.result.confidence

    @cached_property
    def grounds(self):
        """What the sentences beside it rest on."""
        return grounds_of(self)


def codebook_of(publication, known_at=None):
    """The codebook in force for a publication, now or at an instant."""
    return Codebook.objects.of(publication).in_force(known_at)


def codebooks(known_at=None):
    """The codebook in force of each publication, by its key; one query."""
    versions = Codebook.objects.each_in_force(known_at)
    return {version.publication_id: version for version in versions}


def rule_of(publication, known_at=None):
    """The ruleset in force for a publication, now or at an instant, if on record."""
    return Ruleset.objects.of(publication).in_force(known_at)


def rules(known_at=None):
    """The ruleset in force of each publication, by its key; one query."""
    versions = Ruleset.objects.each_in_force(known_at)
    return {version.publication_id: version for version in versions}


def parameters_of(rule):
    """What a ruleset judges by; those of ruleset 1.0 where none is on record."""
    return rule.parameters if rule else PUBLISHED


def standings(
    as_of: date,
    known_at: datetime | None = None,
    recommendations=None,
    version: Codebook | None = None,
    rule: Ruleset | None = None,
):
    """A Standing for each recommendation, in order, in a fixed number of queries.

    Those of all publications unless told, each by the codebook and the rule of its own.

    With ``version`` its criteria are those judged, with ``rule`` its values are those
    judged by, in force or not: a draft shows what it would change.
    """
    if recommendations is None:
        recommendations = Recommendation.objects.with_parts()
    recommendations = list(recommendations)
    versions = codebooks(known_at)
    if version:
        versions[version.publication_id] = version
    in_force = rules(known_at) | ({rule.publication_id: rule} if rule else {})
    criteria = _criteria(recommendations, versions.values())
    draft = version if version and version.is_draft else None
    cases = _cases(criteria, as_of, known_at, versions.values(), draft)
    assessments, later = _assessments(recommendations, as_of, known_at)
    return [
        Standing(
            recommendation=rec,
            case=cases[rec.pk],
            parameters=parameters_of(in_force.get(rec.publication_id)),
            rule=in_force.get(rec.publication_id),
            codebook_id=getattr(versions.get(rec.publication_id), "pk", None),
            assessment=next(iter(assessments[rec.pk]), None),
            criteria=criteria[rec.pk],
            assessments=assessments[rec.pk],
            assessed_anew_on=min(later[rec.pk], default=None),
        )
        for rec in recommendations
    ]


def standing_of(recommendation, as_of, known_at=None):
    """The Standing of one recommendation."""
    return standings(as_of, known_at, [recommendation])[0]


def result_for(recommendation, as_of, known_at=None):
    """What the rule suggests for one recommendation."""
    return standing_of(recommendation, as_of, known_at).result


def suggested_with(now, evidence, drafts):
    """The status the rule would suggest, were an entry published; starts no query.

    ``evidence`` has its sources prefetched, ``drafts`` their criteria; all of them
    speak to the version that ``now`` was judged by.
    """
    codes = {criterion.code for criterion in now.case.criteria}
    added = as_findings(now.recommendation, codes, evidence, drafts)
    case = replace(now.case, findings=now.case.findings + added)
    return ruleset.status_on(case, case.as_of, now.parameters)


def as_findings(recommendation, codes, evidence, drafts):
    """The drafts of an entry on some criteria of a recommendation, for the rule."""
    publisher = getattr(evidence.principal_source, "publisher", "")
    return tuple(
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
        if draft.criterion.recommendation_id == recommendation.pk
        and draft.criterion.code in codes
        and evidence.occurred_on
    )


def _assessments(recommendations, as_of, known_at):
    """By primary key: the assessments, newest first, and the days of later ones."""
    found, later = defaultdict(list), defaultdict(list)
    for assessment in (
        Assessment.objects.in_force(date.max, known_at)
        .filter(recommendation__in=recommendations)
        .select_related("assessed_by", "codebook")
    ):
        if assessment.assessed_on > as_of:
            later[assessment.recommendation_id].append(assessment.assessed_on)
        else:
            found[assessment.recommendation_id].append(assessment)
    return found, later


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _criteria(recommendations, versions):
    """The criteria of each recommendation in its version, by primary key."""
    criteria = {recommendation.pk: [] for recommendation in recommendations}
    for row in Criterion.objects.filter(
        codebook__in=versions, recommendation__in=recommendations
    ):
        criteria[row.recommendation_id].append(row)
    return criteria


def _cases(criteria, as_of, known_at, versions, draft=None):
    """The rule's case of each recommendation, by primary key; two queries.

    Of a draft, what was coded under it counts as it will once it is published.
    """
    findings, searches = defaultdict(list), defaultdict(list)
    found = _findings(criteria, known_at, versions)
    found += _coded_again(criteria, draft) if draft else []
    for owner, finding in sorted(found, key=lambda each: (each[1].date, each[1].id)):
        findings[owner].append(finding)
    for owner, search in _searches(criteria, known_at, versions):
        searches[owner].append(search)
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


def _findings(recommendations, known_at, versions):
    found = (
        Finding.objects.accepted(known_at)
        .under(versions)
        .filter(criterion__recommendation__in=recommendations)
        .with_dispute(known_at)
        .order_by("event_date", "pk")
    )
    rows = found.values_list("criterion__recommendation", *READ)
    return [(owner, ruleset.Finding(*row)) for owner, *row in rows]


def _coded_again(recommendations, draft):
    rows = ready(draft, asked_anew(draft)).speaking().with_dispute()
    rows = rows.filter(finding__criterion__recommendation__in=recommendations)
    of_finding = {"pk", "criterion__code", "event_date", "tier", "publisher"}
    names = [f"finding__{name}" if name in of_finding else name for name in READ]
    names[names.index("coded_twice")] = "coded_twice_now"
    found = rows.values_list("finding__criterion__recommendation", *names)
    return [(owner, ruleset.Finding(*row)) for owner, *row in found]


# What the rule reads of a finding, in its order.
READ = (
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


def _searches(recommendations, known_at, versions):
    rows = (
        Search.objects.known(known_at)
        .under(versions)
        .filter(criterion__recommendation__in=recommendations)
        .order_by("searched_on", "pk")
        .values_list("criterion__recommendation", "criterion__code", "searched_on")
    )
    return [(owner, ruleset.Search(*row)) for owner, *row in rows]


# What is due: assessments by the rule's dates, and searches that have grown old.

OVERDUE, NEVER, CHANGED = "overdue", "never", "changed"


@dataclass
class ReviewDue:
    """A recommendation that is to be assessed, and why now."""

    standing: Standing
    why: str

    @property
    def since(self):
        """The day it fell due; none where there was no assessment to go by."""
        return self.standing.review_due_on if self.why == OVERDUE else None


def reviews_due(standings):
    """What is to be assessed: overdue first, then never assessed, then overtaken."""
    due = [ReviewDue(row, why) for row in standings if (why := _why(row))]
    order = [OVERDUE, NEVER, CHANGED]
    return sorted(due, key=lambda row: (order.index(row.why), row.since or date.max))


def reviews_ahead(standings):
    """What has been assessed and is not due yet, the nearest first."""
    ahead = [row for row in standings if not _why(row)]
    return sorted(ahead, key=lambda row: row.review_due_on)


def _why(standing):
    if not standing.confirmed:
        return NEVER
    if standing.review_overdue:
        return OVERDUE
    return CHANGED if standing.overtaken_by_evidence else None


def criteria_unsearched(today):
    """The criteria in force with no search in the last year, the oldest first.

    Each carries ``last_search``, its day or None. To deliver, such a search is what
    tells "no action found" from "nobody has looked".
    """
    searches = Search.objects.known().filter(
        criterion__code=OuterRef("code"),
        criterion__recommendation=OuterRef("recommendation"),
    )
    latest = searches.order_by("-searched_on").values("searched_on")[:1]
    found = (
        Criterion.objects.in_force()
        .annotate(last_search=Subquery(latest))
        .select_related("recommendation")
    )
    in_force, never = rules(), date.min

    def is_old(row):
        rule = in_force.get(row.recommendation.publication_id)
        years = parameters_of(rule).search_years
        return not row.last_search or row.last_search <= minus_years(today, years)

    return sorted(
        filter(is_old, found), key=lambda row: (row.last_search or never, row.code)
    )


# The rule's levels and small numbers in words.

LEVELS = {
    3: _("in full"),
    2: _("largely"),
    1: _("in part"),
    0: _("not met"),
    None: _("unknown"),
}
NUMBERS = [
    _(word) for word in "none one two three four five six seven eight nine ten".split()
]


def in_words(number):
    """Small numbers in words, as prose has them."""
    return str(NUMBERS[number]) if number < len(NUMBERS) else str(number)


def years_in_words(number):
    """A number of years, as prose has it."""
    return ngettext("%(n)s year", "%(n)s years", number) % {"n": in_words(number)}


# Why a recommendation stands where it does: each finding's weight and share.


@dataclass
class Weighed:
    """A finding beside its step in the rule; no step means it was not weighed."""

    finding: Finding
    step: Step | None = None
    without: Status | None = None

    @property
    def contribution(self):
        """The part of the score that this finding adds (a Fraction), for conduct."""
        return self.step.share * self.step.value if self.step.share else None


class Explained:
    """What is said of a criterion and of what its level rests on, in a few words.

    Whoever is one has ``criterion``, ``result``, ``as_of``, ``parameters``, and how
    many findings there are: ``number`` of those weighed, ``on_record`` of them all.
    """

    @property
    def level_words(self):
        return LEVELS[self.result.level]

    @property
    def level_boxes(self):
        """Three marks, as many of them on as the level says."""
        return [step < (self.result.level or 0) for step in range(3)]

    @property
    def is_conduct(self):
        return self.criterion.kind != Criterion.CriterionKind.DELIVER

    @property
    def window_start(self):
        """The day after which an occasion counts."""
        tested_on = self.result.tested_on or self.as_of
        return minus_years(tested_on, self.parameters.window_years)

    @property
    def not_tested_since(self):
        tested_on = self.result.tested_on
        return tested_on if tested_on and tested_on < self.as_of else None

    @property
    def basis(self):
        """What the level rests on, in a few words."""
        result = self.result
        if result.level is None:
            return (
                _("too little evidence to judge")
                if self.on_record
                else _("nothing yet")
            )
        if self.is_conduct:
            return ngettext(
                "kept to in %(complied)s of %(n)s case",
                "kept to in %(complied)s of %(n)s cases",
                result.occasions,
            ) % {"complied": result.complied, "n": result.occasions}
        if result.lapsed:
            text = gettext("a step was taken in %(year)s and lapsed in %(lapsed)s")
            return text % {
                "year": result.last_on.year,
                "lapsed": result.lapsed_on.year,
            }
        if result.level:
            return ngettext("%(n)s step", "%(n)s steps", self.number) % {
                "n": self.number
            }
        if result.trace == UNDONE:
            return _("what was done has been undone")
        return _("no action found")


@dataclass
class CriterionReason(Explained):
    """One criterion with its level and the findings behind it, oldest first."""

    criterion: Criterion
    result: CriterionResult
    as_of: object
    parameters: Parameters = PUBLISHED
    rows: list[Weighed] = field(default_factory=list)
    searches: list = field(default_factory=list)
    # Findings on an earlier test of the same code, not yet coded anew.
    earlier: list = field(default_factory=list)

    @cached_property
    def weighed(self):
        return [row for row in self.rows if row.step]

    @property
    def number(self):
        return len(self.weighed)

    @property
    def on_record(self):
        return len(self.rows)


def reasons(standing, criteria, findings, searches):
    """A CriterionReason for each criterion; starts no query of its own."""
    criteria = list(criteria)
    meanings = {criterion.code: criterion.meaning for criterion in criteria}
    steps = {
        step.finding: step
        for found in standing.result.criteria.values()
        for step in found.steps
    }
    without = dict(standing.result.fragile)
    rows, looked, earlier = defaultdict(list), defaultdict(list), defaultdict(list)
    for finding in findings:
        code = finding.criterion.code
        if finding.criterion.meaning != meanings.get(code):
            earlier[code].append(finding)
            continue
        rows[code].append(
            Weighed(finding, steps.get(finding.pk), without.get(finding.pk))
        )
    for search in searches:
        if search.criterion.meaning == meanings.get(search.criterion.code):
            looked[search.criterion.code].append(search)
    return [
        CriterionReason(
            criterion,
            standing.result.criteria[criterion.code],
            standing.case.as_of,
            standing.parameters,
            rows[criterion.code],
            looked[criterion.code],
            earlier[criterion.code],
        )
        for criterion in criteria
    ]
