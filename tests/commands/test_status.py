import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from icctracker.models import Assessment, Evidence
from icctracker.ruleset import evaluate
from icctracker.ruleset.cases import read_case, result_as_json
from tests.factories import make_codebook, make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db


def status(*arguments):
    said = StringIO()
    call_command("status", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def a_veto():
    """Recommendation 7 with one veto of 22 May 2014, published on 1 June 2020."""
    make_criterion("7a")
    return make_evidence(published_at=datetime(2020, 6, 1, 12, tzinfo=UTC))


class TestStatus:
    def test_one_line_says_where_a_recommendation_stands(self, a_veto):
        said = status("--as-of", "2015-12-31")

        assert said.startswith("R7   Not followed (contrary practice)")
        assert said.rstrip().endswith("no trend, confidence low")

    def test_a_day_before_the_event_nothing_is_assessed(self, a_veto):
        assert "Not yet assessed" in status("--as-of", "2014-05-21")

    def test_the_second_clock_goes_back_to_what_was_known(self, a_veto):
        known = ["--as-of", "2015-12-31", "--known-at"]

        assert "Not yet assessed" in status(*known, "2020-06-01T11:59")
        assert "Not followed" in status(*known, "2020-06-01T12:00")

    def test_an_instant_may_have_its_own_time_zone(self, a_veto):
        known = ["--as-of", "2015-12-31", "--known-at"]

        assert "Not yet assessed" in status(*known, "2020-06-01T13:59+02:00")
        assert "Not followed" in status(*known, "2020-06-01T14:00+02:00")

    @pytest.mark.parametrize(
        ("day", "known"), [("2020-05-31", False), ("2020-06-01", True)]
    )
    def test_a_date_means_all_that_was_known_on_it(self, a_veto, day, known):
        said = status("--as-of", "2015-12-31", "--known-at", day)

        assert ("Not followed" in said) == known

    def test_where_a_curator_decided_otherwise_both_are_said(self, a_veto):
        recommendation = a_veto.findings.get().criterion.recommendation
        Assessment.objects.create(
            recommendation=recommendation,
            codebook=make_codebook(),
            ruleset="1.0",
            assessed_on=date(2015, 1, 1),
            suggested="not-followed",
            decided="overtaken",
            rationale="The Council was dissolved.",
            confidence="low",
            review_due_on=date(2016, 1, 1),
            assessed_by=make_user("curator"),
        )

        said = status("--as-of", "2015-12-31")

        assert "Overtaken by events, where the rule suggests not-followed" in said

    @pytest.mark.parametrize(
        "text", ["2015-02-29", "1.12.2015", "2015", "31 December 15", "today", ""]
    )
    def test_an_impossible_day_is_explained(self, text):
        if not text:
            assert status("--as-of", text) == ""
            return
        with pytest.raises(CommandError, match="--as-of"):
            status("--as-of", text)

    @pytest.mark.parametrize("text", ["yesterday", "2020-13-01", "2020-06-01T25:00"])
    def test_an_impossible_instant_is_explained(self, text):
        with pytest.raises(CommandError, match="--known-at"):
            status("--known-at", text)


class TestJson:
    def test_anyone_can_recompute_every_status(self, first_data):
        written = json.loads(status("--as-of", "2026-11-23", "--json"))

        assert written["ruleset"] == "1.1"
        assert len(written["recommendations"]) == 10
        for row in written["recommendations"]:
            result = evaluate(read_case(row["case"]))
            assert json.loads(json.dumps(result_as_json(result))) == row["result"]
            assert row["status"] == row["result"]["code"]

    def test_what_is_not_published_is_in_no_case(self, a_veto):
        criterion = a_veto.findings.get().criterion
        for state in set(Evidence.State) - {"published"}:
            make_evidence(state)

        written = json.loads(status("--as-of", "2026-11-23", "--json"))

        (row,) = written["recommendations"]
        assert [f["id"] for f in row["case"]["findings"]] == [a_veto.findings.get().pk]
        assert row["case"]["criteria"][0]["code"] == criterion.code
