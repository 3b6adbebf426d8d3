"""Coding findings again at the review desk, before the version is published."""

import pytest
from django.urls import reverse

from icctracker.actions.codebook import publish, revise_criterion
from icctracker.actions.recoding import confirm_many, recode
from icctracker.models import Codebook, Recoding
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_draft,
    make_evidence,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "/review/codebook/criteria/7a/again/"
PREVIEW = "/review/codebook/preview/"
DISCARD = "/review/codebook/discard/"


@pytest.fixture
def curator(client):
    make_criterion("7a", kind="sustain")
    user = make_user("curator")
    client.force_login(user)
    return user


@pytest.fixture
def entries(curator):
    facts = {"kind": "statement", "symbol": "", "meeting": ""}
    rows = [finding_row(effect=2, form="signal")]
    return [make_evidence(findings=rows, title=f"Entry {n}", **facts) for n in "ABC"]


@pytest.fixture
def draft(entries, curator):
    draft = make_draft(curator)
    revise_criterion(draft.criteria.get(), by=curator, recode=True, counts="Deeds.")
    return draft


def finding_of(entry):
    return entry.findings.accepted().get()


def shown(client, path):
    return client.get(path).content.decode()


def boxes(client):
    page = shown(client, LIST)
    return [part.split('"')[0] for part in page.split('name="finding"')[1:]] and [
        part.split('value="')[1].split('"')[0]
        for part in page.split('name="finding"')[1:]
    ]


class TestTheCheckedList:
    def test_it_shows_both_tests_and_each_coding_with_nothing_ticked(
        self, client, draft
    ):
        page = shown(client, LIST)

        assert "Each contested vote." in page and "Deeds." in page
        assert "A permanent member stopped the text." in page
        assert "0 of 3 coded again, 3 left." in page
        assert " checked" not in page

    def test_what_is_ticked_stands(self, client, draft, entries):
        first, second, _third = boxes(client)

        page = client.post(LIST, {"finding": [first, second]}, follow=True)

        assert "2 findings stand as they were coded." in page.content.decode()
        assert Recoding.objects.filter(outcome="stands").count() == 2
        done = shown(client, LIST + "?show=done")
        assert "Entry A" in done and "Entry C" not in done

    def test_nobody_confirms_what_was_coded_meanwhile(self, client, draft, entries):
        first, *_others = boxes(client)
        recode(draft, finding_of(entries[0]), by=make_user("curator"), effect=1)

        page = client.post(LIST, {"finding": [first]}, follow=True)

        assert "Somebody coded this again" in page.content.decode()
        assert Recoding.objects.get().effect == 1

    @pytest.mark.parametrize("sent", [[], ["x"], ["1:"], ["999999:abc"]])
    def test_nonsense_is_answered_in_words(self, client, draft, sent):
        answer = client.post(LIST, {"finding": sent}, follow=True)

        assert answer.status_code in (200, 400)
        assert not Recoding.objects.exists()

    def test_what_one_codes_blind_is_hidden(self, client, draft, entries, curator):
        make_coding(entries[0], coder=curator, by=make_user("curator"))

        page = shown(client, LIST)

        assert "Entry A" not in page and "Entry B" in page
        assert "One more is hidden from you" in page
        path = f"{LIST}{finding_of(entries[0]).pk}/"
        assert client.get(path).status_code == 404

    @pytest.mark.parametrize("role", ["researcher", "reviewer"])
    def test_it_is_for_curators(self, client, draft, entries, role):
        client.force_login(make_user(role))

        for path in (LIST, f"{LIST}{finding_of(entries[0]).pk}/"):
            assert client.get(path).status_code == 403
            assert client.post(path, {}).status_code == 403

    def test_of_a_criterion_that_stays_there_is_no_list(self, client, draft):
        assert client.get(LIST.replace("7a", "7z")).status_code == 404


class TestOneByOne:
    def path(self, entry):
        return f"{LIST}{finding_of(entry).pk}/"

    def send(self, client, entry, **given):
        page = client.get(self.path(entry))
        given = {"seen": page.context["seen"]} | given
        return client.post(self.path(entry), given)

    def test_nothing_is_chosen_beforehand_and_the_old_coding_stands_beside(
        self, client, draft, entries
    ):
        page = shown(client, self.path(entries[0]))

        assert " checked" not in page
        assert "A permanent member stopped the text." in page

    def test_it_leads_to_the_next_one(self, client, draft, entries):
        answer = self.send(client, entries[0], outcome="stands")

        assert answer["Location"] == self.path(entries[1])
        assert Recoding.objects.get().outcome == "stands"

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({}, "Choose one of the three."),
            ({"outcome": "silent"}, "Say why: readers will be told."),
            ({"outcome": "changed", "rationale": "So."}, "Say what it does"),
        ],
    )
    def test_what_is_missing_is_said(self, client, draft, entries, given, says):
        assert says in self.send(client, entries[0], **given).content.decode()

    def test_other_codes_are_kept_and_can_be_taken_back(self, client, draft, entries):
        given = {"outcome": "changed", "effect": "-1", "occasion": "no"}
        self.send(client, entries[0], rationale="Words alone.", **given)
        made = Recoding.objects.get()
        assert (made.effect, made.occasion, made.form) == (-1, False, "signal")

        self.send(client, entries[0], take_back="1")

        assert not Recoding.objects.exists()


class TestPublishing:
    def token(self, client):
        return client.get(PREVIEW).context["seen"]

    def test_the_preview_counts_what_is_left_and_it_is_left_by_a_tick(
        self, client, draft, entries, curator
    ):
        confirm_many(draft, [finding_of(entries[0])], by=curator)
        page = shown(client, PREVIEW)
        assert "2 findings are not coded again and would not count." in page
        sent = {"reason": "Sharper.", "seen": self.token(client)}

        refused = client.post(PREVIEW, sent).content.decode()
        assert "2 findings are not coded again." in refused
        client.post(PREVIEW, sent | {"leave": "on", "leave_reason": "Lost files."})

        assert Codebook.objects.in_force().not_coded_again == 2
        client.logout()
        for path in ("/changes/", "/methodology/codebook/1.1/"):
            page = shown(client, path)
            assert "One finding was coded again with this version." in page, path
            assert "2 findings were not coded again and do not count." in page, path
            assert "Lost files." in page, path

    def test_the_history_of_the_entry_says_with_which_version(
        self, client, draft, entries, curator
    ):
        confirm_many(draft, map(finding_of, entries[:2]), by=curator)
        silent = {"silent": True, "rationale": "Of another court."}
        recode(draft, finding_of(entries[2]), by=curator, **silent)
        hidden = shown(client, reverse("evidence-history", args=[entries[2].slug]))
        publish(draft, by=curator, reason="Sharper.")
        client.logout()

        told = [
            shown(client, reverse("evidence-history", args=[entry.slug]))
            for entry in entries
        ]

        assert "Of another court." not in hidden
        assert all("Coded again with version 1.1 of the codebook" in t for t in told)
        assert "the coding stands as it was" in told[0]
        assert "It no longer speaks to 7a: Of another court." in told[2]

    def test_deleting_the_draft_says_how_many_codings_go(
        self, client, draft, entries, curator
    ):
        confirm_many(draft, [finding_of(entries[0])], by=curator)

        assert "One finding was coded again under this draft" in shown(client, DISCARD)
        client.post(DISCARD, {"codings": "0"})
        assert Codebook.objects.draft() == draft
        client.post(DISCARD, {"codings": "1"})
        assert Codebook.objects.draft() is None
