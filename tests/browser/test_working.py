"""A researcher, a reviewer and a curator at work, each in a browser of their own."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from icctracker.models import Evidence
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
)

from .steps import assert_accessible, assert_right_at_any_width, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def criterion(new_page):
    make_criterion("4a", statement="Referrals do not limit the Court.")
    make_situation()
    return make_criterion("7a", statement="Permanent members do not veto.")


def log_a_veto(page):
    """Fill the form with a veto, as short as a researcher would."""
    page.get_by_label("Date").fill("22 May 2014")
    page.get_by_label("Kind of event").select_option("veto")
    page.get_by_label("Title").fill("Double veto of the Syria referral")
    page.get_by_label("Summary").fill("China and the Russian Federation voted against.")
    page.get_by_label("Document symbol").fill("s/2014/348")
    page.get_by_label("In favour").fill("13")
    page.get_by_label("Against").fill("2")
    page.get_by_label("Abstaining").fill("0")
    page.get_by_label("Actors").fill("China, Russian Federation")
    page.get_by_label("Syrian Arab Republic").check()
    page.get_by_label("Web address").fill("https://undocs.org/en/S/2014/348")
    page.get_by_label("Departs from it, or undoes it").check()
    page.get_by_label("Reason", exact=True).fill("Two members stopped a referral.")
    page.get_by_label("This was an occasion").check()


def press(page, name):
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def decide(page, choice, comment=""):
    page.get_by_label(choice).check()
    if choice.startswith("Publish"):
        page.get_by_label("I have checked the date").check()
    page.get_by_label("Comment or reason").fill(comment)
    press(page, "Record the decision")


class TestAnEntryFromDeskToReader:
    def test_logged_returned_corrected_published_and_read(
        self, new_page, live_server, criterion
    ):
        desk, queue, reader = new_page(), new_page(), new_page()
        sign_in(desk, live_server, make_user("researcher"))
        sign_in(queue, live_server, make_user("reviewer"))

        desk.get_by_role("link", name="Log evidence").click()
        log_a_veto(desk)
        desk.get_by_label("Criterion", exact=True).select_option(str(criterion.pk))
        # With scripts what counts follows the criterion, without a reload.
        desk.get_by_text("Each contested vote.").wait_for()
        assert_accessible(desk)
        press(desk, "Submit for review")

        queue.goto(reverse("review-queue"))
        queue.get_by_role("link", name="Double veto of the Syria referral").click()
        assert_accessible(queue)
        decide(queue, "Send it back", "Which meeting was it?")

        desk.goto(reverse("desk"))
        expect(desk.get_by_text("Which meeting was it?").first).to_be_visible()
        desk.get_by_role("link", name="Double veto of the Syria referral").first.click()
        desk.get_by_role("link", name=re.compile("Edit|Correct")).first.click()
        desk.get_by_label("Meeting record").fill("s/pv.7180")
        press(desk, "Submit for review")

        queue.goto(reverse("review-queue"))
        queue.get_by_role("link", name="Double veto of the Syria referral").click()
        decide(queue, "Publish it")

        entry = Evidence.objects.get()
        assert (entry.state, entry.symbol, entry.meeting) == (
            "published",
            "S/2014/348",
            "S/PV.7180",
        )
        reader.goto(reverse("recommendation-detail", args=["r7"]))
        expect(reader.get_by_text("there is contrary practice").first).to_be_visible()
        reader.get_by_role("region", name="Evidence").get_by_role(
            "link", name="Double veto of the Syria referral"
        ).click()
        expect(
            reader.get_by_text("13 in favour, 2 against, 0 abstaining")
        ).to_be_visible()

    def test_errors_keep_what_was_typed_and_lead_to_the_fields(
        self, page_without_scripts, live_server, criterion
    ):
        page = page_without_scripts
        sign_in(page, live_server, make_user("researcher"))
        page.goto(reverse("evidence-create"))
        page.get_by_label("Date").fill("1 January 2999")
        page.get_by_label("Title").fill("A title worth keeping")
        page.get_by_role("button", name="Submit for review").click()

        summary = page.get_by_role("alert").first
        expect(summary.get_by_text("in the future").first).to_be_visible()
        expect(page.get_by_label("Title")).to_have_value("A title worth keeping")
        summary.get_by_role("link").first.click()
        expect(page).to_have_url(re.compile("#id_occurred_on$"))

    def test_rows_are_added_without_scripts_and_nothing_is_lost(
        self, page_without_scripts, live_server, criterion
    ):
        page = page_without_scripts
        sign_in(page, live_server, make_user("researcher"))
        page.goto(reverse("evidence-create"))
        page.get_by_label("Title").fill("Kept")
        page.get_by_role("button", name="Add another source").click()

        expect(page.get_by_label("Web address")).to_have_count(2)
        expect(page.get_by_label("Title")).to_have_value("Kept")
        assert not Evidence.objects.exists()


class TestCurator:
    def test_a_status_is_overridden_with_a_reason_that_readers_see(
        self, page, live_server, criterion
    ):
        make_evidence(findings=[finding_row(criterion)])
        sign_in(page, live_server, make_user("curator"))
        page.goto(reverse("assessment-create", args=["R7"]))
        page.get_by_label("Followed to a limited extent").check()
        page.get_by_role("button", name="Record the assessment").click()
        # Without a reason it is refused, and the choice is kept.
        expect(page.get_by_role("alert").first).to_be_visible()
        expect(page.get_by_label("Followed to a limited extent")).to_be_checked()

        page.get_by_label("Reason").fill("The draft was withdrawn the next day.")
        page.get_by_role("button", name="Record the assessment").click()
        page.goto(reverse("recommendation-detail", args=["r7"]))

        assert page.get_by_text(
            "The draft was withdrawn the next day."
        ).first.is_visible()
        said = "otherwise than by the published rule, which gave “Not followed”"
        expect(page.get_by_text(said)).to_be_visible()


class TestEveryWorkingPage:
    def test_it_is_accessible_and_fits(self, page, live_server, criterion):
        curator = make_user("curator")
        waiting = make_evidence("submitted", by=make_user("researcher"))
        draft = make_evidence("draft", by=curator)
        published = make_evidence("published")
        paths = [
            reverse("desk"),
            reverse("evidence-create"),
            reverse("search-create"),
            reverse("evidence-update", args=[draft.pk]),
            reverse("desk-evidence", args=[draft.pk]),
            reverse("evidence-correct", args=[published.pk]),
            reverse("evidence-withdraw", args=[published.pk]),
            reverse("review-queue"),
            reverse("review-evidence", args=[waiting.pk]),
            reverse("assessment-list"),
            reverse("assessment-create", args=["R7"]),
            reverse("profile"),
            reverse("password-change"),
        ]
        sign_in(page, live_server, curator)
        for path in paths:
            page.goto(path)
            assert_right_at_any_width(page)
