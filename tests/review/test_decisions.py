"""Reading an entry beside its sources, and deciding about it."""

import pytest
from django.urls import reverse

from icctracker.actions.entries import save_entry, submit
from icctracker.actions.people import close_account
from icctracker.actions.review import decide
from icctracker.models import Evidence, ReviewDecision
from tests.factories import (
    finding_row,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def reviewer(client):
    user = make_user("reviewer")
    client.force_login(user)
    return user


@pytest.fixture
def author(db):
    return make_user("researcher", username="ada")


@pytest.fixture
def entry(author):
    return make_evidence(
        State.SUBMITTED,
        by=author,
        title="A draft is vetoed",
        counter_evidence="It offered an inquiry instead.",
        verification_note="The vote of one member.",
    )


def address(entry):
    return reverse("review-evidence", args=[entry.pk])


def send(client, entry, **changed):
    """Post the decision form; what is not mentioned publishes after checking."""
    sent = {"outcome": "publish", "checked": "on", "note": "", "seen": 1} | changed
    sent = {name: value for name, value in sent.items() if value is not None}
    return client.post(address(entry), sent)


class TestReading:
    def test_the_entry_stands_beside_its_sources_and_notes(
        self, client, reviewer, entry
    ):
        page = client.get(address(entry)).content.decode()

        for words in (
            "Two permanent members voted against.",
            'href="https://undocs.org/en/S/2014/348"',
            "It offered an inquiry instead.",
            "The vote of one member.",
            "Each contested vote.",
            "Vetoes in other matters.",
            "ada",
        ):
            assert words in page

    def test_earlier_decisions_and_comments_are_shown(
        self, client, reviewer, author, entry
    ):
        decide(entry, reviewer=reviewer, outcome="return", note="Which paragraph?")
        submit(entry, by=author)

        page = client.get(address(entry)).content.decode()

        assert "Sent back" in page and "Which paragraph?" in page

    def test_what_was_typed_by_others_is_never_markup(self, client, reviewer, author):
        entry = make_evidence(State.SUBMITTED, by=author, title="<b>Bold</b>")

        page = client.get(address(entry)).content.decode()

        assert "<b>Bold</b>" not in page and "&lt;b&gt;Bold" in page


class TestDeciding:
    def test_publishing_shows_it_to_readers_as_verified(self, client, reviewer, entry):
        response = send(client, entry)

        entry.refresh_from_db()
        assert response.headers["Location"] == reverse("review-queue")
        assert (entry.state, entry.verification) == (State.PUBLISHED, "verified")

    def test_nothing_can_be_sent_back_to_an_author_who_left(
        self, client, reviewer, author, entry
    ):
        close_account(author, by=author)

        page = client.get(address(entry)).content.decode()
        answer = send(client, entry, outcome="return", note="Which page, I ask?")

        assert 'value="return"' not in page and 'value="decline"' in page
        assert "Which page, I ask?" in answer.content.decode()
        entry.refresh_from_db()
        assert entry.state == State.SUBMITTED

    @pytest.mark.parametrize(
        ("outcome", "state"), [("return", State.RETURNED), ("decline", State.DECLINED)]
    )
    def test_deciding_against_needs_no_tick_but_a_reason(
        self, client, reviewer, entry, outcome, state
    ):
        send(client, entry, outcome=outcome, checked=None, note="Not shown.")

        entry.refresh_from_db()
        assert entry.state == state
        assert entry.decisions.get().note == "Not shown."

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"outcome": None}, "Choose what happens."),
            ({"outcome": "burn"}, "Select a valid choice"),
            ({"checked": None}, "Tick this to publish"),
            ({"outcome": "return"}, "Say why: it is kept"),
            ({"outcome": "decline", "note": "  "}, "Say why: it is kept"),
        ],
    )
    def test_bad_input_is_explained_at_its_field(
        self, client, reviewer, entry, changed, said
    ):
        response = send(client, entry, **changed)

        assert response.status_code == 200
        assert said in response.content.decode()
        assert not ReviewDecision.objects.exists()

    def test_a_comment_of_ten_thousand_words_is_explained_and_kept(
        self, client, reviewer, entry
    ):
        note = "word " * 9_999 + "the end"

        response = send(client, entry, outcome="return", note=note)

        page = response.content.decode()
        assert "Shorten it to 5000 characters: it has 50002." in page
        assert "the end</textarea>" in page
        assert 'aria-describedby="id_note_helptext id_note_error"' in page

    def test_first_data_cannot_be_sent_back(self, client, reviewer):
        entry = make_evidence(State.SUBMITTED)

        page = client.get(address(entry)).content.decode()
        response = send(client, entry, outcome="return", note="Look again.")

        assert 'value="return"' not in page
        assert response.status_code == 200
        entry.refresh_from_db()
        assert entry.state == State.SUBMITTED

    def test_an_entry_that_lost_its_source_is_not_published(
        self, client, reviewer, entry
    ):
        entry.sources.all().delete()

        page = send(client, entry).content.decode()

        assert "without: at least one source" in page


class TestTwoAtOnce:
    def test_a_newer_version_is_shown_and_the_comment_kept(
        self, client, reviewer, author, entry
    ):
        decide(entry, reviewer=make_user("reviewer"), outcome="return", note="Mend.")
        save_entry(
            entry,
            by=author,
            facts={"title": "A better title"},
            sources=[source_row()],
            findings=[finding_row()],
        )
        submit(entry, by=author)

        response = send(client, entry, note="My long comment")

        page = response.content.decode()
        assert response.status_code == 409
        assert "changed while you were reading it" in page
        assert "A better title" in page and "My long comment" in page
        assert 'name="seen" value="4"' in page
        assert "checked" not in response.context["form"].data

    def test_it_can_then_be_decided(self, client, reviewer, entry):
        Evidence.objects.filter(pk=entry.pk).update(version=2)
        send(client, entry)

        response = send(client, entry, seen=2)

        assert response.status_code == 302

    def test_the_second_decision_is_told_of_the_first(self, client, reviewer, entry):
        other = make_user("reviewer", username="grace")
        decide(entry, reviewer=other, outcome="decline", note="A rumour.")

        response = send(client, entry, note="My long comment")

        page = response.content.decode()
        assert response.status_code == 409
        assert "Your decision was not recorded." in page
        assert "Declined" in page and "grace" in page and "A rumour." in page
        assert "My long comment" in page
        assert entry.decisions.count() == 1

    def test_what_is_decided_shows_no_form(self, client, reviewer):
        entry = make_evidence(State.PUBLISHED)

        page = client.get(address(entry)).content.decode()

        assert "There is nothing to decide" in page
        assert 'name="outcome"' not in page


class TestOnesOwn:
    def test_a_reviewer_is_refused_in_words(self, client, reviewer):
        entry = make_evidence(State.SUBMITTED, by=reviewer)

        page = client.get(address(entry)).content.decode()
        response = send(client, entry, note="It is good.")

        assert "somebody else must review it" in page
        assert 'name="outcome"' not in page
        assert response.status_code == 409
        assert "It is good." in response.content.decode()
        assert not ReviewDecision.objects.exists()

    def test_a_curator_says_why(self, client):
        curator = make_user("curator")
        client.force_login(curator)
        entry = make_evidence(State.SUBMITTED, by=curator)

        page = send(client, entry).content.decode()

        assert "Say why you decide on your own entry." in page
        assert not ReviewDecision.objects.exists()

    def test_and_the_reason_is_shown(self, client):
        curator = make_user("curator")
        client.force_login(curator)
        entry = make_evidence(State.SUBMITTED, by=curator)

        send(client, entry, note="Nobody else is here.")

        page = client.get(address(entry)).content.decode()
        assert "Nobody else is here." in page
        assert "decided alone, by who wrote or changed it" in page
