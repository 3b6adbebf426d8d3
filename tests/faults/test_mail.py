"""A site whose mail server says nothing: pages answer, and the message comes later."""

import os
import re
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.faults import services
from tests.faults.rendered import ROOT
from tests.mail_server import MailServer

pytestmark = pytest.mark.faults
# Less than the site waits for its mail server.
SOON = 8
# Between two attempts at one message, in seconds; a site waits a minute and longer.
PAUSE = 3
# More than the site waits for its mail server twice, and that pause.
LATER = 60


@pytest.fixture
def server():
    server = MailServer()
    yield server
    server.close()


@pytest.fixture
def site(tmp_path, server):
    """A site as it starts on one machine: its address."""
    (port,) = services.free_ports(1)
    settings = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "for-a-drill",
        "DEBUG": "1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "VAR_DIR": str(tmp_path),
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "MAIL_PAUSES": f"{PAUSE / 60},{PAUSE / 60},5",
    }

    def manage(*words, **options):
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env=settings, check=True, **options)  # noqa: S603

    manage("setup_site", "--no-static", stdout=subprocess.DEVNULL)
    manage(
        *("add_person", "ada", "--role", "researcher", "--email", "ada@example.org"),
        "--password-stdin",
        input=b"a long password",
    )
    gunicorn = [sys.executable, "-m", "gunicorn", "icctracker.wsgi"]
    options = ["--bind", f"127.0.0.1:{port}", "--threads", "4", "--no-control-socket"]
    with Path(tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [*gunicorn, *options], cwd=ROOT, env=settings, stdout=log, stderr=log
        )
        services.until(lambda: services.listens(port), "the start of the site")
        yield settings["SITE_URL"]
        process.terminate()
        process.wait()
    print((tmp_path / "log").read_text())


def ask_for_a_password(site, address):
    """Ask as a browser does; the address one is led to, and the seconds it took."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    page = f"{site}/account/password/reset/"
    form = browser.open(page, timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
    data = urlencode({"csrfmiddlewaretoken": token, "email": address}).encode()
    began = time.monotonic()
    answer = browser.open(page, data, timeout=SOON)
    return answer.status, time.monotonic() - began


def test_pages_do_not_wait_and_messages_arrive_once_when_it_is_back(site, server):
    server.fault = ("greeting", None)

    for address in ("ada@example.org", "nobody@example.org"):
        status, took = ask_for_a_password(site, address)
        print(f"asked for {address}: {status} after {took:.2f} s")
        assert status == 200

    server.fault = None
    began = time.monotonic()
    while len(server.received) < 2:
        assert time.monotonic() < began + LATER, "the messages have not come"
        time.sleep(0.5)
    print(f"both came {time.monotonic() - began:.0f} s after the server was back")
    assert {message["To"] for message in server.received} == {
        "ada@example.org",
        "nobody@example.org",
    }
