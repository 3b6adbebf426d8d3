import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile

from icctracker.actions import ActionRefused
from icctracker.actions.review import decide
from icctracker.models import Actor, Evidence, Search, Situation
from tests.admin.pages import page
from tests.admin.test_pages import make_search
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
    source_row,
)

CSV, XLSX = "0", "1"

ROW = {
    "occurred_on": "2014-05-22",
    "kind": "veto",
    "tier": "A",
    "symbol": "S/2014/348",
    "title": "The draft that would refer Syria is vetoed",
    "summary": "Two permanent members voted against.",
    "situations": "syria",
    "actors": "China\nRussian Federation",
    "votes_yes": "13",
    "votes_no": "2",
    "votes_abstain": "0",
    "sources": "https://undocs.org/en/S/2014/348 | The draft | official",
    "findings": "7a | -2 | | occasion | | | It stopped a referral.",
}


def as_csv(*rows):
    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def upload(client, content, noun="evidence", name="rows.csv"):
    """Choose a file; the answer shows what would be added, or the faults."""
    file = SimpleUploadedFile(name, content)
    return client.post(page(noun, "import"), {"import_file": file, "resource": "0"})


def confirm(client, answer, noun="evidence"):
    form = answer.context["confirm_form"]
    data = {name: form[name].value() for name in form.fields}
    return client.post(page(noun, "process_import"), data, follow=True)


def bring_in(client, content, noun="evidence", **kwargs):
    return confirm(client, upload(client, content, noun, **kwargs), noun)


def faults(answer):
    """The faults found, as (row, column, text)."""
    return [
        (row.number + 1, column, text)
        for row in answer.context["result"].invalid_rows
        for column, texts in row.error_dict.items()
        for text in texts
    ]


def export(client, noun="evidence", file_format=CSV, query=""):
    return client.post(
        page(noun, "export") + query, {"format": file_format, "resource": "0"}
    )


def exported(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def known(db):
    """What the row refers to."""
    make_criterion("7a")
    make_situation()
    for name in ("China", "Russian Federation"):
        Actor.objects.create(name=name)


class TestImportOfEvidence:
    def test_what_would_be_added_is_shown_first(self, curator_client, known):
        answer = upload(curator_client, as_csv(ROW))

        assert ROW["title"] in answer.content.decode()
        assert not Evidence.objects.exists()

    def test_an_entry_comes_in_with_its_relations(
        self, curator_client, curator, known, told
    ):
        answer = bring_in(curator_client, as_csv(ROW))

        entry = Evidence.objects.get()
        assert entry.occurred_on == date(2014, 5, 22)
        assert [s.slug for s in entry.situations.all()] == ["syria"]
        assert [a.name for a in entry.actors.all()] == ["China", "Russian Federation"]
        assert (entry.votes_yes, entry.votes_no, entry.votes_abstain) == (13, 2, 0)
        source = entry.sources.get()
        assert (source.label, source.official) == ("The draft", True)
        finding = entry.findings.get()
        assert (finding.criterion.code, finding.effect) == ("7a", -2)
        assert (finding.form, finding.occasion) == ("decision", True)
        assert finding.rationale == "It stopped a referral."
        assert told(answer)[0].startswith("1 added; 0 were there already")

    def test_it_awaits_review_by_somebody_else(self, curator_client, curator, known):
        bring_in(curator_client, as_csv(ROW))

        entry = Evidence.objects.get()
        assert (entry.state, entry.submitted_by) == (Evidence.State.SUBMITTED, curator)
        assert entry.verification == "unverified"
        assert not entry.findings.accepted().exists()
        with pytest.raises(ActionRefused):
            decide(entry, reviewer=curator, outcome="publish")

    @pytest.mark.parametrize("column", ["state", "verification"])
    def test_a_file_cannot_publish(self, curator_client, known, column):
        bring_in(curator_client, as_csv(ROW | {column: "published"}))

        entry = Evidence.objects.get()
        assert entry.state == Evidence.State.SUBMITTED
        assert entry.verification == "unverified"

    def test_what_is_there_already_is_left_alone(self, curator_client, known, told):
        entry = make_evidence(slug="known", title="As it is")
        rows = [ROW | {"slug": "known", "title": "Otherwise"}, ROW | {"slug": ""}]

        answer = bring_in(curator_client, as_csv(*rows))

        entry.refresh_from_db()
        assert entry.title == "As it is"
        assert Evidence.objects.count() == 2
        assert told(answer)[0].startswith("1 added; 1 were there already")

    def test_twice_changes_nothing(self, curator_client, known):
        bring_in(curator_client, as_csv(ROW))
        bring_in(curator_client, as_csv(ROW))

        assert Evidence.objects.count() == 1

    def test_a_spreadsheet_is_told_by_its_content(self, curator_client, known):
        dataset = tablib.Dataset(headers=list(ROW))
        dataset.append(
            [
                date(2014, 5, 22),
                *list(ROW.values())[1:8],
                13.0,
                2,
                0,
                *list(ROW.values())[11:],
            ]
        )

        bring_in(curator_client, dataset.export("xlsx"), name="rows.csv")

        entry = Evidence.objects.get()
        assert (entry.occurred_on, entry.votes_yes) == (date(2014, 5, 22), 13)

    def test_invisible_marks_do_no_harm(self, curator_client, known):
        content = b"\xef\xbb\xbf" + as_csv(ROW).replace(b"veto", b"veto\x00")

        bring_in(curator_client, content)

        assert Evidence.objects.count() == 1


class TestFaultyRows:
    @pytest.mark.parametrize(
        ("values", "column", "says"),
        [
            (
                {"occurred_on": "2014-13-01"},
                "occurred_on",
                "“2014-13-01” is not a date.",
            ),
            ({"occurred_on": "2999-01-01"}, "occurred_on", "in the future"),
            ({"kind": "vetto"}, "kind", "vetto is not one of the available choices"),
            ({"tier": ""}, "tier", "required"),
            ({"title": ""}, "title", "Give it a title."),
            ({"title": "x" * 201}, "title", "at most 200 characters"),
            ({"summary": "x" * 4001}, "summary", "at most 4000 characters"),
            ({"situations": "syira"}, "situations", "no situation with the slug"),
            ({"actors": "Chian"}, "actors", "no actor named “Chian”"),
            ({"votes_no": "-1"}, "votes_no", "greater than or equal to 0"),
            ({"votes_yes": "14"}, "votes_yes", "add up to 16"),
            ({"votes_abstain": ""}, "votes_abstain", "all three numbers"),
            ({"sources": ""}, "sources", "Give at least one source"),
            ({"sources": "ftp://a.example | A"}, "sources", "Enter a valid URL"),
            ({"sources": "https://a.example"}, "sources", "required"),
            (
                {"sources": "https://a.example | A\nhttps://a.example | B"},
                "sources",
                "already given above",
            ),
            ({"findings": ""}, "findings", "Give at least one finding"),
            ({"findings": "9z | 1 | | | | | Why."}, "findings", "no criterion “9z”"),
            ({"findings": "7a | 3 | | | | | Why."}, "findings", "3 is not one of"),
            ({"findings": "7a | 1 | | | | |"}, "findings", "required"),
            (
                {"findings": "7a | 1 | process | | | | Why."},
                "findings",
                "this kind of event is taken as “Decision”",
            ),
            (
                {"findings": "7a|1|||||Why.\n7a|2|||||Why."},
                "findings",
                "one finding for each",
            ),
            ({"slug": "not a slug"}, "slug", "valid “slug”"),
        ],
    )
    def test_each_is_named_by_row_and_column(
        self, curator_client, known, values, column, says
    ):
        answer = upload(
            curator_client,
            as_csv(
                {"slug": ""} | ROW, {"slug": ""} | ROW | {"title": "Another"} | values
            ),
        )

        [(row, named, text)] = faults(answer)
        assert (row, named) == (3, column)
        assert says in text
        assert says in answer.content.decode().replace("&amp;", "&")
        assert "confirm_form" not in answer.context

    def test_all_rows_are_saved_or_none(self, curator_client, known):
        upload(curator_client, as_csv(ROW, ROW | {"title": "Other", "kind": "no"}))

        assert not Evidence.objects.exists()

    def test_what_changed_since_the_preview_stops_the_whole(
        self, curator_client, known, told
    ):
        shown = upload(curator_client, as_csv(ROW, ROW | {"title": "Other"}))
        Actor.objects.all().delete()

        answer = confirm(curator_client, shown)

        assert "Nothing was imported" in told(answer)[0]
        assert not Evidence.objects.exists()


class TestFaultyFiles:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"%PDF-1.7 \xe2\xe3\xcf\xd3 not a table", "could not be read"),
            ("title\nDésolé".encode("latin-1"), "could not be read"),
            (b"PK\x03\x04 not a spreadsheet", "could not be read"),
            (b"", "empty"),
            (b"title,summary\na,b\n", "Columns that are missing: actors"),
        ],
    )
    def test_they_are_explained(self, curator_client, known, content, says):
        if "actors" in says:
            says = "Columns that are missing: findings"

        answer = upload(curator_client, content)

        assert says in answer.content.decode()
        assert not Evidence.objects.exists()

    def test_unknown_and_doubled_columns_are_named(self, curator_client, known):
        content = as_csv(ROW | {"titel": "x"}).replace(b"symbol", b"title", 1)

        text = upload(curator_client, content).content.decode()

        assert "Columns that are not known here: titel." in text
        assert "Columns given twice: title." in text
        assert "Traceback" not in text

    def test_a_large_file_is_refused(self, curator_client, known, monkeypatch):
        monkeypatch.setattr("icctracker.admin.exchange.LARGEST_FILE", 10)

        answer = upload(curator_client, as_csv(ROW))

        assert "larger than 5 MB" in answer.content.decode()

    def test_a_spreadsheet_that_swells_is_refused(
        self, curator_client, known, monkeypatch
    ):
        monkeypatch.setattr("icctracker.admin.exchange.LARGEST_UNPACKED", 10)
        dataset = tablib.Dataset(["x"], headers=["title"])

        answer = upload(curator_client, dataset.export("xlsx"))

        assert "unpacks to more" in answer.content.decode()

    def test_too_many_rows_are_refused(self, curator_client, known, monkeypatch):
        monkeypatch.setattr("icctracker.admin.tables.MOST_ROWS", 1)

        answer = upload(curator_client, as_csv(ROW, ROW))

        assert "no more than 1 at once" in answer.content.decode()

    def test_confirming_twice_asks_for_the_file_again(
        self, curator_client, known, told
    ):
        shown = upload(curator_client, as_csv(ROW))
        confirm(curator_client, shown)

        answer = confirm(curator_client, shown)

        assert "Choose it again" in told(answer)[0]
        assert Evidence.objects.count() == 1

    @pytest.mark.parametrize("name", ["/etc/passwd", "", "../../x"])
    def test_no_other_file_is_read(self, curator_client, known, told, name):
        data = {"import_file_name": name, "original_file_name": "x", "format": CSV}

        answer = curator_client.post(
            page("evidence", "process_import"), data, follow=True
        )

        assert "Choose it again" in told(answer)[0]

    @pytest.mark.parametrize("name", ["import", "export", "process_import"])
    def test_others_are_turned_away(self, client, known, name):
        reviewer = make_user("reviewer", is_staff=True)
        client.force_login(reviewer)

        answer = client.post(page("situation", name), {})

        assert answer.status_code == 403


class TestFaultsAsAFile:
    def test_they_can_be_downloaded_by_who_chose_the_file(self, curator_client, known):
        answer = upload(curator_client, as_csv(ROW, ROW | {"kind": "=rumour"}))

        url = answer.context["faults_url"]
        rows = exported(curator_client.get(url))
        assert url in answer.content.decode()
        assert (rows[0]["Row"], rows[0]["Column"]) == ("3", "kind")
        curator_client.force_login(make_user("curator"))
        assert curator_client.get(url).status_code == 404

    def test_what_has_no_fault_has_no_such_file(self, curator_client, known):
        assert "faults_url" not in upload(curator_client, as_csv(ROW)).context


class TestEmptyFiles:
    """The template a curator fills in."""

    @pytest.mark.parametrize("noun", ["evidence", "search", "situation", "actor"])
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_they_name_just_the_columns_that_are_read(self, curator_client, noun, kind):
        answer = curator_client.get(page(noun, "blank", kind))

        content = (
            answer.content.decode("utf-8-sig") if kind == "csv" else answer.content
        )
        found = tablib.Dataset().load(content, format=kind)
        columns = curator_client.get(page(noun, "import")).context["columns"]
        assert found.headers == [column["name"] for column in columns]
        assert len(found) == 0

    def test_a_spreadsheet_explains_its_columns(self, curator_client, db):
        answer = curator_client.get(page("evidence", "blank", "xlsx"))

        _rows, notes = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
        said = {row[0]: row[1:] for row in notes.iter_rows(values_only=True)}
        assert said["occurred_on"] == (
            "yes",
            "The date, as in 2014-05-22 or 22 May 2014.",
        )
        assert "effect from -2 to 2" in said["findings"][1]

    def test_one_that_is_filled_in_comes_back(self, curator_client, known):
        blank = curator_client.get(page("evidence", "blank", "xlsx")).content
        book = openpyxl.load_workbook(io.BytesIO(blank))
        names = [cell.value for cell in book.active[1]]
        book.active.append([ROW.get(name) for name in names])
        filled = io.BytesIO()
        book.save(filled)

        bring_in(curator_client, filled.getvalue(), name="evidence.xlsx")

        assert Evidence.objects.get().findings.get().criterion.code == "7a"

    def test_there_are_no_others(self, curator_client, db):
        assert curator_client.get(page("evidence", "blank", "pdf")).status_code == 404

    @pytest.mark.parametrize("role", ["researcher", "reviewer"])
    def test_others_are_turned_away(self, client, db, role):
        client.force_login(make_user(role))

        for address in (
            page("evidence", "blank", "csv"),
            page("evidence", "faults", "x"),
        ):
            assert client.get(address).status_code in (302, 403)


class TestSpreadsheetBombs:
    def sheet(self, change):
        book = openpyxl.Workbook()
        book.active.append(list(ROW))
        book.active.append(list(ROW.values()))
        change(book.active)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def test_a_cell_far_away_does_not_fill_the_memory(self, curator_client, known):
        def far(sheet):
            sheet["XFD1048576"] = "here"

        answer = upload(curator_client, self.sheet(far), name="far.xlsx")

        assert answer.status_code == 200
        assert not Evidence.objects.exists()

    def test_empty_rows_at_the_end_are_nothing(self, curator_client, known):
        def formatted(sheet):
            sheet["A9"].number_format = "0.00"

        bring_in(curator_client, self.sheet(formatted), name="rows.xlsx")

        assert Evidence.objects.count() == 1

    def test_an_entity_bomb_inside_is_refused(self, curator_client, known):
        bomb = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "' + b"ha" * 5000 + b'">'
        for name in b"bcdefg":
            before = bytes([name - 1])
            bomb += b'<!ENTITY %c "' % name + (b"&%s;" % before) * 20 + b'">'
        bomb += b"]><worksheet>&g;</worksheet>"
        source = zipfile.ZipFile(io.BytesIO(self.sheet(lambda sheet: None)))
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            for each in source.namelist():
                inner = bomb if each.endswith("sheet1.xml") else source.read(each)
                archive.writestr(each, inner)

        answer = upload(curator_client, content.getvalue(), name="bomb.xlsx")

        assert "could not be read" in answer.content.decode()
        assert not Evidence.objects.exists()

    def test_a_formula_is_not_computed(self, curator_client, known):
        def formula(sheet):
            sheet["E2"] = "=1+1"

        upload(curator_client, self.sheet(formula), name="formula.xlsx")

        assert not Evidence.objects.exists()


class TestExport:
    def test_it_comes_back_in_as_it_went_out(self, curator_client, known):
        entry = make_evidence(
            slug="kept",
            title="A title, with “quotes” and commas",
            votes_yes=13,
            votes_no=2,
            votes_abstain=0,
            situations=[Situation.objects.get()],
            actors=list(Actor.objects.all()),
            sources=[
                source_row(archived_url="https://archive.example/1"),
                source_row("https://b.example/", label="Second | one", official=False),
            ],
            findings=[
                finding_row(
                    form="process",
                    form_reason="Procedural.",
                    pinpoint="OP 7",
                    rationale="It stopped\nthe text | in part.",
                )
            ],
        )
        content = export(curator_client).content
        before = exported(export(curator_client))
        entry.editions.all().delete()
        entry.findings.all().delete()
        entry.delete()

        bring_in(curator_client, content)

        after = exported(export(curator_client))
        changing = ("state", "verification", "published_at", "withdrawn_at")
        for row in before + after:
            for column in changing:
                del row[column]
        assert after == before
        assert Evidence.objects.get().findings.get().form_reason == "Procedural."

    def test_it_holds_what_the_list_shows(self, curator_client, known):
        make_evidence(title="Shown")
        make_evidence(title="Not shown", kind="other")

        rows = exported(export(curator_client, query="?kind__exact=veto"))

        assert [row["title"] for row in rows] == ["Shown"]

    def test_a_spreadsheet(self, curator_client, known):
        make_evidence(title="Shown")

        answer = export(curator_client, file_format=XLSX)

        dataset = tablib.Dataset().load(answer.content, format="xlsx")
        assert dataset["title"] == ["Shown"]

    @pytest.mark.parametrize("start", ["=", "+", "-", "@"])
    def test_formulas_are_made_harmless(self, curator_client, known, start):
        make_evidence(title=f"{start}cmd|' /C calc'!A0")

        for file_format in (CSV, XLSX):
            answer = export(curator_client, file_format=file_format)
            kind = "csv" if file_format == CSV else "xlsx"
            content = answer.content
            if kind == "csv":
                content = content.decode("utf-8-sig")
            dataset = tablib.Dataset().load(content, format=kind)
            assert dataset["title"][0].startswith(f"'{start}cmd")

    def test_it_takes_no_more_queries_for_more_rows(
        self, curator_client, known, django_assert_max_num_queries
    ):
        for _ in range(6):
            entry = make_evidence(by=make_user("researcher"))
            entry.actors.set(Actor.objects.all())

        with django_assert_max_num_queries(14):
            export(curator_client)

    def test_nobody_is_named(self, curator_client, known):
        make_evidence(by=make_user("researcher", username="rita"))

        assert "rita" not in export(curator_client).content.decode()


class TestOtherNouns:
    def test_searches_go_out_and_come_in(self, curator_client, curator, db):
        search = make_search(query="=veto")
        content = export(curator_client, "search").content
        search.delete()

        bring_in(curator_client, content, "search")
        bring_in(curator_client, content, "search")

        again = Search.objects.get()
        assert (again.query, again.criterion) == ("=veto", search.criterion)
        assert again.searched_by == curator

    def test_faults_of_searches_are_named(self, curator_client, db):
        row = {
            "criterion": "9z",
            "searched_on": "2999-01-01",
            "where": "x",
            "query": "x",
            "outcome": "x",
        }

        answer = upload(curator_client, as_csv(row), "search")

        assert [column for _row, column, _text in faults(answer)] == [
            "criterion",
            "searched_on",
        ]

    def test_situations(self, curator_client, db):
        rows = [
            {"slug": "syria", "name": "Otherwise", "note": ""},
            {"slug": "darfur", "name": "Darfur", "note": ""},
        ]
        make_situation()

        bring_in(curator_client, as_csv(*rows), "situation")

        assert [s.name for s in Situation.objects.all()] == [
            "Darfur",
            "Syrian Arab Republic",
        ]

    def test_actors(self, curator_client, db):
        bring_in(curator_client, as_csv({"name": "China"}, {"name": "China"}), "actor")

        assert Actor.objects.get().name == "China"
