"""What nobody has logged yet, and why each is worth a look."""

from datetime import date

import pytest

from icctracker.actions.record import dismiss, put_back
from icctracker.models import Document, Evidence
from icctracker.readings.inbox import (
    about,
    lying_in,
    reasons,
    suggested,
    tracked,
    votes_in_situations,
    with_reasons,
)
from tests.factories import make_evidence, make_user
from tests.inbox import document, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

State = Evidence.State
SYMBOL = "S/2014/348"


@pytest.fixture
def user():
    return make_user("researcher")


def named(documents):
    return [str(each) for each in documents]


def is_suggested(symbol, user, **options):
    return suggested(user, **options).filter(symbol=symbol).exists()


class TestWhatIsSuggested:
    def test_documents_that_mention_the_court(self, user):
        assert is_suggested("S/RES/1593(2005)", user)
        assert document("S/RES/1593(2005)").court_mentions

    def test_vetoes(self, user):
        assert is_suggested(SYMBOL, user)

    def test_documents_in_a_tracked_situation(self, user):
        assert not is_suggested("S/RES/2756(2024)", user)

        track("haiti", "Haiti", since=2024, title_words="S/RES/2756(2024)")

        assert is_suggested("S/RES/2756(2024)", user)

    def test_but_only_since_it_is_tracked(self, user):
        track("haiti", "Haiti", since=2025, title_words="S/RES/2756(2024)")

        assert not is_suggested("S/RES/2756(2024)", user)
        assert is_suggested("S/RES/2756(2024)", user, earlier=True)

    def test_a_situation_without_a_beginning_has_all_since_the_statute(self, user):
        words = "S/RES/2756(2024)\nS/RES/741(1992)"
        track("haiti", "Haiti", since=None, title_words=words)

        assert is_suggested("S/RES/2756(2024)", user)
        assert not is_suggested("S/RES/741(1992)", user)

    def test_nothing_from_before_the_statute_unless_asked_for(self, user):
        assert not is_suggested("S/5973", user)
        assert is_suggested("S/5973", user, earlier=True)

    def test_not_what_is_about_something_else(self, user):
        assert not is_suggested("S/RES/2756(2024)", user, earlier=True)

    def test_the_newest_come_first(self, user):
        days = [each.held_on for each in suggested(user, earlier=True)]

        assert days == sorted(days, reverse=True)
        assert len(days) > 5

    def test_each_once_however_often_it_was_voted_on_and_in_how_many_situations(
        self, user
    ):
        track()
        track("mideast", "Middle East", agenda_words="Middle East")

        found = named(suggested(user, earlier=True).exclude(symbol=""))

        assert len(found) == len(set(found))


class TestWhatIsTaken:
    @pytest.mark.parametrize("state", [State.PUBLISHED, State.SUBMITTED])
    def test_what_is_published_or_under_review(self, user, state):
        make_evidence(state, symbol=SYMBOL, by=make_user("researcher"))

        assert not is_suggested(SYMBOL, user)

    @pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
    def test_ones_own_drafts(self, user, state):
        make_evidence(state, symbol=SYMBOL, by=user)

        assert not is_suggested(SYMBOL, user)

    @pytest.mark.parametrize("role", ["researcher", "reviewer", "curator"])
    @pytest.mark.parametrize("state", [State.DRAFT, State.RETURNED])
    def test_a_draft_of_another_changes_nothing(self, state, role):
        """Neither in the list nor in its count."""
        reader = make_user(role)
        before = list(suggested(reader))

        make_evidence(state, symbol=SYMBOL, by=make_user("researcher"))

        assert list(suggested(reader)) == before
        assert suggested(reader).count() == len(before)

    @pytest.mark.parametrize("state", [State.WITHDRAWN, State.DECLINED])
    def test_what_was_withdrawn_or_declined_is_free_again(self, user, state):
        make_evidence(state, symbol=SYMBOL, by=user)

        assert is_suggested(SYMBOL, user)

    def test_what_was_set_aside_until_it_is_put_back(self, user):
        dismiss([document(SYMBOL)], reason="A reason.", by=make_user("researcher"))
        assert not is_suggested(SYMBOL, user)

        put_back([document(SYMBOL)], by=user)

        assert is_suggested(SYMBOL, user)


class TestTextsWithoutSymbol:
    def is_met(self, **facts):
        """Whether an entry is about the text of 7 April 2026, told both ways."""
        make_evidence(**({"occurred_on": date(2026, 4, 7), "symbol": ""} | facts))
        nameless = Document.objects.get(symbol="", ballots__held_on=date(2026, 4, 7))

        found = Document.objects.filter(about(Evidence.objects.all()))

        assert (nameless in found) == Evidence.objects.citing(nameless).exists()
        return nameless in found

    def test_a_veto_of_the_day_is_about_it(self):
        assert self.is_met()

    def test_but_not_one_of_a_text_with_a_symbol(self):
        assert not self.is_met(symbol=SYMBOL)

    def test_nor_something_else_on_that_day(self):
        assert not self.is_met(kind="statement")

    def test_nor_a_veto_of_another_day(self):
        assert not self.is_met(occurred_on=date(2026, 4, 6))


class TestReasons:
    def of(self, symbol):
        (found,) = with_reasons(Document.objects.filter(symbol=symbol))
        return reasons(found)

    def test_how_often_the_court_is_mentioned(self):
        count = document("S/RES/1593(2005)").court_mentions

        assert self.of("S/RES/1593(2005)") == [f"mentions the Court {count} times"]

    def test_once_is_once(self):
        Document.objects.filter(symbol="S/RES/2756(2024)").update(court_mentions=1)

        assert self.of("S/RES/2756(2024)") == ["mentions the Court once"]

    def test_who_vetoed_it_and_what_it_is_on(self):
        track()

        assert self.of(SYMBOL) == [
            "vetoed by China and Russian Federation",
            "on Syrian Arab Republic",
        ]

    def test_who_vetoed_it_alone(self):
        assert self.of("S/2001/270") == ["vetoed by United States"]

    def test_where_nobody_is_known_the_veto_is(self):
        document(SYMBOL).ballots.get().votes.all().delete()

        assert self.of(SYMBOL) == ["vetoed"]

    def test_their_queries_do_not_grow_with_the_documents(
        self, django_assert_num_queries
    ):
        track("all", "All", agenda_words="Syria\nMiddle East")
        vetoed = Document.objects.filter(series="vetoed")

        for documents in (vetoed.filter(symbol=SYMBOL), vetoed):
            with django_assert_num_queries(5):
                [reasons(each) for each in with_reasons(documents)]


class TestTheIndexOfPassages:
    @pytest.fixture(autouse=True)
    def _read(self, read_council):
        """The record, with the index of its passages."""

    def test_a_statement_that_speaks_of_the_court_is_suggested(self, user):
        assert is_suggested("S/PRST/2014/5", user)
        assert not is_suggested("S/PRST/2000/6", user)
        make_evidence(symbol="S/PRST/2014/5", kind="presidential-statement")
        assert not is_suggested("S/PRST/2014/5", user)

    def test_the_index_counts_where_no_mention_was_counted(self, user):
        Document.objects.filter(number=1593).update(court_mentions=None)

        assert is_suggested("S/RES/1593(2005)", user)

    def test_the_reason_names_the_paragraphs(self):
        documents = Document.objects.filter(symbol="S/RES/1593(2005)")
        [text] = with_reasons(documents)

        assert reasons(text)[0] == (
            "speaks of the Court in PP 2, PP 3, PP 4 and 7 more paragraphs"
        )

    def test_a_failed_draft_is_a_vote_in_a_situation_and_a_statement_is_none(self):
        situation = track(
            "region", "Region", since=2000, title_words="S/2023/772\nS/PRST/2014/5"
        )

        _record, votes = votes_in_situations()

        failed = Document.objects.get(symbol="S/2023/772")
        assert votes[situation] == {failed.pk}


class TestSituations:
    def test_a_document_lies_in_it_by_its_words_or_by_an_entry(self):
        syria = track()
        make_evidence(symbol="S/2020/654", situations=[syria])

        found = Document.objects.filter(lying_in(syria))

        assert set(named(found)) == {SYMBOL, "S/2020/654"}

    def test_an_entry_that_is_not_published_says_nothing(self):
        syria = track()
        make_evidence(State.DRAFT, symbol="S/2020/654", situations=[syria])

        assert named(Document.objects.filter(lying_in(syria))) == [SYMBOL]

    def test_one_situation_may_be_asked_for(self):
        syria = track()
        track("mideast", "Middle East", agenda_words="Middle East")

        assert named(Document.objects.filter(tracked(syria))) == [SYMBOL]
