"""A journey: a reader corrects us, a reviewer answers, everybody reads both."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from icctracker.models import Response
from tests.browser.steps import assert_accessible, assert_fits, sign_in
from tests.factories import make_criterion, make_evidence, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class TestAnswering:
    def test_without_account_or_scripts_a_correction_is_sent_and_answered(
        self, live_server, page_without_scripts, page, narrow_page
    ):
        cache.clear()
        make_criterion("1a")
        entry = make_evidence()
        address = live_server.url + entry.get_absolute_url()

        reader = page_without_scripts
        reader.goto(address)
        reader.get_by_role("link", name="Send a correction or a reply").click()
        reader.get_by_label("A correction: something here is wrong").check()
        reader.get_by_label("What is wrong, or your reply").fill("It was 12 to 3.")
        reader.get_by_role("button", name="Send it").click()
        reference = Response.objects.get().reference
        expect(reader.get_by_role("main")).to_contain_text(reference)

        sign_in(page, live_server, make_user("reviewer"))
        for name in ("due-list", "review-queue"):
            page.goto(live_server.url + reverse(name))
            assert_accessible(page)
        desk = page.get_by_role("navigation", name="Review", exact=True)
        desk.get_by_role("link", name="Corrections and replies").click()
        assert_accessible(page)
        page.get_by_role("link", name=entry.title).click()
        page.get_by_label("Publish it, with our answer").check()
        page.get_by_label("Our answer, or the reason").fill("Corrected, thank you.")
        assert_accessible(page)
        page.get_by_role("button", name="Record the answer").click()

        narrow_page.goto(address)
        read = narrow_page.get_by_role("article").inner_text()
        assert "It was 12 to 3." in read and "Corrected, thank you." in read
        assert_accessible(narrow_page)
        assert_fits(narrow_page)
        for path in ("/responses/", f"/responses/{reference}/"):
            narrow_page.goto(live_server.url + path)
            assert_accessible(narrow_page)
            assert_fits(narrow_page)
        narrow_page.goto(address + "respond/")
        assert_accessible(narrow_page)
        assert_fits(narrow_page)
