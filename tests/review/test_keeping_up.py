"""The due list, the queue by risk, and answering what came from outside."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from icctracker.actions.answering import answer, dissent_from_finding, receive
from icctracker.actions.status import assess
from icctracker.models import Answer, Dissent, Evidence
from tests.factories import finding_row, make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def reviewer(client):
    user = make_user("reviewer", username="grace")
    client.force_login(user)
    return user


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


class TestDueList:
    def test_it_says_what_is_due_since_when_and_what_to_search(self, client, reviewer):
        criterion = make_criterion()
        made = assess(
            criterion.recommendation,
            by=make_user("curator"),
            as_of=date(2020, 1, 1),
            decided="not-assessed",
        )
        make_criterion("1a", statement="A strategy is adopted.")

        text = page(client, "due-list")

        assert made.review_due_on == date(2020, 7, 1)
        assert "Overdue since 1 July 2020" in text
        assert "Never assessed" in text
        assert "A strategy is adopted." in text
        assert f"{reverse('search-create')}?criterion=1a" in text

    def test_only_curators_are_sent_on_to_assess(self, client, reviewer):
        make_criterion()
        to_assess = reverse("assessment-create", args=["r7"])

        assert to_assess not in page(client, "due-list")
        client.force_login(make_user("curator"))
        assert to_assess in page(client, "due-list")

    def test_nothing_due_is_said(self, client, reviewer):
        text = page(client, "due-list")

        assert "No assessment is due." in text
        assert "Every criterion has been searched" in text

    def test_the_form_of_a_search_opens_on_its_criterion(self, client, reviewer):
        criterion = make_criterion("1a")

        response = client.get(reverse("search-create"), {"criterion": "1a"})

        assert response.context["form"]["criterion"].value() == str(criterion.pk)


class TestQueueByRisk:
    @pytest.fixture
    def entries(self, reviewer):
        plain = make_criterion("4a", kind="sustain")
        rows = [finding_row(plain, effect=0, form="signal")]
        make_evidence(findings=rows)
        make_evidence(State.SUBMITTED, title="Plain", findings=rows)
        make_evidence(
            State.SUBMITTED, title="Risky", findings=rows, tier="C", by=reviewer
        )

    def titles(self, client, **query):
        response = client.get(reverse("review-queue"), query)
        return [entry.title for entry in response.context["page_obj"]]

    def test_each_is_told_with_why(self, client, entries):
        text = page(client, "review-queue")

        assert "It rests on no official source." in text
        assert "No entry of theirs has been published yet." in text

    def test_it_is_filtered_and_sorted_by_them(self, client, entries):
        assert self.titles(client) == ["Plain", "Risky"]
        assert self.titles(client, sort="risk") == ["Risky", "Plain"]
        assert self.titles(client, risk="secondary") == ["Risky"]
        assert self.titles(client, risk="contested") == []
        both = {"recommendation": "R4", "risk": "secondary", "sort": "risk"}
        assert self.titles(client, **both) == ["Risky"]

    def test_one_that_there_is_not_is_explained(self, client, entries):
        text = page(client, "review-queue", risk="bad luck")

        assert "The filter could not be applied" in text

    def test_the_page_of_an_entry_says_the_same(self, client, entries):
        entry = Evidence.objects.get(title="Risky")

        text = page(client, "review-evidence", entry.pk)

        assert "To be read twice" in text and "tier C" in text


class TestAnswering:
    @pytest.fixture
    def response(self, reviewer):
        facts = {"kind": "reply", "text": "Our <b>side</b>.", "email": "a@b.org"}
        return receive(creation_key=uuid.uuid4(), **facts)[0]

    def send(self, client, response, **changed):
        said = {"outcome": "answered", "text": "Thank you.", "seen": 0} | changed
        path = reverse("response-answer", args=[response.reference])
        return client.post(path, said)

    def test_what_waits_is_listed_and_read_as_text(self, client, response):
        assert response.reference in page(client, "response-queue")

        text = page(client, "response-answer", response.reference)

        assert "a@b.org" in text and "&lt;b&gt;side" in text

    def test_the_answer_takes_it_off_the_list(self, client, response):
        self.send(client, response)

        assert Answer.objects.get().text == "Thank you."
        assert "Nothing waits." in page(client, "response-queue")

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"outcome": ""}, "Choose what happens."),
            ({"outcome": "deleted"}, "Select a valid choice"),
            ({"text": " "}, "Write it: readers see it."),
            ({"text": "word " * 10_000}, "Shorten this to at most 5000 characters"),
        ],
    )
    def test_bad_input_is_explained(self, client, response, changed, said):
        text = self.send(client, response, **changed).content.decode()

        assert said in text
        assert not Answer.objects.exists()

    def test_who_answers_second_sees_the_first_and_keeps_theirs(self, client, response):
        other = make_user("reviewer")
        answer(response, by=other, outcome="withheld", text="It is abusive.")

        second = self.send(client, response)

        text = second.content.decode()
        assert second.status_code == 409
        assert "It is abusive." in text and "Thank you." in text
        assert 'name="seen" value="1"' in text
        assert self.send(client, response, seen=1).status_code == 302

    def test_one_that_was_never_sent_is_not_found(self, client, reviewer):
        path = reverse("response-answer", args=["2222-2222-2222"])

        assert client.get(path).status_code == 404


class TestDissents:
    @pytest.fixture
    def dissent(self, reviewer):
        finding = make_evidence().findings.get()
        said = {"effect": 1, "reason": "It was an offer."}
        return dissent_from_finding(finding, by=make_user("researcher"), **said)

    def send(self, client, dissent, **said):
        return client.post(reverse("dissent-review", args=[dissent.pk]), said)

    def test_a_reviewer_reads_and_confirms_it(self, client, dissent, reviewer):
        assert "Departs from it" in page(client, "dissent-review", dissent.pk)

        self.send(client, dissent, outcome="confirm")

        assert Dissent.objects.on_record().get().confirmed_by == reviewer

    def test_the_second_reviewer_is_told_and_keeps_their_words(self, client, dissent):
        self.send(client, dissent, outcome="confirm")

        second = self.send(client, dissent, outcome="refuse", reason="My reasons.")

        text = second.content.decode()
        assert second.status_code == 409
        assert "somebody has decided about it already" in text
        assert "My reasons." in text and "On the page since" in text

    def test_its_author_waits_for_somebody_else(self, client, dissent, reviewer):
        Dissent.objects.update(author=reviewer)

        text = page(client, "dissent-review", dissent.pk)
        second = self.send(client, dissent, outcome="confirm")

        assert "somebody else must read it" in text
        assert second.status_code == 409
        assert not Dissent.objects.on_record().exists()
