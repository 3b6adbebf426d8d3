"""Files of the Council's record, brought in by a curator."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from icctracker.admin import imports
from icctracker.imports import runs
from icctracker.models import Document, ImportRun
from tests.admin.pages import page
from tests.council_files import as_csv, new_resolution, voting_rows
from tests.factories import make_user
from tests.imports.test_council_files import FILES
from tests.imports.test_new_vetoes import LISTS
from tests.unknown_votes import SYMBOL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council", "at_once")]

State = ImportRun.State
FAULTY = voting_rows("S/RES/1594(2005)", ms_vote="=1")


@pytest.fixture
def at_once(settings, tmp_path, monkeypatch, django_capture_on_commit_callbacks):
    """Runs end within the request, instead of in a process of their own."""
    settings.IMPORT_DIR = tmp_path / "imports"

    def carry_on(run):
        run.refresh_from_db()
        runs.carry_on(run)

    monkeypatch.setattr(imports, "start_process", carry_on)


@pytest.fixture
def post(client, django_capture_on_commit_callbacks):
    def send(*args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(*args, **kwargs)

    return send


@pytest.fixture
def upload(curator_client, post):
    def send(content, name="voting.csv", **data):
        file = SimpleUploadedFile(name, content)
        answer = post(page("importrun", "add"), {"file": file, **data})
        return answer, ImportRun.objects.first()

    return send


def shown(client, run):
    return client.get(page("importrun", "change", run.pk)).content.decode()


class TestComparing:
    def test_nothing_is_imported_before_the_curator_says_so(
        self, upload, client, curator
    ):
        answer, run = upload(as_csv(new_resolution()))

        assert answer["Location"] == page("importrun", "change", run.pk)
        assert (run.state, run.counts) == (State.CHECKED, {"new": 1})
        assert run.started_by == curator
        assert "S/RES/2826(2026)" in shown(client, run)
        assert "Import this file" in shown(client, run)
        assert not Document.objects.filter(number=2826).exists()

    def test_our_own_file_of_evidence_is_sent_to_its_page(
        self, upload, client, settings
    ):
        _answer, run = upload(b"occurred_on,kind,findings\n2014-05-22,veto,\n")

        assert run.state == State.REFUSED
        address = settings.SITE_URL + page("evidence", "import")
        assert address in shown(client, run)

    def test_agenda_items_in_other_words_are_shown(self, upload, client):
        _answer, run = upload(FILES["dppa"])

        assert run.counts == {"same": 1, "worded": 1}
        text = shown(client, run)
        assert "Agenda items worded otherwise: ours stay" in text
        assert "“The situation in the Middle East” in the file" in text

    def test_a_file_of_another_kind_is_explained(self, upload, client):
        _answer, run = upload(b"participant,instrument\nX,\n")

        assert run.state == State.REFUSED
        assert "states of the Rome Statute" in shown(client, run)
        assert "Import this file" not in shown(client, run)

    @pytest.mark.parametrize("content", [b"", None])
    def test_a_file_must_be_chosen(self, curator_client, post, content):
        data = {} if content is None else {"file": SimpleUploadedFile("a.csv", content)}

        answer = post(page("importrun", "add"), data)

        assert answer.status_code == 200
        assert answer.context["form"].errors["file"]
        assert not ImportRun.objects.exists()

    def test_one_that_is_too_large_is_not_kept(self, upload, settings):
        settings.LARGEST_IMPORT = -1024 * 1024

        answer, run = upload(as_csv(new_resolution()))

        assert "The file is larger than" in answer.content.decode()
        assert run is None

    def test_the_first_differences_are_shown_and_all_can_be_had(self, upload, client):
        rows = [
            row | {"ms_vote": "=1"}
            for n in range(30)
            for row in voting_rows(f"S/RES/{1595 + n}(2005)")
        ]
        _answer, run = upload(as_csv(rows))

        text = shown(client, run)
        answer = client.get(page("importrun", "report", run.pk, "fault"))

        assert "5 more are in the file" in text
        content = b"".join(answer.streaming_content).decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(content)))
        assert len(lines) == run.counts["fault"] == 30
        assert (lines[0]["line"], lines[0]["field"]) == ("2", "ms_vote")
        assert lines[0]["theirs"] == "'=1"

    def test_a_report_of_no_kind_is_not_there(self, upload, client):
        _answer, run = upload(as_csv(new_resolution()))

        assert client.get(page("importrun", "report", run.pk, "x")).status_code == 404


class TestImporting:
    def confirm(self, post, run, **data):
        return post(page("importrun", "confirm", run.pk), data, follow=True)

    def test_what_was_compared_comes_in(self, upload, post, client):
        _answer, run = upload(as_csv(new_resolution()))

        self.confirm(post, run)

        run.refresh_from_db()
        assert run.state == State.DONE
        assert Document.objects.get(number=2826).imported == run.imported
        assert "Imported" in shown(client, run)
        assert not (run.folder / "file").exists()

    def test_a_veto_whose_votes_are_not_known_says_so_in_the_admin(
        self, upload, post, client
    ):
        _answer, run = upload(LISTS["dppa"])
        self.confirm(post, run)

        document = Document.objects.get(symbol=SYMBOL)
        pages = [
            page("document", "change", document.pk),
            page("ballot", "change", document.ballots.get().pk),
            page("ballot", "changelist") + "?outcome__exact=vetoed",
        ]
        for address in pages[::2]:
            assert "votes not known" in client.get(address).content.decode()
        assert client.get(pages[1]).status_code == 200

    def test_twice_changes_nothing(self, upload, post, told):
        _answer, run = upload(as_csv(new_resolution()))
        self.confirm(post, run)
        before = Document.objects.count()

        answer = self.confirm(post, run)

        assert told(answer) == ["This file is not waiting to be imported."]
        assert Document.objects.count() == before

    def test_faults_must_be_left_out_knowingly(self, upload, post, told):
        _answer, run = upload(as_csv(new_resolution() + FAULTY))

        answer = self.confirm(post, run)
        assert "say whether to import the rest" in told(answer)[0]
        assert not Document.objects.filter(number=2826).exists()

        self.confirm(post, run, partly="yes")
        assert Document.objects.filter(number=2826).exists()

    def test_while_another_import_runs_it_waits_for_the_curator(
        self, upload, post, client
    ):
        _answer, run = upload(as_csv(new_resolution()))
        runs.begin(ImportRun(file="first"))

        self.confirm(post, run)

        run.refresh_from_db()
        assert run.state == State.CHECKED
        assert "Another import is running" in shown(client, run)
        assert "Import this file" in shown(client, run)

    def test_a_file_can_be_discarded(self, upload, post):
        _answer, run = upload(as_csv(new_resolution()))

        post(page("importrun", "discard", run.pk))

        run.refresh_from_db()
        assert run.state == State.DISCARDED
        assert not run.folder.exists()

    def test_looking_at_it_changes_nothing(self, upload, client):
        _answer, run = upload(as_csv(new_resolution()))

        for name in ("confirm", "discard"):
            assert client.get(page("importrun", name, run.pk)).status_code == 404

        run.refresh_from_db()
        assert run.state == State.CHECKED


class TestProgress:
    @pytest.fixture
    def run(self, curator):
        return ImportRun.objects.create(
            file="a.csv", state=State.IMPORTING, percent=40, holds_lock=True
        )

    def test_a_page_tells_how_far_it_is(self, curator_client, run):
        text = shown(curator_client, run)

        assert "40 % read" in text
        assert "Look again" in text

    def test_what_is_read_is_said_to_be_written(self, curator_client, run):
        assert "now it is written" not in shown(curator_client, run)

        ImportRun.objects.filter(pk=run.pk).update(percent=100)

        assert "100 % read; now it is written" in shown(curator_client, run)

    def test_it_advances_by_itself(self, curator_client, run):
        address = page("importrun", "change", run.pk)

        part = curator_client.get(address, headers={"HX-Request": "true"})
        runs.end(run, State.DONE)
        last = curator_client.get(address, headers={"HX-Request": "true"})

        assert part.content.decode().startswith('<div id="progress"')
        assert last["HX-Refresh"] == "true"

    def test_one_that_has_stopped_says_so_and_can_be_discarded(
        self, curator_client, post, run
    ):
        long_ago = timezone.now() - timedelta(minutes=11)
        ImportRun.objects.filter(pk=run.pk).update(seen_at=long_ago)

        assert "has stopped before its end" in shown(curator_client, run)

        post(page("importrun", "discard", run.pk))
        run.refresh_from_db()
        assert (run.state, run.holds_lock) == (State.DISCARDED, False)


class TestStrangers:
    @pytest.mark.parametrize("role", [None, "researcher", "reviewer"])
    def test_others_neither_see_nor_start_imports(self, upload, client, role):
        _answer, run = upload(as_csv(new_resolution()))
        client.logout()
        if role:
            client.force_login(make_user(role))
        addresses = [
            page("importrun", "add"),
            page("importrun", "changelist"),
            page("importrun", "change", run.pk),
            page("importrun", "report", run.pk, "all"),
            page("importrun", "confirm", run.pk),
            page("importrun", "discard", run.pk),
        ]

        for address in addresses:
            for answer in (client.get(address), client.post(address)):
                assert answer.status_code in (302, 403)
        run.refresh_from_db()
        assert run.state == State.CHECKED


class TestTheProcess:
    def test_it_is_our_own_command_with_the_number_of_the_run(
        self, monkeypatch, settings, tmp_path, db
    ):
        monkeypatch.undo()
        settings.IMPORT_DIR = tmp_path / "imports"
        started = []
        monkeypatch.setattr(
            imports.subprocess,
            "Popen",
            lambda command, **options: started.append((command, options)),
        )
        run = ImportRun.objects.create(file="a", state=State.CHECKING)
        run.folder.mkdir(parents=True)

        imports.start_process(run)

        command, options = started[0]
        assert command[-3:] == ["import_council", "--run", str(run.pk)]
        assert options["start_new_session"]
