"""Corrections and replies as they were known at an instant."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from icctracker.actions.answering import answer, receive
from icctracker.actions.review import correct
from icctracker.templatetags.tracker import instant
from tests.factories import finding_row, make_evidence, make_user, source_row

pytestmark = pytest.mark.django_db

MOMENT = timedelta(microseconds=1)
WITHHELD = "Its text was withheld later"


@pytest.fixture
def entry():
    return make_evidence(title="First title")


@pytest.fixture
def response(entry):
    said = {"kind": "reply", "text": "Our side of it."}
    return receive(creation_key=uuid.uuid4(), evidence=entry, **said)[0]


@pytest.fixture
def answered(response):
    said = {"outcome": "answered", "text": "Thank you."}
    return answer(response, by=make_user("reviewer"), **said)


def pages(client, response, **query):
    """What the list and its own page say."""
    addresses = reverse("response-list"), response.get_absolute_url()
    return [client.get(path, query).content.decode() for path in addresses]


def at(moment):
    return {"known_at": instant(moment)}


class TestThePast:
    def test_from_its_answer_on_it_is_shown(self, client, response, answered):
        for page in pages(client, response, **at(answered.answered_at)):
            assert "Our side of it." in page and "Thank you." in page
            assert "This page shows what was known on" in page

    def test_before_it_waited(self, client, response, answered):
        before = at(answered.answered_at - MOMENT)

        listed, own = pages(client, response, **before)

        assert "Nothing had been answered by then." in listed
        assert "it waits for a reviewer" in own
        assert not [page for page in (listed, own) if "Our side of it." in page]

    def test_before_it_was_received_it_is_not_there(self, client, response):
        query = at(response.received_at - MOMENT)

        page = client.get(response.get_absolute_url(), query)

        assert page.status_code == 404
        assert response.reference not in page.content.decode().replace(
            response.get_absolute_url(), ""
        )

    def test_an_entry_is_named_as_it_was(self, client, entry, response, answered):
        correct(
            entry,
            by=make_user("curator"),
            reason="A better title.",
            facts={"title": "Second title"},
            sources=[source_row()],
            findings=[finding_row()],
        )

        for page in pages(client, response, **at(answered.answered_at)):
            assert "First title" in page and "Second title" not in page
        for page in pages(client, response):
            assert "Second title" in page

    def test_its_links_keep_the_moment(self, client, entry, response, answered):
        query = at(answered.answered_at)

        listed, own = pages(client, response, **query)

        kept = f"?known_at={query['known_at'].replace(':', '%3A')}"
        assert f'href="{response.get_absolute_url()}{kept}"' in listed
        assert f'href="{entry.get_absolute_url()}{kept}"' in own
        assert f'href="{reverse("response-list")}{kept}"' in own

    def test_what_was_withheld_later_is_not_read_in_the_past(
        self, client, entry, response, answered
    ):
        said = {"outcome": "withheld", "text": "It names a victim."}
        answer(response, by=make_user("reviewer"), **said)
        query = at(answered.answered_at)

        shown = pages(client, response, **query)
        shown.append(client.get(entry.get_absolute_url(), query).content.decode())

        for page in shown:
            assert WITHHELD in page
            assert "Our side of it." not in page and "Thank you." not in page
        assert not [page for page in pages(client, response) if WITHHELD in page]


class TestBadMoments:
    def test_an_impossible_instant_is_explained(self, client, response):
        for page in pages(client, response, known_at="2020-02-31"):
            assert "“2020-02-31” is not a date" in page
