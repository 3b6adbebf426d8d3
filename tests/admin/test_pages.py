from datetime import date

import pytest
from django.urls import reverse

from icctracker.models import (
    Actor,
    Assessment,
    Evidence,
    Finding,
    ReviewDecision,
    Search,
)
from tests.factories import (
    make_criterion,
    make_evidence,
    make_situation,
    make_user,
)

NOUNS = (
    "publication addressee recommendation codebook criterion situation actor evidence"
    " search finding reviewdecision assessment user"
).split()
KEPT = NOUNS[:9] + ["user"]
# Changed at the review desk, by a new version.
BY_VERSION = {"codebook", "criterion"}


def page(noun, name, *args):
    return reverse(f"admin:icctracker_{noun}_{name}", args=args)


def make_search(**fields):
    values = {
        "searched_on": date(2026, 1, 10),
        "where": "UN Digital Library",
        "query": "veto and Court",
        "outcome": "Nothing.",
    } | fields
    criterion = values.pop("criterion", None) or make_criterion("4b", kind="sustain")
    return Search.objects.create(criterion=criterion, **values)


def make_assessment(by):
    finding = Finding.objects.first()
    return Assessment.objects.create(
        recommendation=finding.criterion.recommendation,
        codebook=finding.criterion.codebook,
        ruleset="1.0",
        assessed_on=date(2026, 1, 1),
        suggested="limited",
        decided="limited",
        confidence="low",
        review_due_on=date(2026, 7, 1),
        assessed_by=by,
    )


@pytest.fixture
def records(kept):
    return kept(make_records)


def make_records():
    """One record of each noun, by name."""
    curator = make_user("curator")
    evidence = make_evidence()
    evidence.situations.add(make_situation())
    evidence.actors.add(Actor.objects.create(name="Security Council"))
    finding = evidence.findings.get()
    recommendation = finding.criterion.recommendation
    return {
        "publication": recommendation.publication,
        "addressee": recommendation.addressees.get(),
        "recommendation": recommendation,
        "codebook": finding.criterion.codebook,
        "criterion": finding.criterion,
        "situation": evidence.situations.get(),
        "actor": evidence.actors.get(),
        "evidence": evidence,
        "search": make_search(),
        "finding": finding,
        "reviewdecision": ReviewDecision.objects.create(
            evidence=evidence, outcome="publish", reviewer=curator
        ),
        "assessment": make_assessment(curator),
        "user": curator,
    }


@pytest.fixture
def curator_client(client, db):
    client.force_login(make_user("curator"))
    return client


class TestPages:
    @pytest.mark.parametrize("noun", NOUNS)
    def test_list_and_record_answer_for_a_curator(self, curator_client, records, noun):
        for address in (
            page(noun, "changelist"),
            page(noun, "changelist") + "?q=council",
            page(noun, "change", records[noun].pk),
            page(noun, "history", records[noun].pk),
        ):
            assert curator_client.get(address).status_code == 200, address

    @pytest.mark.parametrize("noun", sorted(set(KEPT) - BY_VERSION))
    def test_a_curator_can_add_what_is_kept(self, curator_client, records, noun):
        assert curator_client.get(page(noun, "add")).status_code == 200

    @pytest.mark.parametrize("noun", ["finding", "reviewdecision", "assessment"])
    def test_records_are_added_by_actions_only(self, curator_client, records, noun):
        assert curator_client.get(page(noun, "add")).status_code == 403

    @pytest.mark.parametrize("noun", ["finding", "reviewdecision", "assessment"])
    def test_nobody_changes_or_deletes_records(self, client, records, noun):
        client.force_login(make_user(is_superuser=True, is_staff=True))

        change = client.post(page(noun, "change", records[noun].pk), {"form": "signal"})
        delete = client.post(page(noun, "delete", records[noun].pk), {"post": "yes"})

        assert (change.status_code, delete.status_code) == (403, 403)
        assert type(records[noun]).objects.filter(pk=records[noun].pk).exists()

    def test_the_index_lists_nouns_in_the_order_of_work(self, curator_client, records):
        answer = curator_client.get(reverse("admin:index"))

        sections = [str(each["name"]) for each in answer.context["app_list"]]
        assert sections[0] == "Evidence"
        assert sections[-1] == "People"
        assert "Groups" not in answer.content.decode()

    def test_groups_are_seen_by_superusers_only(self, client, records):
        client.force_login(make_user(is_superuser=True, is_staff=True))

        answer = client.get(reverse("admin:auth_group_changelist"))

        assert answer.status_code == 200
        assert client.get(reverse("admin:auth_group_add")).status_code == 403


class TestStrangers:
    @pytest.mark.parametrize("noun", NOUNS)
    @pytest.mark.parametrize("role", [None, "researcher", "reviewer"])
    def test_others_are_turned_away(self, client, records, noun, role):
        if role:
            client.force_login(make_user(role))

        for address in (
            page(noun, "changelist"),
            page(noun, "change", records[noun].pk),
            page(noun, "history", records[noun].pk),
        ):
            answer = client.get(address)
            assert answer.status_code == 302
            assert answer["Location"].startswith(reverse("admin:login"))

    def test_a_stranger_signs_in_on_the_page_of_the_site(self, client, db):
        target = page("evidence", "changelist")

        answer = client.get(target, follow=True)

        address, _status = answer.redirect_chain[-1]
        assert address == f"{reverse('sign-in')}?next={target}"

    def test_a_researcher_is_told_whom_these_pages_are_for(self, client, db):
        client.force_login(make_user("researcher"))

        answer = client.get(reverse("admin:index"), follow=True)

        assert answer.status_code == 403
        assert "does not have the role of curator" in answer.content.decode()

    def test_a_curator_without_the_role_any_more_sees_nothing(self, client, records):
        person = make_user("curator")
        person.groups.clear()
        client.force_login(person)

        assert client.get(page("evidence", "changelist")).status_code == 403

    def test_passwords_are_changed_on_the_page_of_the_site(self, curator_client):
        answer = curator_client.get(reverse("admin:password_change"))

        assert answer["Location"] == reverse("password-change")


class TestDrafts:
    @pytest.fixture
    def draft(self, db):
        return make_evidence(
            Evidence.State.DRAFT, by=make_user("researcher"), title="A secret draft"
        )

    def test_drafts_of_others_are_on_no_list(self, curator_client, draft):
        for noun in ("evidence", "finding"):
            answer = curator_client.get(page(noun, "changelist"))
            assert "A secret draft" not in answer.content.decode()

    def test_drafts_of_others_have_no_page(self, curator_client, draft):
        version = draft.history.get()
        finding = draft.findings.get()

        for address in (
            page("evidence", "history", draft.pk),
            page("evidence", "simple_history", draft.pk, version.pk),
        ):
            assert curator_client.get(address).status_code == 404, address
        for address in (
            page("evidence", "change", draft.pk),
            page("finding", "change", finding.pk),
        ):
            assert "A secret draft" not in (
                curator_client.get(address, follow=True).content.decode()
            )

    def test_a_discarded_draft_leaves_no_history_to_read(self, curator_client, draft):
        key, version = draft.pk, draft.history.get()
        draft.findings.all().delete()
        draft.delete()

        for address in (
            page("evidence", "history", key),
            page("evidence", "simple_history", key, version.pk),
        ):
            assert curator_client.get(address).status_code == 404

    def test_drafts_are_not_exported(self, curator_client, draft):
        answer = curator_client.post(page("evidence", "export"), {"format": "0"})

        assert "A secret draft" not in answer.content.decode()
