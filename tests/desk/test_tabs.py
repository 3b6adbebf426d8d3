"""The desk: its lists lead to one another, and say how much waits there."""

from unittest.mock import patch

import pytest
from django.urls import reverse

from icctracker.actions.coding import offer_coding
from icctracker.actions.entries import save_entry
from icctracker.models import Evidence
from icctracker.web.kit.tabs import Tab, few
from tests.factories import make_coding, make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db
State = Evidence.State
LISTS = ["desk", "suggestion-list", "dismissal-list", "pinpoint-list", "coding-list"]


@pytest.fixture
def user(client):
    user = make_user("researcher")
    client.force_login(user)
    return user


class TestTabs:
    @pytest.mark.parametrize("name", LISTS)
    def test_each_list_is_marked_as_the_page_one_is_on(self, client, user, name):
        page = client.get(reverse(name)).content.decode()

        nav = page.partition('<nav class="tabs')[2].partition("</nav>")[0]
        marked = [
            f'href="{reverse(each)}" aria-current="page"' in nav for each in LISTS
        ]
        assert marked == [each == name for each in LISTS]

    def test_what_is_to_be_coded_is_counted(self, client, user):
        make_criterion()
        make_coding(make_evidence(State.SUBMITTED), coder=user)
        offer_coding(make_evidence(State.SUBMITTED), by=make_user("curator"))

        tabs = client.get(reverse("desk")).context["tabs"]

        assert {tab.name: tab.count for tab in tabs} == {
            "desk": None,
            "suggestion-list": 0,
            "dismissal-list": 0,
            "pinpoint-list": 0,
            "coding-list": 2,
        }


class TestWaitingForMe:
    def test_a_coding_in_hand_is_among_it_and_tells_nothing_of_the_entry(
        self, client, user
    ):
        make_criterion()
        entry = make_evidence(State.SUBMITTED, title="What its author argues")
        coding = make_coding(entry, coder=user)

        page = client.get(reverse("desk")).content.decode()

        assert reverse("coding-detail", args=[coding.pk]) in page
        assert "What its author argues" not in page

    def test_nothing_is_said_in_words(self, client, user):
        assert "An entry can be saved" in client.get(reverse("desk")).content.decode()


class TestWhatADraftLacks:
    def test_the_preview_says_it(self, client, user):
        entry = save_entry(Evidence(), by=user, facts={"title": "A thing"})

        page = client.get(reverse("desk-evidence", args=[entry.pk])).content.decode()

        assert (
            "Still missing: the date, the kind, a summary, at least one source, at"
            " least one finding."
        ) in page

    def test_a_complete_one_lacks_nothing(self, client, user):
        entry = make_evidence(State.DRAFT, by=user)

        page = client.get(reverse("desk-evidence", args=[entry.pk])).content.decode()

        assert "Still missing" not in page


class TestMany:
    """What waits in great numbers is neither counted to its end nor listed whole."""

    def test_a_tab_counts_to_ninety_nine(self):
        assert [Tab("desk", "", n).counted for n in (None, 0, 99)] == [None, "0", "99"]
        assert Tab("desk", "", 100).counted == "99+"

    def test_no_more_is_counted_than_it_takes(self, django_assert_num_queries):
        for _number in range(4):
            make_evidence(State.DRAFT)

        with patch("icctracker.web.kit.tabs.MANY", 2), django_assert_num_queries(1):
            assert few(Evidence.objects.all()) == 3

    def test_the_newest_of_ones_own_are_listed_and_that_is_said(self, client, user):
        for number in range(3):
            make_evidence(State.DRAFT, by=user, title=f"Number {number}")
        with patch("icctracker.web.desk.views.MOST_OWN", 2):
            some = client.get(reverse("desk"))
        whole = client.get(reverse("desk"))

        assert len(some.context["drafts"]) == 2
        assert "At most 2 of each kind are listed." in some.content.decode()
        assert len(whole.context["drafts"]) == 3
        assert "of each kind are listed" not in whole.content.decode()

    def test_so_with_what_is_offered_for_coding(self, client, user):
        for _number in range(2):
            offer_coding(make_evidence(State.SUBMITTED), by=make_user("curator"))
        with patch("icctracker.web.desk.coding.MOST_LISTED", 1):
            page = client.get(reverse("coding-list"))

        assert len(page.context["offered"]) == 1
        assert "At most 1 of each kind are listed." in page.content.decode()
