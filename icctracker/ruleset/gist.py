"""What is enough of a case to tell its status on its day with some findings more.

Of thousands of findings it keeps what they amount to, as plain values that JSON holds.
The full rule is what it is held to (``tests/ruleset/test_gist.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .conduct import Conduct
from .delivery import Delivery
from .parameters import PUBLISHED, Parameters
from .records import Case, Criterion, Finding, Grade, Status
from .rule import is_on_record, parts_of, status_from, until

OF_CRITERION = ("code", "kind", "essential", "delivered_by")


def gist_of(case: Case, parameters: Parameters = PUBLISHED) -> dict:
    """The gist of a case, good until time alone may change its result."""
    findings = until(case.findings, case.as_of)
    parts = parts_of(case, findings, parameters)
    return {
        "on_record": is_on_record(case, findings, case.as_of),
        "criteria": [
            {name: getattr(criterion, name) for name in OF_CRITERION}
            | parts[criterion.code].gist(case.as_of)
            for criterion in case.criteria
        ],
    }


def status_with(
    gist: dict,
    added: Iterable[Finding],
    day: date,
    parameters: Parameters = PUBLISHED,
) -> Status | None:
    """The status on ``day`` were these findings there too.

    None where the gist does not tell, and the case itself has to be asked.
    """
    findings, grades, criteria = until(added, day), {}, []
    for kept in gist["criteria"]:
        criterion = Criterion(**{name: kept[name] for name in OF_CRITERION})
        own = [finding for finding in findings if finding.criterion == criterion.code]
        grade = Grade(*kept["grade"])
        if own:
            grade = _part(criterion, own, parameters).grade_beside(kept, day)
        if grade is None:
            return None
        criteria.append(criterion)
        grades[criterion.code] = grade
    return status_from(criteria, grades, gist["on_record"] or bool(findings))


def _part(criterion, findings, parameters) -> Conduct | Delivery:
    if criterion.kind == "deliver":
        return Delivery(criterion, findings, None, parameters)
    return Conduct(criterion, findings, parameters)
