"""What was compiled from the Council's documents: all of it, twice, on old sites."""

import csv
import shutil
from collections import Counter

import pytest
from django.db.models import Count, Q

from icctracker.imports.council_tables import load_council_tables
from icctracker.imports.first_record import load_council_record
from icctracker.models import (
    Ballot,
    Document,
    Import,
    OtherValue,
    Passage,
    Sponsor,
    ValueOrigin,
    Vote,
)
from icctracker.models.folded import folded_otherwise
from icctracker.models.passages import speaks_of_the_court
from icctracker.readings.passages import KINDS, coverage, years_read
from tests.council import RECORD, change_row

pytestmark = pytest.mark.django_db


def document(symbol):
    return Document.objects.get(symbol=symbol)


def rows(file):
    with (RECORD / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class TestAllOfIt:
    def test_it_is_complete_and_a_second_load_reads_nothing(
        self, django_assert_num_queries
    ):
        load_council_record(RECORD)
        before = Vote.objects.vetoes().count()

        added = load_council_tables(RECORD)

        with django_assert_num_queries(3):
            assert load_council_tables(RECORD) == {}
        assert {
            noun: count for noun, count in added.items() if "facts" not in noun
        } == {
            "statements by the President": 758,
            "drafts that failed for want of votes": 116,
            "votes on them": 122,
            "sponsors": 7955,
            "passages": 3151,
            "descents of paragraphs": 383,
        }
        self.documents_are_counted()
        self.no_veto_was_added(before)
        self.texts_were_read_as_the_table_says()
        self.what_names_the_court_is_known()
        self.titles_are_whole()
        self.nothing_is_searched_by_what_it_was()

    def documents_are_counted(self):
        series = Counter(Document.objects.values_list("series", flat=True))
        assert series == {
            "resolution": 2825,
            "vetoed": 235,
            "failed": 116,
            "statement": 758,
        }
        read = Document.objects.exclude(languages="")
        assert Counter(read.values_list("series", flat=True))["resolution"] == 1538
        ballots = Counter(Ballot.objects.values_list("outcome", flat=True))
        assert (ballots["failed"], ballots["statement"]) == (122, 758)
        assert ballots["vetoed"] == 270

    def no_veto_was_added(self, before):
        assert Vote.objects.vetoes().count() == before
        against = Vote.objects.filter(
            ballot__outcome="failed", cast="N", member__permanent=True
        )
        told = sum(int(r["permanent_members_against"] or 0) for r in rows(FAILED))
        assert against.count() == told > 0

    def texts_were_read_as_the_table_says(self):
        told = Counter()
        for row in rows("council_coverage.csv"):
            told[int(row["year"]), row["kind"]] += int(row["en"])
        years = years_read()
        counted = {
            (row.year, kind): row.texts.get(kind) for row in years for kind in KINDS
        }
        assert {key: n for key, n in counted.items() if n} == dict(told)
        assert [(each.texts, each.documents) for each in coverage(years)] == [
            (1538, 1541),
            (758, 758),
            (19, 27),
        ]

    def what_names_the_court_is_known(self):
        naming = Document.objects.filter(speaks_of_the_court())
        assert naming.filter(series="resolution").count() == 115
        assert naming.filter(series="statement").count() == 35
        unread = Document.objects.filter(series="resolution", court_mentions=None)
        assert {each.number for each in unread} == {2510, 2589, 2762}
        terms = Counter()
        for found in Passage.objects.values_list("terms", flat=True):
            terms.update(found.split())
        assert (terms["court"], terms["rome-statute"]) == (259, 115)
        assert (terms["amnesty"], terms["sanctions-ground"]) == (30, 83)

    def titles_are_whole(self):
        cut = Document.objects.filter(title_is_cut=True)
        assert cut.count() == 678 - 435
        given = ValueOrigin.objects.filter(field="title").exclude(before="")
        assert given.count() == 523
        beside = OtherValue.objects.filter(field="title", says__startswith="Worded")
        assert beside.count() == 26 + 88

    def nothing_is_searched_by_what_it_was(self):
        wrong = [each for some in folded_otherwise(Document) for each in some]
        assert wrong == []


FAILED = "council_failed_drafts.csv"


class TestFailedDrafts:
    def test_each_member_voted_as_the_lists_say(self, read_council):
        [ballot] = document("S/2023/772").ballots.all()

        assert (ballot.outcome, ballot.tally) == ("failed", "5–4–6")
        cast = Counter(ballot.votes.values_list("cast", flat=True))
        assert cast == {"Y": 5, "N": 4, "A": 6}
        assert document("S/2023/772").series == "failed"

    def test_votes_that_the_source_does_not_tell_stay_unknown(self, read_council):
        [untold] = document("S/516").ballots.all()
        [unlisted] = document("S/1158").ballots.all()

        assert (untold.votes_known, untold.seats, untold.votes.count()) == (
            False,
            11,
            0,
        )
        assert untold.note == "No information on the vote."
        assert (unlisted.tally, unlisted.votes.count()) == ("5–0–6", 0)

    def test_who_did_not_sit_is_named_and_given_no_vote(self, read_council):
        [ballot] = document("S/2024/383").ballots.all()

        assert "The source names Slovakia, no member in that year." in ballot.note
        assert ballot.votes.count() == 14

    def test_one_whose_parts_were_vetoed_stays_a_vetoed_text(
        self, read_council, council_folder, tmp_path
    ):
        folder = shutil.copytree(council_folder, tmp_path / "tables")
        change_row(folder / FAILED, draft="S/2014/348", date="2014-05-22")
        change_row(folder / FAILED, voted_for="China; France", voted_against="Chad")

        load_council_tables(folder)

        text = document("S/2014/348")
        assert text.series == "vetoed"
        assert [(b.item, b.outcome) for b in text.ballots.all()] == [
            (1, "vetoed"),
            (2, "failed"),
        ]
        assert text.leading_ballot.outcome == "vetoed"


class TestStatements:
    def test_are_documents_that_nobody_votes_on(self, read_council):
        statement = document("S/PRST/2014/5")
        [made] = statement.ballots.all()

        assert statement.is_statement
        assert (str(made.held_on), made.meeting) == ("2014-02-21", "S/PV.7115")
        assert (made.was_voted, made.tally, made.votes.count()) == (False, "", 0)
        assert statement.court_mentions == 3
        assert statement.uri == "https://undocs.org/S/PRST/2014/5"

    def test_a_date_in_the_data_of_the_file_stands_beside(self, read_council):
        other = document("S/PRST/2000/6").other_values.get()

        assert (other.field, other.standing) == ("date", "settled")
        assert other.in_words == "The data of the file date it 27 March 2000"


class TestFacts:
    def test_a_title_gives_way_with_what_it_was_on_record(self, read_council):
        text = document("S/RES/1593(2005)")

        origin = text.origins.get(field="title")
        assert text.title.startswith("On referring the situation in Darfur")
        assert origin.before.startswith("Referring the situation in Darfur")
        assert text.other_values.filter(field="title", standing="settled").exists()

    def test_sponsors_subjects_and_chapter_vii_are_known(self, read_council):
        text = document("S/RES/1593(2005)")

        [sponsor] = text.sponsors.all()
        assert (sponsor.code, sponsor.m49) == ("GBR", "826")
        assert text.chapter_vii is True
        assert "PROSECUTORS" in text.subject_terms
        assert "African Union" in text.body_terms

    def test_each_paragraph_has_an_address_of_its_own(self, read_council):
        passages = document("S/RES/1593(2005)").passages.on_the_court()

        places = {each.label: each.anchor for each in passages}
        assert places["PP 2"] == "pp-2"
        assert places["OP 6"] == "op-6"
        twice = Passage.objects.values("document", "anchor").annotate(n=Count("pk"))
        assert not twice.filter(n__gt=1).exists()


class TestAnOlderSite:
    def test_what_people_put_stays_and_the_other_is_kept_beside(
        self, council, council_folder
    ):
        text = Document.objects.filter(number=1593)
        text.update(title="What a curator wrote", court_mentions=7)

        load_council_tables(council_folder)

        assert text.get().title == "What a curator wrote"
        assert text.get().court_mentions == 7
        [other] = text.get().other_values.filter(field="title")
        assert other.says.startswith("The Library: On referring")

    def test_a_table_that_changed_is_read_again_and_the_others_are_not(
        self, read_council, council_folder, tmp_path
    ):
        folder = shutil.copytree(council_folder, tmp_path / "tables")
        sponsors, passages = Sponsor.objects.count(), Passage.objects.count()
        change_row(folder / "council_mentions.csv", paragraph="OP 77")

        load_council_tables(folder)

        assert Passage.objects.filter(label="OP 77").count() == 1
        assert Passage.objects.count() == passages
        assert Sponsor.objects.count() == sponsors
        files = Import.objects.filter(source="council_mentions.csv")
        assert files.count() == 2

    def test_a_row_that_cannot_be_right_undoes_the_whole(
        self, council, council_folder, tmp_path
    ):
        folder = shutil.copytree(council_folder, tmp_path / "tables")
        change_row(folder / "council_mentions.csv", words="many")

        with pytest.raises(ValueError, match="many"):
            load_council_tables(folder)

        assert not Document.objects.filter(Q(series="statement")).exists()
        assert not Sponsor.objects.exists()


class TestChecks:
    @pytest.fixture
    def folder(self, council_folder, tmp_path):
        """A check of two values of resolution 1593, the second of them followed."""
        folder = shutil.copytree(council_folder, tmp_path / "tables")
        lines = [
            "symbol,field,ours,theirs,standing,followed,source_file",
            "S/RES/1593(2005),date,2005-03-31,2005-03-29,settled,,a.xml",
            "S/RES/1593(2005),meeting,S/PV.5158,S/PV.5159,settled,1,a.xml",
        ]
        (folder / "council_checks.csv").write_text("\n".join(lines), encoding="utf-8")
        return folder

    def test_what_is_followed_is_on_record_and_the_rest_stands_beside(
        self, council, folder
    ):
        load_council_tables(folder)

        text = document("S/RES/1593(2005)")
        [ballot] = text.ballots.all()
        assert (ballot.meeting, str(ballot.held_on)) == ("S/PV.5159", "2005-03-31")
        assert text.origins.get(field="meeting", ballot=ballot).before == "S/PV.5158"
        said = {other.field: other.says for other in text.other_values.all()}
        assert said["meeting"] == "The record had S/PV.5158 before"
        assert said["date"].endswith("dates it 2005-03-29")

    def test_what_people_put_is_not_followed_over(self, council, folder):
        Ballot.objects.filter(document__number=1593).update(meeting="S/PV.6000")

        load_council_tables(folder)

        text = document("S/RES/1593(2005)")
        assert text.ballots.get().meeting == "S/PV.6000"
        assert "S/PV.5159" in text.other_values.get(field="meeting").says
