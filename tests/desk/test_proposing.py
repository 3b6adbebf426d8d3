"""The page on which a finding is proposed for a published entry."""

import pytest
from django.urls import reverse

from icctracker.actions.answering import decline_proposal, propose_finding
from icctracker.models import Proposal
from tests.desk.posted import finding_post, rows, signed_in
from tests.factories import finding_row, make_criterion, make_evidence, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("researcher")


@pytest.fixture
def entry():
    return make_evidence(
        findings=[finding_row(make_criterion("7a"))], title="Logged before"
    )


@pytest.fixture
def desk(client, user):
    return signed_in(client, user)


def address(entry):
    return reverse("finding-propose", args=[entry.pk])


def posted(code="4a", **values):
    return rows("findings", [finding_post(code, **values)])


class TestThePage:
    def test_shows_the_entry_and_what_it_shows_so_far(self, desk, entry):
        page = desk.get(address(entry)).content.decode()

        assert "Logged before" in page
        assert "<strong>7a</strong>" in page

    @pytest.mark.parametrize("state", ["draft", "submitted", "withdrawn"])
    def test_is_not_there_for_an_entry_that_is_not_published(self, desk, state):
        assert desk.get(address(make_evidence(state))).status_code == 404

    def test_a_proposal_goes_to_review(self, desk, entry, user):
        response = desk.post(address(entry), posted(effect="-1"))

        assert response.url == reverse("desk")
        proposal = Proposal.objects.get()
        assert (proposal.proposed_by, proposal.effect) == (user, -1)
        assert proposal.criterion.code == "4a"

    def test_what_is_missing_is_said_beside_its_field(self, desk, entry):
        data = posted(rationale="", effect="")

        response = desk.post(address(entry), data)

        targets = {each.target for each in response.context["problems"]}
        assert targets == {"id_findings-0-effect_0", "id_findings-0-rationale"}
        assert not Proposal.objects.exists()

    def test_a_refusal_keeps_what_was_typed(self, desk, entry):
        response = desk.post(address(entry), posted("7a", rationale="Typed with care."))

        page = response.content.decode()
        assert "has a finding on criterion 7a" in page
        assert "Typed with care." in page

    def test_an_empty_post_is_explained(self, desk, entry):
        response = desk.post(address(entry), {})

        assert response.status_code == 200
        assert len(response.context["problems"]) == 3

    def test_what_counts_is_shown_without_scripts(self, desk, entry):
        data = posted(rationale="Kept.") | {"explain": "0"}

        page = desk.post(address(entry), data).content.decode()

        assert "Each contested vote." in page and "Kept." in page

    def test_what_was_typed_is_there_after_signing_in_again(self, client, user, entry):
        from icctracker.web.kit import kept

        data = posted(rationale="Typed with care.") | {"opened_by": kept.sign(user)}
        client.post(address(entry), data)

        page = signed_in(client, user).get(address(entry)).content.decode()

        assert "Typed with care." in page


class TestTheDesk:
    def test_lists_what_one_proposed_with_the_answer(self, desk, entry, user):
        row = finding_row(make_criterion("4a"))
        proposal = propose_finding(entry, row, by=user)
        decline_proposal(proposal, reviewer=make_user("reviewer"), note="Not shown.")

        page = desk.get(reverse("desk")).content.decode()

        assert "Not shown." in page and "Declined" in page

    def test_does_not_list_what_others_proposed(self, desk, entry):
        row = finding_row(make_criterion("4a"), rationale="zzsecretzz")
        propose_finding(entry, row, by=make_user("researcher"))

        page = desk.get(reverse("desk")).content.decode()

        assert "Findings you proposed" not in page


class TestSecrecy:
    def test_no_page_shows_a_proposal_before_it_is_accepted(self, client, entry):
        author = make_user("researcher")
        row = finding_row(make_criterion("4a"), rationale="zzsecretzz", effect=2)
        propose_finding(entry, row, by=author)
        addresses = [
            reverse("home"),
            reverse("evidence-list"),
            entry.get_absolute_url(),
            reverse("recommendation-detail", args=["r4"]),
            reverse("evidence-download", args=["json"]),
            reverse("evidence-download", args=["csv"]),
        ]

        for address_ in addresses:
            response = client.get(address_)
            body = (
                b"".join(response.streaming_content)
                if response.streaming
                else response.content
            )
            assert b"zzsecretzz" not in body, address_

    def test_nor_do_the_pages_of_others_at_the_desk(self, client, entry):
        row = finding_row(make_criterion("4a"), rationale="zzsecretzz")
        propose_finding(entry, row, by=make_user("researcher"))
        signed_in(client, make_user("curator"))

        for name in ("desk-evidence", "evidence-correct", "finding-propose"):
            page = client.get(reverse(name, args=[entry.pk])).content.decode()
            assert "zzsecretzz" not in page, name
