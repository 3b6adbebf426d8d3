"""The rule agrees with what was worked out of the same data without it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from icctracker.models.evidence import publisher_of
from icctracker.models.vocabulary import Kind
from icctracker.ruleset import Case, Criterion, Finding, Search, evaluate, history
from icctracker.ruleset.parameters import PUBLISHED
from icctracker.ruleset.rule import since
from tests.releases import expected, first_evidence, first_searches, read

RELEASES = {
    "codebook_1_0_first_data": ("codebook", first_evidence, first_searches),
    "codebook_1_1_second_data": (
        "codebook-1.1",
        lambda: read("evidence"),
        lambda: read("searches"),
    ),
    "codebook_1_0_second_data": (
        "codebook",
        lambda: read("evidence"),
        lambda: read("searches"),
    ),
}
CODES = [f"R{number}" for number in range(1, 11)]


def case_of(release, code, day):
    codebook, evidence, searches = RELEASES[release]
    criteria = tuple(
        Criterion(
            row["code"],
            row["kind"],
            row["essential"],
            row.get("delivered_by") or "decision",
        )
        for row in read(codebook)["criteria"]
        if row["recommendation"] == code
    )
    codes = {each.code for each in criteria}
    return Case(
        day,
        criteria,
        tuple(
            finding_of(row, said)
            for row in evidence()
            for said in row["findings"]
            if row["verification"] == "verified" and said["criterion"] in codes
        ),
        tuple(
            Search(row["criterion"], date.fromisoformat(row["date"]))
            for row in searches()
            if row["criterion"] in codes
        ),
    )


def finding_of(row, said):
    return Finding(
        id=f"{row['slug']}/{said['criterion']}",
        criterion=said["criterion"],
        date=date.fromisoformat(row["date"]),
        effect=said["effect"],
        form=said.get("form") or str(Kind(row["kind"]).proposed_form),
        tier=row["tier"],
        occasion=said["occasion"],
        publisher=publisher_of(row["sources"][0]["url"]),
    )


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("release", RELEASES)
class TestTheTenStatuses:
    def test_are_those_that_were_worked_out_independently(self, release, code):
        for text, wanted in expected()[release][code]["dates"].items():
            found = evaluate(case_of(release, code, date.fromisoformat(text)))

            assert (found.status.code, found.status.level, found.status.reason) == (
                wanted["status"],
                wanted["level"],
                wanted["reason"],
            )
            assert found.contrary == wanted["contrary"]
            assert found.trend == wanted["trend"]
            assert sorted(name for name, _ in found.fragile) == sorted(
                wanted["fragile"]
            )
            for name, said in wanted["criteria"].items():
                assert_same(found.criteria[name], said, on=text)

    def test_are_as_sure_but_for_the_publishers_of_the_sources(self, release, code):
        """The file was worked out without them: all evidence seemed thin.

        Where two publishers or more stand behind three findings or more it is not, as
        the ruleset says, and that is one doubt less.
        """
        for text, wanted in expected()[release][code]["dates"].items():
            case = case_of(release, code, date.fromisoformat(text))
            unnamed = tuple(replace(each, publisher="") for each in case.findings)

            found = evaluate(case)
            without = evaluate(replace(case, findings=unnamed))

            assert without.confidence == wanted["confidence"]
            assert set(without.doubts) - set(found.doubts) <= {"thin"}
            if "thin" not in found.doubts:
                behind = [f for f in case.findings if f.effect and f.date <= case.as_of]
                assert len(behind) >= PUBLISHED.enough_findings
                publishers = {each.publisher for each in behind}
                assert len(publishers) >= PUBLISHED.enough_publishers

    def test_have_stood_since_the_same_day_by_both_rulesets(self, release, code):
        wanted = expected()[release][code]
        first, last = min(wanted["dates"]), max(wanted["dates"])
        case = case_of(release, code, date.fromisoformat(last))
        changes = history(case, date.fromisoformat(first))

        spells = [changes[0], *_moves(changes)]
        assert [[str(day), status.code] for day, status in spells] == wanted["spells"]
        for days, name in ((0, "since_ruleset_1_0"), (180, "since_ruleset_1_1")):
            found = since(changes, replace(PUBLISHED, held_days=days))
            assert str(found) == wanted[name]


def _moves(changes):
    return [
        (day, status)
        for (_, before), (day, status) in zip(changes, changes[1:], strict=False)
        if before.code != status.code
    ]


def assert_same(found, said, on):
    assert found.level == said["level"]
    assert found.lapsed == said["lapsed"]
    assert found.breach == bool(said["breach"])
    # The file tells the day of the last test only where there is none any more.
    tested_on = str(found.tested_on) if found.tested_on else None
    assert (None if tested_on == on else tested_on) == said["tested_on"]
    if said["score_exact"] is None:
        assert found.score is None
    else:
        assert found.score == Fraction(said["score_exact"])
    if said["occasions"] is not None:
        counts = (found.occasions, found.complied)
        assert counts == (said["occasions"], said["complied"])
