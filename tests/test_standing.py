from datetime import UTC, date, datetime

import pytest

from icctracker.actions.codebook import revise_criterion
from icctracker.actions.review import correct, withdraw
from icctracker.models import Assessment, Criterion, Evidence, Search
from icctracker.readings.standing import (
    add_months,
    result_for,
    standing_of,
    standings,
)
from icctracker.readings.versions import to_code_again
from icctracker.ruleset import Status
from tests.factories import (
    finding_row,
    make_codebook,
    make_criterion,
    make_draft,
    make_evidence,
    make_user,
    publish_leaving,
    source_row,
)
from tests.prospects import changes

AS_OF = date(2016, 1, 1)


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def criterion(db):
    return make_criterion("7a")


@pytest.fixture
def recommendation(criterion):
    return criterion.recommendation


def assess(recommendation, **fields):
    return Assessment.objects.create(
        **{
            "recommendation": recommendation,
            "codebook": make_codebook(),
            "ruleset": "1.0",
            "assessed_on": date(2015, 1, 1),
            "suggested": "not-followed",
            "suggested_reason": "contrary practice",
            "decided": "not-followed",
            "decided_reason": "contrary practice",
            "confidence": "low",
            "review_due_on": date(2015, 7, 1),
            "assessed_by": make_user("curator"),
        }
        | fields
    )


class TestCase:
    def test_a_published_finding_is_put_to_the_rule_as_it_was_accepted(
        self, recommendation
    ):
        entry = make_evidence()

        (finding,) = standing_of(recommendation, AS_OF).case.findings

        assert finding.id == entry.findings.get().pk
        assert (finding.criterion, finding.date) == ("7a", date(2014, 5, 22))
        assert (finding.effect, finding.form, finding.tier) == (-2, "decision", "A")
        assert (finding.occasion, finding.publisher) == (True, "United Nations")

    @pytest.mark.parametrize(
        "state", ["draft", "submitted", "returned", "declined", "withdrawn"]
    )
    def test_nothing_else_is(self, recommendation, state):
        make_evidence(state)

        standing = standing_of(recommendation, AS_OF)

        assert standing.case.findings == ()
        assert standing.suggested == Status("not-assessed")

    def test_each_recommendation_has_its_own_criteria_and_findings(self, criterion):
        other = make_criterion("8a", kind="sustain")
        make_evidence(findings=[finding_row(criterion), finding_row(other, effect=2)])

        seven, eight = standings(AS_OF)

        assert seven.suggested == Status("not-followed", 0, "contrary practice")
        assert eight.suggested == Status("followed", 3)

    def test_the_number_of_queries_does_not_grow(
        self, criterion, django_assert_num_queries
    ):
        make_evidence()
        with django_assert_num_queries(8):
            assert len(standings(AS_OF)) == 1

        for code in ("1a", "2a", "8a"):
            extra = make_criterion(code)
            make_evidence(findings=[finding_row(extra)])
            assess(extra.recommendation)
        with django_assert_num_queries(8):
            assert len(standings(AS_OF)) == 4

    def test_the_result_alone_is_the_same(self, recommendation):
        make_evidence()

        standing = standing_of(recommendation, AS_OF)

        assert result_for(recommendation, AS_OF) == standing.result

    def test_criteria_are_those_of_the_codebook_then_in_force(self, recommendation):
        make_evidence()
        newer = make_codebook("2.0", date(2020, 1, 1))
        make_criterion("7a", kind="sustain", codebook=newer)

        now = standing_of(recommendation, AS_OF)
        then = standing_of(recommendation, AS_OF, instant("2019-12-31T12:00"))

        assert now.case.criteria[0].kind == "sustain"
        assert then.case.criteria[0].kind == "refrain"


class TestVersionsOfTheCodebook:
    """A finding speaks to a criterion by its code, as long as its test is the same."""

    @pytest.fixture
    def draft(self, criterion):
        make_evidence(published_at=instant("2020-01-01T12:00"))
        return make_draft()

    def publish(self, draft):
        publish_leaving(draft, by=make_user("curator"), reason="Clearer.")

    def revise(self, draft, *, recode, **values):
        criterion = draft.criteria.get(code="7a")
        revise_criterion(criterion, by=make_user("curator"), recode=recode, **values)

    def test_new_words_keep_every_finding(self, recommendation, draft):
        before = standing_of(recommendation, AS_OF).case
        self.revise(draft, recode=False, counts="Any vote.")
        self.publish(draft)

        assert standing_of(recommendation, AS_OF).case == before

    def test_a_new_test_starts_without_findings_and_searches(
        self, criterion, recommendation, draft
    ):
        Search.objects.create(
            criterion=criterion,
            searched_on=date(2015, 6, 1),
            where="Library",
            query="veto",
            outcome="Nothing.",
        )
        self.revise(draft, recode=True)
        self.publish(draft)

        case = standing_of(recommendation, AS_OF).case

        assert (case.findings, case.searches) == ((), ())

    def test_until_it_is_published_a_draft_changes_nothing(self, recommendation, draft):
        before = standing_of(recommendation, AS_OF)
        self.revise(draft, recode=True, kind="deliver")

        now = standing_of(recommendation, AS_OF)
        then = standings(AS_OF, version=draft)[0]

        assert now.case == before.case
        assert then.suggested.code == "not-assessed"
        assert then.case.criteria[0].kind == "deliver"

    def test_the_past_is_as_it_was_known(self, recommendation, draft, time_machine):
        known_at = instant("2021-01-01T12:00")
        before = standing_of(recommendation, AS_OF, known_at)
        self.revise(draft, recode=True, kind="deliver")
        time_machine.move_to(instant("2027-01-01T12:00"), tick=False)
        self.publish(draft)

        after = standing_of(recommendation, AS_OF, known_at)
        later = standing_of(recommendation, AS_OF, instant("2027-01-01T12:01"))

        assert after.case == before.case
        assert after.result == before.result
        assert later.suggested.code == "not-assessed"

    def test_the_change_is_known_from_its_instant_on(
        self, recommendation, draft, time_machine
    ):
        self.revise(draft, recode=True)
        time_machine.move_to(instant("2027-01-01T12:00"), tick=False)
        self.publish(draft)

        codes = [
            standing_of(recommendation, AS_OF, instant(text)).suggested.code
            for text in ("2027-01-01T11:59", "2027-01-01T12:00")
        ]

        assert codes == ["not-followed", "not-assessed"]

    def test_what_is_coded_again_counts_again(self, recommendation, draft):
        self.revise(draft, recode=True)
        self.publish(draft)
        entry = Evidence.objects.get()
        newer = Criterion.objects.in_force().get()
        old = entry.findings.get()

        correct(
            entry,
            by=make_user("curator"),
            reason="Coded with version 1.1.",
            facts={},
            sources=[source_row()],
            findings=[finding_row(newer)],
        )

        [finding] = standing_of(recommendation, AS_OF).case.findings
        again = entry.findings.get(pk=finding.id)
        assert again.supersedes == old
        assert not to_code_again(newer.codebook)

    def test_a_correction_of_something_else_leaves_the_finding_alone(self, draft):
        self.revise(draft, recode=False, counts="Any vote.")
        self.publish(draft)
        entry = Evidence.objects.get()
        newer = Criterion.objects.in_force().get()

        correct(
            entry,
            by=make_user("curator"),
            reason="A better title.",
            facts={"title": "The veto"},
            sources=[source_row()],
            findings=[finding_row(newer)],
        )

        assert entry.findings.get().criterion.codebook.version == "1.0"

    def test_a_meaning_that_was_left_does_not_come_back(self, recommendation, draft):
        self.revise(draft, recode=True)
        self.publish(draft)
        second = make_draft(version="1.2")
        self.revise(second, recode=True)
        self.publish(second)

        assert Criterion.objects.in_force().get().meaning == 3
        assert standing_of(recommendation, AS_OF).case.findings == ()

    def test_what_waits_for_review_is_judged_by_the_version_in_force(self, draft):
        entry = make_evidence("submitted")
        self.revise(draft, recode=True)
        self.publish(draft)

        [(now, then)] = changes(entry, AS_OF)

        assert then == now.suggested

    def test_it_takes_no_more_queries(self, draft, django_assert_num_queries):
        self.revise(draft, recode=True)
        self.publish(draft)

        with django_assert_num_queries(8):
            standings(AS_OF)


class TestThreePasts:
    """Publish, correct, withdraw: each past can still be asked for."""

    @pytest.fixture
    def entry(self, criterion, time_machine):
        time_machine.move_to(instant("2020-01-01T12:00"), tick=False)
        entry = make_evidence(published_at=instant("2020-01-01T12:00"))
        curator = make_user("curator")
        time_machine.move_to(instant("2021-01-01T12:00"), tick=False)
        correct(
            entry,
            by=curator,
            reason="The vote was on another paragraph.",
            facts={},
            sources=[source_row()],
            findings=[finding_row(criterion, effect=2)],
        )
        time_machine.move_to(instant("2022-01-01T12:00"), tick=False)
        withdraw(entry, by=curator, reason="It did not happen.")
        return entry

    @pytest.mark.parametrize(
        ("known_at", "code"),
        [
            ("2019-12-31T12:00", "not-assessed"),
            ("2020-06-01T12:00", "not-followed"),
            ("2021-06-01T12:00", "followed"),
            ("2022-06-01T12:00", "not-assessed"),
        ],
    )
    def test_what_was_known_then(self, entry, recommendation, known_at, code):
        standing = standing_of(recommendation, AS_OF, instant(known_at))

        assert standing.suggested.code == code

    def test_now_is_the_latest_of_them(self, entry, recommendation):
        assert standing_of(recommendation, AS_OF).suggested.code == "not-assessed"


class TestDecided:
    def test_without_an_assessment_the_suggestion_stands(self, recommendation):
        make_evidence()

        standing = standing_of(recommendation, AS_OF)

        assert not standing.confirmed
        assert standing.status == standing.suggested
        assert (standing.review_due_on, standing.review_overdue) == (None, False)

    def test_a_curators_decision_stands_over_it(self, recommendation):
        make_evidence()
        assess(
            recommendation, decided="overtaken", decided_reason="", rationale="It was."
        )

        standing = standing_of(recommendation, AS_OF)

        assert standing.confirmed
        assert standing.status == Status("overtaken")
        assert standing.suggested.code == "not-followed"

    def test_a_decision_for_a_later_date_does_not_reach_back(self, recommendation):
        make_evidence()
        assess(recommendation, assessed_on=date(2016, 1, 2), review_due_on=date.max)

        assert not standing_of(recommendation, AS_OF).confirmed

    def test_the_latest_decision_stands(self, recommendation):
        assess(recommendation, assessed_on=date(2014, 1, 1))
        assess(
            recommendation,
            assessed_on=date(2015, 6, 1),
            decided="not-testable",
            decided_reason="",
            rationale="Its words are open.",
            review_due_on=date(2016, 6, 1),
        )

        assert standing_of(recommendation, AS_OF).status.code == "not-testable"

    def test_evidence_may_overtake_it(self, recommendation):
        make_evidence()
        assess(recommendation, suggested="limited", decided="limited")

        assert standing_of(recommendation, AS_OF).overtaken_by_evidence

    @pytest.mark.parametrize(
        ("as_of", "overdue"), [(date(2015, 6, 30), False), (date(2015, 7, 1), True)]
    )
    def test_its_review_is_overdue_from_the_day_it_is_due(
        self, recommendation, as_of, overdue
    ):
        assess(recommendation)

        assert standing_of(recommendation, as_of).review_overdue == overdue


class TestSince:
    def test_a_status_has_stood_since_the_event_that_made_it(self, recommendation):
        make_evidence()

        standing = standing_of(recommendation, AS_OF)

        assert standing.since == date(2014, 5, 22)
        assert not standing.since_the_start

    def test_a_status_that_never_changed_has_stood_since_the_publication(
        self, recommendation
    ):
        standing = standing_of(recommendation, AS_OF)

        assert standing.since == date(2013, 3, 6)
        assert standing.since_the_start

    def test_another_reason_for_the_same_status_is_no_new_beginning(
        self, recommendation
    ):
        for day in (date(2014, 1, 1), date(2014, 2, 1)):
            make_evidence(kind="briefing", occurred_on=day)
        make_evidence(occurred_on=date(2015, 1, 1))

        standing = standing_of(recommendation, AS_OF)

        assert standing.suggested.reason == "contrary practice"
        assert standing.since == date(2014, 2, 1)

    def test_before_the_publication_it_is_the_day_asked_for(self, recommendation):
        standing = standing_of(recommendation, date(2012, 1, 1))

        assert standing.since == date(2012, 1, 1)


class TestFlags:
    def test_a_conduct_that_is_no_longer_tested_says_since_when(self, recommendation):
        make_evidence()

        then = standing_of(recommendation, AS_OF)
        now = standing_of(recommendation, date(2026, 1, 1))

        assert then.not_tested_since is None
        assert now.not_tested_since == date(2014, 5, 22)

    def test_a_first_step_without_a_second_has_lapsed(self, db):
        made = make_criterion("1a", kind="deliver")
        make_evidence(kind="press-statement", findings=[finding_row(made, effect=1)])

        assert not standing_of(made.recommendation, AS_OF).lapsed
        assert standing_of(made.recommendation, date(2026, 1, 1)).lapsed


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            ("2026-11-23", 12, "2027-11-23"),
            ("2026-11-23", 6, "2027-05-23"),
            ("2026-08-31", 6, "2027-02-28"),
            ("2027-08-31", 6, "2028-02-29"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2026-12-31", 6, "2027-06-30"),
            ("2026-06-30", 6, "2026-12-30"),
        ],
    )
    def test_a_shorter_month_ends_earlier(self, day, months, expected):
        assert add_months(date.fromisoformat(day), months) == date.fromisoformat(
            expected
        )


@pytest.mark.django_db
class TestRealData:
    def test_every_recommendation_has_a_standing(self, first_data):
        found = standings(date(2026, 11, 23))

        assert [standing.recommendation.code for standing in found] == [
            f"R{number}" for number in range(1, 11)
        ]
        for standing in found:
            assert standing.suggested.code != "not-assessed"
            assert standing.history[-1][1] == standing.suggested
            assert standing.since <= standing.case.as_of
        # The oldest entry is of August 2000.
        assert all(
            standing.result.status.level is None or standing.case.searches
            for standing in standings(date(1999, 1, 1))
        )
