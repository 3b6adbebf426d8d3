"""What the sentences beside a status rest on: small, plain, written with the status.

Lists read it as it was written, so that they say how sure a status is without reading
what it was worked out from.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from icctracker.ruleset import CriterionResult


def grounds_of(standing):
    """What is written of a Standing that was worked out, as JSON holds it."""
    result, case = standing.result, standing.case
    return {
        "trace": result.status.trace,
        "fragile": len(result.fragile),
        "because": [[name, [*codes]] for name, codes in result.because],
        "window_years": standing.parameters.window_years,
        "parts": [
            {"code": each.code, "kind": each.kind, "essential": each.essential}
            | result_as_data(result.criteria[each.code], case.as_of)
            for each in case.criteria
        ],
    }


def result_as_data(result, as_of):
    """The result of a criterion but for its steps, as JSON holds it."""
    tested_on = result.tested_on
    return {
        "level": result.level,
        "score": text_of(result.score),
        # Only where that was before: what is tested now is so on any day it is read.
        "not_tested_since": tested_on.isoformat()
        if tested_on and tested_on < as_of
        else None,
        "lapsed": result.lapsed,
        "occasions": result.occasions,
        "complied": result.complied,
        "breach": result.breach,
        "trace": result.trace,
        "weight": result.weight,
        "kept": result.kept,
        "last_on": result.last_on and result.last_on.isoformat(),
        "lapsed_on": result.lapsed_on and result.lapsed_on.isoformat(),
        "later": [*result.later],
    }


def result_of(row):
    """The result that was written; its steps are not part of it."""
    days = {
        name: row.get(name) and date.fromisoformat(row[name])
        for name in ("not_tested_since", "last_on", "lapsed_on")
    }
    return CriterionResult(
        level=row["level"],
        score=fraction_of(row["score"]),
        tested_on=days["not_tested_since"],
        lapsed=row["lapsed"],
        occasions=row["occasions"],
        complied=row["complied"],
        breach=row["breach"],
        trace=row.get("trace", ""),
        weight=row.get("weight", 0),
        kept=row.get("kept", 0),
        last_on=days["last_on"],
        lapsed_on=days["lapsed_on"],
        later=tuple(row.get("later", ())),
    )


def text_of(fraction):
    """A fraction as text, which loses nothing."""
    return None if fraction is None else str(fraction)


def fraction_of(text):
    return None if text is None else Fraction(text)


@dataclass(frozen=True)
class Part:
    """One criterion as a sentence speaks of it."""

    code: str
    kind: str
    essential: bool
    result: CriterionResult

    @property
    def is_conduct(self):
        return self.kind != "deliver"

    @property
    def not_measurable_since(self):
        return self.result.tested_on

    @property
    def rests_on_one(self):
        """Whether its level follows from a single case."""
        judged = self.is_conduct and self.result.level is not None
        return judged and self.result.occasions == 1


def parts_of(standing):
    """A Part for each criterion that a status rests on, worked out or as written."""
    return [
        Part(row["code"], row["kind"], row["essential"], result_of(row))
        for row in standing.grounds["parts"]
    ]
