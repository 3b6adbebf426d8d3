"""A clock that was ahead is set back: nothing fails, and nothing lasts for ever."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.record import dismiss, put_back
from icctracker.actions.review import correct, decide
from icctracker.actions.status import record_changes
from icctracker.models import Document, Evidence, rules
from icctracker.readings.consistency import disagreements
from tests.accounts.second_step import PASSWORD
from tests.desk.posted import entry_post
from tests.factories import finding_row, make_evidence, make_user, source_row
from tests.postbox import arrived
from tests.test_bad_requests import READ, address, make_site

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

AHEAD = "2026-12-20 12:00Z"
BACK = [
    timedelta(seconds=3),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=400),
]
PRIVATE = "desk review-queue due-list assessment-list admin:index profile".split()
PRIVATE += ["admin:icctracker_evidence_changelist", "usersessions_list", "coding-list"]


@pytest.fixture
def set_back(time_machine):
    """A clock that stands ahead until it is set back by so much."""
    time_machine.move_to(AHEAD, tick=False)

    def by(much):
        time_machine.move_to(timezone.now() - much, tick=False)

    return by


@pytest.mark.parametrize("much", BACK, ids=str)
def test_every_page_answers(set_back, council, much):
    site = make_site()
    record_changes()
    reader, curator = Client(), Client()
    curator.force_login(site["curator"])
    for name in READ:
        reader.get(address(name, site["published"]))

    set_back(much)

    for client in (reader, curator):
        for name in READ:
            path = address(name, site["published"])
            assert client.get(path).status_code in (200, 404), path
    for name in PRIVATE:
        assert curator.get(reverse(name)).status_code in (200, 302), name


def test_a_session_that_began_far_ahead_ends(set_back, client):
    user = make_user("researcher")
    client.post(reverse("sign-in"), {"login": user.username, "password": PASSWORD})
    assert client.get(reverse("desk")).status_code == 200

    set_back(timedelta(days=8))

    assert client.get(reverse("desk")).status_code == 302


def test_a_link_to_a_new_password_still_leads_there(set_back, client):
    user = make_user("researcher", email="ada@example.org")
    client.post(reverse("password-reset"), {"email": user.email})
    (link,) = [w for w in arrived()[0].body.split() if "/reset/" in w]

    set_back(timedelta(days=1))

    answer = client.get(link.partition("testserver")[2], follow=True)
    assert answer.status_code == 200 and b'name="password1"' in answer.content


@pytest.mark.parametrize("much", BACK, ids=str)
def test_what_is_written_then_is_in_order(set_back, much):
    curator, reviewer = make_user("curator"), make_user("reviewer")
    entry = make_evidence(Evidence.State.SUBMITTED, by=curator)
    decide(entry, reviewer=reviewer, outcome="publish")
    record_changes()
    entry.refresh_from_db()

    set_back(much)

    facts = rules.entry_of(entry).facts | {"title": "Another title"}
    correct(
        entry,
        by=curator,
        reason="It was wrong.",
        facts=facts,
        sources=[source_row()],
        findings=[finding_row()],
    )
    record_changes()
    call_command("record_changes", verbosity=0)
    assert not [
        each for each in disagreements(timezone.localdate()) if "edition" in each
    ]
    page = Client().get(reverse("evidence-detail", args=[entry.slug])).content.decode()
    assert "Another title" in page


@pytest.mark.parametrize("much", BACK, ids=str)
def test_a_form_is_taken_and_what_was_written_is_shown(set_back, client, much):
    user = make_user("researcher")
    client.force_login(user)
    client.get(reverse("desk"))

    set_back(much)
    client.force_login(user)

    answer = client.post(reverse("evidence-create"), entry_post(user))
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200


def test_a_document_that_was_set_aside_is_put_back(set_back, council):
    document = Document.objects.get(symbol="S/2001/270")
    user = make_user("researcher")
    dismiss([document], reason="Older.", by=user)

    set_back(timedelta(hours=1))

    assert put_back([document], by=user) == 1
