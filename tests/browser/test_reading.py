"""A reader finds out where a recommendation stands, and what shows it."""

import gzip
import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from tests.council import load_read_council

from .steps import assert_accessible, assert_right_at_any_width

pytestmark = pytest.mark.browser

# The one page before an account that brings scripts: those that passkeys need.
SIGN_IN = "/account/sign-in/"
PAGES = [
    "/",
    "/?as_of=2014-06-01",
    "/recommendations/",
    "/recommendations/?status=splendid",
    "/recommendations/r4/",
    "/recommendations/r5/",
    "/recommendations/r7/",
    "/recommendations/r10/?as_of=2013-03-06",
    "/recommendations/r7/record/votes/",
    "/recommendations/r7/record/weights/",
    "/evidence/",
    "/evidence/?kind=veto&situation=syria",
    "/evidence/?kind=coup",
    "/evidence/veto-syria-referral-2014-05-22/",
    "/evidence/veto-syria-referral-2014-05-22/?known_at=2020-01-01",
    "/evidence/veto-syria-referral-2014-05-22/history/",
    "/recommendations/r7/history/",
    "/changes/",
    "/publications/",
    "/publications/ipi-2013/",
    "/methodology/rulesets/1.0/",
    "/situations/",
    "/situations/syria/",
    "/situations/syria/texts/",
    "/situations/syria/texts/?criterion=2b&speaks=no",
    "/documents/",
    "/documents/?court=yes&year=2011",
    "/documents/?year=nineteen",
    "/documents/S/RES/1593(2005)/",
    "/documents/S/RES/741(1992)/",
    "/documents/S/RES/360(1974)/",
    "/documents/S/RES/166(1961)/",
    "/documents/S/2014/348/",
    "/documents/S/10805/Rev.1/",
    "/documents/S/2005/218/",
    "/documents/S/2099/1/",
    "/documents/S/PRST/2014/5/",
    "/documents/S/2023/772/",
    "/passages/",
    "/passages/?term=amnesty&sponsor=France",
    "/passages/?term=costs&recommendation=R5",
    "/passages/?year=nineteen",
    "/passages/descent/",
    "/passages/descent/?series=Libya&shows=dropped",
    "/passages/descent/S/RES/1593(2005)/op-6/",
    "/council/",
    "/council/russian-federation/",
    "/council/algeria/",
    "/council/compare/",
    "/council/compare/?member=russian-federation&member=china",
    "/council/compare/?member=china",
    "/methodology/",
    "/methodology/try/",
    "/methodology/try/?window_years=99",
    "/methodology/codebook/",
    "/methodology/codebook/1.0/",
    "/about/",
    "/respond/",
    "/recommendations/r7/respond/",
    "/responses/",
    SIGN_IN,
    "/account/password/reset/",
    "/nowhere/",
    "/?as_of=yesterday",
]


@pytest.fixture
def real_data(live_server, kept, first_data):
    kept(load_read_council, settings.BASE_DIR / "fixtures" / "council")


class TestReader:
    def test_from_the_first_page_to_the_source_in_three_clicks(self, page, real_data):
        page.goto(reverse("home"))

        page.get_by_role("link", name="Restraint in the use of the veto").click()
        page.get_by_role("region", name="Evidence").get_by_role(
            "link", name="Double veto of the draft referring Syria to the ICC"
        ).click()
        source = page.get_by_role("link", name="UN document S/2014/348")

        # The third click would leave for another host, so only its aim is checked.
        assert source.get_attribute("href") == "https://undocs.org/en/S/2014/348"
        expect(source).to_be_visible()

    def test_any_past_day_can_be_asked_for_and_stays_in_the_links(
        self, page, real_data
    ):
        page.goto(reverse("recommendation-detail", args=["r5"]))
        page.get_by_label("Show as of").fill("2018-12-31")
        page.get_by_role("button", name="Show").click()

        expect(page).to_have_url(re.compile("as_of=2018-12-31"))
        expect(
            page.get_by_text("recommendation 5 is largely followed.")
        ).to_be_visible()
        page.get_by_role("link", name="Back to today").click()
        expect(page).not_to_have_url(re.compile("as_of"))

    def test_why_is_answered_without_scripts(self, page_without_scripts, real_data):
        page = page_without_scripts
        page.goto(reverse("recommendation-detail", args=["r4"]))

        page.get_by_text("The 3 findings that decide it, with their weights").click()

        expect(page.get_by_role("cell", name="Decision, A").first).to_be_visible()


class TestEveryPublicPage:
    def test_it_is_accessible_fits_and_is_light(self, page, real_data):
        """At most three requests and thirty kilobytes, but where passkeys need more."""
        answers = []
        page.on("response", lambda answer: answers.append(answer))
        for path in PAGES:
            answers.clear()
            page.goto(path)
            # Looked at for long enough that nothing more is asked for.
            assert_right_at_any_width(page)
            if path != SIGN_IN:
                assert_light(path, answers)

    def test_its_colours_hold_in_the_dark(self, new_page, real_data):
        page = new_page(color_scheme="dark")
        for path in ("/", "/recommendations/r7/", "/evidence/?kind=coup"):
            page.goto(path)
            assert_accessible(page)


def assert_light(path, answers):
    # Tests serve static files as they are; the site compresses them.
    sizes = [
        len(gzip.compress(answer.body())) for answer in answers if answer.status < 300
    ]
    assert len(sizes) <= 3, path
    assert sum(sizes) < 30 * 1024, path
