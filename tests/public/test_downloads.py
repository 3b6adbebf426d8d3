"""The downloads of the list: what they hold, byte by byte, and how they are read."""

import csv
import gzip
import io
import json
import tracemalloc
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from icctracker.actions.lines import rewrite_lines
from icctracker.actions.review import correct, withdraw
from icctracker.models import Actor, Evidence
from icctracker.readings import exports
from icctracker.readings.spreadsheets import BOM, csv_lines, csv_text, safe_cell
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_publication,
    make_recommendation,
    make_situation,
    make_user,
    source_row,
)

DAY = date(2014, 5, 22)
BOTH = ["csv", "json"]
COLUMNS = (
    "date kind tier symbol meeting title summary situations actors"
    " votes_yes votes_no votes_abstain sources findings address"
).split()


def body(suffix, **query):
    return Client().get(f"/evidence.{suffix}", query).getvalue().decode()


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


# What the files should hold, told a second time and one entry after the other.


def record(entry):
    findings = entry.findings.filter(retired_at=None, accepted_at__isnull=False)
    ordered = sorted(
        findings, key=lambda f: (f.criterion.recommendation.number, f.criterion.code)
    )
    plain = {name: getattr(entry, name, None) for name in COLUMNS}
    return plain | {
        "date": entry.occurred_on.isoformat(),
        "situations": [each.slug for each in entry.situations.order_by("name")],
        "actors": [each.name for each in entry.actors.order_by("name")],
        "sources": [each.url for each in entry.sources.order_by("position")],
        "findings": [
            {
                "id": each.pk,
                "criterion": each.criterion.key,
                "effect": each.effect,
                "form": each.form,
                "occasion": each.occasion,
                "pinpoint": each.pinpoint,
                "searched_words": each.searched_words,
                "rationale": each.rationale,
            }
            for each in ordered
        ],
        "address": f"http://testserver/evidence/{entry.slug}/",
    }


def as_json(records, known_at=None):
    told = {
        "as_of": timezone.localdate().isoformat(),
        "known_at": known_at,
        "licence": "CC BY 4.0",
        "evidence": records,
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def as_csv(records):
    # With the mark by which spreadsheets tell letters beyond those of the West.
    file = io.StringIO(BOM, newline="")
    file.seek(0, io.SEEK_END)
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for told in records:
        codes = [f"{each['criterion']} {each['effect']}" for each in told["findings"]]
        cells = [(told | {"findings": codes})[name] for name in COLUMNS]
        cells = ["; ".join(cell) if isinstance(cell, list) else cell for cell in cells]
        writer.writerow([safe_cell(cell) for cell in cells])
    return file.getvalue()


@pytest.fixture
def few(kept, db):
    return kept(make_few)


def make_few():
    """Entries that say all there is to say, with all that a file must not trip over."""
    own = make_recommendation("R2")
    other = make_recommendation("R1", publication=make_publication("another-note"))
    criteria = [
        make_criterion("7b"),
        make_criterion("2a", recommendation=own),
        make_criterion("1a", recommendation=other),
    ]
    places = [make_situation("zone", "Aaland"), make_situation("area", "Zembla")]
    actors = [Actor.objects.create(name=name) for name in ("Ünion", "China; France")]
    full = make_evidence(
        title='=1+1 "quoted", and\nbroken',
        summary="Zwölf – “Stück”, \r\n\tso;\x0b it is \U0001f54a.",
        situations=places,
        actors=actors,
        sources=[source_row("https://example.org/b"), source_row()],
        findings=[
            finding_row(
                each,
                effect=effect,
                pinpoint="OP “6”",
                rationale='He said "no",\nand left.',
                occasion=bool(effect),
            )
            for effect, each in enumerate(criteria)
        ],
        occurred_on=DAY + timedelta(days=1),
    )
    bare = make_evidence(
        kind="debate", symbol="", meeting="", sources=[], findings=[], title="@bare"
    )
    for state in Evidence.State:
        if state != Evidence.State.PUBLISHED:
            make_evidence(state, title="Not in the list")
    return full, bare


class TestWhatTheyHold:
    def test_csv_is_what_the_module_csv_writes_of_it(self, few):
        assert body("csv") == as_csv(map(record, few))

    def test_json_is_what_the_module_json_writes_of_it(self, few):
        assert body("json") == as_json(list(map(record, few)))

    def test_so_it_is_as_known_at_an_instant(self, few):
        now = timezone.now()
        criterion = few[0].findings.first().criterion
        told = list(map(record, few))

        correct(
            few[0],
            by=make_user("curator"),
            reason="It was a debate.",
            facts={"title": "Later", "kind": "debate", "situations": [], "actors": []},
            sources=[source_row("https://example.org/later")],
            findings=[finding_row(criterion, effect=2, rationale="Later.")],
        )

        known_at = now.isoformat()
        assert body("csv", known_at=known_at) == as_csv(told)
        assert body("json", known_at=known_at) == as_json(told, known_at)
        few[0].refresh_from_db()
        assert body("json") == as_json(list(map(record, few)))

    @pytest.mark.parametrize("suffix", BOTH)
    def test_an_empty_list_is_a_file_without_entries(self, few, suffix):
        expected = {"csv": as_csv([]), "json": as_json([])}

        assert body(suffix, q="no such word") == expected[suffix]

    def test_a_file_is_named_and_said_what_it_is(self, client, few):
        response = client.get("/evidence.csv")

        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="evidence.csv"'
        assert client.get("/evidence.json")["Content-Type"] == "application/json"

    def test_a_download_matches_the_list_on_screen(self, client, few):
        make_evidence(kind="veto", title="Wanted")

        keys = client.get("/evidence/", {"kind": "veto"}).context["page_obj"]
        listed = [Evidence.objects.get(pk=key) for key in keys]

        told = json.loads(body("json", kind="veto"))["evidence"]
        assert [each["title"] for each in told] == [each.title for each in listed]
        assert "Wanted" in {each["title"] for each in told}

    def test_a_title_cannot_smuggle_a_formula_into_a_spreadsheet(self, few):
        told = [row["title"] for row in rows_of(body("csv"))]

        assert told == ['\'=1+1 "quoted", and\nbroken', "'@bare"]

    def test_what_an_entry_does_not_say_is_an_empty_cell(self, few):
        rows = rows_of(body("csv"))

        told = {name for name in COLUMNS if rows[1][name]}
        assert told == {"date", "kind", "tier", "title", "summary", "address"}


# Cells as they come: with all that parts them, that quotes them, and that runs.
CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.text(alphabet=st.sampled_from("ab,;\"\n\r\t=+-@'“é \U0001f54a"), max_size=8),
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=4))
def test_lines_are_those_of_the_module_csv(rows):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([[safe_cell(cell) for cell in row] for row in rows])

    assert csv_text(rows) == "".join(csv_lines(rows)) == file.getvalue()


# A piece at a time.


@pytest.fixture
def small(monkeypatch):
    """Pages of four keys, pieces of two entries, one entry written at a time."""
    set_sizes(monkeypatch, 4, 2, 1)


def set_sizes(monkeypatch, page, piece, written):
    for name, size in (("PAGE", page), ("PIECE", piece), ("WRITTEN", written)):
        monkeypatch.setattr(exports, name, size)


def make_many(many=9):
    """Entries of three days and two kinds, their titles in no order."""
    criterion = make_criterion()
    return [
        make_evidence(
            title=f"{'cab'[number % 3]}",
            summary=f"Number {number}.",
            kind=["report", "debate"][number % 2],
            occurred_on=DAY + timedelta(days=number * 5 % 3),
            findings=[finding_row(criterion)],
        )
        for number in range(many)
    ]


@pytest.fixture
def many(kept, db):
    return kept(make_many)


@pytest.mark.usefixtures("many")
class TestPieces:
    @pytest.mark.parametrize("sizes", [(1, 1, 1), (4, 2, 1), (9, 9, 9), (3, 2, 2)])
    @pytest.mark.parametrize("sort", ["", "date", "-date", "title", "kind"])
    @pytest.mark.parametrize("suffix", BOTH)
    def test_make_the_same_file_however_large_they_are(
        self, monkeypatch, suffix, sort, sizes
    ):
        whole = body(suffix, sort=sort)
        past = timezone.now().isoformat()
        as_known = body(suffix, sort=sort, known_at=past)

        set_sizes(monkeypatch, *sizes)

        assert body(suffix, sort=sort) == whole
        assert body(suffix, sort=sort, known_at=past) == as_known

    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            ("", ("-occurred_on", "-pk")),
            ("date", ("occurred_on", "pk")),
            ("-date", ("-occurred_on", "-pk")),
            ("title", ("title", "pk")),
            ("kind", ("kind", "-occurred_on", "-pk")),
        ],
    )
    def test_no_two_entries_share_a_place(self, small, sort, order):
        expected = list(Evidence.objects.order_by(*order).values_list("summary"))

        for known_at in ("", timezone.now().isoformat()):
            rows = rows_of(body("csv", sort=sort, known_at=known_at))
            assert [(row["summary"],) for row in rows] == expected

    def test_the_first_bytes_come_before_any_entry_is_read(self, client, small):
        for suffix in BOTH:
            pieces = iter(client.get(f"/evidence.{suffix}"))
            with CaptureQueriesContext(connection) as made:
                next(pieces)

            assert len(made) == 0

    def test_the_first_entry_comes_before_the_others_are_read(self, client, small):
        pieces = iter(client.get("/evidence.csv"))
        next(pieces)

        with CaptureQueriesContext(connection) as made:
            first = next(pieces)
        with CaptureQueriesContext(connection) as made_later:
            rest = list(pieces)

        # Keys, lines; none is kept: facts, situations, actors, sources, findings.
        assert (len(made), first.count(b"\n")) == (7, 1)
        # Of nine entries four more pieces and two more pages.
        assert (len(made_later), len(rest)) == (4 * 6 + 2, 8)

    @pytest.mark.parametrize("suffix", BOTH)
    @pytest.mark.parametrize("past", [False, True])
    def test_a_piece_takes_as_many_queries_whatever_hangs_on_it(
        self, client, suffix, past
    ):
        query = {"known_at": timezone.now().isoformat()} if past else {}
        response = client.get(f"/evidence.{suffix}", query)

        with CaptureQueriesContext(connection) as made:
            response.getvalue()

        # As CSV, of today, its line is looked for before it is made.
        assert len(made) == (7 if suffix == "csv" and not past else 6)

    def test_where_lines_are_kept_a_piece_takes_two_queries(self, client):
        rewrite_lines()
        response = client.get("/evidence.csv")

        with CaptureQueriesContext(connection) as made:
            response.getvalue()

        assert len(made) == 2

    @pytest.mark.parametrize("sort", ["", "date", "-date", "kind"])
    def test_a_page_of_keys_is_read_in_the_order_of_an_index(self, client, sort):
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL goes by how large the tables are")
        response = client.get("/evidence.csv", {"sort": sort})
        with CaptureQueriesContext(connection) as made:
            response.getvalue()

        steps = plan(made[0]["sql"])

        assert [
            step for step in steps if "evidence_state" in step or "COVERING" in step
        ]
        assert [step for step in steps if "TEMP B-TREE" in step] == []

    def test_a_piece_is_found_by_its_keys(self, client):
        if connection.vendor != "sqlite":
            pytest.skip("PostgreSQL goes by how large the tables are")
        for known_at in ("", timezone.now().isoformat()):
            response = client.get("/evidence.csv", {"known_at": known_at})
            with CaptureQueriesContext(connection) as made:
                response.getvalue()

            _keys, *of_a_piece = [query["sql"] for query in made]
            steps = [step for sql in of_a_piece for step in plan(sql)]
            read_whole = {step for step in steps if step.startswith("SCAN")}
            assert {step for step in read_whole if "json_each" not in step} == set()
            assert "evidence_state_date" not in "".join(steps)

    def test_a_file_takes_no_more_memory_for_more_entries(self, client, monkeypatch):
        set_sizes(monkeypatch, 40, 20, 5)
        add_copies(100)
        few, few_bytes = peak(client, "json")
        add_copies(300)

        more, more_bytes = peak(client, "json")

        assert more_bytes - few_bytes > 500_000
        assert more - few < 50_000


def plan(sql):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in cursor.fetchall()]


def add_copies(many):
    """Published entries with a long text, and nothing that hangs on them."""
    now = timezone.now()
    have = Evidence.objects.count()
    Evidence.objects.bulk_create(
        Evidence(
            slug=f"copy-{number}",
            state="published",
            verification="verified",
            kind="report",
            occurred_on=DAY,
            title=f"Copy {number}",
            summary="At length. " * 200,
            submitted_at=now,
            published_at=now,
        )
        for number in range(have, have + many)
    )


def peak(client, suffix):
    """The most memory that reading a file takes at a time, and its length."""
    client.get(f"/evidence.{suffix}", {"q": "At length"}).getvalue()
    response = client.get(f"/evidence.{suffix}")
    tracemalloc.start()
    length = sum(map(len, response))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, length


class TestMeanwhile:
    """What is written to the site while somebody downloads."""

    @pytest.fixture
    def download(self, client, many, small):
        """The pieces of a file, of which the first entry is read."""
        pieces = iter(client.get("/evidence.csv"))
        self.read = b"".join([next(pieces), next(pieces)])
        return pieces

    def rest(self, pieces):
        text = (self.read + b"".join(pieces)).decode()
        return [row["summary"] for row in rows_of(text)]

    def test_no_entry_is_told_twice_and_none_is_lost(self, download, many):
        for day in (0, 1, 2, 9):
            make_evidence(summary="New.", occurred_on=DAY + timedelta(days=day))

        told = [summary for summary in self.rest(download) if summary != "New."]

        assert len(told) == len(many)
        assert set(told) == {entry.summary for entry in many}

    def test_what_is_withdrawn_is_not_told_any_more(self, download, many):
        *_others, last = Evidence.objects.all()
        page = Evidence.objects.all()[3]
        for entry in (page, last):
            withdraw(entry, by=make_user("curator"), reason="It never took place.")

        told = self.rest(download)

        gone = {page.summary, last.summary}
        assert sorted(told) == sorted({entry.summary for entry in many} - gone)

    def test_what_is_corrected_is_told_as_it_is_now(self, download, many):
        entry = Evidence.objects.all()[3]
        old = entry.summary
        correct(
            entry,
            by=make_user("curator"),
            reason="A slip.",
            facts={"summary": "Corrected."},
            sources=[source_row()],
            findings=[finding_row()],
        )

        told = self.rest(download)

        assert "Corrected." in told and old not in told

    @pytest.mark.parametrize("suffix", BOTH)
    def test_a_fault_on_the_way_ends_it_as_broken(
        self, client, many, small, monkeypatch, suffix
    ):
        sent = []
        pieces = iter(client.get(f"/evidence.{suffix}"))
        sent += [next(pieces), next(pieces), next(pieces)]

        def fail(*_given):
            raise OperationalError("The server has gone.")

        monkeypatch.setattr(exports, "_findings", fail)

        # Whatever leaves the iterator makes the server close without an end.
        with pytest.raises(OperationalError):
            sent.extend(pieces)
        assert len(sent) == 3
        if suffix == "json":
            with pytest.raises(json.JSONDecodeError):
                json.loads(b"".join(sent))


@pytest.mark.usefixtures("many")
class TestRequests:
    @pytest.mark.parametrize("suffix", BOTH)
    def test_a_browser_that_takes_gzip_is_sent_it_in_pieces(
        self, client, small, suffix
    ):
        response = client.get(
            f"/evidence.{suffix}", headers={"accept-encoding": "gzip"}
        )

        assert response["Content-Encoding"] == "gzip"
        with CaptureQueriesContext(connection) as made:
            first = next(iter(response))
        assert len(made) == 0
        whole = gzip.decompress(first + b"".join(response))
        assert whole.decode() == body(suffix)

    @pytest.mark.parametrize("suffix", BOTH)
    def test_whoever_asks_for_the_head_is_spared_the_rest(self, client, suffix):
        got = client.get(f"/evidence.{suffix}")

        with CaptureQueriesContext(connection) as made:
            head = client.head(f"/evidence.{suffix}")
            assert head.getvalue() == b""

        assert (head.status_code, head.headers) == (200, got.headers)
        assert not [each for each in made if "summary" in each["sql"]]

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_a_filter_that_is_not_understood_is_said_before_the_first_byte(
        self, client, method
    ):
        response = getattr(client, method)("/evidence.csv", {"kind": "vetto"})

        assert response.status_code == 400
        assert not response.streaming
