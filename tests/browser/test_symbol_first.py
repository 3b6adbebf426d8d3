"""From a document's symbol to a submitted entry, typing no more than is needed."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from icctracker.models import Criterion, Evidence, Situation
from tests.factories import finding_row, make_criterion, make_evidence, make_user

from .steps import assert_accessible, assert_fits, sign_in

pytestmark = pytest.mark.browser

# The aim: the symbol, the finding (criterion and effect) and the reason.
AIM = ["lookup", "criterion", "effect", "rationale"]


class Hand:
    """Fills in fields as a person would, and keeps count of them."""

    def __init__(self, page):
        self.page, self.filled = page, []

    def types(self, name, label, text):
        field = self.page.get_by_label(label, exact=True)
        field.press_sequentially(text)
        self.filled.append(name)

    def chooses(self, name, label, choice):
        self.page.get_by_label(label, exact=True).select_option(choice)
        self.filled.append(name)

    def ticks(self, name, label):
        self.page.get_by_label(label).check()
        self.filled.append(name)


@pytest.fixture
def criterion(council, live_server):
    Situation.objects.create(slug="syria", name="Syrian Arab Republic")
    make_criterion("4a", statement="Referrals do not limit the Court.")
    return make_criterion("7a", statement="Permanent members do not veto.")


def open_form(page, live_server):
    sign_in(page, live_server, make_user("researcher"))
    page.goto(reverse("evidence-create"))
    return Hand(page)


def log_the_finding(hand, criterion):
    hand.chooses("criterion", "Criterion", str(criterion.pk))
    hand.ticks("effect", "Departs from it, or undoes it")
    hand.types("rationale", "Reason", "Two members stopped a referral.")


def submit(page):
    with page.expect_navigation():
        page.get_by_role("button", name="Submit for review").click()


def assert_logged():
    """The entry stands as the record has it, though nobody typed that."""
    entry = Evidence.objects.get()
    assert entry.state == Evidence.State.SUBMITTED
    assert (entry.symbol, entry.meeting) == ("S/2014/348", "S/PV.7180")
    assert (entry.kind, entry.occurred_on.isoformat()) == ("veto", "2014-05-22")
    assert (entry.votes_yes, entry.votes_no, entry.votes_abstain) == (13, 2, 0)
    assert {str(each) for each in entry.actors.all()} == {"China", "Russian Federation"}
    assert [str(each) for each in entry.situations.all()] == ["Syrian Arab Republic"]
    assert entry.sources.filter(official=True).count() == 2
    assert len(entry.roll_call) == 15


class TestAVetoBySymbol:
    def test_takes_the_symbol_the_finding_and_the_reason(
        self, page, live_server, criterion
    ):
        hand = open_form(page, live_server)

        hand.types("lookup", "Which document?", "S/2014/348")
        suggestion = page.get_by_role("button", name="S/2014/348")
        with page.expect_navigation():
            suggestion.click()
        expect(page.get_by_text("Veto cast by", exact=True)).to_be_visible()
        assert_accessible(page)
        log_the_finding(hand, criterion)
        submit(page)

        assert hand.filled == AIM
        assert_logged()

    def test_takes_no_more_without_scripts(
        self, page_without_scripts, live_server, criterion
    ):
        page = page_without_scripts
        hand = open_form(page, live_server)

        hand.types("lookup", "Which document?", "s/2014/348")
        page.get_by_role("button", name="Look up").click()
        log_the_finding(hand, criterion)
        submit(page)

        assert hand.filled == AIM
        assert_logged()

    def test_can_be_done_with_the_keyboard_alone(self, page, live_server, criterion):
        open_form(page, live_server)

        # The field has the focus as the page opens; Enter in it looks up.
        page.keyboard.type("S/2014/348")
        with page.expect_navigation():
            page.keyboard.press("Enter")

        expect(page.get_by_text("Veto cast by", exact=True)).to_be_visible()
        assert not Evidence.objects.exists()

    def test_opens_accessible_and_fits_a_telephone(
        self, narrow_page, live_server, criterion
    ):
        page = narrow_page
        sign_in(page, live_server, make_user("researcher"))
        page.goto(reverse("evidence-create") + "?symbol=S/2014/348")
        assert_fits(page)
        page.get_by_text("Change what was filled in").click()
        page.get_by_text("Change or add sources").click()

        assert_accessible(page)
        assert_fits(page)


class TestAVetoOutsideTheRecord:
    def test_is_derived_from_the_votes_of_the_members(
        self, page, live_server, criterion
    ):
        open_form(page, live_server)
        page.get_by_label("Date", exact=True).fill("1 June 2014")
        page.get_by_role("button", name="Say how each member voted").click()
        page.get_by_label("Russian Federation: Against").check()
        page.get_by_role("button", name="Mark the others as in favour").click()

        page.get_by_text("Vetoed by Russian Federation.").wait_for()
        assert_accessible(page)


class TestADocumentLoggedAlready:
    def test_leads_to_a_proposed_finding(self, page, live_server, criterion):
        make_evidence(findings=[finding_row(criterion)], title="Logged before")
        other = Criterion.objects.get(code="4a")
        sign_in(page, live_server, make_user("researcher"))
        page.goto(reverse("evidence-create") + "?symbol=S/2014/348")
        page.get_by_role("link", name="Add a finding to it").click()
        hand = Hand(page)
        hand.chooses("criterion", "Criterion", str(other.pk))
        page.get_by_text("Each contested vote.").wait_for()
        hand.ticks("effect", "Departs from it in part")
        hand.types("rationale", "Reason", "Its own text exempts nationals.")
        assert_accessible(page)
        with page.expect_navigation():
            page.get_by_role("button", name="Propose it for review").click()

        expect(page.get_by_text("Awaiting review")).to_be_visible()
        assert_accessible(page)
