"""Sent twice, or edited in two places: one entry, and nobody's words are lost."""

import uuid

import pytest
from django.urls import reverse

from icctracker.models import Evidence
from tests.desk.posted import (
    entry_post,
    finding_post,
    signed_in,
    source_post,
)
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db
CREATE = reverse("evidence-create")


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def desk(client, user):
    return signed_in(client, user)


class TestSentTwice:
    @pytest.mark.parametrize("button", ["save", "preview", "submit"])
    def test_there_is_one_entry(self, desk, user, button):
        data = entry_post(user, button=button)
        first = desk.post(CREATE, data)

        second = desk.post(CREATE, data)

        assert Evidence.objects.count() == 1
        assert second.url == first.url

    def test_what_was_changed_in_between_is_saved(self, desk, user):
        data = entry_post(user)
        desk.post(CREATE, data)

        desk.post(CREATE, data | {"title": "Better said"})

        assert Evidence.objects.get().title == "Better said"

    def test_what_was_changed_after_submitting_is_not_lost(self, desk, user):
        data = entry_post(user, button="submit")
        desk.post(CREATE, data)

        response = desk.post(CREATE, data | {"title": "Better said"})

        page = response.content.decode()
        assert "Better said" in page
        assert "can no longer be edited here" in page

    def test_a_key_of_somebody_else_leads_nowhere(self, desk, user):
        theirs = make_evidence(Evidence.State.DRAFT, by=make_user("researcher"))

        desk.post(CREATE, entry_post(user, creation_key=str(theirs.creation_key)))

        assert Evidence.objects.filter(submitted_by=user).count() == 1
        assert theirs.title == Evidence.objects.get(pk=theirs.pk).title

    def test_two_at_the_very_same_time_make_one(self, desk, user, monkeypatch):
        key = uuid.uuid4()
        data = entry_post(user, creation_key=str(key))
        desk.post(CREATE, data)
        monkeypatch.setattr(
            "icctracker.web.desk.entries.EvidenceCreate.get_evidence",
            lambda view: Evidence(creation_key=key),
        )

        response = desk.post(CREATE, data)

        entry = Evidence.objects.get()
        assert response.url == reverse("desk-evidence", args=[entry.pk])


class TestEditedInTwoPlaces:
    @pytest.fixture
    def entry(self, desk, user):
        desk.post(CREATE, entry_post(user))
        return Evidence.objects.get()

    @pytest.fixture
    def address(self, entry):
        return reverse("evidence-update", args=[entry.pk])

    def test_the_second_is_shown_what_differs(self, desk, user, address):
        desk.post(address, entry_post(user, title="From the first tab"))

        response = desk.post(
            address,
            entry_post(
                user,
                title="From the second tab",
                occurred_on="2014-05-23",
                findings=[finding_post(effect="-1")],
            ),
        )

        found = {
            str(row.label): (str(row.saved), str(row.yours))
            for row in response.context["conflict"]["fields"]
        }
        assert found == {
            "Date": ("22 May 2014", "23 May 2014"),
            "Title": ("From the first tab", "From the second tab"),
            "Finding 1, Effect": (
                "Departs from it, or undoes it",
                "Departs from it in part",
            ),
        }
        assert Evidence.objects.get().title == "From the first tab"

    def test_added_and_missing_rows_differ_too(self, desk, user, address):
        sources = [source_post(), source_post("https://un.org/2", "Second")]
        desk.post(address, entry_post(user, sources=sources))

        response = desk.post(address, entry_post(user, findings=[]))

        labels = [row.label for row in response.context["conflict"]["fields"]]
        assert "Source 2, Web address" in labels
        assert "Finding 1, Criterion" in labels

    def test_nothing_typed_is_lost(self, desk, user, address):
        desk.post(address, entry_post(user, title="From the first tab"))

        response = desk.post(address, entry_post(user, title="From the second tab"))

        assert 'value="From the second tab"' in response.content.decode()

    def test_mine_can_be_saved_anyway(self, desk, user, address):
        desk.post(address, entry_post(user, title="From the first tab"))
        mine = entry_post(user, title="From the second tab")
        response = desk.post(address, mine)
        version = response.context["conflict"]["entry"].version

        desk.post(address, mine | {"seen": str(version)})

        assert Evidence.objects.get().title == "From the second tab"

    def test_but_not_over_a_third_version(self, desk, user, address):
        desk.post(address, entry_post(user, title="First", seen="1"))
        desk.post(address, entry_post(user, title="Third", seen="2"))

        response = desk.post(address, entry_post(user, title="Second", seen="2"))

        assert "conflict" in response.context
        assert Evidence.objects.get().title == "Third"

    def test_a_missing_version_overwrites_nothing(self, desk, user, address):
        response = desk.post(address, entry_post(user, title="Mine", seen=None))

        assert "conflict" in response.context

    def test_what_cannot_be_understood_is_compared_as_typed(self, desk, user, address):
        desk.post(address, entry_post(user, title="From the first tab"))

        response = desk.post(address, entry_post(user, occurred_on="31 February 2014"))

        rows = {row.label: row.yours for row in response.context["conflict"]["fields"]}
        assert rows["Date"] == "31 February 2014"
