"""A body is refused by its length, in words, before any of it is read."""

import io

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

FORM = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
URLENCODED = "application/x-www-form-urlencoded"
# Pages that a stranger may send something to, or try to.
PAGES = (
    "sign-in password-reset respond evidence-create review-queue admin:index".split()
)


class Untouched(io.RawIOBase):
    """What is sent; a test fails that reads it."""

    def read(self, *args):
        raise AssertionError("The body was read")


@pytest.fixture
def ask():
    """Sends a request whose body nobody may read; the status and the page."""

    def send(path, cookies="", **given):
        environment = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_COOKIE": cookies,
            "CONTENT_TYPE": URLENCODED,
            "wsgi.input": Untouched(),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.version": (1, 0),
        }
        said = []
        pieces = WSGIHandler()(environment | given, lambda *all_: said.append(all_))
        return int(said[0][0].split()[0]), b"".join(pieces).decode()

    return send


@pytest.fixture
def cookies(client):
    """What a browser holds of somebody signed in."""

    def of(role):
        client.force_login(make_user(role))
        name = settings.SESSION_COOKIE_NAME
        return f"{name}={client.cookies[name].value}"

    return of


class TestAStranger:
    @pytest.mark.parametrize("name", PAGES)
    @pytest.mark.parametrize("length", [FORM + 1, 10**12, 10**30, "9" * 5_000])
    @pytest.mark.parametrize("kind", [URLENCODED, "multipart/form-data; boundary=x"])
    def test_sends_no_more_than_a_form(self, ask, name, length, kind):
        path = reverse(name)

        status, page = ask(path, CONTENT_LENGTH=str(length), CONTENT_TYPE=kind)

        assert status == 413
        assert "2.5" in page and "You can go on from here" in page

    @pytest.mark.parametrize("length", ["-1", "abc", "1.5", "٣", "1, 2", "+1", "0x10"])
    def test_gives_a_length_that_is_a_number(self, ask, length):
        status, page = ask(reverse("sign-in"), CONTENT_LENGTH=length)

        assert status == 400 and "is not a number" in page

    def test_says_how_long_it_is(self, ask):
        status, page = ask(reverse("sign-in"), HTTP_TRANSFER_ENCODING="chunked")

        assert status == 411 and "does not say how long it is" in page

    def test_may_leave_the_length_out_where_nothing_is_sent(self, client):
        for length in ("", None):
            answer = client.generic("POST", reverse("sign-in"), CONTENT_LENGTH=length)
            assert answer.status_code == 200

    @pytest.mark.parametrize("claimed", ["10", "24", "30", "1000"])
    def test_may_lie_about_it_a_little(self, ask, claimed):
        body = {"wsgi.input": io.BytesIO(b"login=ada&password=wrong")}

        status, _page = ask(reverse("password-reset"), CONTENT_LENGTH=claimed, **body)

        # Without its token the form is not taken, however much of it was read.
        assert status == 403


class TestSomebodySignedIn:
    @pytest.mark.parametrize("role", ["researcher", "reviewer", "curator"])
    def test_sends_no_more_than_a_form_with_a_file(self, ask, cookies, role):
        held, path = cookies(role), reverse("evidence-create")

        status, page = ask(path, held, CONTENT_LENGTH=str(10 * 1024**2 + 1))

        assert status == 413 and "10.0" in page

    def test_may_not_import_more_unless_they_may_import(self, ask, cookies):
        path = reverse("admin:icctracker_importrun_add")
        held = cookies("researcher")

        assert ask(path, held, CONTENT_LENGTH=str(50 * 1024**2))[0] == 413
        assert ask(path, CONTENT_LENGTH=str(50 * 1024**2))[0] == 413

    def test_is_told_by_the_page_itself_of_a_file_too_large_to_import(self, settings):
        settings.LARGEST_IMPORT = FORM
        settings.LARGEST_FILE_FORM = FORM
        client = Client()
        client.force_login(make_user("curator"))
        file = SimpleUploadedFile("x.csv", b"x" * (FORM + 2 * 1024**2))

        answer = client.post(reverse("admin:icctracker_importrun_add"), {"file": file})

        assert answer.status_code == 200
        assert "The file is larger than" in answer.content.decode()


def test_nginx_lets_through_what_the_site_reads():
    conf = (settings.BASE_DIR / "deploy" / "nginx.conf").read_text(encoding="utf-8")

    assert f"client_max_body_size {settings.LARGEST_FILE_FORM // 1024**2}m;" in conf
    # The form around the file needs some of it.
    assert f"client_max_body_size {settings.LARGEST_IMPORT // 1024**2 + 1}m;" in conf
