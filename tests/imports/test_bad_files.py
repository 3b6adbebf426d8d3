"""Whatever is wrong with a file is said in words, with line and field."""

import json
import tracemalloc

import pytest

from icctracker.imports import files
from icctracker.imports.files import FileRefused
from tests.council_files import VOTING, as_csv, dppa, marc, new_resolution, voting_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council")]

BOMB = """<?xml version="1.0"?>
<!DOCTYPE collection [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<collection xmlns="http://www.loc.gov/MARC21/slim"><record>&b;</record></collection>"""
EXTERNAL = """<?xml version="1.0"?>
<!DOCTYPE collection [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<collection xmlns="http://www.loc.gov/MARC21/slim"><record>&x;</record></collection>"""
OUTSIDE = """<?xml version="1.0"?>
<!DOCTYPE collection SYSTEM "http://127.0.0.1:9/x.dtd">
<collection xmlns="http://www.loc.gov/MARC21/slim"></collection>"""


class TestHowTablesAreWritten:
    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_marks_line_ends_and_delimiters_make_no_difference(
        self, bring_in, newline, delimiter, mark
    ):
        title = 'Security Council resolution 2826 (2026) [on a "new", odd; matter]'
        rows = new_resolution(description=title)
        content = as_csv(rows, lineterminator=newline, delimiter=delimiter)

        outcome = bring_in(mark + content, dry=True)

        assert outcome.only == {"new": 1}
        assert outcome.of("new")[0].theirs.endswith('On a "new", odd; matter')

    def test_columns_are_found_by_name_and_others_ignored(self, bring_in):
        columns = ["colour", *reversed(VOTING)]

        outcome = bring_in(as_csv(new_resolution(colour="red"), columns), dry=True)

        assert outcome.only == {"new": 1}

    def test_a_stray_line_end_within_a_cell_is_no_part_of_a_symbol(self, bring_in):
        rows = voting_rows("S/RES/1593(2005) \r", casts="CHN:A DZA:A BRA:A USA:A")

        assert bring_in(as_csv(rows)).only == {"same": 1}

    def test_a_field_over_several_lines_leaves_lines_counted_right(self, bring_in):
        rows = new_resolution(subjects="one\ntwo") + voting_rows(ms_vote="Z")

        outcome = bring_in(as_csv(rows))

        assert outcome.of("fault")[0].line == 2 + 2 * 15


class TestRefusedFiles:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (as_csv(voting_rows()).replace(b"ms_vote", b"vote"), "missing: ms_vote"),
            (as_csv(voting_rows()).replace(b"subjects", b"DATE"), "twice: date"),
            (
                as_csv(voting_rows()) + "1,é\n".encode("latin-1"),
                "Line 17 is not text in UTF-8",
            ),
            ("a,b\n1,2\n".encode("utf-16"), "not text in UTF-8"),
            (as_csv(voting_rows()) + b"\x00\n", "not text in UTF-8"),
            # Beyond what is looked at to tell what kind of file it is.
            (as_csv(voting_rows() * 9) + b"\x00\n", "not text in UTF-8"),
            (as_csv(voting_rows()) + b'"never closed\n', "quotation mark"),
            (b",".join(b"c%d" % n for n in range(2000)) + b"\n", "too many columns"),
            (",".join(VOTING).encode(), "no rows"),
            (BOMB.encode(), "declares a document type"),
            (EXTERNAL.encode(), "declares a document type"),
            (OUTSIDE.encode(), "declares a document type"),
            (marc([("191a", "S/RES/1593(2005)")])[:-30], "broken at line"),
            (marc([("191a", "&nbsp;")]), "broken at line"),
            (b"[" * 100_000, "cannot be read as such"),
            (b'[{"a": 1}, 2]', "not a list of records"),
            (b"\x1f\x8b\x08", "not a text file"),
        ],
    )
    def test_each_says_what_is_wrong(self, bring_in, record, content, says):
        before = record()

        with pytest.raises(FileRefused, match=says):
            bring_in(content)

        assert record() == before

    def test_one_that_is_too_large_is_not_read(self, bring_in, tmp_path):
        path = tmp_path / "large.csv"
        with path.open("wb") as file:
            file.truncate(2 * 1024**3)

        with pytest.raises(FileRefused, match="at most 100"):
            files.SourceFile(path)

    def test_a_line_without_end_is_not_held(self, bring_in):
        with pytest.raises(FileRefused, match="Line 1 is longer"):
            bring_in(b"x" * (files.LONGEST_LINE + 2))

    def test_a_large_json_file_is_not_read(self, bring_in, monkeypatch):
        monkeypatch.setattr(files, "LARGEST_JSON", 10)

        with pytest.raises(FileRefused, match="JSON file may have"):
            bring_in(dppa({"draft_res#": "S/1", "date": "2014-05-22"}, form="json"))

    def test_a_folder_or_nothing_is_no_file(self, tmp_path):
        for path in (tmp_path, tmp_path / "missing"):
            with pytest.raises(FileRefused):
                files.SourceFile(path)


def fault_of(outcome):
    found = outcome.of("fault")
    assert len(found) == 1, found
    return found[0]


class TestFaultyRows:
    @pytest.mark.parametrize(
        ("values", "field", "says"),
        [
            ({"resolution": "S/RES/2900(2031)"}, "resolution", "still to come"),
            ({"resolution": "S/RES/1593(2004)"}, "resolution", "adopted in 2005"),
            (
                {"resolution": "A/RES/60/1"},
                "resolution",
                "not the symbol of a Security",
            ),
            (
                {"resolution": "Resolution of May"},
                "resolution",
                "not a document symbol",
            ),
            ({"date": "2005-02-31"}, "date", "no such day"),
            ({"date": "03/04/2005"}, "date", "either 3 April 2005 or 4 March 2005"),
            ({"date": "soon"}, "date", "not a date"),
            ({"date": "2031-01-01"}, "date", "still to come"),
            ({"date": "1945-12-31"}, "date", "did not exist"),
            ({"ms_vote": "M"}, "ms_vote", "Y, N, A or X"),
            ({"modality": "Acclamation"}, "modality", "Vote or Without Vote"),
            ({"total_yes": "many"}, "total_yes", "not a whole number"),
            ({"total_no": 1}, "total_ms", "adds up to 16"),
            ({"total_yes": 10}, "total_ms", "adds up to 10"),
            ({"total_yes": 14, "total_no": 1}, "total_yes", "the rows count 15-0-0-0"),
            ({"description": "=cmd|' /C calc'!A0"}, "description", "like a formula"),
            ({"ms_code": "XXX"}, "ms_code", "No Council member has this code"),
            ({"ms_code": "CHN"}, "ms_code", "twice"),
        ],
    )
    def test_line_and_field_are_named(self, bring_in, values, field, says):
        fault = fault_of(bring_in(as_csv(voting_rows(**values))))

        assert fault.field == field
        assert says in fault.message
        assert fault.line in (2, 3)

    def test_rows_of_one_resolution_must_agree(self, bring_in):
        rows = voting_rows()
        rows[4]["date"] = "2005-04-01"

        fault = fault_of(bring_in(as_csv(rows)))

        assert (fault.line, fault.field, fault.theirs) == (6, "date", "2005-04-01")

    def test_a_missing_member_is_noticed(self, bring_in):
        fault = fault_of(bring_in(as_csv(voting_rows()[1:])))

        assert "adds up" in fault.message or "14 rows" in fault.message

    def test_many_rows_under_one_symbol_are_not_gathered(self, bring_in):
        rows = [row | {"ms_code": "IND"} for row in voting_rows()] * 10

        assert "More rows" in fault_of(bring_in(as_csv(rows))).message

    def test_a_row_of_another_width_is_named(self, bring_in):
        outcome = bring_in(as_csv(new_resolution()) + b"too,short\n")

        assert fault_of(outcome).line == 17

    def test_the_same_resolution_twice_must_say_the_same(self, bring_in):
        between = voting_rows(casts="CHN:A DZA:A BRA:A USA:A")
        same = bring_in(as_csv(new_resolution() + between + new_resolution()), dry=True)
        other = new_resolution(draft="S/2026/501")
        differing = bring_in(as_csv(new_resolution() + between + other), dry=True)

        assert same.only == {"new": 1, "same": 1, "passed": 1}
        assert "otherwise on line 2" in fault_of(differing).message

    @pytest.mark.parametrize(
        ("values", "field", "says"),
        [
            ({"china": "perhaps"}, "china", "neither"),
            ({"china": "0"}, "china", "Nobody"),
            ({"date": "02.05.2014"}, "date", "--dates day-first"),
            ({"agenda": "=1+1"}, "agenda", "like a formula"),
        ],
    )
    def test_so_are_those_of_a_list_of_vetoes(self, bring_in, values, field, says):
        row = {"draft_res#": "S/2014/348", "date": "2014-05-22", "china": "1"}
        row |= {"record": "7180", "agenda": "Syria"}

        for form in ("csv", "json"):
            fault = fault_of(bring_in(dppa(row | values, form=form)))
            assert (fault.field, says in fault.message) == (field, True)

    def test_day_and_month_are_read_as_told(self, bring_in):
        row = {"draft_res#": "S/2014/348", "date": "5/6/2014", "china": "1"}
        row |= {"russian_federation_ussr": "1"}

        for order, day in (("day-first", "5 June 2014"), ("month-first", "6 May 2014")):
            outcome = bring_in(dppa(row), dry=True, date_order=order)
            assert outcome.of("conflict")[0].theirs == day

    def test_records_of_the_library_name_their_field(self, bring_in):
        fields = [("191a", "S/RES/1593(2005)"), ("992a", "20050331")]

        for more, field in (
            ([("996a", "Adopted 13-1-2, 5158th meeting")], "996$a"),
            ([("996", {"b": "9", "f": "15", "c": "9"})], "996$f"),
        ):
            assert fault_of(bring_in(marc(fields + more))).field == field


class TestMemory:
    def test_a_longer_file_takes_no_more(self, bring_in, tmp_path):
        rows = as_csv(voting_rows(casts="CHN:A DZA:A BRA:A USA:A"))
        head, body = rows.split(b"\n", 1)

        def peak(times):
            content = head + b"\n" + body * times
            tracemalloc.start()
            bring_in(content, dry=True)
            _now, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return most - len(content)

        peak(1)
        assert peak(40) < peak(2) + 3_000_000


def test_json_and_csv_say_the_same(bring_in):
    row = {"draft_res#": "S/2014/348", "date": "2014-05-22", "china": 1}
    row |= {"russian_federation_ussr": 1.0, "last_update": None}
    wrapped = json.dumps(
        {
            "count": 1,
            "value": [
                row | dict.fromkeys(["france", "united_states", "united_kingdom"], 0)
            ],
        }
    ).encode()

    assert bring_in(wrapped).only == bring_in(dppa(row)).only == {"same": 1}
