"""From an invitation to the first work, and signing in with a passkey."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from icctracker.actions.people import invite
from icctracker.models import User
from tests.accounts.second_step import code_for
from tests.factories import make_evidence, make_user

from .steps import assert_accessible, assert_fits, assert_right_at_any_width, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def two_factor(settings, live_server):
    """Second steps are required; a code may be half a minute old, for slow machines."""
    settings.REQUIRE_TWO_FACTOR = True
    settings.MFA_TOTP_TOLERANCE = 1


def with_authenticator(page):
    """Give the browser a device with passkeys, whose owner always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def read_secret(page):
    return page.locator("code.secret").inner_text().replace(" ", "")


def looks_right(page):
    assert_accessible(page)
    assert_fits(page)


class TestFromAnInvitation:
    @pytest.mark.parametrize("options", [{}, {"width": 375}])
    def test_to_the_review_queue(self, new_page, two_factor, options):
        make_evidence("submitted", by=make_user("researcher"), title="It waits")
        curator = make_user("curator")
        _invitation, token = invite("rita@example.org", "reviewer", by=curator)
        page = new_page(**options)

        page.goto(reverse("invitation", args=[token]))
        looks_right(page)
        page.get_by_label("User name").fill("rita")
        page.get_by_label("Password", exact=True).fill("lantern orchard 71")
        page.get_by_label("The password again").fill("lantern orchard 71")
        page.get_by_role("button", name="Make the account").click()

        page.get_by_text("Your account is ready").wait_for()
        page.get_by_label("User name or email address").fill("rita@example.org")
        page.get_by_label("Password").fill("lantern orchard 71")
        page.get_by_role("button", name="Sign in", exact=True).click()

        page.get_by_text("a password alone does not protect it").wait_for()
        looks_right(page)
        page.get_by_role("link", name="Set up an app").click()
        looks_right(page)
        page.get_by_label("Code").fill("000000")
        page.get_by_role("button", name="Set up").click()
        expect(page.get_by_role("alert")).to_be_visible()
        looks_right(page)
        page.get_by_label("Code").fill(code_for(read_secret(page)))
        page.get_by_role("button", name="Set up").click()

        page.get_by_role("heading", name="Recovery codes").wait_for()
        expect(page.locator(".codes li")).to_have_count(10)
        looks_right(page)
        page.get_by_role("link", name="go on to the review queue").click()

        expect(page.get_by_text("It waits")).to_be_visible()
        rita = User.objects.get(username="rita")
        assert (rita.email, rita.name_shown) == ("rita@example.org", "")


class TestPasskeys:
    def test_one_is_added_and_then_signs_in_alone(self, page, live_server, two_factor):
        with_authenticator(page)
        reviewer = make_user("reviewer")
        sign_in(page, live_server, reviewer)

        page.get_by_role("link", name="Add a passkey").click()
        looks_right(page)
        page.get_by_label("Name", exact=True).fill("This laptop")
        page.get_by_role("main").get_by_role("button", name="Add a passkey").click()
        page.get_by_role("heading", name="Recovery codes").wait_for()
        page.goto(reverse("mfa_list_webauthn"))
        expect(page.get_by_role("rowheader", name="This laptop")).to_be_visible()
        looks_right(page)
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(live_server.url + reverse("home"))

        page.goto(reverse("review-queue"))
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url(live_server.url + reverse("review-queue"))

    def test_it_is_a_second_step_after_a_password_too(
        self, page, live_server, two_factor
    ):
        with_authenticator(page)
        reviewer = make_user("reviewer")
        sign_in(page, live_server, reviewer)
        page.goto(reverse("mfa_add_webauthn"))
        page.get_by_role("main").get_by_role("button", name="Add a passkey").click()
        page.get_by_role("heading", name="Recovery codes").wait_for()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(live_server.url + reverse("home"))

        sign_in(page, live_server, reviewer)
        looks_right(page)
        page.get_by_role("button", name="Use a passkey instead").click()

        page.wait_for_url(live_server.url + reverse("desk"))

    def test_where_there_is_none_the_page_says_so(self, page, live_server):
        page.add_init_script(
            "navigator.credentials.get = () => Promise.reject(new Error('none'))"
        )
        page.goto(reverse("sign-in"))

        page.get_by_role("button", name="Sign in with a passkey").click()

        page.get_by_text("The browser gave no passkey").wait_for()

    def test_without_scripts_only_the_ways_that_work_are_offered(
        self, page_without_scripts
    ):
        page = page_without_scripts
        page.goto(reverse("sign-in"))

        expect(page.get_by_role("button", name="passkey")).not_to_be_visible()
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


class TestEveryPageOfAnAccount:
    def test_it_is_accessible_and_fits(self, page, live_server):
        for name in ("sign-in", "password-reset", "account_reset_password_done"):
            page.goto(reverse(name))
            assert_right_at_any_width(page)
        curator = make_user("curator")
        make_evidence("draft", by=curator)
        sign_in(page, live_server, curator)
        names = "profile usersessions_list mfa_index mfa_activate_totp mfa_add_webauthn"
        names += " mfa_list_webauthn account-close sign-out password-change"
        for name in [*names.split(), "account_reauthenticate"]:
            page.goto(reverse(name))
            assert_right_at_any_width(page)
        page.goto(reverse("invitation", args=["no-token"]))
        assert_right_at_any_width(page)

    def test_the_picture_of_the_secret_is_light_in_the_dark(
        self, new_page, live_server
    ):
        page = new_page(color_scheme="dark")
        sign_in(page, live_server, make_user("researcher"))
        page.goto(reverse("mfa_activate_totp"))

        shown = page.locator(".qr").evaluate("e => getComputedStyle(e).backgroundColor")

        assert shown == "rgb(255, 255, 255)"
        assert_accessible(page)


class TestSessions:
    def test_one_signs_out_everywhere_else(self, new_page, live_server):
        researcher = make_user("researcher")
        here, elsewhere = new_page(), new_page()
        for each in (here, elsewhere):
            sign_in(each, live_server, researcher)

        here.goto(reverse("usersessions_list"))
        expect(here.get_by_text(re.compile("Chrome on Linux"))).to_have_count(2)
        here.get_by_role("button", name="Sign out everywhere else").click()
        here.get_by_text("You are signed out everywhere else.").wait_for()

        elsewhere.goto(reverse("desk"))
        expect(elsewhere).to_have_url(re.compile(reverse("sign-in")))
        here.goto(reverse("desk"))
        expect(here).to_have_url(site_url(live_server, "desk"))


def site_url(live_server, name):
    return live_server.url + reverse(name)
