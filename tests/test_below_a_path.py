"""A site below a path of another: every address that it gives begins with the path."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse, set_script_prefix

from tests.factories import make_user
from tests.postbox import arrived
from tests.test_bad_requests import make_site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

PATH = "/tracker"
LINK = re.compile(r'(?:href|action|hx-get|hx-post|formaction)="([^"#?]+)')
MOST_PAGES = 150
ELSEWHERE = (f"{PATH}/static/", "/static/", "http", "mailto", "data:")


@pytest.fixture
def objects(kept, council):
    return kept(make_site)


@pytest.fixture
def below(settings):
    """Addresses as settings make them where SITE_URL has a path."""
    settings.FORCE_SCRIPT_NAME = PATH
    settings.SITE_URL = f"https://example.org{PATH}"
    settings.SITE_ORIGIN = "https://example.org"
    set_script_prefix(f"{PATH}/")
    yield
    set_script_prefix("/")


def kind_of(address):
    """An address without what tells one record from another."""
    plain = re.sub(r"/(evidence|documents|situations|council)/[^/]+", r"/\1/…", address)
    return re.sub(r"[0-9]+", "…", plain)


def links(page):
    found = (each.replace("&amp;", "&") for each in LINK.findall(page))
    return {each for each in found if not each.startswith(ELSEWHERE)}


@pytest.mark.parametrize("role", ["stranger", "researcher", "curator"])
def test_every_link_of_every_page_does(objects, below, role):
    client = Client()
    if role != "stranger":
        client.force_login(objects[role])
    waiting, seen = [reverse("home"), reverse("desk"), reverse("admin:index")], set()

    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop()
        if kind_of(address) in seen:
            continue
        seen.add(kind_of(address))
        answer = client.get(address.removeprefix(PATH))
        if answer.status_code in (301, 302):
            target = answer.url.removeprefix("http://testserver")
            assert target.startswith((f"{PATH}/", "../")), address
            continue
        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            continue
        absolute = {each for each in links(answer.content.decode()) if each[0] == "/"}
        wrong = {each for each in absolute if not each.startswith(f"{PATH}/")}
        assert not wrong, (address, wrong)
        waiting += sorted(each for each in absolute if "sign-out" not in each)
    assert len(seen) > 15


def test_cookies_are_those_of_the_host(objects, below):
    client = Client()
    client.force_login(objects["researcher"])

    client.get("/desk/")

    assert {cookie["path"] for cookie in client.cookies.values()} == {"/"}


def test_so_do_links_in_messages(below):
    user = make_user("researcher", email="ada@example.org")

    Client().post("/account/password/reset/", {"email": user.email})

    (message,) = arrived()
    assert f"https://example.org{PATH}/account/password/reset/" in message.body
    assert f"{PATH}{PATH}" not in message.body


def test_so_do_static_files_and_commands(tmp_path):
    asked = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "from django.templatetags.static import static\n"
        "from django.test import Client\n"
        "from django.urls import reverse\n"
        "file = Client().get('/static/css/site.css', HTTP_HOST='example.org')\n"
        "print(static('css/site.css'), reverse('desk'), s.CSRF_TRUSTED_ORIGINS,"
        " s.ALLOWED_HOSTS, file.status_code)"
    )
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", asked],
        cwd=site.BASE_DIR,
        env={
            "SECRET_KEY": "x",
            "SITE_URL": f"http://example.org{PATH}/",
            "DEBUG": "1",
            "VAR_DIR": str(tmp_path),
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "icctracker.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == (
        f"{PATH}/static/css/site.css {PATH}/desk/"
        " ['http://example.org'] ['example.org'] 200"
    )
