"""The review desk: every page leads to the others, and says how much waits there."""

import uuid

import pytest
from django.urls import reverse

from icctracker.actions.answering import propose_finding, receive
from icctracker.models import Evidence
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_draft,
    make_evidence,
    make_user,
)

pytestmark = pytest.mark.django_db
State = Evidence.State
LISTS = ["review-queue", "reconcile-list", "response-queue", "due-list"]
CURATED = ["assessment-list", "codebook-draft", "ruleset-draft"]


@pytest.fixture
def reviewer(client):
    user = make_user("reviewer")
    client.force_login(user)
    return user


def tabs(response):
    return {tab.name: tab.count for tab in response.context["tabs"]}


def current(response):
    page = response.content.decode()
    marks = [f'href="{reverse(name)}" aria-current="' for name in LISTS + CURATED]
    nav = page.partition('<nav class="tabs')[2].partition("</nav>")[0]
    return [mark for mark in marks if mark in nav], nav


class TestTabs:
    @pytest.mark.parametrize("name", LISTS)
    def test_each_list_is_marked_as_the_page_one_is_on(self, client, reviewer, name):
        marks, nav = current(client.get(reverse(name)))

        assert marks == [f'href="{reverse(name)}" aria-current="']
        assert f'href="{reverse(name)}" aria-current="page"' in nav

    @pytest.mark.parametrize("name", CURATED)
    def test_curators_have_three_more(self, client, name):
        client.force_login(make_user("curator"))

        response = client.get(reverse(name))

        assert list(tabs(response)) == LISTS + CURATED
        assert current(response)[0] == [f'href="{reverse(name)}" aria-current="']

    def test_reviewers_are_not_led_to_pages_that_refuse_them(self, client, reviewer):
        assert list(tabs(client.get(reverse("review-queue")))) == LISTS

    def test_they_count_what_waits(self, client, reviewer):
        criterion = make_criterion()
        make_evidence(State.SUBMITTED)
        other = make_evidence(findings=[finding_row(make_criterion("4a"))])
        propose_finding(other, finding_row(criterion), by=make_user("researcher"))
        differing = [finding_row(effect=1, form="formal")]
        make_coding(make_evidence(State.SUBMITTED), rows=differing)
        receive(creation_key=uuid.uuid4(), kind="reply", text="Our side.")

        counts = tabs(client.get(reverse("due-list")))

        assert counts == {
            "review-queue": 3,
            "reconcile-list": 1,
            "response-queue": 1,
            # Two assessments, and two criteria that nobody has searched.
            "due-list": 4,
        }

    def test_an_entry_stands_below_the_queue(self, client, reviewer):
        entry = make_evidence(State.SUBMITTED)

        nav = current(client.get(reverse("review-evidence", args=[entry.pk])))[1]

        assert f'href="{reverse("review-queue")}" aria-current="true"' in nav

    def test_a_draft_of_the_codebook_stands_below_it(self, client):
        curator = make_user("curator")
        make_criterion()
        make_draft(curator)
        client.force_login(curator)

        nav = current(client.get(reverse("criterion-create")))[1]

        assert f'href="{reverse("codebook-draft")}" aria-current="true"' in nav

    def test_a_coder_who_reconciles_is_led_back_to_the_coding(self, client):
        coder = make_user("researcher")
        make_criterion()
        rows = [finding_row(effect=1, form="formal")]
        coding = make_coding(make_evidence(State.SUBMITTED), coder=coder, rows=rows)
        client.force_login(coder)

        response = client.get(reverse("reconcile-detail", args=[coding.pk]))

        assert response.context["tabs"] == []
        assert f'href="{reverse("coding-list")}"' in response.content.decode()
