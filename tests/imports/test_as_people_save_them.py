"""Files as programs and people save them are read, or refused for the true reason."""

import json

import pytest

from icctracker.imports.files import FileRefused
from icctracker.models import Ballot, Document, OtherValue
from tests.council_files import (
    IN_2026,
    as_csv,
    dppa,
    marc,
    new_resolution,
    roll_call,
    roll_calls,
    voting_rows,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

NOTHING = ["NA", "n/a", "N/A", "NaN", "null", "None", "-", "–", "—", "\u200b", "<NA>"]
ERRORS = ["#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!"]
KNOWN = {"date": "2014-05-22", "china": "1", "russian_federation_ussr": "1"}
NEW = {"date": "2026-07-10", "russian_federation_ussr": "1"}


def listed(*rows, head="", tail=""):
    """The Library's list of vetoes: date, draft, meeting, who cast it."""
    columns = "Date,Draft,Written Record,Permanent Member Casting Negative Vote"
    return "\n".join([*filter(None, [head]), columns, *rows, tail]).encode()


class TestMarksForNothing:
    @pytest.mark.parametrize("mark", NOTHING)
    def test_name_no_text_that_is_new(self, bring_in, record, mark):
        before = record()

        found = bring_in(dppa(NEW | {"draft_res#": mark, "record": mark}))

        assert found.only == {"doubt": 1}
        assert "Neither a draft nor a meeting" in found.of("doubt")[0].message
        assert record() == before

    @pytest.mark.parametrize("mark", [*NOTHING, "see note"])
    def test_double_no_veto_that_is_known(self, bring_in, mark):
        row = {"draft_res#": mark, "record": mark, "agenda": mark}

        found = bring_in(dppa(KNOWN | row))

        assert not found.of("new")
        assert Ballot.objects.filter(held_on="2014-05-22").count() == 1

    @pytest.mark.parametrize("mark", NOTHING)
    def test_are_no_title_draft_or_agenda_item(self, bring_in, record, mark):
        title = f"Security Council resolution 1593 (2005) [{mark}]"
        given = {"description": title, "agenda": f"{mark}.", "draft": mark}
        rows = voting_rows(casts="CHN:A DZA:A BRA:A USA:A", meeting=mark, **given)
        before = record()

        assert bring_in(as_csv(rows)).only == {"same": 1}
        assert record() == before

    def test_are_no_values_of_a_record_of_the_library(self, bring_in):
        fields = [("191a", "S/RES/1593(2005)"), ("992a", "20050331"), ("993a", "NA")]

        assert bring_in(marc([*fields, ("991d", "N/A")])).only == {"same": 1}

    def test_are_no_votes(self, bring_in):
        rows = new_resolution()
        rows[3]["ms_vote"] = "NA"

        (fault,) = bring_in(as_csv(rows)).of("fault")

        assert (fault.line, fault.field) == (5, "ms_vote")

    @pytest.mark.parametrize("error", ERRORS)
    def test_the_error_of_a_formula_is_a_fault_of_its_cell(self, bring_in, error):
        row = NEW | {"draft_res#": error, "record": "10210"}
        for content in (dppa(row), as_csv(new_resolution(agenda=error))):
            (fault,) = bring_in(content).of("fault")
            assert fault.line == 2
            assert fault.field in ("draft_res#", "agenda")
            assert "came to an error" in fault.message

    def test_a_draft_that_is_no_symbol_makes_no_document(self, bring_in):
        vetoed = roll_call("see note", "vetoed", "2026-07-10", {"CHINA": "N"}, total=1)
        rows = dppa(NEW | {"draft_res#": "see note", "record": "10210"})

        for content in (rows, roll_calls(vetoed | {"Total": 15, "Non-Voting": 14})):
            found = bring_in(content)
            assert not found.of("new")
        assert not Document.objects.filter(drafts="see note").exists()


class TestDates:
    @pytest.mark.parametrize("order", ["day-first", "month-first"])
    def test_of_every_layout_follow_what_was_told(self, bring_in, order):
        written = "08/07/2026" if order == "day-first" else "07/08/2026"
        fields = [("191a", "S/RES/2826(2026)"), ("992a", written)]
        adopted = roll_call("S/RES/2826(2026)", "adopted", written, {}, Yes=15)
        veto = {"draft_res#": "S/2026/600", "china": "1", "date": written}
        layouts = [
            as_csv(new_resolution(date=written)),
            marc([*fields, ("996a", "Adopted unanimously, 10200th meeting")]),
            roll_calls(adopted),
            dppa(veto),
        ]

        for content in layouts:
            (asked,) = bring_in(content, dry=True).of("fault")
            assert "either " in asked.message and "--dates" in asked.message
            (new,) = bring_in(content, dry=True, date_order=order).of("new")
            assert new.theirs.startswith("8 July 2026: ")

    def test_of_several_days_find_the_vote_and_are_kept(self, bring_in):
        row = "21-22 May 2014,S/2014/348,S/PV.7180,China; Russian Federation"

        found = bring_in(listed(row))

        assert [each.theirs for each in found.of("conflict")] == ["21-22 May 2014"]
        (kept,) = OtherValue.objects.filter(field="date", says__contains="21-22 May")
        assert kept.document.symbol == "S/2014/348"
        assert bring_in(listed(row)).only == {"known": 1, "same": 1}

    def test_of_several_days_make_no_vote_that_is_new(self, bring_in):
        row = "9-10 July 2026,S/2026/600,S/PV.10210,Russian Federation"

        (fault,) = bring_in(listed(row)).of("fault")

        assert (fault.field, fault.theirs) == ("date", "9-10 July 2026")

    def test_no_vote_takes_weeks(self, bring_in):
        row = "9 July - 9 August 2014,S/2014/348,S/PV.7180,China"

        (fault,) = bring_in(listed(row)).of("fault")

        assert "No vote takes more than 7 days" in fault.message


class TestWhatStandsAround:
    ROW = "10 July 2026,S/2026/600,S/PV.10210,Russian Federation"

    @pytest.mark.parametrize(
        "head",
        ["Veto List", '"A title, with commas, and more"', "sep=,", "\n\nTitle\n"],
    )
    def test_lines_above_are_passed(self, bring_in, head):
        found = bring_in(listed(self.ROW, head=head), dry=True)

        assert found.only == {"new": 1}
        assert found.of("new")[0].line == head.count("\n") + 3

    def test_notes_below_are_listed_as_such(self, bring_in):
        found = bring_in(listed(self.ROW, ",,,", tail="Source: the Library"), dry=True)

        assert found.only == {"new": 1, "passed": 1}
        assert "Source: the Library" in found.of("passed")[0].message

    def test_notes_without_end_are_no_table(self, bring_in, monkeypatch):
        monkeypatch.setattr("icctracker.imports.files.MOST_NOTES", 3)

        with pytest.raises(FileRefused, match="More than 3 lines have one cell alone"):
            bring_in(listed(*["x"] * 4))

    def test_blank_rows_more_commas_and_names_again_are_nothing(self, bring_in):
        rows = as_csv(new_resolution()).decode().splitlines()
        blank = "," * rows[0].count(",")
        rows[8:8] = ["", blank, rows[0], " , "]
        content = "\n".join(f"{row},," for row in rows).encode()

        assert bring_in(content, dry=True).only == {"new": 1}

    def test_rows_of_several_resolutions_stand_in_any_order(self, bring_in):
        rows = new_resolution() + voting_rows(
            "S/RES/2827(2026)", members=IN_2026, date="2026-07-31"
        )
        rows.sort(key=lambda row: row["ms_code"])

        assert bring_in(as_csv(rows), dry=True).only == {"new": 2}

    def test_one_that_lacks_a_row_says_so(self, bring_in):
        rows = new_resolution()[:-1]

        (fault,) = bring_in(as_csv(rows)).of("fault")

        assert "14 rows stand here for 15 members" in fault.message

    def test_rows_scattered_beyond_measure_are_refused(self, bring_in, monkeypatch):
        monkeypatch.setattr("icctracker.imports.library.MOST_UNFINISHED", 2)
        rows = [voting_rows(f"S/RES/{number}(2005)")[0] for number in range(1590, 1594)]

        with pytest.raises(FileRefused, match="scattered"):
            bring_in(as_csv(rows))

    def test_votes_may_be_words(self, bring_in):
        rows = new_resolution()
        words = {"Y": "In favour", "A": "abstained"}
        for row in rows:
            row["ms_vote"] = words[row["ms_vote"]]

        assert bring_in(as_csv(rows), dry=True).only == {"new": 1}

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("Soviet Union", "RUS"),
            ("U.S.A.", "USA"),
            ("United Kingdom of Great Britain and Northern Ireland", "GBR"),
            ("Russian Federation/USSR", "RUS"),
            ("China\nFrance", "CHN,FRA"),
        ],
    )
    def test_states_are_known_by_the_names_they_had(self, bring_in, name, code):
        row = f'10 July 2026,S/2026/600,S/PV.10210,"{name}"'

        (new,) = bring_in(listed(row), dry=True).of("new")

        assert f"vetoed by {code.replace(',', ', ')}," in new.theirs


class TestWhatPortalsAnswer:
    ROW = json.loads(dppa(NEW | {"draft_res#": "S/2026/600"}, form="json"))[0]

    @pytest.mark.parametrize(
        "wrap",
        [
            lambda row: {"result": {"fields": [{"id": "date"}], "records": [row]}},
            lambda row: {"@odata.context": "x", "value": [row]},
            lambda row: {
                "type": "FeatureCollection",
                "features": [{"properties": row}],
            },
            lambda row: {"features": [{"attributes": row}], "fields": [{"name": "a"}]},
            lambda row: {"vetoes": [row]},
        ],
    )
    def test_is_read_where_its_rows_are_plain(self, bring_in, wrap):
        content = json.dumps(wrap(self.ROW)).encode()

        assert bring_in(content, dry=True).only == {"new": 1}

    def test_may_have_a_record_on_each_line(self, bring_in):
        content = "\n".join(map(json.dumps, [self.ROW, self.ROW])).encode()

        assert bring_in(content, dry=True).only == {"new": 1, "passed": 1}

    @pytest.mark.parametrize("content", [{"a": {"b": {"c": [1]}}}, {"records": []}, 7])
    def test_or_refused_naming_where_records_are_looked_for(self, bring_in, content):
        with pytest.raises(FileRefused, match="name records, value"):
            bring_in(json.dumps([content] if content == 7 else content).encode())


class TestRefusals:
    def test_name_what_was_seen_what_is_accepted_and_where_that_is_written(
        self, bring_in
    ):
        for content in (b"a,b\n1,2\n", b"<html><body></body></html>"):
            with pytest.raises(FileRefused) as refused:
                bring_in(content)
            said = str(refused.value)
            assert "a, b" in said or "not MARCXML" in said
            assert "voting file" in said and "docs/importing.md" in said

    def test_know_the_text_of_excel(self, bring_in):
        content = as_csv(new_resolution()).decode().encode("utf-16")

        with pytest.raises(FileRefused, match="UTF-16, which Excel calls Unicode text"):
            bring_in(content)

    def test_records_without_a_namespace_are_read(self, bring_in):
        fields = [("191a", "S/RES/1593(2005)"), ("992a", "[31 March 2005]")]
        plain = marc(fields).replace(b' xmlns="http://www.loc.gov/MARC21/slim"', b"")

        assert bring_in(plain).only == {"same": 1}
