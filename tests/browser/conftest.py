"""A real browser for journeys through the site; skipped where there is none."""

import shutil
from urllib.parse import urlsplit

import pytest
from django.test import TransactionTestCase

from .steps import NARROW, WIDE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Milliseconds: a busy machine is slow, and a journey waits for what it asks.
PATIENCE = 30_000
# What a browser says of a page that was refused on purpose is no fault of ours.
EXPECTED = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture(autouse=True, scope="session")
def quick_end_of_journeys(kept_rows):
    """After each, Django would make every permission and group anew."""

    def _fixture_teardown(self):
        kept_rows.start_again()

    TransactionTestCase._fixture_teardown = _fixture_teardown


@pytest.fixture(scope="session")
def browser(live_server):
    """One Chromium for all journeys; Debian's, never one that is downloaded.

    It closes before the server does, whose threads else wait for it in vain.
    """
    if not CHROMIUM:
        pytest.skip("Chromium is missing (Debian package: chromium)")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser, live_server):
    """Opens a page of its own for each person in a journey, at any width.

    After the journey it fails on any error in a console (a breach of the content
    policy is one), any script that broke, and any request to another host.
    """
    contexts, faults = [], []
    own_host = urlsplit(live_server.url).netloc

    def watch(page):
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on(
            "console",
            lambda message: (
                faults.append(f"console: {message.text} on {page.url}")
                if message.type == "error" and EXPECTED not in message.text
                else None
            ),
        )
        page.on(
            "request",
            lambda request: (
                None
                if urlsplit(request.url).netloc in (own_host, "")
                else faults.append(f"other host: {request.url}")
            ),
        )

    def opened(*, width=WIDE["width"], **options):
        size = NARROW if width == NARROW["width"] else WIDE | {"width": width}
        context = browser.new_context(
            base_url=live_server.url, viewport=size, locale="en-GB", **options
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(new_page):
    """A page as wide as a desk's."""
    return new_page()


@pytest.fixture
def narrow_page(new_page):
    """A page as narrow as a telephone's."""
    return new_page(width=375)


@pytest.fixture
def page_without_scripts(new_page):
    """A page of a reader whose browser runs no scripts."""
    return new_page(java_script_enabled=False)
