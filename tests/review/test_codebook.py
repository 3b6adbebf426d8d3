"""Drafting, previewing and publishing the codebook at the review desk."""

import pytest
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.codebook import (
    add_criterion,
    discard,
    publish,
    revise_criterion,
)
from icctracker.models import Codebook
from tests.factories import (
    finding_row,
    make_criterion,
    make_draft,
    make_evidence,
    make_user,
    publish_leaving,
)

pytestmark = pytest.mark.django_db

DRAFT = "/review/codebook/"
PREVIEW = "/review/codebook/preview/"
DISCARD = "/review/codebook/discard/"
ADD = "/review/codebook/criteria/add/"
EDIT = "/review/codebook/criteria/7a/"
NEEDING_A_DRAFT = [PREVIEW, DISCARD, ADD, EDIT]


@pytest.fixture
def criterion():
    return make_criterion("7a")


@pytest.fixture
def curator(client, criterion):
    user = make_user("curator")
    client.force_login(user)
    return user


@pytest.fixture
def draft(curator):
    return make_draft(curator)


def values(draft=None, **changed):
    """The form of a criterion as it is posted."""
    sent = {
        "statement": "Criterion 7a is kept.",
        "counts": "Each contested vote.",
        "does_not_count": "Vetoes in other matters.",
        "kind": "refrain",
        "delivered_by": "decision",
        "essential": "on",
        "recode": "",
    }
    if draft:
        sent["seen"] = draft.revision
    return {
        name: value for name, value in (sent | changed).items() if value is not None
    }


def added(**changed):
    return values(recommendation="R7", code="7b", recode=None) | changed


def said(client, path, data, status=200):
    response = client.post(path, data)
    assert response.status_code == status
    return response.content.decode()


class TestAccess:
    @pytest.mark.parametrize("path", [DRAFT, *NEEDING_A_DRAFT])
    @pytest.mark.parametrize("role", ["researcher", "reviewer"])
    def test_it_is_for_curators(self, client, draft, path, role):
        client.force_login(make_user(role))

        assert client.get(path).status_code == 403
        assert client.post(path, {"drop": "1", "reason": "So."}).status_code == 403
        assert draft.criteria.count() == 1
        assert Codebook.objects.draft() == draft

    @pytest.mark.parametrize("path", [DRAFT, *NEEDING_A_DRAFT])
    def test_strangers_are_sent_to_sign_in(self, client, draft, path):
        client.logout()

        assert client.get(path)["Location"].startswith(reverse("sign-in"))

    @pytest.mark.parametrize("path", NEEDING_A_DRAFT)
    def test_without_a_draft_there_is_a_page_to_begin_it(self, client, curator, path):
        for response in (client.get(path), client.post(path, {"drop": "1"})):
            assert response["Location"] == DRAFT

    def test_the_queue_leads_here(self, client, curator):
        assert DRAFT in client.get(reverse("review-queue")).content.decode()


class TestBeginning:
    def test_the_next_number_is_proposed(self, client, curator):
        assert 'value="1.1"' in client.get(DRAFT).content.decode()

    def test_the_draft_is_listed_with_what_it_changes(self, client, curator):
        client.post(DRAFT, {"version": "1.1"})

        page = client.get(DRAFT).content.decode()
        assert "Draft of codebook 1.1" in page
        assert "Criterion 7a is kept." in page
        assert "1 unchanged." in page

    @pytest.mark.parametrize(
        ("version", "says"),
        [
            ("", "Give the version a number."),
            ("one", "is not a version"),
            ("1.0", "the next has a higher number"),
            ("1.1 beta", "Write two numbers"),
            ("9" * 50, "Write two numbers"),
        ],
    )
    def test_a_bad_number_is_explained(self, client, curator, version, says):
        assert says in said(client, DRAFT, {"version": version})
        assert Codebook.objects.draft() is None


class TestCriteria:
    def test_a_change_is_saved_and_shown_beside_the_version_in_force(
        self, client, draft
    ):
        response = client.post(EDIT, values(draft, counts="Each negative vote."))

        page = client.get(EDIT).content.decode()
        assert response["Location"] == DRAFT
        assert "changed, findings carry over" in page
        assert "negative" in page and "<del>" in page

    def test_that_findings_must_be_coded_again_is_remembered(self, client, draft):
        client.post(EDIT, values(draft, recode="1"))

        page = client.get(EDIT).content.decode()
        assert "changed, to be coded again" in page
        assert draft.criteria.get().meaning == 2

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"statement": ""}, "Say what is tested."),
            ({"counts": "  "}, "Say what counts."),
            ({"does_not_count": None}, "Say what does not count."),
            ({"counts": "x" * 5001}, "Shorten it to 5000 characters: it has 5001."),
            ({"kind": "encourage"}, "Select a valid choice"),
            ({"delivered_by": None}, "Choose one of the two."),
            ({"recode": "perhaps"}, "Select a valid choice"),
        ],
    )
    def test_bad_input_is_explained_and_kept(self, client, draft, changed, says):
        page = said(
            client,
            EDIT,
            values(draft, statement="Kept as typed.")
            | {name: "" if value is None else value for name, value in changed.items()},
        )

        assert says in page
        assert "Kept as typed." in page or "statement" in changed
        assert draft.criteria.get().statement == "Criterion 7a is kept."

    def test_somebody_elses_change_is_shown_beside_what_was_typed(
        self, client, draft, curator
    ):
        data = values(draft, counts="What I typed.")
        revise_criterion(
            draft.criteria.get(), by=curator, recode=False, counts="What they typed."
        )

        page = said(client, EDIT, data, status=409)
        draft.refresh_from_db()
        client.post(EDIT, data | {"seen": draft.revision})

        assert "What I typed." in page and "they" in page
        assert f'name="seen" value="{draft.revision}"' in page
        assert draft.criteria.get().counts == "What I typed."

    def test_one_is_added(self, client, draft):
        client.post(ADD, added(statement="Another thing is done."))

        assert draft.criteria.get(code="7b").statement == "Another thing is done."
        assert "new" in client.get("/review/codebook/criteria/7b/").content.decode()

    @pytest.mark.parametrize(
        ("changed", "says"),
        [
            ({"code": ""}, "Give the criterion a code."),
            ({"code": "veto"}, "is not a code"),
            ({"code": "7a"}, "was used in version 1.0"),
            ({"code": "7abcdef"}, "Write a number and a letter"),
            ({"recommendation": "R99"}, "Select a valid choice"),
            ({"recommendation": ""}, "Choose the recommendation."),
            ({"kind": ""}, "Choose the kind."),
        ],
    )
    def test_one_that_cannot_be_added_is_explained(self, client, draft, changed, says):
        assert says in said(client, ADD, added(**changed))
        assert draft.criteria.count() == 1

    def test_one_is_left_out_and_taken_back(self, client, draft):
        client.post(EDIT, {"drop": "1"})
        gone = client.get(EDIT).content.decode()
        left = draft.criteria.count()
        client.post(EDIT, {"restore": "1"})

        assert "leaves this criterion out" in gone
        assert (left, draft.criteria.count()) == (0, 1)

    def test_what_is_left_out_is_not_left_out_again_or_edited(self, client, draft):
        client.post(EDIT, {"drop": "1"})

        for data in ({"drop": "1"}, values(draft)):
            page = client.post(EDIT, data, follow=True).content.decode()
            assert "left out already" in page or "take it back first" in page
        assert draft.criteria.count() == 0

    def test_a_code_that_is_nowhere_is_not_found(self, client, draft):
        assert client.get("/review/codebook/criteria/9z/").status_code == 404
        assert client.post("/review/codebook/criteria/9z/", {}).status_code == 404

    def test_a_draft_published_meanwhile_is_not_edited(self, client, draft, curator):
        data = values(draft, counts="Late.")
        revise_criterion(draft.criteria.get(), by=curator, recode=False, counts="So.")
        publish(draft, by=curator, reason="So.")

        assert client.post(EDIT, data)["Location"] == DRAFT
        assert draft.criteria.get().counts == "So."


class TestPreviewPage:
    @pytest.fixture
    def changed(self, draft, curator):
        make_evidence(title="The veto")
        make_evidence("submitted", title="Not yet public")
        revise_criterion(draft.criteria.get(), by=curator, recode=True, counts="New.")
        return draft

    def test_it_tells_statuses_findings_and_words(self, client, changed):
        page = client.get(PREVIEW).content.decode()

        for words in (
            "What codebook 1.1 would change",
            "Not yet assessed",
            "The veto",
            "they count as they are coded again.",
            "One more waits for review.",
            "1 changed, to be coded again.",
            "[added: </span>New",
        ):
            assert words in page, words
        assert "Not yet public" not in page

    def test_another_main_part_shows_why_a_status_would_fall(
        self, client, draft, curator
    ):
        kept = [finding_row(effect=2)]
        make_evidence(occurred_on=timezone.localdate(), findings=kept)
        text = {"statement": "It is kept.", "counts": "All.", "does_not_count": "No."}
        traits = {"kind": "refrain", "delivered_by": "decision", "essential": True}
        recommendation = draft.criteria.get().recommendation
        add_criterion(
            draft,
            by=curator,
            recommendation=recommendation,
            code="7b",
            **text,
            **traits,
        )

        page = client.get(PREVIEW).content.decode()

        assert "largely followed, if none is met less than largely" in page
        assert "The only main part is met in full: 7a." in page
        assert (
            "Some main part is met, but not every one at least largely: 7a in full and"
            " 7b unknown." in page
        )

    def test_looking_changes_nothing(self, client, changed):
        client.get(PREVIEW)

        assert Codebook.objects.draft() == changed

    def test_an_unchanged_draft_says_so(self, client, draft):
        page = client.get(PREVIEW).content.decode()

        assert "The draft changes nothing" in page
        assert "the rule suggests the same for every recommendation" in page

    def test_a_status_a_curator_decided_stands(self, client, changed, curator):
        recommendation = changed.criteria.get().recommendation
        recommendation.assessments.create(
            codebook=Codebook.objects.in_force(),
            ruleset="1.0",
            assessed_on="2015-01-01",
            suggested="limited",
            decided="limited",
            confidence="low",
            review_due_on="2016-01-01",
            assessed_by=curator,
        )

        page = client.get(PREVIEW).content.decode()

        assert "A curator decided “Followed to a limited extent”" in page
        assert "under Codebook 1.0" in page


class TestPublishingIt:
    @pytest.fixture
    def changed(self, draft, curator):
        revise_criterion(draft.criteria.get(), by=curator, recode=True)
        return draft

    def token(self, client):
        return client.get(PREVIEW).context["preview"].token

    def test_with_a_reason_it_takes_effect_and_its_page_opens(self, client, changed):
        token = self.token(client)

        response = client.post(PREVIEW, {"reason": "A sharper test.", "seen": token})

        assert response["Location"] == "/methodology/codebook/1.1/"
        assert Codebook.objects.in_force().note == "A sharper test."
        assert "A sharper test." in client.get(response["Location"]).content.decode()

    def test_without_one_it_does_not(self, client, changed):
        token = self.token(client)

        page = said(client, PREVIEW, {"reason": " ", "seen": token})

        assert "Say why: readers see the reason." in page
        assert Codebook.objects.draft() == changed

    def test_what_changed_since_it_was_read_is_read_again(
        self, client, changed, curator
    ):
        token = self.token(client)
        revise_criterion(
            changed.criteria.get(), by=curator, recode=True, counts="Newer."
        )

        data = {"reason": "A sharper test.", "seen": token}
        page = said(client, PREVIEW, data, status=409)

        assert "changed while you were reading" in page
        assert "A sharper test." in page and "Newer" in page
        assert f'name="seen" value="{self.token(client)}"' in page
        assert Codebook.objects.draft() == changed

    def test_what_cannot_be_published_is_explained(self, client, draft):
        data = {"reason": "So.", "seen": self.token(client)}

        assert "The draft changes nothing" in said(client, PREVIEW, data)

    def test_published_meanwhile_by_another_it_is_not_published_twice(
        self, client, changed, curator
    ):
        token = self.token(client)
        publish(changed, by=curator, reason="First.")

        response = client.post(PREVIEW, {"reason": "Second.", "seen": token})

        assert response["Location"] == DRAFT
        assert Codebook.objects.in_force().note == "First."


class TestDiscarding:
    def test_it_is_asked_first(self, client, draft):
        assert "Delete this draft?" in client.get(DISCARD).content.decode()
        assert Codebook.objects.draft() == draft

    def test_then_the_draft_is_gone(self, client, draft):
        client.post(DISCARD)

        assert Codebook.objects.draft() is None
        assert "Draft the next version" in client.get(DRAFT).content.decode()

    def test_one_discarded_by_another_is_said_to_be_gone(self, client, draft, curator):
        discard(draft, by=curator)

        page = client.post(DISCARD, follow=True).content.decode()

        assert "No version is being drafted." in page


class TestCodingAgain:
    def test_findings_on_an_earlier_test_are_listed_until_coded(
        self, client, draft, curator
    ):
        make_evidence(title="The veto")
        revise_criterion(draft.criteria.get(), by=curator, recode=True)
        before = client.get(DRAFT).content.decode()
        publish_leaving(draft, by=curator)

        after = client.get(DRAFT).content.decode()

        assert "of 1 coded again" in before or "0 of" in before
        assert "The veto" not in before
        assert "The veto" in after

    def test_a_waiting_entry_says_that_its_finding_would_not_count(
        self, client, draft, curator
    ):
        entry = make_evidence("submitted")
        revise_criterion(draft.criteria.get(), by=curator, recode=True)
        publish_leaving(draft, by=curator)

        page = client.get(reverse("review-evidence", args=[entry.pk])).content.decode()

        assert "does not count until it is coded again" in page
