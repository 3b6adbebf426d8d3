"""Texts of documents, brought in by a curator in the admin."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from icctracker.admin import imports
from icctracker.imports.tasks import carry_on
from icctracker.models import DocumentText, ImportRun
from tests.admin.pages import page
from tests.council_texts import akn, archive
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("council", "at_once")]

State = ImportRun.State
NAME = "S_RES_1593_N0529273.xml"
ADDRESS = "admin:icctracker_importrun_texts"


@pytest.fixture
def at_once(settings, tmp_path, monkeypatch):
    """Runs end within the request, instead of in a process of their own."""
    settings.VAR_DIR = tmp_path
    settings.IMPORT_DIR = tmp_path / "imports"

    def begin(run):
        run.refresh_from_db()
        carry_on(run)

    monkeypatch.setattr(imports, "start_process", begin)


@pytest.fixture
def post(client, django_capture_on_commit_callbacks):
    def send(*args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(*args, **kwargs)

    return send


@pytest.fixture
def upload(curator_client, post):
    def send(content, name=NAME, **data):
        file = SimpleUploadedFile(name, content)
        answer = post(reverse(ADDRESS), {"file": file, **data})
        return answer, ImportRun.objects.first()

    return send


def shown(client, run):
    return client.get(page("importrun", "change", run.pk)).content.decode()


class TestTexts:
    def test_nothing_is_kept_before_the_curator_says_so(self, upload, client, post):
        _answer, run = upload(akn())

        assert (run.state, run.counts) == (State.CHECKED, {"new": 1})
        assert "S/RES/1593(2005)" in shown(client, run)
        assert not DocumentText.objects.exists()

        post(page("importrun", "confirm", run.pk))

        run.refresh_from_db()
        assert run.state == State.DONE
        assert DocumentText.objects.get().source == NAME

    def test_an_archive_is_read_and_what_is_refused_keeps_nothing_else_out(
        self, upload, client, post
    ):
        _answer, run = upload(archive({NAME: akn(), "b.xml": b"no"}), "texts.zip")

        assert run.counts == {"new": 1, "fault": 1}
        assert "This is no XML." in shown(client, run)
        assert "Leave out what has faults" not in shown(client, run)
        post(page("importrun", "confirm", run.pk))
        assert DocumentText.objects.count() == 1

    def test_twice_it_says_that_all_is_there(self, upload, client, post):
        for _time in range(2):
            _answer, run = upload(akn())
            post(page("importrun", "confirm", run.pk))

        assert "One text was there already." in shown(client, run)
        assert "all is there already, and nothing was changed" in shown(client, run)

    def test_a_text_that_differs_takes_its_place_where_the_curator_says_so(
        self, upload, post
    ):
        for data, replaces in ((akn(), {}), (akn(preamble=()), {"replaces": "on"})):
            _answer, run = upload(data, **replaces)
            post(page("importrun", "confirm", run.pk))

        assert DocumentText.objects.get().paragraphs.filter(label="PP 1").count() == 0

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("texts.pdf", "has to end in .xml or .zip"),
            ("texts.txt", "has to end in .xml or .zip"),
        ],
    )
    def test_another_file_is_refused_at_once(self, upload, name, said):
        answer, run = upload(b"hello", name)

        assert said in answer.content.decode()
        assert run is None

    def test_an_archive_that_is_too_large_is_refused_in_words(
        self, upload, client, settings
    ):
        settings.LARGEST_IMPORT = 10

        answer, _run = upload(archive({NAME: akn()}), "texts.zip")

        assert "The file is larger than 10" in answer.content.decode()

    def test_a_curator_may_take_a_text_away(self, upload, post, client):
        _answer, run = upload(akn())
        post(page("importrun", "confirm", run.pk))
        text = DocumentText.objects.get()

        post(page("documenttext", "delete", text.pk), {"post": "yes"})

        assert not DocumentText.objects.exists()

    def test_nobody_else_imports_texts(self, client):
        client.force_login(make_user("reviewer", email="rita@example.org"))

        assert client.get(reverse(ADDRESS)).status_code in (302, 403)
