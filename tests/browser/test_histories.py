"""A curator corrects and restores; a reader sees what changed."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from icctracker.actions.review import correct
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_user,
    source_row,
)

from .steps import assert_right_at_any_width, sign_in

pytestmark = pytest.mark.browser

SUMMARY = "Two permanent members voted against the text on Syria that day."


@pytest.fixture
def curator(new_page):
    return make_user("curator")


@pytest.fixture
def entry(curator):
    """A published entry whose summary was corrected once."""
    make_criterion()
    entry = make_evidence(summary=SUMMARY, title="A double veto")
    correct(
        entry,
        by=curator,
        reason="The record says three.",
        facts={"summary": SUMMARY.replace("Two", "Three")},
        sources=[source_row()],
        findings=[finding_row(form="decision")],
    )
    return entry


class TestHistory:
    def test_a_version_is_restored_with_a_reason_and_all_of_it_is_shown(
        self, page_without_scripts, live_server, entry, curator
    ):
        page = page_without_scripts
        sign_in(page, live_server, curator)
        page.goto(entry.get_absolute_url())
        page.get_by_role("link", name="What has changed in this entry").click()
        page.get_by_role("link", name="Restore this version").click()
        page.get_by_role("button", name="Restore this version").click()
        expect(page.get_by_role("alert").get_by_text("Say why")).to_be_visible()

        page.get_by_label("Reason for restoring it").fill("It was two after all.")
        page.get_by_role("button", name="Restore this version").click()

        expect(page.get_by_role("heading", name="Version 1 restored")).to_be_visible()
        expect(page.get_by_text("It was two after all.")).to_be_visible()
        page.get_by_role("link", name="What has changed on this site").click()
        expect(page.get_by_text("It was two after all.")).to_be_visible()

    def test_its_pages_are_accessible_and_fit(self, page, live_server, entry, curator):
        sign_in(page, live_server, curator)
        for path in (
            reverse("evidence-history", args=[entry.slug]),
            reverse("recommendation-history", args=["r7"]),
            reverse("change-list"),
            reverse("change-list") + "?kind=rumour",
            reverse("evidence-restore", args=[entry.pk, 1]),
            f"{entry.get_absolute_url()}?known_at=2020-01-01",
        ):
            page.goto(path)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert_right_at_any_width(page)

    def test_a_change_is_marked_by_more_than_colour(self, page, live_server, entry):
        page.goto(reverse("evidence-history", args=[entry.slug]))

        def line_of(selector):
            element = page.locator(selector).first
            return element.evaluate("e => getComputedStyle(e).textDecorationLine")

        assert line_of(".diff ins") == "underline"
        assert line_of(".diff del") == "line-through"
