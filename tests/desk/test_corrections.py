"""Correcting and withdrawing published entries."""

import pytest
from django.urls import reverse

from icctracker.models import Evidence, ReviewDecision
from icctracker.web.desk.entry import EntryForm, with_parts
from icctracker.web.kit import kept
from tests.desk.posted import problems, signed_in
from tests.factories import make_codebook, make_evidence, make_user

pytestmark = pytest.mark.django_db
State = Evidence.State
VOTES = {"votes_yes": 13, "votes_no": 2, "votes_abstain": 0}


@pytest.fixture
def curator():
    return make_user("curator")


@pytest.fixture
def entry():
    return make_evidence(title="As published", **VOTES)


@pytest.fixture
def address(entry):
    return reverse("evidence-correct", args=[entry.pk])


@pytest.fixture
def post(client, curator, entry, address):
    signed_in(client, curator)

    def send(**values):
        saved = with_parts(Evidence.objects.all()).get(pk=entry.pk)
        data = EntryForm(saved).as_sent().dict()
        data |= {"opened_by": kept.sign(curator), "reason": "A misreading."}
        return client.post(address, data | {"correct": "1"} | values)

    return send


class TestCorrecting:
    @pytest.mark.parametrize("role", ["researcher", "reviewer"])
    def test_it_is_for_curators(self, client, address, role):
        assert signed_in(client, make_user(role)).get(address).status_code == 403

    def test_strangers_are_asked_to_sign_in(self, client, address):
        assert "sign-in" in client.get(address).url

    @pytest.mark.parametrize(
        "state", [State.DRAFT, State.SUBMITTED, State.RETURNED, State.WITHDRAWN]
    )
    def test_only_published_entries_are_corrected(self, client, curator, state):
        entry = make_evidence(state, by=make_user("researcher"))

        response = signed_in(client, curator).get(
            reverse("evidence-correct", args=[entry.pk])
        )

        assert response.status_code == 404

    def test_the_form_holds_the_entry(self, client, curator, address):
        page = signed_in(client, curator).get(address).content.decode()

        assert 'value="As published"' in page
        assert "Reason for the correction" in page
        assert "Save draft" not in page

    def test_the_facts_are_corrected_and_the_reason_kept(self, post, entry, curator):
        response = post(title="As it was")

        entry.refresh_from_db()
        decision = entry.decisions.get()
        assert response.url == entry.get_absolute_url()
        assert entry.title == "As it was"
        assert (decision.outcome, decision.note, decision.reviewer) == (
            ReviewDecision.Outcome.CORRECT,
            "A misreading.",
            curator,
        )

    def test_findings_that_stay_the_same_stay(self, post, entry):
        before = entry.findings.get()

        post(title="As it was")

        assert entry.findings.get() == before

    def test_a_corrected_finding_supersedes_the_old(self, post, entry):
        before = entry.findings.get()

        post(**{"findings-0-effect": "-1"})

        after = entry.findings.accepted().get()
        assert (after.effect, after.supersedes) == (-1, before)

    def test_nothing_may_be_missing(self, post):
        response = post(title="", **{"sources-0-url": "", "sources-0-official": ""})

        assert {"id_title", "id_sources-0-url"} <= set(problems(response))

    def test_a_correction_that_changes_nothing_is_refused(self, post, entry):
        response = post()

        assert "Nothing here differs" in problems(response)[""]
        assert not entry.decisions.exists()

    def test_two_curators_see_each_others_work(self, post, entry):
        post(title="First correction")

        response = post(title="Second correction", seen="1")

        page = response.content.decode()
        entry.refresh_from_db()
        assert "First correction" in page and "Second correction" in page
        assert entry.title == "First correction"

    def test_the_second_may_insist(self, post, entry):
        post(title="First correction")

        post(title="Second correction", seen="2")

        entry.refresh_from_db()
        assert entry.title == "Second correction"

    def test_an_entry_withdrawn_meanwhile_is_not_corrected(self, post, entry):
        Evidence.objects.update(state=State.WITHDRAWN, withdrawn_at=entry.published_at)

        response = post(title="As it was")

        assert "Nothing was changed" in problems(response)[""]

    def test_findings_of_an_older_codebook_can_be_kept(self, post, entry):
        make_codebook("2.0", entry.published_at.date())

        post(title="As it was")

        entry.refresh_from_db()
        assert entry.title == "As it was"


class TestWithdrawing:
    @pytest.fixture
    def address(self, entry):
        return reverse("evidence-withdraw", args=[entry.pk])

    def test_its_page_stays_with_the_reason(self, client, curator, entry, address):
        response = signed_in(client, curator).post(
            address, {"reason": "It is a hoax.", "seen": "1"}
        )

        entry.refresh_from_db()
        assert entry.state == State.WITHDRAWN
        assert entry.decisions.get().note == "It is a hoax."
        assert response.url == entry.get_absolute_url()
        assert not entry.findings.accepted().exists()

    def test_an_entry_changed_meanwhile_is_read_again(
        self, client, curator, entry, address
    ):
        Evidence.objects.update(version=2)

        response = signed_in(client, curator).post(
            address, {"reason": "It is a hoax.", "seen": "1"}
        )

        page = response.content.decode()
        entry.refresh_from_db()
        assert "Read it again" in page and "It is a hoax." in page
        assert 'name="seen" value="2"' in page
        assert entry.state == State.PUBLISHED

    def test_it_is_for_curators(self, client, address):
        response = signed_in(client, make_user("reviewer")).get(address)

        assert response.status_code == 403

    def test_strangers_are_asked_to_sign_in(self, client, address):
        assert "sign-in" in client.get(address).url

    def test_what_is_not_public_is_not_there(self, client, curator):
        draft = make_evidence(State.DRAFT, by=make_user("researcher"))

        response = signed_in(client, curator).get(
            reverse("evidence-withdraw", args=[draft.pk])
        )

        assert response.status_code == 404
