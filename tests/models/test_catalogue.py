from datetime import date

import pytest

from icctracker.models import (
    Ballot,
    Document,
    Import,
    Member,
    Membership,
    OtherValue,
    Vote,
)

from .refusals import refused_by

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


class TestMember:
    def test_it_has_a_code_and_a_name(self):
        with refused_by("member_has_code_and_name"):
            Member.objects.create(code="FRA", name="", slug="france")

    def test_it_sits_once_a_year(self, member, imported):
        seat = {"member": member, "year": 2014, "imported": imported}
        Membership.objects.create(**seat)

        with refused_by("membership_once_a_year"):
            Membership.objects.create(**seat)

    def test_there_was_no_council_before_1946(self, member, imported):
        with refused_by("membership_since_1946"):
            Membership.objects.create(member=member, year=1945, imported=imported)


class TestDocument:
    def test_a_symbol_names_one_document(self, document, imported):
        with refused_by("document_symbol_once"):
            Document.objects.create(
                symbol=document.symbol, series="vetoed", imported=imported
            )

    def test_several_may_be_without_known_symbol(self, imported):
        for _time in range(2):
            Document.objects.create(series="vetoed", imported=imported)

        assert Document.objects.count() == 2

    def test_a_number_names_one_resolution(self, imported):
        Document.objects.create(
            symbol="S/RES/1(1946)", series="resolution", number=1, imported=imported
        )

        with refused_by("resolution_number_once"):
            Document.objects.create(
                symbol="S/RES/1", series="resolution", number=1, imported=imported
            )

    @pytest.mark.parametrize(
        ("series", "number", "symbol"),
        [
            ("resolution", None, "S/RES/1(1946)"),
            ("resolution", 1, ""),
            ("vetoed", 1, ""),
        ],
    )
    def test_only_a_resolution_is_numbered(self, imported, series, number, symbol):
        with refused_by("resolution_has_number_and_symbol"):
            Document.objects.create(
                series=series, number=number, symbol=symbol, imported=imported
            )


class TestBallot:
    def test_an_item_is_voted_on_once_a_day(self, document):
        hold(document)

        with refused_by("ballot_item_once"):
            hold(document)

    def test_its_votes_add_up_to_the_seats(self, document):
        with refused_by("ballot_adds_up"):
            hold(document, yes=14)

    def test_of_a_veto_all_numbers_may_be_unknown(self, document):
        ballot = hold(document, **UNKNOWN)

        assert not ballot.votes_known
        assert ballot.tally == "votes not known"

    @pytest.mark.parametrize("name", UNKNOWN)
    def test_they_are_known_together_or_not_at_all(self, document, name):
        with refused_by("ballot_adds_up"):
            hold(document, **{name: None})

    @pytest.mark.parametrize("outcome", ["unanimous", "majority", "without vote"])
    def test_of_what_was_adopted_they_are_known(self, document, outcome):
        with refused_by("ballot_without_known_votes_was_vetoed"):
            hold(document, outcome=outcome, **UNKNOWN)

    def test_the_council_has_eleven_or_fifteen_seats(self, document):
        with refused_by("ballot_has_a_seat_for_all"):
            hold(document, yes=14, seats=16)

    def test_without_a_vote_nobody_voted(self, document):
        with refused_by("ballot_without_vote_has_no_votes"):
            hold(document, outcome="without vote")

    def test_its_outcome_is_known(self, document):
        with refused_by("ballot_outcome_is_known"):
            hold(document, outcome="tied")


class TestVote:
    def test_a_member_votes_once(self, document, member):
        ballot = hold(document)
        Vote.objects.create(ballot=ballot, member=member, cast="N")

        with refused_by("vote_once_a_ballot"):
            Vote.objects.create(ballot=ballot, member=member, cast="Y")

    def test_it_is_one_of_five(self, document, member):
        with refused_by("vote_is_known"):
            Vote.objects.create(ballot=hold(document), member=member, cast="?")

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


class TestOtherValue:
    def test_it_says_something(self, document, imported):
        with refused_by("other_value_says_something"):
            OtherValue.objects.create(
                document=document, field="date", says="", imported=imported
            )

    def test_it_is_kept_once(self, document, imported):
        value = {"document": document, "field": "date", "says": "2014-05-23"}
        OtherValue.objects.create(**value, imported=imported)

        with refused_by("other_value_once"):
            OtherValue.objects.create(**value, imported=imported)
