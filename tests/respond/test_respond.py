"""Corrections and replies: sent by anybody, followed by a reference."""

import uuid
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from icctracker.actions.answering import answer, receive
from icctracker.models import Evidence, Response
from icctracker.web.respond import views
from tests.factories import make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def entry():
    return make_evidence()


def address(entry):
    return reverse("evidence-respond", args=[entry.slug])


def send(client, path, *, ip="192.0.2.1", **changed):
    """Send the form as a browser would, under a new key unless told otherwise."""
    data = {
        "kind": "correction",
        "text": "The vote was 12 to 3.",
        "shown_by": "https://undocs.org/en/S/PV.7180",
        "name": "A. Reader",
        "affiliation": "A mission",
        "email": "reader@example.org",
        "homepage": "",
        "creation_key": str(uuid.uuid4()),
    } | changed
    return client.post(path, data, REMOTE_ADDR=ip)


class TestSending:
    def test_no_account_is_needed_and_a_reference_is_given(self, client, entry):
        response = send(client, address(entry))

        made = Response.objects.get()
        assert response.headers["Location"] == made.get_absolute_url()
        assert (made.evidence, made.kind) == (entry, "correction")
        page = client.get(response.headers["Location"]).content.decode()
        assert made.reference in page and "waits for a reviewer" in page

    def test_about_a_recommendation_or_the_site_as_a_whole(self, client):
        recommendation = make_criterion().recommendation

        send(client, reverse("recommendation-respond", args=["r7"]))
        send(client, reverse("respond"))

        about = Response.objects.order_by("pk")
        assert [row.subject for row in about] == [recommendation, None]

    def test_only_the_text_is_compulsory(self, client, entry):
        empty = dict.fromkeys(["shown_by", "name", "affiliation", "email"], "")

        send(client, address(entry), **empty)

        assert Response.objects.get().text == "The vote was 12 to 3."

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"text": "  "}, "Write what you want to say."),
            ({"text": "word " * 10_000}, "Shorten this to at most 5000 characters"),
            ({"kind": ""}, "Choose what you send."),
            ({"kind": "threat"}, "Select a valid choice"),
            ({"shown_by": "javascript:alert(1)"}, "Give a full web address"),
            ({"email": "reader"}, "like name@example.org"),
            (
                {"publish_name": "on", "name": "", "affiliation": ""},
                "Give the name that we may publish.",
            ),
            ({"homepage": "https://spam.example"}, "catching programs"),
        ],
    )
    def test_what_cannot_be_taken_is_explained_and_kept(
        self, client, entry, changed, said
    ):
        sent = {"text": "The vote was 12 to 3."} | changed

        response = send(client, address(entry), **sent)

        page = response.content.decode()
        assert said in page and "There is a problem" in page
        assert sent["text"].strip()[:100] in page
        assert not Response.objects.exists()

    def test_a_strange_key_is_no_fault_of_the_sender(self, client, entry):
        send(client, address(entry), creation_key="x")

        assert Response.objects.count() == 1

    @pytest.mark.parametrize(
        "state", [State.DRAFT, State.SUBMITTED, State.RETURNED, State.DECLINED]
    )
    def test_what_is_not_public_is_not_there(self, client, state):
        hidden = make_evidence(state, slug="hidden")

        assert client.get(address(hidden)).status_code == 404
        assert send(client, address(hidden)).status_code == 404
        assert not Response.objects.exists()

    def test_a_withdrawn_entry_may_still_be_answered(self, client):
        assert client.get(address(make_evidence(State.WITHDRAWN))).status_code == 200

    def test_looking_writes_nothing_and_sets_no_session(self, client, entry):
        client.get(address(entry))

        assert not Response.objects.exists()
        assert "sessionid" not in client.cookies


class TestRate:
    def test_one_address_sends_so_many_an_hour_and_loses_nothing(self, client, entry):
        for _number in range(views.FROM_ONE_ADDRESS):
            send(client, address(entry))

        response = send(client, address(entry), text="One more thing.")

        assert response.status_code == 429
        assert response.headers["Retry-After"] == "3600"
        page = response.content.decode()
        assert "no more are taken for now" in page and "One more thing." in page
        assert Response.objects.count() == views.FROM_ONE_ADDRESS
        assert send(client, address(entry), ip="192.0.2.2").status_code == 302

    def test_the_last_one_sent_twice_is_not_refused(self, client, entry):
        keys = [str(uuid.uuid4()) for _ in range(views.FROM_ONE_ADDRESS)]
        for key in keys:
            send(client, address(entry), creation_key=key)

        assert send(client, address(entry), creation_key=keys[-1]).status_code == 302

    def test_all_addresses_together_too(self, client, entry, monkeypatch):
        monkeypatch.setattr(views, "FROM_ALL", 2)

        answers = [
            send(client, address(entry), ip=f"192.0.2.{number}").status_code
            for number in range(3)
        ]

        assert answers == [302, 302, 429]

    def test_neighbours_in_one_network_count_as_one(self, client, entry):
        for number in range(views.FROM_ONE_ADDRESS):
            send(client, address(entry), ip=f"2001:db8::{number}")

        assert send(client, address(entry), ip="2001:db8::ffff").status_code == 429
        assert send(client, address(entry), ip="2001:db8:1::1").status_code == 302

    def test_what_is_refused_is_not_counted(self, client, entry):
        for _number in range(views.FROM_ONE_ADDRESS + 1):
            send(client, address(entry), text="")

        assert send(client, address(entry)).status_code == 302

    def test_no_address_is_kept(self, client, entry, rf):
        send(client, address(entry), ip="192.0.2.77")

        keys = views.ResponseThrottle(rf.get("/", REMOTE_ADDR="192.0.2.77")).limits
        assert [cache.get(key) for key in keys] == [1, 1]
        assert "192.0.2.77" not in str(keys)
        assert "192.0.2.77" not in str(Response.objects.values().get())

    def test_a_day_later_the_same_address_is_another(self, rf):
        def keys():
            return set(views.ResponseThrottle(rf.get("/")).limits)

        with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False):
            today, again = keys(), keys()
        with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False):
            tomorrow = keys()

        assert today == again
        assert today & tomorrow == {"responses-from-all"}


class TestFollowing:
    @pytest.fixture
    def response(self, entry):
        return receive(
            creation_key=uuid.uuid4(),
            evidence=entry,
            kind="reply",
            text="Our side of it.",
            name="A. Reader",
            email="reader@example.org",
        )[0]

    def page(self, client, response):
        return client.get(response.get_absolute_url()).content.decode()

    def test_before_the_answer_the_page_holds_no_text_and_no_name(
        self, client, response
    ):
        page = self.page(client, response)

        assert response.reference in page
        for hidden in ("Our side of it.", "A. Reader", "reader@example.org"):
            assert hidden not in page

    def test_after_it_both_are_there_but_no_name_that_is_not_given_free(
        self, client, response
    ):
        reviewer = make_user("reviewer")
        answer(response, by=reviewer, outcome="answered", text="You are right.")

        page = self.page(client, response)

        assert "Our side of it." in page and "You are right." in page
        assert "a reader" in page and "by a reviewer" in " ".join(page.split())
        for hidden in ("A. Reader", "reader@example.org", reviewer.username):
            assert hidden not in page

    def test_what_is_withheld_is_counted_with_the_reason(self, client, response):
        said = {"outcome": "withheld", "text": "It names a victim."}
        answer(response, by=make_user("reviewer"), **said)

        for address in (response.get_absolute_url(), reverse("response-list")):
            page = client.get(address).content.decode()
            assert "It names a victim." in page and response.reference in page
            assert "Our side of it." not in page

    def test_a_reference_may_be_typed_in_small_letters(self, client, response):
        path = reverse("response-detail", args=[response.reference.lower()])

        assert client.get(path).status_code == 200

    def test_one_that_was_never_given_is_not_found(self, client):
        assert client.get("/responses/2222-2222-2222/").status_code == 404


class TestList:
    def test_it_shows_what_was_answered_and_nothing_that_waits(self, client):
        said = {"creation_key": uuid.uuid4(), "kind": "reply"}
        receive(text="It waits.", **said)

        page = client.get(reverse("response-list")).content.decode()

        assert "Nothing has been answered yet." in page and "It waits." not in page
