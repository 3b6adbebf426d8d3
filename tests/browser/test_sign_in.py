import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import make_user

from .steps import assert_accessible, assert_fits, sign_in

pytestmark = pytest.mark.browser


class TestSignIn:
    def test_a_researcher_signs_in_and_out(self, page, live_server):
        researcher = make_user("researcher")

        sign_in(page, live_server, researcher)

        expect(page).to_have_url(live_server.url + reverse("desk"))
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(live_server.url + reverse("home"))

    def test_a_wrong_password_is_explained_and_the_name_is_kept(
        self, page, live_server
    ):
        page.goto(reverse("sign-in"))
        page.locator("main input[name=login]").fill("nobody")
        page.locator("main input[name=password]").fill("not the password")
        page.get_by_role("main").get_by_role(
            "button", name="Sign in", exact=True
        ).click()

        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("main input[name=login]")).to_have_value("nobody")
        assert_accessible(page)

    def test_the_form_is_accessible_and_fits_a_telephone(self, narrow_page):
        narrow_page.goto(reverse("sign-in"))

        assert_accessible(narrow_page)
        assert_fits(narrow_page)
