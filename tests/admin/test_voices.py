"""Verdicts are kept by curators; dissents and responses are only read."""

import uuid

import pytest

from icctracker.actions.answering import receive
from icctracker.models import Comment, Dissent, Response, Verdict
from tests.admin.pages import page
from tests.admin.test_bulk import confirm
from tests.factories import make_evidence, make_recommendation, make_user


@pytest.fixture
def typed(db):
    """A verdict as a curator types it."""
    return {
        "recommendation": make_recommendation().pk,
        "tracker": "Another tracker",
        "verdict": "off track",
        "url": "https://example.org/",
        "said_on": "2025-01-01",
        "note": "",
    }


class TestVerdicts:
    def test_a_curator_adds_one_and_its_history_is_kept(
        self, curator_client, curator, typed
    ):
        curator_client.post(page("verdict", "add"), typed)

        assert Verdict.objects.get().history.get().history_user == curator

    @pytest.mark.parametrize("missing", ["tracker", "verdict", "url", "said_on"])
    def test_one_without_its_source_is_refused(self, curator_client, typed, missing):
        answer = curator_client.post(page("verdict", "add"), typed | {missing: ""})

        assert "This field is required" in answer.content.decode()
        assert not Verdict.objects.exists()

    def test_the_same_one_twice_is_explained(self, curator_client, typed):
        curator_client.post(page("verdict", "add"), typed)

        again = typed | {"verdict": "on track"}
        answer = curator_client.post(page("verdict", "add"), again)

        text = answer.content.decode()
        assert "withdraw it in the list first" in text and "on track" in text
        assert Verdict.objects.get().verdict == "off track"

    def test_what_readers_have_seen_is_not_rewritten_nor_deleted(
        self, curator_client, typed, told
    ):
        curator_client.post(page("verdict", "add"), typed)
        key = Verdict.objects.get().pk

        changed = typed | {"verdict": "on track"}
        refused = curator_client.post(page("verdict", "change", key), changed)
        deleted = curator_client.post(
            page("verdict", "delete", key), {"post": "yes"}, follow=True
        )
        chosen = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
        curator_client.post(page("verdict", "changelist"), chosen)

        assert refused.status_code == 403
        assert "withdraw it, then record it anew" in told(deleted)[0]
        assert Verdict.objects.get().verdict == "off track"

    def test_one_that_is_wrong_is_withdrawn_and_recorded_anew(
        self, curator_client, typed
    ):
        curator_client.post(page("verdict", "add"), typed)
        first = Verdict.objects.get()

        action = {"noun": "verdict", "reason": "A misreading."}
        confirm(curator_client, "withdraw_verdicts", first, **action)
        curator_client.post(page("verdict", "add"), typed | {"verdict": "on track"})

        first.refresh_from_db()
        assert (first.verdict, first.withdrawal_reason) == (
            "off track",
            "A misreading.",
        )
        standing = page("verdict", "changelist") + "?state=standing"
        listed = curator_client.get(standing).context["cl"].result_list
        assert [row.verdict for row in listed] == ["on track"]


class TestRecords:
    @pytest.fixture
    def response(self, db):
        facts = {"kind": "reply", "text": "Our side.", "email": "zq@example.org"}
        return receive(creation_key=uuid.uuid4(), **facts)[0]

    def test_a_response_is_never_changed_nor_deleted(self, curator_client, response):
        for kind in ("change", "delete"):
            path = page("response", kind, response.pk)
            curator_client.post(path, {"text": "Nothing.", "post": "yes"})

        assert Response.objects.get().text == "Our side."

    def test_its_address_is_not_for_browsing(self, curator_client, response):
        text = curator_client.get(page("response", "change", response.pk))

        assert "Our side." in text.content.decode()
        assert "zq@example.org" not in text.content.decode()

    def test_nor_is_a_dissent(self, curator_client):
        finding = make_evidence().findings.get()
        author = make_user("researcher")
        said = {"effect": 1, "reason": "It offered an inquiry."}
        dissent = Dissent.objects.create(finding=finding, author=author, **said)

        answer = curator_client.get(page("dissent", "change", dissent.pk))
        curator_client.post(page("dissent", "delete", dissent.pk), {"post": "yes"})

        assert "It offered an inquiry." in answer.content.decode()
        assert Dissent.objects.exists()

    def test_comments_are_between_author_and_reviewers(self, curator_client):
        from icctracker.admin.registry import site

        assert not site.is_registered(Comment)
