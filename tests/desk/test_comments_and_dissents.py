"""Comments on an entry, and dissent, at the desk."""

from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from icctracker.actions.status import assess
from icctracker.models import Comment, Dissent, Evidence
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def author(client):
    user = make_user("researcher", username="ada")
    client.force_login(user)
    return user


@pytest.fixture
def entry(author):
    return make_evidence(State.SUBMITTED, by=author)


def say(client, entry, text="Page 5.", back="desk"):
    path = reverse("evidence-comment", args=[entry.pk])
    return client.post(path, {"text": text, "back": back})


class TestComments:
    def test_author_and_reviewer_read_each_other(self, client, entry):
        say(client, entry)
        client.force_login(make_user("reviewer", username="grace"))

        response = say(client, entry, "Which <b>meeting</b>?", back="review")

        assert response.headers["Location"].startswith(
            reverse("review-evidence", args=[entry.pk])
        )
        for name in ("review-evidence", "desk-evidence", "evidence-comment"):
            page = client.get(reverse(name, args=[entry.pk])).content.decode()
            assert "Page 5." in page and "Which &lt;b&gt;meeting" in page
            assert "ada" in page and "grace" in page

    def test_ten_thousand_words_are_refused_with_a_count_and_kept(self, client, entry):
        words = "word " * 10_000

        page = say(client, entry, words).content.decode()

        assert "at most 5000 characters; it has 49999" in page
        assert words.strip() in page
        assert not Comment.objects.exists()

    def test_readers_never_see_one(self, client, author):
        published = make_evidence(by=author)
        say(client, published, "Between us.")
        assert Comment.objects.exists()
        client.logout()

        for path in (
            published.get_absolute_url(),
            reverse("evidence-download", args=["json"]),
            reverse("evidence-download", args=["csv"]),
        ):
            response = client.get(path)
            body = b"".join(response) if response.streaming else response.content
            assert b"Between us." not in body

    def test_another_researcher_finds_no_page(self, client, entry):
        client.force_login(make_user("researcher"))

        path = reverse("evidence-comment", args=[entry.pk])
        assert client.get(path).status_code == 404
        assert say(client, entry).status_code == 404
        assert not Comment.objects.exists()

    def test_who_lost_their_role_keeps_their_words(self, client, entry, author):
        author.groups.clear()

        response = say(client, entry, "My long remark.")

        assert response.status_code == 403
        assert "My long remark." in response.content.decode()


class TestDissent:
    @pytest.fixture
    def finding(self, author):
        return make_evidence().findings.get()

    def send(self, client, finding, **changed):
        said = {"effect": "-1", "reason": "It was minor."} | changed
        return client.post(reverse("finding-dissent", args=[finding.pk]), said)

    def test_it_is_offered_to_coders_on_the_page_of_the_entry(self, client, finding):
        address = reverse("finding-dissent", args=[finding.pk])
        entry_page = finding.evidence.get_absolute_url()

        assert address in client.get(entry_page).content.decode()
        client.logout()
        assert address not in client.get(entry_page).content.decode()

    def test_it_is_kept_and_waits(self, client, finding, author):
        response = self.send(client, finding)

        made = Dissent.objects.get()
        assert response.headers["Location"] == reverse("dissent-detail", args=[made.pk])
        page = client.get(response.headers["Location"]).content.decode()
        assert "It waits for a reviewer" in page
        assert (
            "It was minor."
            not in client.get(finding.evidence.get_absolute_url()).content.decode()
        )
        assert "My dissents" in client.get(reverse("desk")).content.decode()

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"effect": ""}, "Choose what you would have said."),
            ({"effect": "7"}, "Select a valid choice"),
            ({"effect": "-2"}, "this effect already"),
            ({"reason": " "}, "Say why: readers see the reason."),
            ({"reason": "word " * 10_000}, "at most 5000 characters"),
        ],
    )
    def test_bad_input_is_explained(self, client, finding, changed, said):
        page = self.send(client, finding, **changed).content.decode()

        assert said in page
        assert not Dissent.objects.exists()

    def test_from_an_assessment_too(self, client, finding):
        made = assess(
            finding.criterion.recommendation,
            by=make_user("curator"),
            as_of=date(2020, 1, 1),
            decided="limited",
            rationale="So.",
        )
        path = reverse("assessment-dissent", args=[made.pk])

        client.post(path, {"status": "followed", "reason": "It is."})

        assert Dissent.objects.get().assessment == made

    def test_a_finding_that_is_not_public_is_not_there(self, client, author):
        hidden = make_evidence(State.SUBMITTED).findings.get()

        assert self.send(client, hidden).status_code == 404

    def test_it_is_taken_back_with_a_reason(self, client, finding):
        self.send(client, finding)
        path = reverse("dissent-detail", args=[Dissent.objects.get().pk])

        assert "Say why" in client.post(path, {"reason": ""}).content.decode()
        client.post(path, {"reason": "I misread it."})

        assert "I misread it." in client.get(path).content.decode()
        assert Dissent.objects.get().withdrawn_at

    def test_nobody_elses_is_there(self, client, finding):
        self.send(client, finding)
        client.force_login(make_user("researcher"))

        path = reverse("dissent-detail", args=[Dissent.objects.get().pk])
        assert client.get(path).status_code == 404

    def test_who_lost_their_role_keeps_their_words(self, client, finding, author):
        author.groups.set(Group.objects.none())

        response = self.send(client, finding, reason="My long reasons.")

        assert response.status_code == 403
        assert "My long reasons." in response.content.decode()


class TestPrompts:
    def test_the_desk_says_what_has_not_been_searched(self, client):
        entry = make_evidence()
        code = entry.findings.get().criterion.code
        client.force_login(make_user("researcher"))

        page = client.get(reverse("desk")).content.decode()

        assert f"{reverse('search-create')}?criterion={code}" in page
