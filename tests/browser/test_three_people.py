"""Three people at work on one entry at the same time, each in their own browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from icctracker.models import Evidence, Notice
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
)

from .steps import assert_accessible, assert_fits, sign_in
from .test_double_coding import code
from .test_working import decide, log_a_veto, press

pytestmark = pytest.mark.browser

TITLE = "Double veto of the Syria referral"
FIRST_REASON = "Two members stopped a referral."
HIDDEN = "what was found in it before stays hidden"


@pytest.fixture
def criterion(new_page):
    make_situation()
    return make_criterion("7a", statement="Permanent members do not veto.")


@pytest.fixture
def people(criterion):
    names = {"author": "researcher", "coder": "reviewer", "reviewer": "reviewer"}
    return {
        name: make_user(role, username=name, email=f"{name}@example.org")
        for name, role in names.items()
    }


def submit_an_entry(page, criterion):
    page.get_by_role("link", name="Log evidence").click()
    log_a_veto(page)
    page.get_by_label("Criterion", exact=True).select_option(str(criterion.pk))
    page.get_by_text("Each contested vote.").wait_for()
    press(page, "Submit for review")
    return Evidence.objects.get()


def assert_led_back_to_the_coding(page, address):
    page.goto(address)
    page.wait_for_url("**/desk/coding/*/")
    assert HIDDEN in page.content()
    assert FIRST_REASON not in page.content()


@pytest.mark.both_databases
class TestOneEntryAndThreePeople:
    def test_submitted_coded_blind_reconciled_published_and_read(
        self, new_page, live_server, criterion, people
    ):
        author, reviewer, coder = new_page(), new_page(), new_page(width=375)
        sign_in(author, live_server, people["author"])
        sign_in(reviewer, live_server, people["reviewer"])
        sign_in(coder, live_server, people["coder"])

        entry = submit_an_entry(author, criterion)
        review = reverse("review-evidence", args=[entry.pk])
        desk = reverse("desk-evidence", args=[entry.pk])

        # The reviewer has the form open from before the coding was asked for.
        reviewer.goto(review)
        reviewer_earlier = reviewer.context.new_page()
        reviewer_earlier.goto(live_server.url + review)
        reviewer.get_by_label("Ask for a second, blind coding").select_option("coder")
        press(reviewer, "Ask for a second coding")
        told = Notice.objects.filter(kind=Notice.Kind.CODING)
        assert told.get().person == people["coder"]

        coder.goto(reverse("coding-list"))
        coder.get_by_role("link", name="Veto").first.click()
        expect(coder.get_by_role("heading", name=TITLE)).to_be_visible()
        assert FIRST_REASON not in coder.content()
        assert_accessible(coder)
        assert_fits(coder)
        for address in (review, desk, f"{desk}comments/"):
            assert_led_back_to_the_coding(coder, address)
        for name in ("evidence-list", "recommendation-list", "review-queue", "desk"):
            coder.goto(reverse(name))
            assert FIRST_REASON not in coder.content(), name

        decide(reviewer_earlier, "Publish it")
        expect(reviewer_earlier.get_by_text("Wait until the coding")).to_be_visible()
        reviewer.goto(review)
        expect(reviewer.get_by_text("wait until the coding")).to_be_visible()
        expect(
            reviewer.get_by_role("button", name="Record the decision")
        ).to_have_count(0)
        author.goto(desk)
        expect(author.get_by_text(FIRST_REASON).first).to_be_visible()

        coder.goto(reverse("coding-list"))
        coder.get_by_role("link", name="Veto").first.click()
        code(coder, "Context only")
        coder.get_by_text("It differs from the first coding").first.wait_for()
        assert_accessible(coder)

        self.reconcile(reviewer)

        # Who asked, reconciled and coded are two people: either may publish.
        for page in (coder, reviewer):
            page.goto(review)
            expect(page.get_by_label("Publish it")).to_be_visible()
        decide(reviewer, "Publish it")
        entry.refresh_from_db()
        assert entry.state == Evidence.State.PUBLISHED
        assert not entry.decisions.get().alone
        self.read(new_page(), new_page(width=375), entry)

    def reconcile(self, page):
        page.goto(reverse("reconcile-list"))
        page.get_by_role("link", name=TITLE).click()
        assert_accessible(page)
        page.get_by_label("As the second coder").check()
        page.get_by_label("Reason", exact=True).fill("A pause is no crime.")
        press(page, "Record the decision")
        page.get_by_text("A third person decided.").wait_for()
        assert_accessible(page)

    def read(self, wide, narrow, entry):
        for page in (wide, narrow):
            page.goto(entry.get_absolute_url())
            expect(page.get_by_text("coded by two people").first).to_be_visible()
            page.get_by_role("link", name="What has changed in this entry").click()
            page.get_by_role("heading", name="Published").wait_for()
            expect(page.get_by_text("alone, by who wrote")).to_have_count(0)
            assert_accessible(page)
            assert_fits(page)
            # No name of a coder, nor what was coded before the two were reconciled.
            assert FIRST_REASON not in page.content()


class TestTwoCorrectionsAtOnce:
    def test_the_second_sees_both_field_by_field_and_loses_nothing(
        self, new_page, live_server, criterion
    ):
        entry = make_evidence(
            votes_yes=13,
            votes_no=2,
            votes_abstain=0,
            findings=[finding_row(form="decision")],
        )
        first, second = new_page(), new_page()
        for page in (first, second):
            sign_in(page, live_server, make_user("curator"))
            page.goto(reverse("evidence-correct", args=[entry.pk]))

        first.get_by_label("Title").fill("A double veto")
        first.get_by_label("Reason for the correction").fill("There were two.")
        press(first, "Publish the correction")
        second.get_by_label("Title").fill("A veto of two members")
        second.get_by_label("Summary").fill("China and the Russian Federation.")
        second.get_by_label("Reason for the correction").fill("It said too little.")
        press(second, "Publish the correction")

        differs = second.get_by_role("alert").get_by_role("row")
        row = differs.filter(has_text="A double veto")
        expect(row.get_by_text("A veto of two members")).to_be_visible()
        row = differs.filter(has_text="China and the Russian Federation.")
        expect(row).to_have_count(1)
        expect(second.get_by_label("Title")).to_have_value("A veto of two members")
        reason = second.get_by_label("Reason for the correction")
        expect(reason).to_have_value("It said too little.")
        assert_accessible(second)

        press(second, "Save mine anyway")
        second.get_by_role("link", name="What has changed in this entry").click()

        for reason in ("There were two.", "It said too little."):
            expect(second.get_by_text(reason)).to_be_visible()
