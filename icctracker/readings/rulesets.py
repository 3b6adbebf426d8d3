"""The values of a ruleset in words, how two of them differ, what a draft would change.

Reads only.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.models import Ruleset
from icctracker.ruleset.parameters import LIMITS, NAMES, as_values, faults

from .standing import parameters_of, standings
from .versions import StatusPreview

LABELS = {
    "window_years": gettext_lazy("Window, in years"),
    "decision": gettext_lazy("Weight of a decision"),
    "formal": gettext_lazy("Weight of a formal position"),
    "process": gettext_lazy("Weight of process"),
    "omission": gettext_lazy("Weight of an omission"),
    "signal": gettext_lazy("Weight of a signal"),
    "secondary_cap": gettext_lazy("Most a secondary source may weigh"),
    "full": gettext_lazy("Level 3 from, per cent"),
    "sustain_large": gettext_lazy("To sustain: level 2 from, per cent"),
    "sustain_some": gettext_lazy("To sustain: level 1 above, per cent"),
    "refrain_large": gettext_lazy("To avoid: level 2 from, per cent"),
    "refrain_some": gettext_lazy("To avoid: level 1 from, per cent"),
    "lapse_years": gettext_lazy("A lone step lapses after, in years"),
    "search_years": gettext_lazy("A search grows old after, in years"),
    "part_kept": gettext_lazy("Part compliance counts, per cent"),
    "part_departed": gettext_lazy("Part departure counts, per cent"),
    "enough_occasions": gettext_lazy("Occasions that are enough to judge"),
    "trend_months": gettext_lazy("Trend compares with, months earlier"),
    "trend_movement": gettext_lazy("Trend: score moves from, per cent"),
    "enough_findings": gettext_lazy("Confidence: weighed findings needed"),
    "enough_publishers": gettext_lazy("Confidence: publishers needed"),
    "untested_years": gettext_lazy("Confidence: untested after, in years"),
    "low_doubts": gettext_lazy("Confidence is low from, number of doubts"),
    "review_months": gettext_lazy("Review due after, in months"),
    "review_months_soon": gettext_lazy("Review due in doubt after, in months"),
    "held_days": gettext_lazy("A shorter interruption is passed over, in days"),
}
_FAULTS = {
    "unknown": gettext_lazy("“%(name)s” is not a value that the rule knows."),
    "missing": gettext_lazy("%(label)s: the value is missing."),
    "number": gettext_lazy("%(label)s: write a whole number."),
    "range": gettext_lazy("%(label)s: it lies between %(least)s and %(most)s."),
    "order": gettext_lazy("%(label)s: it may not be above “%(other)s”."),
    "weightless": gettext_lazy("%(label)s: some form must weigh something."),
}


def faults_in_words(values):
    """Pairs of name and sentence for all that is impossible in a set of values."""
    for fault in faults(values):
        least, most = LIMITS.get(fault.name, ("", ""))
        said = {
            "name": fault.name[:40],
            "label": LABELS.get(fault.name, fault.name),
            "other": LABELS.get(fault.other, ""),
            "least": least,
            "most": most,
        }
        yield fault.name, _FAULTS[fault.why] % said


@dataclass(frozen=True)
class Value:
    """One parameter beside itself in the version before; None where there was none."""

    name: str
    before: int | None
    after: int

    @property
    def label(self):
        return LABELS[self.name]

    @property
    def is_change(self):
        return self.before is not None and self.before != self.after


def values_of(ruleset, before=None):
    """A Value for each parameter of a version, in the order of the rule."""
    after = as_values(parameters_of(ruleset))
    earlier = as_values(parameters_of(before)) if before else {}
    return [Value(name, earlier.get(name), after[name]) for name in NAMES]


@dataclass
class RulePreview(StatusPreview):
    """What a draft of the rule would change if it took effect on a day."""

    values: list

    @property
    def changed(self):
        return [value for value in self.values if value.is_change]

    @property
    def is_empty(self):
        return not self.changed


def preview(draft, as_of):
    """What a draft would change; the same number of queries however much there is."""
    before = Ruleset.objects.before(draft)
    recommendations = list(draft.publication.recommendations.with_parts())
    statuses = zip(
        standings(as_of, recommendations=recommendations),
        standings(as_of, recommendations=recommendations, rule=draft),
        strict=True,
    )
    return RulePreview(draft, before, list(statuses), values_of(draft, before))


def problems(draft, shown):
    """Why a draft cannot be published yet, as sentences; ``shown`` is its preview."""
    found = [sentence for _name, sentence in faults_in_words(draft.values)]
    if shown.is_empty:
        found.append(_("The draft changes nothing: it is the version in force."))
    return found
