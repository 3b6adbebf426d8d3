"""Verdicts are kept by curators; dissents and responses are only read."""

import uuid

import pytest

from icctracker.actions.responses import receive
from icctracker.models import Comment, Dissent, Response, Verdict
from tests.admin.pages import page
from tests.factories import make_evidence, make_recommendation, make_user


class TestVerdicts:
    def test_a_curator_adds_one_and_its_history_is_kept(self, curator_client, curator):
        data = {
            "recommendation": make_recommendation().pk,
            "tracker": "Another tracker",
            "verdict": "off track",
            "url": "https://example.org/",
            "said_on": "2025-01-01",
            "note": "",
        }

        curator_client.post(page("verdict", "add"), data)

        assert Verdict.objects.get().history.get().history_user == curator

    @pytest.mark.parametrize("missing", ["tracker", "verdict", "url", "said_on"])
    def test_one_without_its_source_is_refused(self, curator_client, missing):
        data = {
            "recommendation": make_recommendation().pk,
            "tracker": "Another tracker",
            "verdict": "off track",
            "url": "https://example.org/",
            "said_on": "2025-01-01",
            missing: "",
        }

        answer = curator_client.post(page("verdict", "add"), data)

        assert "This field is required" in answer.content.decode()
        assert not Verdict.objects.exists()


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
        from django.contrib import admin

        assert Comment not in admin.site._registry
