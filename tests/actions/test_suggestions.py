"""Suggestions are logged, set aside for a reason, or put back."""

from datetime import date

import pytest

from icctracker.actions import ActionRefused
from icctracker.actions.entries import submit
from icctracker.actions.record import accept, dismiss, put_back
from icctracker.models import Dismissal, Document, Evidence
from tests.factories import make_evidence, make_situation, make_user
from tests.inbox import document, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

State = Evidence.State
SYMBOL = "S/2014/348"


@pytest.fixture
def researcher():
    return make_user("researcher")


class TestAccept:
    def test_it_makes_a_draft_filled_from_the_record(self, researcher):
        draft, is_new = accept(document(SYMBOL), by=researcher)

        assert is_new and draft.state == State.DRAFT
        assert draft.submitted_by == researcher
        assert (draft.symbol, draft.kind) == (SYMBOL, "veto")
        assert draft.occurred_on == date(2014, 5, 22)
        assert (draft.votes_yes, draft.votes_no, draft.votes_abstain) == (13, 2, 0)
        assert draft.sources.exists()

    def test_no_finding_is_made_up(self, researcher):
        draft, _is_new = accept(document(SYMBOL), by=researcher)

        assert not draft.findings.exists()
        with pytest.raises(ActionRefused, match="finding"):
            submit(draft, by=researcher)

    def test_the_situations_are_those_whose_words_find_it(self, researcher):
        make_situation("middle-east", "Middle East")
        syria = track()

        draft, _is_new = accept(document(SYMBOL), by=researcher)

        assert list(draft.situations.all()) == [syria]

    def test_accepted_twice_it_leads_to_the_same_draft(self, researcher):
        first, _is_new = accept(document(SYMBOL), by=researcher)

        assert accept(document(SYMBOL), by=researcher) == (first, False)
        assert Evidence.objects.count() == 1

    def test_a_colleague_may_begin_one_too_and_is_told_of_none(self, researcher):
        accept(document(SYMBOL), by=make_user("researcher"))

        draft, is_new = accept(document(SYMBOL), by=researcher)

        assert is_new and draft.submitted_by == researcher

    def test_what_is_logged_by_now_is_refused(self, researcher):
        make_evidence(symbol=SYMBOL, title="It was logged")

        with pytest.raises(ActionRefused, match="It was logged"):
            accept(document(SYMBOL), by=researcher)

    def test_so_is_what_awaits_review_without_a_word_on_it(self, researcher):
        make_evidence(State.SUBMITTED, symbol=SYMBOL, title="A secret title")

        with pytest.raises(ActionRefused, match="awaits review") as refusal:
            accept(document(SYMBOL), by=researcher)

        assert "secret" not in str(refusal.value)

    def test_what_is_set_aside_is_put_back_first(self, researcher):
        dismiss([document(SYMBOL)], reason="Not now.", by=make_user("researcher"))

        with pytest.raises(ActionRefused, match="Put it back"):
            accept(document(SYMBOL), by=researcher)

        assert not Evidence.objects.exists()

    def test_it_takes_a_researcher(self):
        with pytest.raises(ActionRefused, match="role"):
            accept(document(SYMBOL), by=make_user())

    def test_a_text_without_symbol_is_met_by_its_own_draft(self, researcher):
        hormuz = document_without_symbol()

        first, _is_new = accept(hormuz, by=researcher)

        assert accept(hormuz, by=researcher) == (first, False)


def document_without_symbol():
    return Document.objects.filter(symbol="", ballots__held_on__year=2026).get()


class TestDismiss:
    def test_each_document_gets_a_row_of_its_own(self, researcher):
        both = [document(SYMBOL), document("S/2001/270")]

        dismiss(both, reason="  Both are\nbeside the point. ", by=researcher)

        rows = Dismissal.objects.all()
        assert {str(row.document) for row in rows} == {SYMBOL, "S/2001/270"}
        assert {row.reason for row in rows} == {"Both are beside the point."}
        assert {row.dismissed_by for row in rows} == {researcher}

    @pytest.mark.parametrize("reason", ["", "  \n "])
    def test_it_takes_a_reason(self, researcher, reason):
        with pytest.raises(ActionRefused, match="Say why"):
            dismiss([document(SYMBOL)], reason=reason, by=researcher)

    def test_what_a_colleague_set_aside_is_passed_over(self, researcher):
        dismiss([document(SYMBOL)], reason="First.", by=make_user("researcher"))
        both = [document(SYMBOL), document("S/2001/270")]

        (row,) = dismiss(both, reason="Second.", by=researcher)

        assert str(row.document) == "S/2001/270"
        assert Dismissal.objects.get(document=document(SYMBOL)).reason == "First."

    def test_so_is_what_has_been_logged(self, researcher):
        make_evidence(symbol=SYMBOL)

        with pytest.raises(ActionRefused, match="in the meantime"):
            dismiss([document(SYMBOL)], reason="A reason.", by=researcher)

    def test_a_draft_of_a_colleague_does_not_stand_in_the_way(self, researcher):
        make_evidence(State.DRAFT, symbol=SYMBOL, by=make_user("researcher"))

        assert dismiss([document(SYMBOL)], reason="A reason.", by=researcher)

    def test_nothing_at_all_is_refused(self, researcher):
        with pytest.raises(ActionRefused):
            dismiss([], reason="A reason.", by=researcher)

    def test_it_takes_a_researcher(self):
        with pytest.raises(ActionRefused, match="role"):
            dismiss([document(SYMBOL)], reason="A reason.", by=make_user())


class TestPutBack:
    def test_the_row_stays_and_says_who_undid_it(self, researcher):
        dismiss([document(SYMBOL)], reason="A reason.", by=make_user("researcher"))

        assert put_back([document(SYMBOL)], by=researcher) == 1

        row = Dismissal.objects.get()
        assert row.undone_by == researcher
        assert row.undone_at >= row.dismissed_at
        assert not Dismissal.objects.stood().exists()

    def test_twice_is_refused(self, researcher):
        dismiss([document(SYMBOL)], reason="A reason.", by=researcher)
        put_back([document(SYMBOL)], by=researcher)

        with pytest.raises(ActionRefused, match="in the meantime"):
            put_back([document(SYMBOL)], by=researcher)

    def test_it_takes_a_researcher(self, researcher):
        dismiss([document(SYMBOL)], reason="A reason.", by=researcher)

        with pytest.raises(ActionRefused, match="role"):
            put_back([document(SYMBOL)], by=make_user())
