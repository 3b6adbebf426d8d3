from datetime import date

import pytest

from icctracker.models import (
    Ballot,
    Document,
    Import,
    Member,
    Vote,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported():
    return Import.objects.create(source="a.csv")


@pytest.fixture
def member():
    return Member.objects.create(code="FRA", name="France", slug="france")


@pytest.fixture
def document(imported):
    return Document.objects.create(
        symbol="S/2014/348", series="vetoed", imported=imported
    )


UNKNOWN = dict.fromkeys("yes no abstain non_voting".split())


def hold(document, **values):
    values = {
        "held_on": date(2014, 5, 22),
        "outcome": "vetoed",
        "yes": 13,
        "no": 2,
        "abstain": 0,
        "non_voting": 0,
        "seats": 15,
    } | values
    return Ballot.objects.create(
        document=document, imported=document.imported, **values
    )


class TestDocument:
    def test_several_may_be_without_known_symbol(self, imported):
        for _time in range(2):
            Document.objects.create(series="vetoed", imported=imported)

        assert Document.objects.count() == 2


class TestBallot:
    def test_of_a_veto_all_numbers_may_be_unknown(self, document):
        ballot = hold(document, **UNKNOWN)

        assert not ballot.votes_known
        assert ballot.tally == "votes not known"


class TestVote:
    def test_a_vote_against_is_a_veto_if_a_permanent_member_stops_a_text(
        self, document, member
    ):
        ballot = hold(document)
        Vote.objects.create(ballot=ballot, member=member, cast="N")
        assert not Vote.objects.vetoes().exists()

        Member.objects.update(permanent=True)
        assert Vote.objects.vetoes().get().member == member

        Ballot.objects.update(outcome="majority")
        assert not Vote.objects.vetoes().exists()
