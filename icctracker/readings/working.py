"""The working behind a status: what its page tells beside the status itself.

It stays small at any number of findings: numbers, and the keys of the few findings that
a page names. As plain data, which JSON holds, it is written beside the status.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from icctracker.models import Criterion, Finding
from icctracker.ruleset import CriterionResult, Parameters, Status, Step, TooShort

from .grounds import fraction_of, result_as_data, result_of, text_of
from .standing import Explained, Weighed

# So many findings are listed and drawn one by one; of more, only the newest entries are
# listed, and the findings of each year are drawn together.
LISTED = 80
# How many a page names of each, the newest: entries, findings that decide a criterion,
# findings that alone decide the status, changes of the status.
ENTRIES, STEPS, FRAGILE, CHANGES = 25, 36, 10, 25


class OnRecord(NamedTuple):
    """A finding on record, as far as it is counted."""

    owner: int
    key: int
    evidence: int
    code: str
    meaning: int
    day: date
    effect: int


def on_record(recommendations, as_of, known_at=None):
    """The findings of each recommendation by its key, newest first; one query."""
    rows = (
        Finding.objects.accepted(known_at)
        .filter(criterion__recommendation__in=recommendations, event_date__lte=as_of)
        .order_by("-event_date", "-evidence_id", "pk")
        .values_list(
            "criterion__recommendation",
            "pk",
            "evidence",
            "criterion__code",
            "criterion__meaning",
            "event_date",
            "effect",
        )
    )
    found = defaultdict(list)
    for row in rows.iterator(chunk_size=5000):
        found[row[0]].append(OnRecord(*row))
    return found


@dataclass
class Counted:
    """What is counted of the findings on record: by criterion and by year.

    ``steps`` says how many decide a criterion where the result names the newest only.
    """

    on_record: dict[str, int]
    earlier: dict[str, int]
    years: dict
    listed: list[int]
    steps: dict[str, int] = field(default_factory=dict)


def counted(standing, findings):
    """What is counted of all findings on record, newest first."""
    meanings = {criterion.code: criterion.meaning for criterion in standing.criteria}
    numbers = Counter((finding.code, finding.meaning) for finding in findings)
    coded = Counter(finding.code for finding in findings)
    on_record = {code: numbers[code, meaning] for code, meaning in meanings.items()}
    earlier = {code: coded[code] - number for code, number in on_record.items()}
    return Counted(on_record, earlier, years_of_findings(findings), _listed(findings))


def working(standing, counted):
    """What is written of a Standing, with what is counted of the findings on record."""
    history, fragile = standing.history, standing.result.fragile
    return {
        "criteria": _criteria(standing, counted),
        "years": counted.years,
        "listed": counted.listed,
        "fragile": [[key, without.code] for key, without in fragile[-FRAGILE:]],
        "fragile_in_all": len(fragile),
        "history": [
            [day.isoformat(), status.code, status.level, status.reason, status.trace]
            for day, status in history[-CHANGES:]
        ],
        "history_in_all": len(history),
    }


def _criteria(standing, counted):
    """By code: the level, how many findings there are, and the newest that decide."""
    results = standing.result.criteria
    numbers = {code: len(result.steps) for code, result in results.items()}
    numbers |= counted.steps
    each = _evenly([*numbers.values()], STEPS)
    for code, result in results.items():
        if len(result.steps) < min(each, numbers[code]):
            raise TooShort(code)
    return {
        code: result_as_data(result, standing.as_of)
        | {
            "number": numbers[code],
            "on_record": counted.on_record[code],
            "earlier": counted.earlier[code],
            "steps": [_step(step) for step in result.steps[-each:]],
        }
        for code, result in results.items()
    }


def _evenly(numbers, most):
    """How many of each may be named, so that they are not more than ``most`` in all."""
    each = most
    while each > 1 and sum(min(each, number) for number in numbers) > most:
        each -= 1
    return each


def _step(step):
    return [
        step.finding,
        step.weight,
        text_of(step.value),
        text_of(step.share),
        step.level,
    ]


def years_of_findings(findings):
    """By year: how many entries, and how many findings by criterion and effect."""
    entries, shown = defaultdict(set), defaultdict(lambda: defaultdict(Counter))
    for finding in findings:
        year = str(finding.day.year)
        entries[year].add(finding.evidence)
        shown[year][finding.code][str(finding.effect)] += 1
    return {
        year: {
            "entries": len(entries[year]),
            "findings": {code: dict(effects) for code, effects in found.items()},
        }
        for year, found in shown.items()
    }


def _listed(findings):
    """The keys of all findings where they are few, else of the newest entries'."""
    if len(findings) <= LISTED:
        return [finding.key for finding in findings]
    entries = dict.fromkeys(finding.evidence for finding in findings)
    newest = set(list(entries)[:ENTRIES])
    return [finding.key for finding in findings if finding.evidence in newest]


# The same, read back.


def named(standing):
    """The keys of all the findings that the working of a PresentStanding names."""
    written = standing.working
    steps = [step for each in written["criteria"].values() for step in each["steps"]]
    later = [key for each in written["criteria"].values() for key in each["later"]]
    named = {row[0] for row in (*steps, *written["fragile"])}
    return named | {*later, *written["listed"]}


@dataclass
class CriterionWorking(Explained):
    """One criterion with its level, and the newest of the findings that decide it."""

    criterion: Criterion
    result: CriterionResult
    as_of: date
    parameters: Parameters
    number: int
    on_record: int
    earlier: int
    # In the order in which they count.
    rows: list[Weighed] = field(default_factory=list)
    # Cases that came after the last ones that could be measured.
    later: list[Finding] = field(default_factory=list)

    @property
    def unweighed(self):
        return self.on_record - self.number

    @property
    def in_all(self):
        """How many there are on it, with those of an earlier test."""
        return self.on_record + self.earlier

    @property
    def left_out(self):
        """How many of those that decide it are not named."""
        return self.number - len(self.rows)


def criteria_of(standing, criteria, findings, parameters):
    """A CriterionWorking for each criterion; ``findings`` are those named, by key."""
    written = standing.working["criteria"]
    return [
        CriterionWorking(
            criterion,
            result_of(written[criterion.code]),
            standing.as_of,
            parameters,
            *(written[criterion.code][name] for name in _NUMBERS),
            [
                Weighed(findings[step[0]], _step_of(step))
                for step in written[criterion.code]["steps"]
                if step[0] in findings
            ],
            [
                findings[key]
                for key in written[criterion.code].get("later", ())
                if key in findings
            ],
        )
        for criterion in criteria
        if criterion.code in written
    ]


_NUMBERS = ("number", "on_record", "earlier")


def _step_of(row):
    finding, weight, value, share, level = row
    return Step(finding, weight, fraction_of(value), fraction_of(share), level)


def fragile_of(standing, findings):
    """The findings without which the status would be another, and which one."""
    return [
        Weighed(findings[key], without=Status(code))
        for key, code in standing.working["fragile"]
        if key in findings
    ]


def history_of(standing):
    """Pairs of day and status: the newest changes of what the rule suggested."""
    return [
        (date.fromisoformat(day), Status(*status))
        for day, *status in standing.working["history"]
    ]


@dataclass(frozen=True)
class Year:
    """How many entries there are of a year, and how many findings by effect."""

    year: int
    entries: int
    effects: dict

    @property
    def findings(self):
        return sum(self.effects.values())

    @property
    def by_effect(self):
        """How many findings of each effect, from in full for to in full against."""
        return [self.effects[effect] for effect in (2, 1, 0, -1, -2)]

    @property
    def first(self):
        """Its first day, as an address has it."""
        return f"{self.year}-01-01"

    @property
    def last(self):
        return f"{self.year}-12-31"


def years_of(standing):
    """A Year for each that has a finding, newest first."""
    found = []
    for year, row in standing.working["years"].items():
        effects = Counter()
        for counted in row["findings"].values():
            effects.update({int(effect): n for effect, n in counted.items()})
        found.append(Year(int(year), row["entries"], effects))
    return sorted(found, key=lambda each: each.year, reverse=True)
