"""Nobody publishes their own work unseen, by whichever way they try."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from icctracker.actions import ActionRefused
from icctracker.actions.review import decide
from icctracker.models import Actor, Assessment, Coding, Evidence, ReviewDecision
from tests.admin.test_bulk import confirm as bulk
from tests.admin.test_evidence import form_of, save
from tests.admin.test_exchange import ROW, as_csv, upload
from tests.admin.test_exchange import confirm as confirm_import
from tests.desk.posted import finding_post
from tests.desk.test_coding import send as send_coding
from tests.factories import (
    make_coding,
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
)
from tests.review.test_reconcile import address as reconciling
from tests.review.test_reconcile import posted as reconciled

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
    data = {"outcome": "publish", "checked": "on", "note": "", "seen": entry.version}
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
        entry = Evidence.objects.get()
        for path in (
            entry.get_absolute_url(),
            reverse("evidence-history", args=[entry.slug]),
        ):
            page = client.get(path).content.decode()
            assert "alone, by who wrote or changed the entry" in page
            assert "by its own author" not in page
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


class TestATeamOfThree:
    """One writes, one codes blind, one reconciles; both of the others may publish."""

    @pytest.fixture
    def author(self):
        return make_user("reviewer")

    @pytest.fixture
    def entry(self, author):
        make_criterion()
        return make_evidence(State.SUBMITTED, by=author)

    @pytest.fixture
    def coder(self):
        return make_user("reviewer")

    def code(self, client, entry, coder, effect):
        """Hand a coding in by the form, as a person who is signed in does."""
        coding = make_coding(entry, coder=coder)
        client.force_login(coder)
        send_coding(client, coding, finding_post(effect=effect))
        coding.refresh_from_db()
        assert coding.state == Coding.State.DONE
        return coding

    def reconcile(self, client, coding, by, **sent):
        client.force_login(by)
        client.post(reconciling(coding), sent or reconciled(coding))
        coding.refresh_from_db()

    def publish(self, client, entry, by, **changed):
        client.force_login(by)
        return send(client, Evidence.objects.get(pk=entry.pk), **changed)

    def assert_published_by_two(self, entry):
        assert state_of(entry) == State.PUBLISHED
        assert not entry.decisions.get(outcome="publish").alone

    @pytest.mark.parametrize("effect", ["-2", "1"], ids=["agreeing", "in dispute"])
    def test_the_coder_may_publish(self, client, entry, coder, effect):
        self.code(client, entry, coder, effect)

        self.publish(client, entry, coder)

        self.assert_published_by_two(entry)

    @pytest.mark.parametrize("role", ["reviewer", "curator"])
    def test_so_may_the_third_who_reconciled_and_needs_no_reason(
        self, client, entry, coder, role
    ):
        third, coding = make_user(role), self.code(client, entry, coder, "1")
        self.reconcile(client, coding, third)

        self.publish(client, entry, third)

        assert coding.settled_at
        self.assert_published_by_two(entry)

    def test_so_may_the_coder_when_a_third_has_reconciled(self, client, entry, coder):
        coding = self.code(client, entry, coder, "1")
        self.reconcile(client, coding, make_user("curator"))

        self.publish(client, entry, coder)

        self.assert_published_by_two(entry)

    def test_of_two_who_reconciled_together_the_coder_may_and_the_author_may_not(
        self, client, entry, coder, author
    ):
        coding = self.code(client, entry, coder, "1")
        self.reconcile(client, coding, author)
        stamp = reconciled(coding)["seen"]
        self.reconcile(client, coding, coder, confirm="1", seen=stamp)
        assert coding.settled_at

        refused = self.publish(client, entry, author, note="We both agree.")
        assert refused.status_code == 409
        assert state_of(entry) == State.SUBMITTED

        self.publish(client, entry, coder)
        self.assert_published_by_two(entry)

    def test_the_author_may_not_even_if_the_coder_agreed(
        self, client, entry, coder, author
    ):
        self.code(client, entry, coder, "-2")

        assert self.publish(client, entry, author).status_code == 409
        assert state_of(entry) == State.SUBMITTED

    def test_a_coder_who_also_changed_the_facts_has_changed_the_entry(
        self, client, entry
    ):
        curator = make_user("curator")
        self.code(client, entry, curator, "-2")
        entry.refresh_from_db()
        save(client, entry, form_of(client, entry) | {"title": "A better title"})

        page = self.publish(client, entry, curator).content.decode()

        assert "Say why you decide on an entry that you changed." in page
        assert state_of(entry) == State.SUBMITTED

    def test_a_page_from_before_the_coding_is_still_out_of_date(
        self, client, entry, coder
    ):
        before = entry.version
        self.code(client, entry, coder, "-2")

        answer = self.publish(client, entry, make_user("reviewer"), seen=before)

        assert answer.status_code == 409
        assert state_of(entry) == State.SUBMITTED


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
