"""The rule run alone: a case as JSON in, the result as JSON out."""

import copy
import json
import subprocess
import sys

import pytest
from django.conf import settings

from icctracker.models import Effect, Form, Kind, Tier
from icctracker.models.recommendations import Criterion
from icctracker.ruleset import FORMS, KINDS, PUBLISHED, TIERS
from icctracker.ruleset.cases import CaseError, read_case

EXAMPLE = {
    "as_of": "2026-11-23",
    "criteria": [
        {
            "code": "7a",
            "kind": "refrain",
            "essential": True,
            "delivered_by": "decision",
        }
    ],
    "findings": [
        {
            "id": 1,
            "criterion": "7a",
            "date": "2014-05-22",
            "effect": -2,
            "form": "decision",
            "tier": "A",
            "occasion": True,
            "publisher": "United Nations",
            "double_coded": False,
            "disputed": False,
        }
    ],
    "searches": [{"criterion": "7a", "date": "2026-01-10"}],
}

GONE = object()


def changed(path, value):
    """The example with one field set, or removed (``GONE``)."""
    case = copy.deepcopy(EXAMPLE)
    *way, last = path
    place = case
    for step in way:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return case


def run(text, *, cwd=settings.BASE_DIR):
    """Run the rule as anyone would, without settings and without a database."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "icctracker.ruleset"],
        input=text.encode() if isinstance(text, str) else text,
        capture_output=True,
        cwd=cwd,
        env={"PATH": ""},
        timeout=30,
    )


class TestRunningAlone:
    def test_the_published_example(self):
        ran = run(json.dumps(EXAMPLE))

        assert ran.returncode == 0
        assert ran.stderr == b""
        assert json.loads(ran.stdout) == {
            "code": "not-followed",
            "reason": "contrary practice",
            "trace": "",
            "level": 0,
            "contrary": True,
            "criteria": {
                "7a": {
                    "level": 0,
                    "score": 0.0,
                    "tested_on": "2014-05-22",
                    "lapsed": False,
                    "occasions": 1,
                    "complied": 0,
                    "last_on": "2014-05-22",
                    "lapsed_on": None,
                    "weight": 5,
                    "kept": 0,
                    "later": [],
                }
            },
            "fragile": [1],
            "trend": "steady",
            "confidence": "low",
            "because": {
                "few-findings": [],
                "few-publishers": [],
                "untested": ["7a"],
                "coded-once": [],
                "fragile": [],
            },
            "review_due_months": 6,
        }

    @pytest.mark.parametrize(
        ("text", "field"),
        [
            ("", "case"),
            ("{", "case"),
            ("[]", "case"),
            ("null", "case"),
            (b"\xff\xfe\x00", "case"),
            ("[" * 100_000, "case"),
            (json.dumps(changed(["as_of"], "2026-02-30")), "as_of"),
            (json.dumps(changed(["findings", 0, "effect"], 3)), "findings[0].effect"),
            (
                json.dumps(changed(["criteria", 0, "code"], "7\na")),
                "findings[0].criterion",
            ),
        ],
    )
    def test_a_malformed_case_ends_with_two_and_one_line(self, text, field):
        ran = run(text)

        assert ran.returncode == 2
        assert ran.stdout == b""
        lines = ran.stderr.decode().splitlines()
        assert len(lines) == 1
        assert lines[0].startswith(f"{field}: ")


class TestReading:
    @pytest.mark.parametrize(
        ("path", "value", "field"),
        [
            (["as_of"], GONE, "as_of"),
            (["as_of"], None, "as_of"),
            (["as_of"], 20261123, "as_of"),
            (["as_of"], "23.11.2026", "as_of"),
            (["as_of"], "20261123", "as_of"),
            (["as_of"], "2026-11-23T10:00", "as_of"),
            (["as_of"], "2026-W48-1", "as_of"),
            (["as_of"], "2025-02-29", "as_of"),
            (["criteria"], GONE, "criteria"),
            (["criteria"], [], "criteria"),
            (["criteria"], {}, "criteria"),
            (["criteria", 0], "7a", "criteria[0]"),
            (["criteria", 0, "code"], "", "criteria[0].code"),
            (["criteria", 0, "code"], 7, "criteria[0].code"),
            (["criteria", 0, "kind"], "avoid", "criteria[0].kind"),
            (["criteria", 0, "kind"], ["refrain"], "criteria[0].kind"),
            (["criteria", 0, "essential"], "yes", "criteria[0].essential"),
            (["criteria", 0, "essential"], 1, "criteria[0].essential"),
            (["criteria", 0, "essential"], GONE, "criteria[0].essential"),
            (["criteria", 0, "delivered_by"], "process", "criteria[0].delivered_by"),
            (["criteria"], EXAMPLE["criteria"] * 2, "criteria[1].code"),
            (["findings"], GONE, "findings"),
            (["findings"], None, "findings"),
            (["findings"], "none", "findings"),
            (["findings", 0], None, "findings[0]"),
            (["findings", 0, "id"], GONE, "findings[0].id"),
            (["findings", 0, "id"], True, "findings[0].id"),
            (["findings", 0, "id"], 1.5, "findings[0].id"),
            (["findings", 0, "criterion"], "7b", "findings[0].criterion"),
            (["findings", 0, "criterion"], [], "findings[0].criterion"),
            (["findings", 0, "date"], "2014-5-22", "findings[0].date"),
            (["findings", 0, "date"], GONE, "findings[0].date"),
            (["findings", 0, "effect"], "-2", "findings[0].effect"),
            (["findings", 0, "effect"], 1.0, "findings[0].effect"),
            (["findings", 0, "effect"], True, "findings[0].effect"),
            (["findings", 0, "effect"], -3, "findings[0].effect"),
            (["findings", 0, "effect"], float("nan"), "findings[0].effect"),
            (["findings", 0, "form"], "veto", "findings[0].form"),
            (["findings", 0, "form"], "Decision", "findings[0].form"),
            (["findings", 0, "tier"], "D", "findings[0].tier"),
            (["findings", 0, "tier"], "a", "findings[0].tier"),
            (["findings", 0, "occasion"], None, "findings[0].occasion"),
            (["findings", 0, "occasion"], 0, "findings[0].occasion"),
            (["findings", 0, "publisher"], 4, "findings[0].publisher"),
            (["findings", 0, "publisher"], GONE, "findings[0].publisher"),
            (["findings", 0, "double_coded"], "no", "findings[0].double_coded"),
            (["findings", 0, "disputed"], 0, "findings[0].disputed"),
            (["findings"], EXAMPLE["findings"] * 2, "findings[1].id"),
            (["searches"], GONE, "searches"),
            (["searches", 0], 3, "searches[0]"),
            (["searches", 0, "criterion"], "9z", "searches[0].criterion"),
            (["searches", 0, "date"], "soon", "searches[0].date"),
        ],
    )
    def test_the_field_at_fault_is_named(self, path, value, field):
        with pytest.raises(CaseError) as fault:
            read_case(changed(path, value))

        assert str(fault.value).startswith(f"{field}: ")
        assert "\n" not in str(fault.value)

    @pytest.mark.parametrize("name", ["double_coded", "disputed"])
    def test_what_is_not_said_of_the_coding_is_taken_as_no(self, name):
        case = read_case(changed(["findings", 0, name], GONE))

        assert getattr(case.findings[0], name) is False

    def test_a_thing_is_delivered_by_a_decision_unless_told(self):
        case = read_case(changed(["criteria", 0, "delivered_by"], GONE))

        assert case.criteria[0].delivered_by == "decision"

    def test_findings_may_have_names_for_numbers(self):
        case = read_case(changed(["findings", 0, "id"], "syria-2014"))

        assert case.findings[0].id == "syria-2014"

    def test_an_unnamed_publisher_and_no_searches_are_no_fault(self):
        case = read_case(changed(["findings", 0, "publisher"], ""))
        bare = read_case(changed(["searches"], []))

        assert case.findings[0].publisher == ""
        assert bare.searches == ()


@pytest.fixture(scope="module")
def codebook():
    path = settings.BASE_DIR / "fixtures" / "tracker" / "codebook.json"
    return json.loads(path.read_text(encoding="utf-8"))


class TestCodebook:
    """The published codebook and the code say the same."""

    def test_forms_and_their_weights(self, codebook):
        published = {form: row["weight"] for form, row in codebook["forms"].items()}

        assert published == {form: getattr(PUBLISHED, form) for form in FORMS}
        assert {form: row["label"] for form, row in codebook["forms"].items()} == {
            form.value: form.label for form in Form
        }

    def test_kinds_of_evidence_and_the_forms_they_propose(self, codebook):
        rows = [
            (row["value"], row["label"], row["form"])
            for row in codebook["evidence_kinds"]
        ]

        assert rows == [(kind.value, kind.label, kind.proposed_form) for kind in Kind]

    def test_effects_in_words(self, codebook):
        published = {int(value): label for value, label in codebook["effects"].items()}

        assert published == {effect.value: effect.label for effect in Effect}

    def test_tiers_of_sources(self, codebook):
        assert tuple(codebook["tiers"]) == TIERS == tuple(Tier.values)
        for tier in Tier:
            assert codebook["tiers"][tier].startswith(str(tier.label))

    def test_kinds_of_criteria(self, codebook):
        assert tuple(codebook["criterion_kinds"]) == KINDS
        assert tuple(Criterion.CriterionKind.values) == KINDS

    def test_every_recommendation_can_be_tested(self, codebook):
        essential = {
            row["recommendation"] for row in codebook["criteria"] if row["essential"]
        }

        assert essential == {row["code"] for row in codebook["recommendations"]}
