"""The public pages of the codebook's versions."""

import pytest
from django.urls import reverse

from icctracker.actions.codebook import (
    add_criterion,
    drop_criterion,
    publish,
    revise_criterion,
)
from icctracker.actions.status import assess
from icctracker.models import Codebook
from tests.factories import (
    finding_row,
    make_criterion,
    make_draft,
    make_evidence,
    make_user,
    publish_leaving,
)

pytestmark = pytest.mark.django_db

DAY = "2015-01-01"


@pytest.fixture
def curator():
    return make_user("curator", public_name="Cara Torr")


@pytest.fixture
def draft(curator):
    """A draft in which each kind of change is made once."""
    for code in ("7a", "7b", "7c"):
        make_criterion(code, counts="Each veto counts.")
    draft = make_draft(curator)
    worded, tested, dropped = draft.criteria.order_by("code")
    revise_criterion(
        worded, by=curator, recode=False, counts="Each negative vote counts."
    )
    revise_criterion(tested, by=curator, recode=True, kind="sustain")
    drop_criterion(dropped, by=curator)
    add_criterion(
        draft,
        by=curator,
        recommendation=worded.recommendation,
        code="7d",
        kind="deliver",
        essential=False,
        statement="A newly asked thing.",
        counts="A pledge.",
        does_not_count="A speech.",
        delivered_by="formal",
    )
    return draft


@pytest.fixture
def published(draft, curator):
    return publish_leaving(draft, by=curator, reason="Abstentions are no vetoes.")


def shown(client, version="1.1", **query):
    return client.get(reverse("codebook-detail", args=[version]), query)


class TestOneVersion:
    def test_it_shows_every_criterion_with_what_counts(self, client, published):
        page = shown(client).content.decode()

        for words in (
            "Criterion 7a is kept.",
            "A newly asked thing.",
            "Does not count:",
            "A speech.",
            "Sustain",
            "not a main part",
            "A formal product",
        ):
            assert words in page

    def test_it_says_when_and_why_it_took_effect(self, client, published):
        page = shown(client).content.decode()

        assert "Abstentions are no vetoes." in page
        assert "In force from" in page

    def test_it_says_of_each_criterion_what_became_of_it(self, client, published):
        changes = shown(client).context["changed"]

        assert [(each.criterion.code, str(each.words)) for each in changes] == [
            ("7a", "changed, findings carry over"),
            ("7b", "changed, to be coded again"),
            ("7c", "dropped"),
            ("7d", "new"),
        ]

    def test_words_that_changed_are_marked_for_eyes_and_ears(self, client, published):
        page = shown(client).content.decode()

        assert '[removed: </span>veto<span class="visually-hidden">] </span></del>' in (
            page
        )
        assert "[added: </span>negative vote<span" in page
        assert "Changed: kind, from “Refrain” to “Sustain”." in page

    def test_the_first_version_is_compared_with_nothing(self, client, published):
        response = shown(client, "1.0")

        page = response.content.decode()
        assert "<del>" not in page and "<ins>" not in page
        assert "no longer in force" in page
        assert response.context["changed"] == []

    def test_the_curator_is_named_only_if_they_wish(self, client, published, curator):
        before = shown(client).content.decode()
        curator.show_name = True
        curator.save()

        after = shown(client).content.decode()

        assert "Cara Torr" not in before and "a curator" in before
        assert "Cara Torr" in after

    @pytest.mark.parametrize(
        "version", ["9.9", "1", "1.1.", " ", "x" * 20, "１.０", "%2e%2e", "٢"]
    )
    def test_a_version_that_never_was_is_not_found(self, client, published, version):
        assert client.get(f"/methodology/codebook/{version}/").status_code == 404

    def test_one_published_later_was_not_known_then(self, client, published):
        query = {"known_at": "2020-01-01"}

        assert shown(client, **query).status_code == 404
        assert shown(client, "1.0", **query).context["in_force"]


class TestAllVersions:
    def test_each_is_listed_newest_first_with_its_reason(self, client, published):
        response = client.get(reverse("codebook-list"))

        page = response.content.decode()
        versions = [each.version for each in response.context["codebooks"]]
        assert versions == ["1.1", "1.0"]
        assert "Abstentions are no vetoes." in page
        assert page.count("in force</span>") == 1

    def test_as_known_on_a_past_day(self, client, published):
        response = client.get(reverse("codebook-list"), {"known_at": "2020-01-01"})

        versions = [each.version for each in response.context["codebooks"]]
        assert versions == ["1.0"]

    def test_before_the_first_there_is_none(self, client, db):
        page = client.get(reverse("codebook-list")).content.decode()

        assert "No codebook had been published by then." in page

    def test_methodology_and_assessments_lead_to_the_version(
        self, client, draft, curator
    ):
        recommendation = draft.criteria.first().recommendation
        assess(
            recommendation,
            by=curator,
            as_of=Codebook.objects.in_force().published_on,
            decided="overtaken",
            rationale="It is over.",
        )
        publish(draft, by=curator, reason="So.")

        methodology = client.get("/methodology/").content.decode()
        recommendation_page = client.get("/recommendations/r7/").content.decode()

        assert "/methodology/codebook/1.1/" in methodology
        assert reverse("codebook-list") in methodology
        assert "/methodology/codebook/1.0/" in recommendation_page


class TestADraft:
    @pytest.mark.parametrize("role", [None, "researcher", "reviewer", "curator"])
    def test_no_open_page_shows_it(self, client, draft, role):
        if role:
            client.force_login(make_user(role))
        make_evidence(slug="a-veto", findings=[finding_row()])
        version = reverse("codebook-detail", args=["1.1"])

        assert client.get(version).status_code == 404
        for path in (
            "/",
            "/recommendations/",
            "/recommendations/r7/",
            "/evidence/a-veto/",
            "/evidence/?criterion=7d",
            "/evidence.json",
            "/methodology/",
            "/methodology/codebook/",
            "/methodology/codebook/1.0/",
            "/methodology/try/",
        ):
            text = client.get(path).getvalue().decode()
            assert "A newly asked thing." not in text, path
            assert "negative vote counts" not in text, path
            assert "1.1" not in text, path

    def test_no_form_offers_it(self, client, draft):
        client.force_login(make_user("curator"))
        key = draft.criteria.get(code="7d").pk
        asked = f"?findings-0-recommendation=R7&findings-0-criterion={key}"

        for path in (
            reverse("evidence-create"),
            reverse("search-create") + "?criterion=7d",
            reverse("finding-guidance") + asked,
        ):
            text = client.get(path).content.decode()
            assert "A newly asked thing." not in text, path


class TestFindingsOfAnEarlierVersion:
    @pytest.fixture
    def entry(self, draft):
        entry = make_evidence(
            slug="a-veto",
            findings=[
                finding_row(criterion, rationale=f"About {criterion.code}.")
                for criterion in Codebook.objects.in_force().criteria.all()
            ],
        )
        publish_leaving(draft, by=make_user("curator"))
        return entry

    def test_its_page_says_which_no_longer_count(self, client, entry):
        page = client.get("/evidence/a-veto/").content.decode()

        assert "Coded with criterion 7a" not in page
        assert "Coded with criterion 7b of Codebook 1.0" in page
        assert "does not count until it is coded again" in page
        assert "Coded with criterion 7c of Codebook 1.0" in page
        assert "no longer has this criterion" in page

    def test_as_known_before_all_of_them_count(self, client, entry):
        entry.published_at = "2020-01-01T00:00:00Z"
        entry.save()
        entry.findings.update(accepted_at="2020-01-01T00:00:00Z")

        page = client.get("/evidence/a-veto/?known_at=2021-01-01").content.decode()

        assert "Coded with criterion" not in page

    def test_the_recommendation_says_how_many_wait_to_be_coded_again(
        self, client, entry
    ):
        response = client.get("/recommendations/r7/")

        page = response.content.decode()
        assert "One finding was coded under an earlier test" in page
        reasons = {each.criterion.code: each for each in response.context["reasons"]}
        assert set(reasons) == {"7a", "7b", "7d"}
        assert len(reasons["7a"].rows) == 1
        assert (reasons["7b"].rows, reasons["7b"].earlier) == ([], 1)
