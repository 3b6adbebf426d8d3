"""Where a recommendation stands once the findings of one entry came, went or changed.

What was written of it before is taken further: the findings in the window, the last
steps and what the history moves by are read, whatever else it rests on. Where these do
not tell, or what was written is not of the findings there were, nothing is told.
"""

from collections import Counter
from datetime import date, timedelta
from functools import cached_property, reduce
from itertools import chain
from operator import or_
from typing import NamedTuple

from django.db.models import Count, F, Max, Min, Q, Sum

from icctracker.models import Criterion, Dissent, Finding, PresentStanding, Search
from icctracker.ruleset import (
    FORMS,
    TIERS,
    Case,
    Grade,
    TooShort,
    first_day_beyond,
    minus_years,
    moved,
    weigh,
)
from icctracker.ruleset import Criterion as RuleCriterion
from icctracker.ruleset import Finding as RuleFinding
from icctracker.ruleset import Search as RuleSearch
from icctracker.ruleset.ageing import next_change_by
from icctracker.ruleset.days import minus_months
from icctracker.ruleset.delivery import is_step

from .present import row_of
from .standing import READ, Standing, parameters_of
from .working import ENTRIES, LISTED, Counted, OnRecord, years_of_findings

# Of fewer findings than these all are read, which costs no more.
FEW = 500
# So many years more than the rule looks back are read at first.
SPARE = 2
# Who is to look further back than this is given all.
MOST_YEARS = 60
INSTANT = timedelta(microseconds=1)


def renewed(recommendations, evidence, today, at):
    """What is to be written of each by its key, of those of which it can be told.

    ``at`` is when the findings of the entry changed, if they did.
    """
    rows = PresentStanding.objects.holding(today).select_related(
        "assessment", "ruleset", "codebook"
    )
    rows = {row.pk: row for row in rows.filter(recommendation__in=recommendations)}
    found = {}
    for recommendation in recommendations:
        row = rows.get(recommendation.pk)
        if row and row.gist.get("seen", [0])[0] >= FEW:
            row.recommendation, row.as_of = recommendation, today
            if new := _Renewal(row, evidence, at).row():
                found[recommendation.pk] = new
    return found


class _Renewal:
    """One recommendation, what was written of it, and the findings of an entry."""

    def __init__(self, row, evidence, at):
        self.old, self.today = row, row.as_of
        self.recommendation = row.recommendation
        self.parameters = parameters_of(row.ruleset)
        tests = list(Criterion.objects.filter(recommendation=self.recommendation))
        self.criteria = [each for each in tests if each.codebook_id == row.codebook_id]
        in_force = {(each.code, each.meaning) for each in self.criteria}
        self.speaking = {
            each.pk: each.code
            for each in tests
            if (each.code, each.meaning) in in_force
        }
        self.keys = [each.pk for each in tests]
        own = Finding.objects.filter(evidence=evidence, criterion__in=self.keys)
        own = own.select_related("criterion")
        self.before, self.after = list(own.accepted(at - INSTANT)), list(own.accepted())
        # How far back each is read: in so many steps, or None for all there is.
        self.steps = dict.fromkeys(self.speaking.values(), 1)
        self.read, self.weighed = {}, None

    @cached_property
    def reach(self):
        """How many years before a day findings weigh at the least."""
        p = self.parameters
        return max(p.window_years, p.lapse_years) + SPARE

    def row(self):
        """What is to be written; None if it cannot be told from this much."""
        days = [finding.event_date for finding in (*self.before, *self.after)]
        if max(days, default=self.today) > self.today or not self._is_of_all():
            return None
        try:
            return self._written(days)
        except TooShort:
            return None

    def _is_of_all(self):
        """Whether what was written is of the very findings there were."""
        number, keys = self.old.gist["seen"]
        number += len(self.after) - len(self.before)
        keys += sum(f.pk for f in self.after) - sum(f.pk for f in self.before)
        return [number, keys] == self._sums["seen"]

    @cached_property
    def _sums(self):
        """Which findings there are: how many, the sum of their keys, the days."""
        speaks = Q(criterion__in=[*self.speaking])
        row = self._accepted(self.keys).aggregate(
            number=Count("pk"),
            keys=Sum("pk", default=0),
            first=Min("event_date", filter=speaks),
            last=Max("event_date", filter=speaks),
        )
        # On PostgreSQL the sum of whole numbers is a decimal.
        return row | {"seen": [row["number"], int(row["keys"])]}

    def _accepted(self, criteria):
        found = Finding.objects.accepted().filter(criterion__in=criteria)
        return found.filter(event_date__lte=self.today)

    # What is read for the rule.

    def _findings(self, codes, since=None, until=None):
        """Findings as the rule reads them, in order, of some criteria."""
        keys = [key for key, code in self.speaking.items() if code in codes]
        rows = self._accepted(keys)
        rows = rows.filter(event_date__gt=since) if since else rows
        rows = rows.filter(event_date__lte=until) if until else rows
        if self._dissented:
            rows = rows.with_dispute()
        else:
            rows = rows.annotate(in_dispute=F("disputed"))
        rows = rows.order_by("event_date", "pk").values_list(*READ)
        return [RuleFinding(*row) for row in rows]

    @cached_property
    def _dissented(self):
        dissents = Dissent.objects.on_record()
        return dissents.filter(finding__criterion__in=self.keys).exists()

    @cached_property
    def _searches(self):
        rows = Search.objects.known().filter(criterion__in=[*self.speaking])
        rows = rows.order_by("searched_on", "pk")
        rows = rows.values_list("criterion", "searched_on")
        return tuple(RuleSearch(self.speaking[key], day) for key, day in rows)

    def _back(self, day, steps):
        """The day up to which nothing is read so that ``day`` can be told; or None."""
        return steps and minus_years(day, steps * self.reach)

    def _case(self):
        """The case without what is too old to matter, as far as can be told."""
        then = minus_months(self.today, self.parameters.trend_months)
        since = {code: self._back(then, steps) for code, steps in self.steps.items()}
        for day in {since[code] for code in since if code not in self.read}:
            codes = [c for c in since if c not in self.read and since[c] == day]
            self.read |= {code: [] for code in codes}
            for finding in self._findings(codes, day):
                self.read[finding.criterion].append(finding)
        return Case(
            self.today,
            tuple(
                RuleCriterion(each.code, each.kind, each.essential, each.delivered_by)
                for each in self.criteria
            ),
            tuple(chain.from_iterable(self.read.values())),
            self._searches,
            tuple((code, day) for code, day in since.items() if day),
            self.weighed,
        )

    def _weighed(self):
        """How many findings weigh, of how many publishers, and what is said of them.

        No more are counted than the rule asks for.
        """
        p, rows = self.parameters, self._accepted([*self.speaking])
        forms = {
            tier: [form for form in FORMS if weigh(form, tier, p)] for tier in TIERS
        }
        weighs = [Q(tier=tier, form__in=each) for tier, each in forms.items()]
        rows = rows.exclude(effect=0).filter(reduce(or_, weighs)).order_by()
        publishers = rows.exclude(publisher="").values("publisher").distinct()
        return (
            len(rows.values("pk")[: p.enough_findings]),
            len(publishers[: p.enough_publishers]),
            rows.filter(coded_twice=False).exists(),
            rows.with_dispute().filter(in_dispute=True).exists(),
        )

    def _further(self, code):
        """Ask what is in the way, then read twice as far back: of one, or of all."""
        if not code and not self.weighed:
            self.weighed = self._weighed()
            return
        short = [each for each in self.steps if self.steps[each] and code in ("", each)]
        if not short:
            raise TooShort(code)
        for each in short:
            twice = self.steps[each] * 2
            self.steps[each] = twice if twice * self.reach < MOST_YEARS else None
            self.read.pop(each, None)

    # What is written.

    def _written(self, days):
        """The row, with as many of the old findings as it takes."""
        standing = self._standing(days)
        fields = {
            "good_until": self._good_until(),
            "counts": self._counts(),
            "last_evidence_on": self._sums["last"],
            "seen": self._sums["seen"],
        }
        while True:
            try:
                return row_of(standing, self._counted(standing), **fields)
            except TooShort as short:
                self._further(short.criterion)
                standing.case = self._case()
                standing.__dict__.pop("result", None)

    def _standing(self, days):
        standing = Standing(
            recommendation=self.recommendation,
            case=self._case(),
            parameters=self.parameters,
            rule=self.old.ruleset,
            codebook_id=self.old.codebook_id,
            assessment=self.old.assessment,
            criteria=self.criteria,
        )
        standing.first = self._sums["first"]
        standing.moves = {
            each.code: self._moves(each) for each in standing.case.criteria
        }
        return standing

    def _changed(self):
        """The findings that came or went, and speak to what is in force."""
        before, after = ({f.pk: f for f in rows} for rows in (self.before, self.after))
        changed = [
            before.get(key) or after[key] for key in before.keys() ^ after.keys()
        ]
        return [finding for finding in changed if finding.criterion_id in self.speaking]

    def _moves(self, criterion):
        """The moves of a criterion; read are the findings around those that changed."""
        kept = self.old.gist["moves"][criterion.code]
        kept = [(date.fromisoformat(day), Grade(*grade)) for day, *grade in kept]
        if kept[0][0] != self.recommendation.publication.published_on:
            raise TooShort(criterion.code)
        changed = [f for f in self._changed() if f.criterion.code == criterion.code]
        if not changed:
            return kept
        days = {finding.event_date for finding in changed}
        first, last = max(kept[0][0], min(days)), max(days)
        searched = [s.date for s in self._searches if s.criterion == criterion.code]
        for steps in (1, 2, 4, None):
            since, until = self._back(first, steps), None
            if steps == 1:
                until = max(first, first_day_beyond(last, 2 * self.reach))
            try:
                return moved(
                    kept,
                    criterion,
                    self._findings([criterion.code], since, until),
                    days,
                    since=since,
                    until=until,
                    searched_on=max(searched, default=None),
                    as_of=self.today,
                    parameters=self.parameters,
                )
            except TooShort:
                if steps is None:
                    raise

    def _good_until(self):
        """When what was written ends, or what changed may change something again."""
        changed = [_Day(finding.event_date) for finding in self._changed()]
        own = next_change_by(changed, self.today, self.parameters)
        return min(filter(None, [self.old.good_until, own]), default=None)

    def _counts(self):
        """How many findings show what: as it was, and what came or went."""
        counts = Counter(_flat(self.old.counts))
        for rows, step in ((self.before, -1), (self.after, 1)):
            for finding in rows:
                if finding.criterion_id in self.speaking:
                    counts[finding.criterion.code, str(finding.effect)] += step
        return _nested(counts)

    def _counted(self, standing):
        old = self.old.working
        on_record = {code: row["on_record"] for code, row in old["criteria"].items()}
        earlier = {code: row["earlier"] for code, row in old["criteria"].items()}
        steps = {
            each.code: old["criteria"][each.code]["number"]
            for each in self.criteria
            if each.kind == Criterion.CriterionKind.DELIVER
        }
        for rows, step in ((self.before, -1), (self.after, 1)):
            for finding in rows:
                code = finding.criterion.code
                if finding.criterion_id not in self.speaking:
                    if code in earlier:
                        earlier[code] += step
                    continue
                on_record[code] += step
                if code in steps and is_step(finding):
                    steps[code] += step
        return Counted(on_record, earlier, self._years(), self._listed(), steps)

    def _years(self):
        """By year, as it was, with what came and without what went."""
        old, years = self.old.working["years"], {}
        was, now = (years_of_findings(map(_on_record, rows)) for rows in self._both)
        for year in old.keys() | now.keys():
            entries = old.get(year, NO_YEAR)["entries"]
            counts = Counter(_flat(old.get(year, NO_YEAR)["findings"]))
            for rows, step in ((was, -1), (now, 1)):
                entries += step * rows.get(year, NO_YEAR)["entries"]
                for place, n in _flat(rows.get(year, NO_YEAR)["findings"]).items():
                    counts[place] += step * n
            if findings := _nested(counts):
                years[year] = {"entries": entries, "findings": findings}
        return years

    @property
    def _both(self):
        return self.before, self.after

    def _listed(self):
        """The keys of all findings where they are few, else of the newest entries'."""
        newest_first = ("-event_date", "-evidence_id", "pk")
        if self._sums["number"] <= LISTED:
            rows = self._accepted(self.keys).order_by(*newest_first)
            return [*rows.values_list("pk", flat=True)]
        # The newest entries of all are among the newest of each criterion.
        found = {
            row
            for key in self.keys
            for row in self._accepted([key])
            .order_by(*newest_first)
            .values_list("event_date", "evidence")[:ENTRIES]
        }
        entries = dict.fromkeys(entry for _day, entry in sorted(found, reverse=True))
        # Looked up by their entries: the database would rather read all of a criterion.
        rows = Finding.objects.filter(evidence__in=[*entries][:ENTRIES])
        rows = rows.values_list(
            "event_date", "evidence", "pk", "criterion", "accepted_at", "retired_at"
        )
        keys = {*self.keys}
        listed = sorted(
            (-day.toordinal(), -entry, key)
            for day, entry, key, criterion, accepted, retired in rows
            if criterion in keys and accepted and not retired and day <= self.today
        )
        return [key for _day, _entry, key in listed]


NO_YEAR = {"entries": 0, "findings": {}}


class _Day(NamedTuple):
    date: date


def _on_record(finding):
    return OnRecord(
        finding.criterion.recommendation_id,
        finding.pk,
        finding.evidence_id,
        finding.criterion.code,
        finding.criterion.meaning,
        finding.event_date,
        finding.effect,
    )


def _flat(counts):
    """Numbers by code and effect in one."""
    return {
        (code, effect): number
        for code, effects in counts.items()
        for effect, number in effects.items()
    }


def _nested(counts):
    """The same in two, as they are written; what is none is left out."""
    found = {}
    for (code, effect), number in sorted(counts.items()):
        if number:
            found.setdefault(code, {})[effect] = number
    return found
