"""Writing entries while the codebook changes."""

import pytest
from django.urls import reverse

from icctracker.actions.codebook import drop_criterion, revise_criterion
from icctracker.models import Criterion, Evidence
from icctracker.web.desk.entry import EntryForm, with_parts
from tests.desk.posted import entry_post, finding_post, problems, signed_in
from tests.factories import (
    make_criterion,
    make_draft,
    make_evidence,
    make_user,
    publish_leaving,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def old():
    make_criterion("7b")
    return make_criterion("7a")


def next_version(*, recode=False, drop=False):
    """Publish version 1.1, in which 7a changes; returns its 7a."""
    curator = make_user("curator")
    draft = make_draft(curator)
    changed = draft.criteria.get(code="7a")
    revise_criterion(changed, by=curator, recode=recode, statement="Clearer words.")
    if drop:
        drop_criterion(changed, by=curator)
    publish_leaving(draft, by=curator, reason="Clearer.")
    make_criterion("9z", codebook=draft)
    return draft.criteria.filter(code="7a").first()


def own_draft(user, old):
    row = {"criterion": old, "effect": -2, "rationale": "It was stopped."}
    values = {"votes_yes": 13, "votes_no": 2, "votes_abstain": 0}
    return make_evidence("draft", by=user, findings=[row], **values)


def send(client, entry, button="submit"):
    """Send the form of a draft just as it opens."""
    data = EntryForm(with_parts(Evidence.objects.all()).get(pk=entry.pk))
    opened = data.as_sent().dict() | {button: "1"}
    return client.post(reverse("evidence-update", args=[entry.pk]), opened)


class TestWordsThatChanged:
    def test_a_form_opened_before_is_taken_with_the_newer_criterion(
        self, client, user, old
    ):
        data = entry_post(user, findings=[finding_post()], button="submit")
        newer = next_version()

        signed_in(client, user).post(reverse("evidence-create"), data)

        assert Evidence.objects.get().findings.get().criterion == newer

    def test_a_draft_shows_the_newer_words_and_follows_when_saved(
        self, client, user, old
    ):
        entry = own_draft(user, old)
        newer = next_version()
        signed_in(client, user)

        page = client.get(reverse("evidence-update", args=[entry.pk])).content.decode()
        send(client, entry)

        assert "Clearer words." in page
        assert "Criterion 7a is kept." not in page
        assert entry.findings.get().criterion == newer

    def test_submitted_unopened_it_still_counts(self, client, user, old):
        entry = own_draft(user, old)
        next_version()

        address = reverse("evidence-submit", args=[entry.pk])
        signed_in(client, user).post(address, {"seen": entry.version})

        entry.refresh_from_db()
        assert entry.state == Evidence.State.SUBMITTED


class TestATestThatChanged:
    @pytest.mark.parametrize("change", [{"recode": True}, {"drop": True}])
    def test_the_author_is_asked_to_choose_again(self, client, user, old, change):
        entry = own_draft(user, old)
        next_version(**change)
        signed_in(client, user)

        page = client.get(reverse("evidence-update", args=[entry.pk])).content.decode()
        response = send(client, entry)

        assert "(of Codebook 1.0, no longer in force)" in page
        field = "id_findings-0-criterion"
        assert "Choose the criterion of that finding again" in problems(response)[field]
        entry.refresh_from_db()
        assert entry.state == Evidence.State.DRAFT

    def test_the_page_of_the_draft_says_so_too(self, client, user, old):
        entry = own_draft(user, old)
        next_version(recode=True)

        page = signed_in(client, user).get(reverse("desk-evidence", args=[entry.pk]))

        assert "does not count until it is coded again" in page.content.decode()

    def test_a_draft_can_be_saved_meanwhile_and_loses_nothing(self, client, user, old):
        entry = own_draft(user, old)
        next_version(recode=True)

        send(signed_in(client, user), entry, button="save")

        assert entry.findings.get().criterion == old

    def test_a_form_opened_before_keeps_what_was_typed(self, client, user, old):
        data = entry_post(user, findings=[finding_post()], button="submit")
        next_version(recode=True)

        response = signed_in(client, user).post(reverse("evidence-create"), data)

        assert "id_findings-0-criterion" in problems(response)
        assert "A permanent member stopped the text." in response.content.decode()

    def test_one_code_has_one_finding_whatever_the_version(self, client, user, old):
        entry = own_draft(user, old)
        newer = next_version(recode=True)
        data = EntryForm(with_parts(Evidence.objects.all()).get(pk=entry.pk))
        second = {"findings-TOTAL_FORMS": "2", "findings-1-effect": "-2"}
        second |= {
            "findings-1-criterion": str(newer.pk),
            "findings-1-rationale": "Again.",
        }

        response = signed_in(client, user).post(
            reverse("evidence-update", args=[entry.pk]),
            data.as_sent().dict() | second | {"submit": "1"},
        )

        assert "one finding for each" in problems(response)["id_findings-1-criterion"]


class TestSearches:
    def test_they_are_logged_for_criteria_in_force_only(self, client, user, old):
        next_version(drop=True)

        page = signed_in(client, user).get(reverse("search-create")).content.decode()

        in_force = Criterion.objects.in_force().get(code="7b")
        assert "Criterion 7a is kept." not in page
        assert f'<option value="{in_force.pk}">7b' in page
