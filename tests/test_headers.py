"""What browsers are told, on every kind of answer: pages, files, refusals, faults."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from icctracker.web.public import pages
from tests.factories import make_evidence, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TOLD = {
    "Permissions-Policy": "camera=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'none'",
}
POLICY = ["default-src 'none'", "base-uri 'none'", "script-src 'self'"]
ADDRESSES = {
    "/": 200,
    "/evidence.csv": 200,
    "/evidence.json": 200,
    "/static/css/site.css": 200,
    "/static/img/icon.svg": 200,
    "/static/nothing.css": 404,
    "/healthz": 200,
    "/readyz": 200,
    "/account/sign-in/": 200,
    "/desk/": 302,
    "/admin/": 302,
    "/evidence": 301,
    "/nothing/": 404,
    "/evidence/?page=x": 404,
    "/evidence.csv?kind=never": 400,
    "/evidence/?q=%00": 200,
}


class Browser(Client):
    """One that asks by https."""

    def generic(self, *args, **given):
        return super().generic(*args, **given | {"secure": True})


@pytest.fixture
def browser(settings):
    """One that asks a site by https, and is told of faults as readers are."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    make_evidence()
    return Browser(raise_request_exception=False)


def check(answer):
    for name, value in TOLD.items():
        assert value in answer.headers.get(name, ""), name
    for each in POLICY:
        assert each in answer.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    if answer.headers.get("Content-Type", "").startswith("text/"):
        assert "charset=" in answer.headers["Content-Type"].replace(" ", "")


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_says_it_whatever_it_answers(browser, path):
    answer = browser.get(path)

    assert answer.status_code == ADDRESSES[path]
    check(answer)


@pytest.mark.parametrize("method", ["post", "put", "trace", "options", "head"])
def test_so_does_every_method(browser, method):
    check(getattr(browser, method)("/"))


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"HTTP_HOST": "evil.example"}, 400),
        ({"CONTENT_LENGTH": "9999999999"}, 413),
        ({"CONTENT_LENGTH": "x"}, 400),
    ],
)
def test_so_does_what_is_refused_at_the_door(browser, given, status):
    answer = browser.get("/", **given)

    assert answer.status_code == status
    check(answer)


FAULTS = [(KeyError, 500), (OperationalError, 503)]


@pytest.mark.parametrize(("fault", "status"), FAULTS)
def test_so_does_a_fault(browser, monkeypatch, fault, status):
    def fails(*args, **kwargs):
        raise fault

    monkeypatch.setattr(pages.EvidenceList, "get_context_data", fails)
    answer = browser.get(reverse("evidence-list"))

    assert answer.status_code == status
    check(answer)


@pytest.mark.parametrize("name", ["desk", "review-queue", "admin:index", "profile"])
def test_so_does_a_private_page(browser, name):
    browser.force_login(make_user("curator"))
    answer = browser.get(reverse(name))

    assert answer.status_code == 200
    check(answer)


def test_by_http_one_is_sent_to_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/evidence/?q=x")

    assert answer.status_code == 301
    assert answer.url == "https://testserver/evidence/?q=x"
