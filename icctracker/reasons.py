"""Why a recommendation stands where it does: each finding's weight and share."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from icctracker.models import Criterion, Finding
from icctracker.ruleset import PUBLISHED, CriterionResult, Status, Step, minus_years
from icctracker.words import LEVELS


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


@dataclass
class CriterionReason:
    """One criterion with its level and the findings behind it, oldest first."""

    criterion: Criterion
    result: CriterionResult
    as_of: object
    rows: list[Weighed] = field(default_factory=list)
    searches: list = field(default_factory=list)
    # Findings on an earlier test of the same code, not yet coded anew.
    earlier: list = field(default_factory=list)

    @property
    def level_words(self):
        return LEVELS[self.result.level]

    @property
    def level_boxes(self):
        """Three marks, as many of them on as the level says."""
        return [step < (self.result.level or 0) for step in range(3)]

    @cached_property
    def weighed(self):
        return [row for row in self.rows if row.step]

    @cached_property
    def unweighed(self):
        return [row for row in self.rows if not row.step]

    @property
    def is_conduct(self):
        return self.criterion.kind != Criterion.CriterionKind.DELIVER

    @property
    def window_start(self):
        """The day after which an occasion counts."""
        tested_on = self.result.tested_on or self.as_of
        return minus_years(tested_on, PUBLISHED.window_years)

    @property
    def not_tested_since(self):
        tested_on = self.result.tested_on
        return tested_on if tested_on and tested_on < self.as_of else None

    @property
    def basis(self):
        """What the level rests on, in a few words."""
        result = self.result
        if result.level is None:
            return _("too little evidence to judge") if self.rows else _("nothing yet")
        if self.is_conduct:
            return ngettext(
                "complied on %(complied)s of %(n)s occasion",
                "complied on %(complied)s of %(n)s occasions",
                result.occasions,
            ) % {"complied": result.complied, "n": result.occasions}
        if result.lapsed:
            return _("a step was taken, but it lapsed")
        if result.level:
            return ngettext("%(n)s step", "%(n)s steps", len(self.weighed)) % {
                "n": len(self.weighed)
            }
        if self.weighed:
            return _("what was done has been undone")
        return _("no action found")


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
            rows[criterion.code],
            looked[criterion.code],
            earlier[criterion.code],
        )
        for criterion in criteria
    ]
