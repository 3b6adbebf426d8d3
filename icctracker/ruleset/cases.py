"""Cases and results of the status rule as JSON, so that anyone can recompute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from .parameters import PUBLISHED, Parameters, as_values, faults, from_values
from .records import FORMS, KINDS, TIERS, Case, Criterion, Finding, Result, Search


class CaseError(ValueError):
    """A case that cannot be read; the message names the field."""


def read_case(data: object) -> Case:
    """Read a case from decoded JSON; raises CaseError naming the field at fault."""
    case = _Fields(data, "case", root=True)
    criteria = tuple(_read_criterion(item) for item in case.rows("criteria"))
    codes = [criterion.code for criterion in criteria]
    if not codes:
        raise CaseError("criteria: must hold at least one criterion")
    _refuse_repeats("criteria", "code", codes)
    findings = tuple(_read_finding(row, codes) for row in case.rows("findings"))
    _refuse_repeats("findings", "id", [finding.id for finding in findings])
    searches = tuple(
        Search(row.one_of("criterion", codes), row.day("date"))
        for row in case.rows("searches")
    )
    return Case(case.day("as_of"), criteria, findings, searches)


def read_parameters(data: dict) -> Parameters:
    """The values that a case is judged by; those that it leaves out are ruleset 1.0's.

    Raises CaseError naming the field at fault.
    """
    moved = data.get("parameters", {})
    if not isinstance(moved, dict):
        raise CaseError("parameters: must be an object")
    values = as_values(PUBLISHED) | moved
    for fault in faults(values):
        raise CaseError(f"parameters.{fault.name}: {_FAULTS[fault.why]}")
    return from_values(values)


_FAULTS = {
    "unknown": "is not a value that the rule knows",
    "number": "must be a whole number",
    "range": "is out of range",
    "order": "is above what it may not be above",
    "weightless": "some form must weigh something",
}


def _read_criterion(row: _Fields) -> Criterion:
    return Criterion(
        code=row.text("code"),
        kind=row.one_of("kind", KINDS),
        essential=row.flag("essential"),
        delivered_by=row.one_of("delivered_by", ("decision", "formal"), "decision"),
    )


def _read_finding(row: _Fields, codes: Sequence[str]) -> Finding:
    return Finding(
        id=row.identifier("id"),
        criterion=row.one_of("criterion", codes),
        date=row.day("date"),
        effect=row.one_of("effect", (-2, -1, 0, 1, 2)),
        form=row.one_of("form", FORMS),
        tier=row.one_of("tier", TIERS),
        occasion=row.flag("occasion"),
        publisher=row.text("publisher", blank=True),
        double_coded=row.flag("double_coded", False),
        disputed=row.flag("disputed", False),
    )


def _refuse_repeats(rows: str, name: str, values: Sequence[int | str]) -> None:
    seen = set()
    for index, value in enumerate(values):
        if value in seen:
            raise CaseError(f"{rows}[{index}].{name}: {value!r} is there twice")
        seen.add(value)


class _Fields:
    """One JSON object, read field by field; every fault names its place."""

    def __init__(self, data: object, place: str, *, root: bool = False):
        if not isinstance(data, dict):
            raise CaseError(f"{place}: must be an object")
        self.data, self.prefix = data, "" if root else f"{place}."

    def _fail(self, name: str, what: str):
        raise CaseError(f"{self.prefix}{name}: {what}")

    def _value(self, name: str, default: object = ...):
        value = self.data.get(name)
        if value is None:
            if default is ...:
                self._fail(name, "is missing")
            return default
        return value

    def rows(self, name: str) -> list[_Fields]:
        value = self._value(name)
        if not isinstance(value, list):
            self._fail(name, "must be a list")
        return [_Fields(item, f"{name}[{i}]") for i, item in enumerate(value)]

    def text(self, name: str, *, blank: bool = False) -> str:
        value = self._value(name)
        if not isinstance(value, str) or not (value or blank):
            self._fail(name, "must be a text")
        return value

    def flag(self, name: str, default: object = ...) -> bool:
        value = self._value(name, default)
        if not isinstance(value, bool):
            self._fail(name, "must be true or false")
        return value

    def identifier(self, name: str) -> int | str:
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, int | str):
            self._fail(name, "must be a whole number or a text")
        return value

    def one_of(self, name: str, allowed: Sequence, default: object = ...):
        value = self._value(name, default)
        # JSON's true and 2.0 equal 1 and 2 in Python, but are not what was meant.
        if type(value) is not type(allowed[0]) or value not in allowed:
            self._fail(name, f"must be one of {', '.join(map(str, allowed))}")
        return value

    def day(self, name: str) -> date:
        value = self._value(name)
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            day = None
        if day is None or day.isoformat() != value:
            self._fail(name, "must be a date written YYYY-MM-DD")
        return day


def case_as_json(case: Case, parameters: Parameters = PUBLISHED) -> dict:
    """The case in the shape that ``read_case`` takes, with the values that moved."""
    published = as_values(PUBLISHED)
    moved = {
        name: value
        for name, value in as_values(parameters).items()
        if value != published[name]
    }
    return _case(case) | ({"parameters": moved} if moved else {})


def _case(case: Case) -> dict:
    return {
        "as_of": case.as_of.isoformat(),
        "criteria": [
            {name: getattr(c, name) for name in Criterion.__slots__}
            for c in case.criteria
        ],
        "findings": [
            {name: _plain(getattr(f, name)) for name in Finding.__slots__}
            for f in case.findings
        ],
        "searches": [
            {"criterion": s.criterion, "date": s.date.isoformat()}
            for s in case.searches
        ],
    }


def result_as_json(result: Result) -> dict:
    """The result as published: dates as text, scores as numbers."""
    names = ("level", "score", "tested_on", "lapsed", "occasions", "complied")
    names += ("last_on", "lapsed_on", "weight", "kept")
    return {
        "code": result.status.code,
        "reason": result.status.reason,
        "trace": result.status.trace,
        "level": result.status.level,
        "contrary": result.contrary,
        "criteria": {
            code: {name: _plain(getattr(found, name)) for name in names}
            | {"later": list(found.later)}
            for code, found in result.criteria.items()
        },
        "fragile": [finding for finding, _ in result.fragile],
        "trend": result.trend,
        "confidence": result.confidence,
        "because": {name: list(codes) for name, codes in result.because},
        "review_due_months": result.review_due_months,
    }


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Fraction) else value
