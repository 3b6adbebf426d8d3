"""How complete the coding is, counted in votes of the Council."""

from datetime import UTC, date, datetime

import pytest

from icctracker.actions.record import dismiss
from icctracker.models import Evidence, Finding
from icctracker.readings.inbox import ledger, of_criteria, suggested, tracked
from tests.factories import finding_row, make_criterion, make_evidence, make_user
from tests.inbox import document, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

State = Evidence.State
SYMBOL, LATER = "S/2014/348", "S/2020/654"
WORDS = f"{SYMBOL}\n{LATER}\nS/RES/2720(2023)\nS/RES/1593(2005)"
TODAY = date(2026, 11, 23)


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def situation():
    """Two vetoes and a contested resolution; one more is from before its tracking."""
    return track(title_words=WORDS)


def line(user):
    lines, _total = ledger(user)
    (only,) = lines
    return only


def numbers(row):
    return {
        name: len(getattr(row, name))
        for name in "votes vetoed contested coded in_hand set_aside waiting".split()
    }


def expected(**values):
    none = dict.fromkeys("coded in_hand set_aside".split(), 0)
    return {"votes": 3, "vetoed": 2, "contested": 1, "waiting": 3} | none | values


class TestTheDesk:
    def test_it_counts_the_votes_since_tracking_begins(self, user, situation):
        row = line(user)

        assert row.situation == situation
        assert numbers(row) == expected()

    def test_a_vote_is_coded_by_a_published_entry(self, user, situation):
        make_evidence(symbol=SYMBOL)

        assert numbers(line(user)) == expected(coded=1, waiting=2)

    def test_an_entry_without_an_accepted_finding_codes_nothing(self, user, situation):
        make_evidence(symbol=SYMBOL, findings=[])

        assert numbers(line(user)) == expected(in_hand=1, waiting=2)

    def test_what_is_under_review_or_ones_own_is_in_hand(self, user, situation):
        make_evidence(State.SUBMITTED, symbol=SYMBOL, by=make_user("researcher"))
        make_evidence(State.DRAFT, symbol=LATER, by=user)

        assert numbers(line(user)) == expected(in_hand=2, waiting=1)

    @pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
    def test_a_draft_of_another_is_in_no_number(self, user, situation, state):
        make_evidence(state, symbol=SYMBOL, by=make_user("researcher"))

        assert numbers(line(user)) == expected()

    def test_what_was_set_aside_is_counted_by_itself(self, user, situation):
        dismiss([document(SYMBOL)], reason="A reason.", by=user)

        assert numbers(line(user)) == expected(set_aside=1, waiting=2)

    def test_what_was_set_aside_and_then_coded_is_coded(self, user, situation):
        dismiss([document(SYMBOL)], reason="A reason.", by=user)
        make_evidence(symbol=SYMBOL)

        assert numbers(line(user)) == expected(coded=1, waiting=2)

    def test_an_entry_brings_its_document_into_its_situations(self, user):
        syria = track(agenda_words="Syria")
        make_evidence(symbol=LATER, situations=[syria])

        row = line(user)

        assert numbers(row) == expected(
            votes=2, contested=0, vetoed=2, coded=1, waiting=1
        )

    def test_what_is_waiting_is_what_the_inbox_suggests(self, user, situation):
        make_evidence(symbol=SYMBOL)
        dismiss([document(LATER)], reason="A reason.", by=user)

        found = suggested(user).filter(tracked(situation))

        assert {each.pk for each in found} == line(user).waiting

    def test_a_vote_in_two_situations_counts_once_in_all(self, user, situation):
        track("other", "Other", title_words=SYMBOL)

        lines, total = ledger(user)

        assert [len(each.votes) for each in lines] == [1, 3]
        assert len(total.votes) == 3

    def test_a_situation_without_beginning_or_votes_has_no_line(self, user, situation):
        track("open", "Open", since=None, title_words=WORDS)
        track("empty", "Empty", title_words="Atlantis")

        lines, _total = ledger(user)

        assert [each.situation for each in lines] == [situation]

    def test_without_situations_there_is_nothing_to_count(self, user):
        lines, total = ledger(user)

        assert (lines, len(total.votes)) == ([], 0)

    def test_its_queries_do_not_grow(
        self, user, situation, django_assert_max_num_queries
    ):
        ledger(user)
        with django_assert_max_num_queries(14):
            ledger(user)
        for number in range(3):
            other = track(f"other-{number}", f"Other {number}", title_words=WORDS)
            make_evidence(symbol=SYMBOL, situations=[other])

        with django_assert_max_num_queries(14):
            ledger(user)


class TestCriteria:
    def findings(self, **facts):
        entry = make_evidence(**({"symbol": SYMBOL} | facts))
        chosen = Finding.objects.select_related("criterion", "evidence")
        return list(chosen.filter(evidence=entry))

    def test_it_shows_the_situations_in_which_a_criterion_has_occasions(
        self, situation
    ):
        track("other", "Other", title_words=LATER)

        (found,) = of_criteria(self.findings(), TODAY)

        assert found.code == "7a"
        assert [row.situation for row in found.lines] == [situation]
        (row,) = found.lines
        assert (len(row.votes), len(row.vetoed)) == (3, 2)
        assert (len(row.coded), len(row.waiting)) == (1, 2)

    def test_what_other_criteria_code_is_neither_here_nor_waiting(self, situation):
        other = finding_row(make_criterion("4a"))
        findings = self.findings()
        make_evidence(symbol=LATER, findings=[other])

        (found,) = of_criteria(findings, TODAY)

        (row,) = found.lines
        assert (len(row.coded), len(row.elsewhere), len(row.waiting)) == (1, 1, 1)

    @pytest.mark.parametrize("what", ["no occasion", "a thing to deliver"])
    def test_only_occasions_have_a_ledger(self, situation, what):
        kind = "deliver" if what == "a thing to deliver" else "refrain"
        finding = finding_row(
            make_criterion("7b", kind=kind), occasion=what != "no occasion"
        )

        assert of_criteria(self.findings(findings=[finding]), TODAY) == []

    def test_an_occasion_that_is_no_vote_has_none(self, situation):
        findings = self.findings(symbol="ICC-02/05-01/09-302", kind="court-decision")

        assert of_criteria(findings, TODAY) == []

    def test_the_past_is_counted_as_it_was(self, situation):
        findings = self.findings(published_at=datetime(2026, 1, 1, tzinfo=UTC))
        make_evidence(symbol=LATER, published_at=datetime(2026, 2, 1, tzinfo=UTC))

        (found,) = of_criteria(
            findings, date(2020, 12, 31), datetime(2026, 1, 15, tzinfo=UTC)
        )

        (row,) = found.lines
        assert (len(row.votes), len(row.coded), len(row.waiting)) == (2, 1, 1)

    def test_drafts_and_what_was_set_aside_are_in_no_public_number(self, situation):
        findings = self.findings()
        before = of_criteria(findings, TODAY)

        make_evidence(State.DRAFT, symbol=LATER)
        make_evidence(State.SUBMITTED, symbol=LATER)
        dismiss(
            [document("S/RES/2720(2023)")], reason="Why.", by=make_user("researcher")
        )

        assert of_criteria(findings, TODAY) == before
