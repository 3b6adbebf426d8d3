"""A researcher goes through the suggestions, with and without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from icctracker.models import Dismissal, Evidence
from tests.factories import make_user
from tests.inbox import track

from .steps import assert_accessible, assert_fits, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def inbox(live_server, council):
    track()
    return live_server.url + reverse("suggestion-list")


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def test_what_needs_no_entry_is_set_aside_and_put_back(
    new_page, page_without_scripts, live_server, inbox
):
    page = page_without_scripts
    sign_in(page, live_server, make_user("researcher"))
    page.goto(inbox + "?situation=syria")

    press(page, "Set aside what is ticked")
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one document")

    page.get_by_label("Tick S/2014/348").check()
    page.get_by_label("Why they need no entry").fill("Coded elsewhere.")
    press(page, "Set aside what is ticked")
    expect(page.get_by_text("One document is set aside.")).to_be_visible()
    expect(page.get_by_text("1 looked at and set aside")).to_be_visible()

    page.get_by_role("link", name="1 looked at and set aside").click()
    page.get_by_label("Tick S/2014/348").check()
    press(page, "Put back what is ticked")
    expect(page.get_by_text("Nothing that was set aside")).to_be_visible()
    assert not Dismissal.objects.stood().exists()


def test_a_suggestion_becomes_a_draft(new_page, page, live_server, inbox):
    sign_in(page, live_server, make_user("researcher"))
    page.get_by_role("link", name="Suggestions").click()
    assert_accessible(page)

    press(page, re.compile("Log it ?: S.2014.348"))

    expect(page.get_by_label("Document symbol")).to_have_value("S/2014/348")
    expect(page.get_by_label("Syrian Arab Republic")).to_be_checked()
    assert Evidence.objects.get().state == Evidence.State.DRAFT


def test_it_can_be_read_on_a_telephone(new_page, narrow_page, live_server, inbox):
    page = narrow_page
    sign_in(page, live_server, make_user("researcher"))

    for query in ("", "?situation=syria"):
        page.goto(inbox + query)
        page.locator("details").first.locator("summary").click()
        assert_fits(page)
        assert_accessible(page)
