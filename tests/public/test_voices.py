"""Other voices on the open pages, and statuses whose review is overdue."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from icctracker.actions.answering import (
    answer,
    confirm,
    dissent_from_finding,
    receive,
    take_back,
)
from icctracker.actions.status import assess, withdraw_verdict
from icctracker.models import Verdict
from tests.factories import make_criterion, make_evidence, make_user
from tests.models.test_verdicts import make_verdict

pytestmark = pytest.mark.django_db

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def entry():
    return make_evidence()


def read(client, subject, **query):
    return client.get(subject.get_absolute_url(), query).content.decode()


def at(instant):
    return {"known_at": instant.isoformat()}


class TestDissent:
    @pytest.fixture
    def dissent(self, entry):
        author = make_user("researcher", public_name="Ada L.", username="zq-private")
        said = {"effect": 1, "reason": "It offered an inquiry."}
        made = dissent_from_finding(entry.findings.get(), by=author, **said)
        return confirm(made, by=make_user("reviewer"))

    def test_it_stands_on_the_entry_and_the_recommendation(
        self, client, entry, dissent
    ):
        recommendation = entry.findings.get().criterion.recommendation

        for subject in (entry, recommendation):
            page = read(client, subject)
            assert "Dissent on record" in page and "It offered an inquiry." in page

    def test_its_author_is_named_only_if_they_wish(self, client, entry, dissent):
        page = read(client, entry)
        assert "a coder" in page
        assert "Ada L." not in page and "zq-private" not in page

        dissent.author.show_name = True
        dissent.author.save()

        assert "Ada L." in read(client, entry)

    def test_the_past_is_shown_as_it_was_known(self, client, entry, dissent):
        taken = take_back(dissent, by=dissent.author, reason="I misread it.")

        assert "I misread it." in read(client, entry)
        before = read(client, entry, **at(taken.withdrawn_at - MOMENT))
        assert "It offered" in before and "I misread it." not in before
        earlier = read(client, entry, **at(dissent.confirmed_at - MOMENT))
        assert "It offered an inquiry." not in earlier

    def test_a_page_without_any_does_not_speak_of_it(self, client, entry):
        assert "Dissent on record" not in read(client, entry)


class TestResponses:
    @pytest.fixture
    def answered(self, entry):
        facts = {"evidence": entry, "kind": "correction", "text": "It was 12 to 3."}
        made, _new = receive(creation_key=uuid.uuid4(), **facts)
        said = {"outcome": "answered", "text": "Corrected, thank you."}
        return answer(made, by=make_user("reviewer"), **said)

    def test_they_stand_on_the_entry_with_our_answer(self, client, entry, answered):
        page = read(client, entry)

        assert "It was 12 to 3." in page and "Corrected, thank you." in page

    def test_not_before_they_were_answered(self, client, entry, answered):
        page = read(client, entry, **at(answered.answered_at - MOMENT))

        assert "It was 12 to 3." not in page

    def test_not_while_they_wait(self, client, entry):
        facts = {"evidence": entry, "kind": "reply", "text": "Our side."}
        receive(creation_key=uuid.uuid4(), **facts)

        assert "Our side." not in read(client, entry)

    def test_every_entry_and_recommendation_invites_them(self, client, entry):
        recommendation = entry.findings.get().criterion.recommendation

        invited = reverse("evidence-respond", args=[entry.slug])
        assert invited in read(client, entry)
        invited = reverse("recommendation-respond", args=["r7"])
        assert invited in read(client, recommendation)


class TestVerdicts:
    def test_they_stand_beside_ours_in_their_own_words(self, client):
        recommendation = make_criterion().recommendation
        Verdict.objects.create(
            recommendation=recommendation,
            tracker="Another tracker",
            verdict="off track",
            url="https://example.org/verdict",
            said_on=date(2025, 1, 1),
            note="It counts speeches.",
        )

        page = read(client, recommendation)

        for words in ("What others say", "“off track”", "It counts speeches."):
            assert words in page
        assert "off track" not in read(client, recommendation, as_of="2024-12-31")

    def test_the_past_keeps_one_that_was_withdrawn(self, client):
        verdict = make_verdict(make_criterion().recommendation, verdict="off track")
        reason = "It says this of another recommendation."
        taken = withdraw_verdict(verdict, by=make_user("curator"), reason=reason)
        make_verdict(verdict.recommendation, verdict="on track")

        now = read(client, verdict.recommendation)
        before = at(taken.withdrawn_at - MOMENT)
        then = read(client, verdict.recommendation, **before)

        assert "on track" in now and "off track" not in now
        assert "off track" in then and "on track" not in then

    def test_without_any_the_page_does_not_speak_of_them(self, client):
        recommendation = make_criterion().recommendation

        assert "What others say" not in read(client, recommendation)


class TestOverdue:
    PAGES = ["home", "recommendation-list", "recommendation-detail"]

    def pages(self, client, **query):
        return [
            client.get(
                reverse(name, args=["r7"] if name.endswith("detail") else []), query
            ).content.decode()
            for name in self.PAGES
        ]

    def test_readers_are_told_since_when(self, client):
        assess(
            make_criterion().recommendation,
            by=make_user("curator"),
            as_of=date(2020, 1, 1),
            decided="not-assessed",
        )

        pages = self.pages(client)
        before = self.pages(client, as_of="2020-06-30")

        assert all("Review overdue since 1 July 2020" in page for page in pages)
        assert not any("Review overdue" in page for page in before)

    def test_what_no_curator_has_assessed_cannot_be_overdue(self, client):
        make_criterion()

        pages = self.pages(client)

        assert not any("Review overdue" in page for page in pages)
        assert "Not yet reviewed" in pages[-1]
