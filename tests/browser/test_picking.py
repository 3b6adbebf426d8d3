"""A paragraph is picked beside its finding, with scripts and without."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import make_criterion, make_user
from tests.test_picking import DARFUR, ENGLISH, log, type_text

from .steps import NARROW, WIDE, assert_accessible, assert_fits, sign_in

pytestmark = pytest.mark.browser
PINPOINT = "Where it can be read (optional)"


@pytest.fixture
def criterion(read_council, live_server):
    type_text(ENGLISH)
    make_criterion("2b", statement="The Council supports the Court.")
    return make_criterion("4c", statement="Referrals do not bar UN funding.")


def open_form(page, live_server):
    sign_in(page, live_server, make_user("researcher"))
    page.goto(reverse("evidence-create", query={"symbol": DARFUR}))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_likely_ones_come_as_the_criterion_is_chosen(
    page, live_server, criterion, size
):
    page.set_viewport_size(size)
    open_form(page, live_server)
    page.get_by_label("Reason", exact=True).fill("Half a sentence")
    assert_accessible(page)

    page.get_by_label("Criterion", exact=True).select_option(str(criterion.pk))
    expect(page.get_by_text("Likely for 4c")).to_be_visible()
    page.get_by_role("button", name="Fill in OP 3").click()

    expect(page.get_by_label(PINPOINT)).to_have_value("OP 3")
    expect(page.get_by_role("button", name="Take OP 3 out")).to_be_visible()
    expect(page.get_by_label("Reason", exact=True)).to_have_value("Half a sentence")
    assert_accessible(page)
    assert_fits(page)


def test_without_scripts(page_without_scripts, live_server, criterion):
    page = page_without_scripts
    open_form(page, live_server)
    page.get_by_label("Criterion", exact=True).select_option(str(criterion.pk))
    page.get_by_label("Reason", exact=True).fill("Half a sentence")
    page.get_by_role("button", name="Show what counts").click()
    expect(page.get_by_text("Likely for 4c")).to_be_visible()

    page.get_by_role("button", name="Fill in OP 3").click()

    expect(page.get_by_label(PINPOINT)).to_have_value("OP 3")
    expect(page.get_by_label("Reason", exact=True)).to_have_value("Half a sentence")


def test_a_symbol_that_is_typed_brings_them(page, live_server, criterion):
    sign_in(page, live_server, make_user("researcher"))
    page.goto(reverse("evidence-create"))
    expect(page.get_by_text(f"Paragraphs of {DARFUR}")).to_have_count(0)

    page.get_by_label("Document symbol (optional)").fill("resolution 1593")
    page.get_by_label("Reason", exact=True).fill("Half a sentence")

    expect(page.get_by_text(f"Paragraphs of {DARFUR}")).to_be_visible()
    expect(page.get_by_label("Reason", exact=True)).to_have_value("Half a sentence")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_findings_without_one_are_filled_in_one_after_the_other(
    page, live_server, criterion, size
):
    entries = [log("4a", ""), log("4b", "")]
    page.set_viewport_size(size)
    sign_in(page, live_server, make_user("curator"))
    page.goto(reverse("pinpoint-list"))
    assert_accessible(page)
    assert_fits(page)

    page.get_by_role("link", name=f"Fill in the paragraph: 4b, {DARFUR}").click()
    assert_accessible(page)
    page.get_by_role("button", name="Fill in OP 2").click()
    expect(page.get_by_label(PINPOINT)).to_have_value("OP 2")
    page.get_by_role("button", name="Publish the correction").click()

    expect(page.get_by_text("the one on 4a")).to_be_visible()
    assert entries[1].findings.accepted().get().pinpoint == "OP 2"
