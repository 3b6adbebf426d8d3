"""Whatever is written is written once, and nothing that was typed is lost.

Each route that writes is sent twice, from a page that somebody else made stale, by
somebody who lost the role, and after the session ran out.
"""

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from icctracker.actions.status import write_standings
from icctracker.imports.first_record import load_council_record
from icctracker.models import PresentStanding
from icctracker.models.listings import wrongly_listed
from icctracker.readings.present import otherwise
from tests.contracts.browser import fields_of, text_of
from tests.contracts.writing import (
    OTHERWISE,
    THEIRS,
    WORDS,
    WRITES,
    make_site,
    writing_routes,
)

pytestmark = pytest.mark.django_db

SAVED, DRAFTED = "This was saved already", "Your draft is saved."
DISSENTED = "Your dissent from this is on the record already."
RECEIVED, GONE = "We have it, thank you", "This invitation no longer works"
# What whoever sends it twice is told.
SAID_AGAIN = {
    "evidence-create": DRAFTED,
    "evidence-update": SAVED,
    "evidence-submit": "can no longer be edited here",
    "evidence-discard": "Nothing was changed.",
    "evidence-correct": SAVED,
    "evidence-withdraw": "The entry was withdrawn already.",
    "evidence-restore": "Nothing: the entry",
    "evidence-comment": WORDS,
    "finding-dissent": DISSENTED,
    "assessment-dissent": DISSENTED,
    "dissent-detail": "Taken back on",
    "search-create": "The search is on the log.",
    "text-create": "The text is kept, marked as typed by you.",
    "suggestion-list": "These have been set aside or logged in the meantime.",
    "dismissal-list": "These have been put back in the meantime.",
    "suggestion-accept": "You have this one in hand already.",
    "coding-detail": "You saved this coding elsewhere in the meantime",
    "coding-pick-up": "Somebody else has picked it up, or it was withdrawn.",
    "finding-propose": "You have proposed a finding on this criterion",
    "review-evidence": "Your decision was not recorded.",
    "coding-offer": "The coding is withdrawn.",
    "proposal-review": "There is nothing to decide",
    "reconcile-detail": "Somebody else has reconciled these codings meanwhile.",
    "response-answer": "Somebody answered this while you were writing.",
    "dissent-review": "somebody has decided about it already",
    "descent-correct": "Somebody else corrected this link in the meantime.",
    "assessment-create": "This recommendation was assessed while you were reading",
    "codebook-draft": "is being drafted already",
    "codebook-preview": "No version is being drafted.",
    "codebook-discard": "No version is being drafted.",
    "ruleset-draft": "is being drafted already",
    "ruleset-preview": "No version is being drafted.",
    "ruleset-discard": "No version is being drafted.",
    "criterion-create": "The code 7c was used in version 1.1 already.",
    "criterion-update": "The draft was changed while you were editing it.",
    "recoding-list": "stands as it was coded",
    "recoding-update": "It is coded again",
    "respond": RECEIVED,
    "evidence-respond": RECEIVED,
    "recommendation-respond": RECEIVED,
    "profile": "Your profile is saved.",
    "mail-settings": "Your choice of messages is saved.",
    "mail-off": "No more messages",
    "invitation": GONE,
}
# What whoever was slower than somebody else is told.
SAID_STALE = {
    "evidence-update": "This entry was saved elsewhere while you were editing it.",
    "evidence-submit": "This entry was saved elsewhere while you were editing it.",
    "evidence-discard": "can no longer be edited here",
    "evidence-correct": "This entry was changed while you were reading it.",
    "evidence-withdraw": "This entry was changed while you were reading it.",
    "evidence-restore": "This entry was changed while you were reading it.",
    "dissent-detail": "Taken back on",
    "text-create": "has a typed text in this language already",
    "suggestion-list": "These have been set aside or logged in the meantime.",
    "coding-detail": "You saved this coding elsewhere in the meantime",
    "coding-pick-up": "Somebody else has picked it up, or it was withdrawn.",
    "review-evidence": "This entry was changed while you were reading it.",
    "coding-offer": "No coding of this entry is under way.",
    "proposal-review": "There is nothing to decide",
    "reconcile-detail": "Somebody else has reconciled these codings meanwhile.",
    "response-answer": "Somebody answered this while you were writing.",
    "dissent-review": "somebody has decided about it already",
    "descent-correct": "Somebody else corrected this link in the meantime.",
    "assessment-create": "This recommendation was assessed while you were reading",
    "codebook-draft": "is being drafted already",
    "codebook-preview": "changed",
    "codebook-discard": "No version is being drafted.",
    "ruleset-draft": "is being drafted already",
    "ruleset-preview": "changed while you were",
    "ruleset-discard": "No version is being drafted.",
    "criterion-update": "The draft was changed while you were editing it.",
    "recoding-list": "Somebody coded this again",
    "recoding-update": "Somebody coded this again",
}
# Beside one's own text stands what is there now.
SHOWS_BOTH = {
    *("evidence-update", "evidence-correct", "coding-detail", "review-evidence"),
    *("reconcile-detail", "response-answer", "criterion-update", "codebook-preview"),
    *("assessment-create", "text-create", "recoding-update", "descent-correct"),
}
# What is ticked in a list may be done in part: the list says what was done meanwhile.
DONE_IN_PART = {"suggestion-list"}
# Every person with an account has these, whatever the role.
FOR_ALL = {"profile", "mail-settings"}
SIGNED_IN = [name for name, write in WRITES.items() if write.who != "stranger"]


@pytest.fixture(scope="module")
def site(standing_database, council_folder):
    load_council_record(council_folder)
    return make_site()


def everything():
    """Every record of ours, save what is noted of reading and signing in."""
    apart = ("reading", "notice")
    return {
        model._meta.model_name: [
            {name: row[name] for name in row if name != "last_login"}
            for row in model._base_manager.order_by("pk").values()
        ]
        for model in apps.get_app_config("icctracker").get_models()
        if model._meta.model_name not in apart
    }


def numbers(records):
    """How many there are of each record; its history is no record of its own."""
    return {
        name: len(rows)
        for name, rows in records.items()
        if not name.startswith("historical")
    }


def opened(site, write):
    """Somebody at the open form, and what they are about to send from it."""
    if write.given:
        write.given(site)
    client, who = Client(), site.people[write.who]
    if who:
        client.force_login(who)
    page = client.get((write.page or write.path)(site))
    assert page.status_code == 200, page
    return client, write.path(site), fields_of(page) | write.sent(site)


def has_words(data):
    return WORDS in data.values()


def is_back(client, write, site):
    """Whether what was typed stands in the form again."""
    page = client.get((write.page or write.path)(site))
    return WORDS in text_of(page) + page.content.decode()


class TestTheTable:
    def test_every_route_that_writes_stands_in_it(self):
        assert set(writing_routes()) - THEIRS == set(WRITES)

    def test_for_each_it_is_told_what_is_then_said(self):
        stale = {name for name, write in WRITES.items() if write.meanwhile}

        assert set(SAID_AGAIN) == set(WRITES)
        assert set(SAID_STALE) == stale
        assert SHOWS_BOTH | DONE_IN_PART <= stale


@pytest.mark.parametrize("name", WRITES)
def test_what_follows_from_it_is_written_with_it(site, name):
    client, path, data = opened(site, WRITES[name])
    write_standings()

    client.post(path, data)

    today, rows = timezone.localdate(), PresentStanding.objects
    assert rows.holding(today).count() == rows.count()
    assert list(otherwise(today)) == []
    assert wrongly_listed() == []


@pytest.mark.parametrize("name", WRITES)
def test_sent_twice_it_is_written_once_and_said_so(site, name):
    client, path, data = opened(site, WRITES[name])
    before = everything()

    first = client.post(path, data)
    between = everything()
    second = client.post(path, data, follow=True)

    assert between != before, text_of(first)
    assert numbers(everything()) == numbers(between)
    assert second.status_code < 500
    assert SAID_AGAIN[name] in text_of(second)


@pytest.mark.parametrize("name", SAID_STALE)
def test_from_a_stale_page_nothing_is_written_and_nothing_lost(site, name):
    write = WRITES[name]
    client, path, data = opened(site, write)
    write.meanwhile(site)
    before = everything()

    answer = client.post(path, data, follow=True)

    page = text_of(answer) + answer.content.decode()
    assert everything() == before
    assert SAID_STALE[name] in page
    if has_words(data):
        assert answer.status_code == (200 if name in DONE_IN_PART else 409)
        assert WORDS in page
    if name in SHOWS_BOTH:
        assert OTHERWISE in page


@pytest.mark.parametrize("name", sorted(set(SIGNED_IN) - FOR_ALL))
def test_whoever_lost_the_role_is_given_back_what_they_wrote(site, name):
    write = WRITES[name]
    client, path, data = opened(site, write)
    site.people[write.who].groups.clear()
    before = everything()

    answer = client.post(path, data, follow=True)

    assert answer.status_code == 403
    assert everything() == before
    if has_words(data):
        assert WORDS in text_of(answer)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_after_the_session_ran_out_what_was_typed_is_kept(site, name):
    write = WRITES[name]
    client, path, data = opened(site, write)
    client.logout()
    before = everything()

    answer = client.post(path, data, follow=True)

    assert everything() == before
    assert "Sign in" in text_of(answer)
    if has_words(data):
        given_back = answer.status_code == 403 and WORDS in text_of(answer)
        client.force_login(site.people[write.who])
        assert given_back or is_back(client, write, site)
