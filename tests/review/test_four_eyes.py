"""Nobody publishes their own work unseen, by whichever way they try."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from icctracker.actions import ActionRefused
from icctracker.actions.review import decide
from icctracker.models import Actor, Assessment, Evidence, ReviewDecision
from tests.admin.test_bulk import confirm as bulk
from tests.admin.test_evidence import form_of, save
from tests.admin.test_exchange import ROW, as_csv, upload
from tests.admin.test_exchange import confirm as confirm_import
from tests.factories import make_criterion, make_evidence, make_situation, make_user

pytestmark = pytest.mark.django_db

State = Evidence.State


@pytest.fixture
def curator(client):
    user = make_user("curator")
    client.force_login(user)
    return user


@pytest.fixture
def mended(client, curator):
    """An entry of somebody else that the curator has changed while it waited."""
    entry = make_evidence(State.SUBMITTED, by=make_user("researcher"))
    save(client, entry, form_of(client, entry) | {"title": "A better title"})
    entry.refresh_from_db()
    assert entry.title == "A better title"
    return entry


def send(client, entry, **changed):
    data = {"outcome": "publish", "checked": "on", "note": "", "version": entry.version}
    return client.post(reverse("review-evidence", args=[entry.pk]), data | changed)


def state_of(entry):
    return Evidence.objects.get(pk=entry.pk).state


class TestWhoeverChangedAnEntry:
    def test_is_asked_why_they_decide_alone(self, client, mended):
        page = send(client, mended).content.decode()

        assert "Say why you decide on an entry that you changed." in page
        assert state_of(mended) == State.SUBMITTED

    def test_and_readers_are_told(self, client, mended):
        send(client, mended, note="There is nobody else this week.")

        assert mended.decisions.get().alone
        page = client.get(Evidence.objects.get().get_absolute_url()).content.decode()
        assert "alone, by who wrote or changed the entry" in page
        assert "There is nobody else this week." in page

    def test_cannot_do_it_in_bulk(self, client, mended):
        answer = bulk(client, "publish", mended, reason="A reason.")

        told = [str(message) for message in answer.context["messages"]]
        assert "changed it while it was waiting" in told[0]
        assert state_of(mended) == State.SUBMITTED

    def test_cannot_at_all_without_the_role_of_a_curator(self, client, mended, curator):
        curator.groups.set([Group.objects.get(name="reviewer")])
        client.force_login(curator)

        page = client.get(reverse("review-evidence", args=[mended.pk]))
        response = send(client, mended, note="It is right.")

        assert "so somebody else must review it" in page.content.decode()
        assert 'name="outcome"' not in page.content.decode()
        assert response.status_code == 409
        assert "It is right." in response.content.decode()

    def test_only_if_they_changed_it_since_it_was_submitted(self, client, curator):
        entry = make_evidence(State.SUBMITTED, by=make_user("researcher"))

        send(client, entry)

        assert not entry.decisions.get().alone

    def test_another_reviewer_decides_as_ever(self, client, mended):
        client.force_login(make_user("reviewer"))

        send(client, mended)

        assert state_of(mended) == State.PUBLISHED
        assert not mended.decisions.get().alone

    def test_first_data_are_no_exception(self, client, curator):
        entry = make_evidence(State.SUBMITTED)
        save(client, entry, form_of(client, entry) | {"title": "A better title"})

        with pytest.raises(ActionRefused, match="You changed this entry"):
            decide(entry, reviewer=curator, outcome="publish")


class TestWhoeverImportedAnEntry:
    def test_is_its_author(self, client, curator):
        make_criterion()
        make_situation()
        for name in ROW["actors"].split("\n"):
            Actor.objects.create(name=name)
        confirm_import(client, upload(client, as_csv(ROW)))
        entry = Evidence.objects.get()

        answer = bulk(client, "publish", entry, reason="I typed it myself.")

        assert entry.submitted_by == curator
        told = [str(message) for message in answer.context["messages"]]
        assert "Somebody else decides on it" in told[0]
        assert state_of(entry) == State.SUBMITTED


class TestWhoeverLosesTheirRole:
    def test_while_reviewing_is_told_and_loses_no_word(self, client):
        reviewer = make_user("reviewer")
        client.force_login(reviewer)
        entry = make_evidence(State.SUBMITTED, by=make_user("researcher"))
        reviewer.groups.set([Group.objects.get(name="researcher")])

        response = send(client, entry, outcome="return", note="My long comment.")

        page = response.content.decode()
        assert response.status_code == 403
        assert "or no longer does. Nothing was changed." in page
        assert "My long comment." in page
        assert not ReviewDecision.objects.exists()

    def test_while_assessing_too(self, client, curator):
        make_criterion()
        curator.groups.set([Group.objects.get(name="reviewer")])

        response = client.post(
            reverse("assessment-create", args=["r7"]), {"rationale": "My reasons."}
        )

        assert response.status_code == 403
        assert "My reasons." in response.content.decode()
        assert not Assessment.objects.exists()

    def test_whoever_was_signed_out_finds_it_too_and_a_way_back(self, client):
        entry = make_evidence(State.SUBMITTED)
        address = reverse("review-evidence", args=[entry.pk])

        page = client.post(address, {"note": "My long comment."}).content.decode()

        assert "You were signed out" in page and "My long comment." in page
        assert f"{reverse('sign-in')}?next={address}" in page.replace("%2F", "/")

    def test_what_they_wrote_is_never_markup(self, client):
        address = reverse("review-evidence", args=[1])

        page = client.post(address, {"note": "</textarea><script>"}).content.decode()

        assert "<script>" not in page
