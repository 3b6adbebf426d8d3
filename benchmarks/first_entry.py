"""From the open form to a submitted veto, by symbol, in a real browser (Chromium).

Nobody thinks or pauses in between, so the seconds are those of the site and browser.
"""

from statistics import median
from time import perf_counter

from loaded import load

load()

from playwright.sync_api import sync_playwright  # noqa: E402
from pytest_django.live_server_helper import LiveServer  # noqa: E402

from icctracker.models import Evidence  # noqa: E402
from tests.browser.conftest import CHROMIUM, QUIET  # noqa: E402
from tests.browser.steps import sign_in  # noqa: E402
from tests.factories import make_user  # noqa: E402

# Vetoed texts that the first data does not cite, so that nothing is logged twice.
SYMBOLS = ["S/2024/302", "S/2024/255", "S/2001/270", "S/5973", "S/10805/Rev.1"]
REASON = "A permanent member stopped the text."


def log(page, server, symbol):
    """The seconds, and the fields filled, that one entry takes."""
    page.goto(f"{server.url}/desk/evidence/new/")
    start = perf_counter()
    page.get_by_label("Which document?").press_sequentially(symbol)
    with page.expect_navigation():
        page.get_by_role("button", name=symbol).first.click()
    page.get_by_label("Criterion", exact=True).select_option(index=1)
    page.get_by_label("Context only").check()
    page.get_by_label("Reason", exact=True).press_sequentially(REASON)
    with page.expect_navigation():
        page.get_by_role("button", name="Submit for review").click()
    return perf_counter() - start


server, researcher = LiveServer("localhost"), make_user("researcher")
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    page = chromium.new_page(locale="en-GB")
    sign_in(page, server, researcher)
    taken = [log(page, server, symbol) for symbol in SYMBOLS]
    chromium.close()
server.stop()

logged = Evidence.objects.filter(submitted_by__isnull=False, state="submitted")
print(f"entries submitted: {logged.count()} of {len(SYMBOLS)}")
print("fields filled: 4 (symbol, criterion, effect, reason)")
print(f"seconds: {min(taken):.1f} to {max(taken):.1f}, median {median(taken):.1f}")
