"""Files of evidence come in as people and programs save them, or it is said why not."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from icctracker.admin import tables
from icctracker.models import Actor, Evidence, Search
from tests.admin.pages import page
from tests.admin.test_exchange import as_csv, bring_in, confirm, faults, upload
from tests.factories import make_criterion

pytestmark = pytest.mark.django_db

ROW = {
    "slug": "",
    "occurred_on": "2014-05-22",
    "kind": "statement",
    "tier": "B",
    "symbol": "",
    "meeting": "",
    "title": "A statement",
    "summary": "Somebody said something.",
    "sources": "https://example.org/a | Example | official",
    "findings": "7a | -1 | signal | | | | It shows something.",
}


@pytest.fixture(autouse=True)
def _known(db):
    make_criterion("7a")


def lines(*rows):
    return as_csv(*rows).decode().splitlines()


def workbook(*sheets):
    """A workbook of sheets, each a list of rows; the first is left open."""
    book = openpyxl.Workbook()
    for rows in sheets:
        sheet = book.active if rows is sheets[0] else book.create_sheet()
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def one():
    """The one entry there is, which must be the row."""
    entry = Evidence.objects.get()
    assert (entry.occurred_on, entry.title) == (date(2014, 5, 22), "A statement")
    return entry


class TestTables:
    @pytest.mark.parametrize("mark", [";", "\t"])
    def test_may_have_other_marks_between_cells(self, curator_client, mark):
        content = as_csv(ROW).replace(b",", mark.encode())

        bring_in(curator_client, content)

        one()

    @pytest.mark.parametrize(
        "head", ["Our evidence", '"Title, with commas; and more"', "sep=,", "\n\nTitle"]
    )
    def test_may_stand_below_a_title(self, curator_client, head):
        names, row = lines(ROW)

        bring_in(curator_client, "\n".join([head, names, row]).encode())

        one()

    def test_may_have_blank_rows_and_more_commas(self, curator_client):
        names, row = lines(ROW)
        content = "\n".join([names + ",,", "", "," * 12, row + ",,", " , ,"]).encode()

        answer = upload(curator_client, content)
        confirm(curator_client, answer)

        one()
        assert len(list(answer.context["result"].valid_rows())) == 1

    def test_may_have_a_column_without_a_name(self, curator_client):
        names, row = lines(ROW)

        bring_in(curator_client, f",{names}\n0,{row}".encode())

        one()

    def test_number_their_rows_as_in_the_file(self, curator_client):
        names, row = lines(ROW | {"kind": "vetto"})
        content = "\n".join(["Our evidence", "", names, "", row]).encode()

        [(number, column, _text)] = faults(upload(curator_client, content))

        assert (number, column) == (5, "kind")

    def test_may_be_on_any_sheet(self, curator_client):
        notes = [["Notes on the columns"], ["title", "what it is called"]]
        rows = [["Our evidence"], list(ROW), list(ROW.values())]

        bring_in(curator_client, workbook(notes, rows), name="rows.xlsx")

        one()

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            ("Source: our files", "“Source: our files” stands alone in its row."),
            (
                ",".join(["x"] * 10) + ",a note",
                "“a note” stands beyond the last column",
            ),
        ],
    )
    def test_say_what_does_not_belong(self, curator_client, row, says):
        content = "\n".join([*lines(ROW), row]).encode()

        [(number, column, text)] = faults(upload(curator_client, content))

        assert (number, column) == (3, "__all__")
        assert says in text

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_too_long_are_refused_with_their_true_length(
        self, curator_client, monkeypatch, form
    ):
        monkeypatch.setattr(tables, "MOST_ROWS", 3)
        rows = [list(ROW), *[list(ROW.values())] * 50]
        content = as_csv(*[ROW] * 50) if form == "csv" else workbook(rows)

        said = upload(curator_client, content).content.decode()

        assert "The file has 50 rows; import no more than 3 at once." in said

    def test_of_hundreds_of_thousands_of_rows_are_read_once(self, monkeypatch):
        """However long, each row is looked at once and few are kept."""
        looked_at = []
        blank = tables._is_blank
        monkeypatch.setattr(
            tables, "_is_blank", lambda row: looked_at.append(1) or blank(row)
        )

        with pytest.raises(tables.FileRefused, match="20,?000 rows|19999 rows"):
            tables.BoundedCSV().create_dataset("x\n" * 20_000)
        assert len(looked_at) < 2 * 20_000

    def test_that_are_no_text_say_so(self, curator_client):
        content = as_csv(ROW | {"title": "Côte d’Ivoire"}).decode().encode("cp1252")

        said = upload(curator_client, content).content.decode()

        assert "not text in UTF-8" in said

    def test_with_an_open_quotation_mark_name_the_line(self, curator_client):
        content = as_csv(ROW) + b'"never closed\n'

        said = upload(curator_client, content).content.decode()

        assert "Line 3 cannot be read as CSV" in said


class TestCells:
    @pytest.mark.parametrize("mark", ["NA", "n/a", "NaN", "null", "None", "-", "–"])
    def test_that_only_mark_nothing_say_nothing(self, curator_client, mark):
        names = (
            "slug",
            "symbol",
            "meeting",
            "counter_evidence",
            "situations",
            "actors",
        )
        finding = f"7a | -1 | signal | | {mark} | {mark} | It shows something."

        bring_in(
            curator_client,
            as_csv(ROW | dict.fromkeys(names, mark) | {"findings": finding}),
        )

        entry = one()
        assert not (entry.symbol or entry.meeting or entry.counter_evidence)
        assert not entry.actors.exists()
        assert not entry.findings.get().pinpoint

    @pytest.mark.parametrize("mark", ["NA", "\u200b", "\u00a0", "\u2066\u2069"])
    def test_without_anything_to_see_lack_what_is_needed(self, curator_client, mark):
        [(_row, column, text)] = faults(
            upload(curator_client, as_csv(ROW | {"title": mark}))
        )

        assert (column, text) == ("title", "Give it a title.")

    @pytest.mark.parametrize("error", ["#N/A", "#REF!", "#NAME?", "#VALUE!"])
    def test_with_an_error_are_a_fault(self, curator_client, error):
        content = workbook([list(ROW), list((ROW | {"symbol": error}).values())])

        [(row, column, text)] = faults(upload(curator_client, content))

        assert (row, column) == (2, "symbol")
        assert f"came to an error: {error}" in text

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_with_a_formula_and_no_result_are_a_fault(self, curator_client, form):
        row = ROW | {"symbol": "=A1"}
        rows = [list(row), list(row.values())]
        content = as_csv(row) if form == "csv" else workbook(rows)

        [(number, column, text)] = faults(upload(curator_client, content))

        assert (number, column) == (2, "symbol")
        assert "holds a formula" in text

    @pytest.mark.parametrize(
        "values",
        [
            {"kind": "Statement or pledge"},
            {"kind": "STATEMENT"},
            {"kind": "statement\u00a0"},
            {"tier": "b"},
            {"title": "A\nstatement"},
            {"title": "\u00a0A  statement"},
            {"findings": "7a | −1 | signal | | | | It shows something."},
        ],
    )
    def test_mean_what_they_name(self, curator_client, values):
        bring_in(curator_client, as_csv(ROW | values))

        entry = one()
        assert (entry.kind, entry.tier) == ("statement", "B")
        assert entry.findings.get().effect == -1

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("https://a.example/S/RES/1 (1)", "https://a.example/S/RES/1%20(1)"),
            ("<https://a.example/b>", "https://a.example/b"),
            ("https://a.example/\u200bb", "https://a.example/b"),
        ],
    )
    def test_with_an_address_keep_it_as_a_link_needs_it(
        self, curator_client, typed, kept
    ):
        bring_in(curator_client, as_csv(ROW | {"sources": f"{typed} | It"}))

        assert one().sources.get().url == kept


class TestDays:
    @pytest.mark.parametrize(
        "written", ["22 May 2014", "May 22nd, 2014", "22/05/2014", "22\u00a0mai 2014"]
    )
    def test_are_shown_as_understood(self, curator_client, written):
        answer = upload(curator_client, as_csv(ROW | {"occurred_on": written}))

        (row,) = answer.context["result"].valid_rows()
        assert row.diff[1] == "22 May 2014"
        confirm(curator_client, answer)
        one()
        again = upload(curator_client, as_csv(ROW | {"occurred_on": written}))
        assert again.context["result"].totals["skip"] == 1

    def test_that_may_be_two_are_asked_about(self, curator_client):
        content = as_csv(ROW | {"occurred_on": "05/06/2014"})

        [(_row, column, text)] = faults(upload(curator_client, content))

        assert column == "occurred_on"
        assert "either 5 June 2014 or 6 May 2014" in text
        assert "say below the file" in text

    @pytest.mark.parametrize(
        ("order", "day"),
        [("day-first", date(2014, 6, 5)), ("month-first", date(2014, 5, 6))],
    )
    def test_follow_what_was_said_with_the_file(self, curator_client, order, day):
        content = as_csv(ROW | {"occurred_on": "05/06/2014"})
        sent = {"import_file": SimpleUploadedFile("rows.csv", content)}
        sent |= {"resource": "0", "date_order": order}

        confirm(curator_client, curator_client.post(page("evidence", "import"), sent))

        assert Evidence.objects.get().occurred_on == day

    def test_of_searches_do_so_too(self, curator_client):
        row = {"criterion": "7a", "searched_on": "5 June 2014", "where": "Library"}
        row |= {"query": "veto", "outcome": "Nothing."}

        bring_in(curator_client, as_csv(row), noun="search")
        [(_row, column, text)] = faults(
            upload(curator_client, as_csv(row | {"searched_on": "5/6/2014"}), "search")
        )

        assert Search.objects.get().searched_on == date(2014, 6, 5)
        assert (column, "either 5 June 2014" in text) == ("searched_on", True)

    def test_are_not_asked_of_what_has_none(self, curator_client):
        shown = curator_client.get(page("actor", "import")).content.decode()

        assert "date_order" not in shown
        bring_in(curator_client, as_csv({"name": "Benin"}), noun="actor")
        assert Actor.objects.filter(name="Benin").exists()
