import shutil
from collections import Counter

import pytest

from icctracker.imports.first_record import CouncilRecordError, load_council_record
from icctracker.models import (
    Ballot,
    Document,
    Import,
    Member,
    Membership,
    OtherValue,
    Vote,
)
from tests.council import RECORD, change_row

pytestmark = pytest.mark.django_db


def ballot(symbol, item=1):
    return Ballot.objects.get(document__symbol=symbol, item=item)


def cast(symbol, item=1):
    """How many voted which way."""
    return Counter(ballot(symbol, item).votes.values_list("cast", flat=True))


def vote(symbol, member):
    return Vote.objects.get(ballot__document__symbol=symbol, member__slug=member).cast


class TestTheWholeRecord:
    def test_it_is_complete_and_a_second_load_adds_nothing(self):
        added = load_council_record(RECORD)
        again = load_council_record(RECORD)

        assert added == {
            "Council members": 137,
            "years of membership": 1150,
            "resolutions": 2825,
            "vetoed texts": 235,
            "ballots": 3095,
            "votes": 45024,
        }
        assert again == {}
        assert Ballot.objects.filter(outcome="vetoed").count() == 270
        assert Member.objects.filter(permanent=True).count() == 5
        vetoes = Counter(Vote.objects.vetoes().values_list("member__code", flat=True))
        assert vetoes == {"RUS": 160, "USA": 95, "GBR": 32, "CHN": 22, "FRA": 17}
        assert Import.objects.count() == 3

    def test_each_application_of_one_meeting_has_the_vote_on_it(self):
        load_council_record(RECORD)

        voted = {
            (each.document.symbol, each.on_agenda.rpartition(" ")[2]): each.tally
            for each in Ballot.objects.filter(
                document__symbol__in=["S/PV.186", "S/PV.190"]
            ).select_related("document")
        }

        assert voted == {
            ("S/PV.186", "Portugal"): "9–2–0",
            ("S/PV.186", "Ireland"): "9–1–1",
            ("S/PV.186", "Transjordan"): "9–1–1",
            ("S/PV.190", "Austria"): "8–1–2",
            ("S/PV.190", "Italy"): "9–1–1",
        }


class TestVotesInParts:
    def test_a_vote_keeps_the_agenda_item_that_is_its_own(self, council):
        text = Document.objects.get(symbol="S/PV.49")

        ballots = text.ballots.all()

        preliminary = "The Spanish question preliminary question"
        assert [each.agenda_item for each in ballots] == ["", preliminary, ""]
        assert [each.subject for each in ballots][:2] == [
            "The Spanish question",
            preliminary,
        ]


class TestVotes:
    def test_who_is_in_no_list_voted_in_favour(self, council):
        assert cast("S/2014/348") == {"Y": 13, "N": 2}
        assert vote("S/2014/348", "russian-federation") == "N"
        assert vote("S/2014/348", "france") == "Y"

    def test_not_taking_part_is_no_abstention(self, council):
        assert cast("S/RES/338(1973)") == {"Y": 14, "X": 1}
        assert vote("S/RES/338(1973)", "china") == "X"

    def test_in_an_adoption_without_vote_nobody_voted(self, council):
        adopted = ballot("S/RES/741(1992)")

        assert not adopted.was_voted
        assert adopted.tally == ""
        assert cast("S/RES/741(1992)") == {"X": 15}

    def test_the_council_had_eleven_members_before_1966(self, council):
        assert ballot("S/RES/3(1946)").votes.count() == 11

    def test_a_list_shorter_than_its_tally_leaves_the_others_unknown(self, council):
        assert cast("S/RES/166(1961)") == {"A": 1}
        assert cast("S/RES/387(1976)") == {}
        assert ballot("S/RES/387(1976)").tally == "9–0–5"

    def test_a_list_longer_than_its_tally_leaves_those_it_names_in_doubt(self, council):
        assert cast("S/RES/360(1974)") == {"Y": 11, "U": 4}
        assert cast("S/RES/2756(2024)") == {"Y": 12, "A": 2, "U": 1}
        assert vote("S/RES/2756(2024)", "algeria") == "U"


class TestMembers:
    def test_a_seat_continues_under_the_name_of_its_successor(self, council):
        russia = Member.objects.get(code="RUS")

        assert (russia.name, russia.slug) == (
            "Russian Federation",
            "russian-federation",
        )
        assert vote("S/RES/3(1946)", "russian-federation") == "X"
        assert russia.memberships.get(year=1946).code == "SUN"
        assert (str(russia.name_in(1990)), russia.name_in(1991)) == ("USSR", "")

    def test_names_are_those_of_the_united_nations(self, council):
        names = set(Member.objects.values_list("name", flat=True))

        assert {"Türkiye", "Syrian Arab Republic", "France"} <= names
        assert not names & {"Turkey", "Syria", "French Fifth Republic", "Russia"}

    def test_czechoslovakia_is_not_taken_for_its_successor(self, council):
        assert vote("S/5973", "czechoslovakia") == "N"

    def test_only_the_five_are_permanent(self, council):
        permanent = Member.objects.filter(permanent=True)

        assert {member.code for member in permanent} == set(
            "CHN FRA RUS GBR USA".split()
        )


class TestDocuments:
    def test_parts_of_one_draft_are_ballots_on_one_document(self, council):
        draft = Document.objects.get(symbol="S/10805/Rev.1")

        assert [each.item for each in draft.ballots.all()] == [1, 2, 3]
        assert draft.drafts == "S/10805/Rev.1 (as amended)"

    def test_two_questions_on_one_draft_are_two_items(self, council):
        assert ballot("S/552", 2).note == ""
        assert ballot("S/552", 1).note == "The record names it “S/552, S/PV.202”."

    def test_an_oral_amendment_goes_by_the_draft_it_would_have_changed(self, council):
        amendment = Document.objects.get(symbol="S/2023/1029")

        assert "oral amendment" in amendment.note
        assert cast("S/2023/1029") == {"Y": 10, "N": 1, "A": 4}

    def test_what_rests_on_press_reports_is_unconfirmed(self, council):
        text = Document.objects.get(symbol="")

        assert text.unconfirmed
        assert text.get_absolute_url() == "/documents/"
        assert str(text) == "A text without known symbol"

    def test_a_meeting_that_is_no_symbol_is_kept_in_the_note(self, council):
        adopted = ballot("S/RES/25(1947)")

        assert adopted.meeting == ""
        assert "Admission of new Members (Italy)" in adopted.note

    def test_a_vote_in_writing_rests_on_two_letters(self, council):
        symbols = [symbol for symbol, _link in ballot("S/2020/654").meeting_symbols]

        assert symbols == ["S/2020/661", "S/2020/657"]

    def test_what_could_not_be_read_is_not_counted_as_no_mention(self, council):
        assert Document.objects.get(number=1593).court_mentions > 0
        assert Document.objects.get(number=2825).court_mentions is not None


class TestOtherValues:
    @pytest.mark.parametrize(
        ("symbol", "field", "standing", "says"),
        [
            ("S/RES/1(1946)", "vote", "modality", "adopted without vote"),
            ("S/RES/166(1961)", "vote", "open", "10-0-1"),
            ("S/RES/338(1973)", "vote", "settled", "14-0-1"),
            ("S/2001/270", "date", "open", "2001-03-28"),
            ("S/PV.49", "vetoed-by", "open", "FRA,RUS"),
        ],
    )
    def test_both_values_are_kept(self, council, symbol, field, standing, says):
        other = OtherValue.objects.get(document__symbol=symbol, field=field)

        assert other.standing == standing
        assert says in other.says

    def test_dates_are_said_as_readers_write_them(self, council):
        other = OtherValue.objects.get(document__symbol="S/2001/270")

        assert other.in_words == "Library list dates it 28 March 2001"


class TestLoading:
    @pytest.fixture
    def folder(self, council_folder, tmp_path):
        return shutil.copytree(council_folder, tmp_path / "council")

    def test_every_value_knows_its_file_and_its_day(self, council):
        imported = ballot("S/2014/348").imported

        assert imported.source == "vetoes.csv"
        assert "Sciences Po" in imported.credit
        assert imported.imported_at

    def test_it_adds_what_is_missing_and_overwrites_nothing(self, council, folder):
        Document.objects.filter(number=1593).update(title="Corrected")
        Document.objects.get(number=338).delete()

        added = load_council_record(folder)

        assert added == {"resolutions": 1, "ballots": 1, "votes": 15}
        assert Document.objects.get(number=1593).title == "Corrected"

    @pytest.mark.parametrize(
        ("values", "says"),
        [
            ({"abstained": "Atlantis"}, "no member of that year or column 'Atlantis'"),
            ({"abstained": "Germany"}, "no member of that year or column 'Germany'"),
            ({"date": "1946-02-31"}, "day is out of range"),
            ({"yes": "eleven"}, "invalid literal"),
        ],
    )
    def test_a_row_that_cannot_be_right_undoes_the_whole(self, folder, values, says):
        change_row(folder / "resolutions.csv", **values)

        with pytest.raises(CouncilRecordError, match=r"resolutions\.csv, line 2") as no:
            load_council_record(folder)

        assert says in str(no.value)
        assert not Membership.objects.exists()
        assert not Import.objects.exists()
