"""An entry as its author sees it: preview, edit, submit, delete."""

import pytest
from django.urls import reverse

from icctracker.actions.review import decide
from icctracker.models import Evidence
from tests.desk.posted import entry_post, problems, signed_in
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db
State = Evidence.State
PAGES = ["desk-evidence", "evidence-update", "evidence-discard"]


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def draft(user):
    return make_evidence(
        State.DRAFT,
        by=user,
        title="A thing in the making",
        **dict.fromkeys(("votes_yes", "votes_no", "votes_abstain")),
    )


def address(name, entry):
    return reverse(name, args=[entry.pk])


class TestWhoSeesIt:
    @pytest.mark.parametrize("name", PAGES)
    def test_its_author_does(self, client, user, draft, name):
        response = signed_in(client, user).get(address(name, draft))

        assert "A thing in the making" in response.content.decode()

    @pytest.mark.parametrize("name", [*PAGES, "evidence-submit"])
    def test_strangers_are_asked_to_sign_in(self, client, draft, name):
        response = client.get(address(name, draft))

        assert response.status_code == 302
        assert "sign-in" in response.url

    @pytest.mark.parametrize("name", PAGES)
    @pytest.mark.parametrize("role", ["researcher", "reviewer", "curator"])
    def test_a_draft_is_hidden_from_everybody_else(self, client, draft, name, role):
        response = signed_in(client, make_user(role)).get(address(name, draft))

        assert response.status_code == 404

    @pytest.mark.parametrize("name", ["evidence-submit", "evidence-discard"])
    def test_nor_can_others_act_on_it(self, client, draft, name):
        client = signed_in(client, make_user("curator"))

        response = client.post(address(name, draft), {"seen": "1"})

        assert response.status_code == 404
        assert Evidence.objects.get().state == State.DRAFT

    def test_a_submitted_one_is_seen_by_reviewers_only(self, client, user):
        entry = make_evidence(State.SUBMITTED, by=user)

        seen = {
            role: signed_in(client, make_user(role))
            .get(address("desk-evidence", entry))
            .status_code
            for role in ("researcher", "reviewer", "curator")
        }

        assert seen == {"researcher": 404, "reviewer": 200, "curator": 200}

    def test_numbers_beyond_all_bounds_are_not_found(self, client, user):
        response = signed_in(client, user).get(f"/desk/evidence/{'9' * 30}/")

        assert response.status_code == 404


class TestPreview:
    def test_it_shows_findings_not_yet_accepted(self, client, user, draft):
        page = signed_in(client, user).get(address("desk-evidence", draft))

        assert "A permanent member stopped the text." in page.content.decode()

    def test_an_untitled_empty_draft_can_be_looked_at(self, client, user):
        draft = Evidence.objects.create(submitted_by=user)

        response = signed_in(client, user).get(address("desk-evidence", draft))

        assert "Untitled draft" in response.content.decode()

    def test_the_comment_of_the_reviewer_is_there(self, client, user):
        entry = make_evidence(State.SUBMITTED, by=user)
        decide(
            entry, reviewer=make_user("reviewer"), outcome="decline", note="No source."
        )

        page = signed_in(client, user).get(address("desk-evidence", entry))

        assert "No source." in page.content.decode()


class TestEditing:
    def test_what_was_saved_is_in_the_form(self, client, user, draft):
        entry = (
            signed_in(client, user)
            .get(address("evidence-update", draft))
            .context["entry"]
        )

        assert entry.facts["title"].value() == "A thing in the making"
        assert entry.sources[0]["url"].value() == "https://undocs.org/en/S/2014/348"
        assert entry.findings[0]["form"].value() == ""

    def test_the_form_follows_the_kind_when_that_changes(self, client, user, draft):
        row = {"form": "", "effect": "-2"}
        shown = signed_in(client, user).get(address("evidence-update", draft))
        finding = shown.context["entry"].findings[0]
        row |= {name: finding[name].value() for name in ("criterion", "rationale")}

        client.post(
            address("evidence-update", draft),
            entry_post(user, kind="statement", findings=[row]),
        )

        assert draft.findings.get().form == "signal"

    def test_an_entry_under_review_can_no_longer_be_edited(self, client, user):
        entry = make_evidence(State.SUBMITTED, by=user)

        response = signed_in(client, user).get(
            address("evidence-update", entry), follow=True
        )

        page = response.content.decode()
        assert "is awaiting review and can no longer be edited here" in page

    def test_a_returned_entry_keeps_what_it_must_have(self, client, user):
        entry = make_evidence(State.RETURNED, by=user, title="Reviewed once")

        response = signed_in(client, user).post(
            address("evidence-update", entry),
            entry_post(user, title="", summary="Said better."),
        )

        entry.refresh_from_db()
        assert problems(response) == {"id_title": "Give it a title."}
        assert (entry.title, entry.summary) == ("Reviewed once", "Said better.")

    def test_a_returned_entry_is_corrected_and_submitted(self, client, user):
        entry = make_evidence(State.RETURNED, by=user)

        signed_in(client, user).post(
            address("evidence-update", entry), entry_post(user, button="submit")
        )

        entry.refresh_from_db()
        assert entry.state == State.SUBMITTED
        assert entry.findings.count() == 1

    def test_rows_that_never_arrived_are_not_deleted(self, client, user, draft):
        data = entry_post(user) | {"sources-TOTAL_FORMS": ""}

        signed_in(client, user).post(address("evidence-update", draft), data)

        assert draft.sources.exists()


class TestSubmitting:
    def test_a_complete_draft_is_submitted(self, client, user):
        signed_in(client, user).post(reverse("evidence-create"), entry_post(user))
        draft = Evidence.objects.get()

        client.post(address("evidence-submit", draft), {"seen": "1"})

        draft.refresh_from_db()
        assert draft.state == State.SUBMITTED

    def test_what_the_form_would_refuse_is_refused(self, client, user, draft):
        response = signed_in(client, user).post(
            address("evidence-submit", draft), {"seen": "1"}
        )

        assert problems(response) == {"id_votes_no": "A veto needs the votes."}

    def test_an_incomplete_one_opens_with_what_is_missing(self, client, user):
        draft = Evidence.objects.create(submitted_by=user)

        response = signed_in(client, user).post(
            address("evidence-submit", draft), {"seen": "1"}
        )

        assert "id_title" in problems(response)
        assert f'action="{address("evidence-update", draft)}"' in (
            response.content.decode()
        )

    def test_one_changed_meanwhile_is_not_submitted(self, client, user):
        signed_in(client, user).post(reverse("evidence-create"), entry_post(user))
        draft = Evidence.objects.get()

        response = client.post(
            address("evidence-submit", draft), {"seen": "7"}, follow=True
        )

        draft.refresh_from_db()
        assert draft.state == State.DRAFT
        assert "was saved elsewhere" in response.content.decode()


class TestDeleting:
    def test_a_draft_can_be_deleted(self, client, user, draft):
        response = signed_in(client, user).post(address("evidence-discard", draft))

        assert response.url == reverse("desk")
        assert not Evidence.objects.exists()

    def test_a_returned_entry_is_kept(self, client, user):
        entry = make_evidence(State.RETURNED, by=user)

        response = signed_in(client, user).post(
            address("evidence-discard", entry), follow=True
        )

        assert "only a draft can be deleted" in response.content.decode()
        assert Evidence.objects.exists()
