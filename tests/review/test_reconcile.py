"""Asking for a second coding on the review page, and reconciling what differs."""

import pytest
from django.urls import reverse

from icctracker.actions.coding import offer_coding, reconcile, stamp_of
from icctracker.models import Coding, Criterion, Evidence, Reconciliation
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_evidence,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = reverse("reconcile-list")


@pytest.fixture
def reviewer(client):
    user = make_user("reviewer")
    client.force_login(user)
    return user


@pytest.fixture
def author(db):
    return make_user("researcher")


@pytest.fixture
def entry(author):
    rows = [
        finding_row(make_criterion("7a"), rationale="The text was stopped."),
        finding_row(make_criterion("7b"), effect=1, rationale="Both see this alike."),
    ]
    return make_evidence(
        Evidence.State.SUBMITTED, by=author, findings=rows, title="A contested vote"
    )


@pytest.fixture
def coding(entry):
    rows = [
        finding_row(criterion_of("7a"), effect=-1, rationale="Only in part."),
        finding_row(criterion_of("7b"), effect=1, rationale="In other words."),
    ]
    return make_coding(entry, coder=make_user("researcher", username="bea"), rows=rows)


def criterion_of(code):
    return Criterion.objects.get(code=code)


def address(coding):
    return reverse("reconcile-detail", args=[coding.pk])


def posted(coding, **values):
    """What the form sends, unless told otherwise."""
    line = f"line-{coding.differences()[0].criterion.pk}-"
    sent = {"taken": "second", "effect": "", "form": "", "reason": "A step."} | values
    stamp = sent.pop("seen", None) or stamp_of(coding)
    return {"seen": stamp} | {line + name: value for name, value in sent.items()}


class TestAsking:
    def address(self, entry):
        return reverse("coding-offer", args=[entry.pk])

    def test_of_whoever_picks_it_up(self, client, reviewer, entry):
        page = client.post(self.address(entry), follow=True).content.decode()

        assert Coding.objects.get().offered_by == reviewer
        assert "Offered: any coder" in page

    def test_of_one_person_the_decision_then_waits(self, client, reviewer, entry):
        coder = make_user("researcher")

        client.post(self.address(entry), {"coder": coder.pk})

        page = client.get(reverse("review-evidence", args=[entry.pk]))
        assert Coding.objects.get().coder == coder
        assert "Record the decision" not in page.content.decode()
        assert "Somebody is coding this entry" in page.content.decode()

    def test_a_decision_posted_all_the_same_is_refused_in_words(
        self, client, reviewer, entry
    ):
        make_coding(entry)

        page = client.post(
            reverse("review-evidence", args=[entry.pk]),
            {"outcome": "decline", "note": "I had written this.", "seen": 1},
        )

        text = page.content.decode()
        assert page.status_code == 409
        assert "was not recorded" in text and "I had written this." in text

    @pytest.mark.parametrize("coder", ["0", "x", "9" * 30, "²"])
    def test_nobody_else_than_those_listed(self, client, reviewer, entry, coder):
        page = client.post(self.address(entry), {"coder": coder}, follow=True)

        assert "Choose one of the coders listed." in page.content.decode()
        assert not Coding.objects.exists()

    def test_whoever_cannot_be_blind_is_refused_in_words(
        self, client, reviewer, entry, author
    ):
        page = client.post(self.address(entry), {"coder": author.pk}, follow=True)

        assert "Whoever wrote an entry" in page.content.decode()

    def test_withdrawn_with_a_reason(self, client, reviewer, entry):
        make_coding(entry)

        refused = client.post(self.address(entry), {"withdraw": "1"}, follow=True)
        client.post(self.address(entry), {"withdraw": "1", "reason": "Too slow."})
        none = client.post(self.address(entry), {"withdraw": "1"}, follow=True)

        assert "Say why" in refused.content.decode()
        assert Coding.objects.get().state == "withdrawn"
        assert "No coding of this entry is under way" in none.content.decode()

    def test_a_researcher_cannot_ask(self, client, entry):
        client.force_login(make_user("researcher"))

        assert client.post(self.address(entry)).status_code == 403

    def test_the_review_page_costs_no_more_for_more_codings(
        self, client, reviewer, entry, count_queries
    ):
        path = reverse("review-evidence", args=[entry.pk])
        rows = [finding_row(criterion_of(c), effect=e) for c, e in AGREED]
        make_coding(entry, rows=rows)
        client.get(path)
        few = count_queries(lambda: client.get(path))
        for _number in range(3):
            make_coding(entry, rows=rows)

        assert count_queries(lambda: client.get(path)) == few


AGREED = [("7a", -2), ("7b", 1)]


class TestList:
    @pytest.mark.both_databases
    def test_what_differs_waits_there(self, client, reviewer, coding):
        assert "A contested vote" in client.get(LIST).content.decode()

    def test_what_agrees_or_is_settled_does_not(self, client, reviewer, coding):
        client.post(address(coding), posted(coding))
        other = make_evidence(Evidence.State.SUBMITTED, by=make_user("researcher"))
        make_coding(other, rows=[finding_row()])

        assert "No two codings differ." in client.get(LIST).content.decode()

    def test_it_is_for_reviewers(self, client, coding):
        client.force_login(make_user("researcher"))

        assert client.get(LIST).status_code == 403


class TestReconciling:
    def test_only_what_differs_is_shown_with_both_reasons(
        self, client, reviewer, coding
    ):
        page = client.get(address(coding)).content.decode()

        assert "The text was stopped." in page and "Only in part." in page
        assert "Both see this alike." not in page and "In other words." not in page

    def test_the_choices_say_what_they_differ_on(self, client, reviewer, entry):
        rows = [
            finding_row(criterion_of("7a"), occasion=False),
            finding_row(criterion_of("7b"), effect=1, form="formal"),
        ]
        coding = make_coding(entry, rows=rows)

        page = client.get(address(coding)).content.decode()

        assert "As the first coder: departs from it, or undoes it; an occasion" in page
        assert "undoes it; not an occasion" in page
        assert "or takes a step; decision" in page and "a step; formal" in page

    def test_nobody_is_named(self, client, reviewer, coding, author):
        page = client.get(address(coding)).content.decode()

        assert "First coder" in page and "Second coder" in page
        assert "bea" not in page and author.username not in page

    def test_a_third_person_decides(self, client, reviewer, coding, entry):
        page = client.post(address(coding), posted(coding), follow=True)

        text = page.content.decode()
        assert "A third person decided." in text and "A step." in text
        assert "The text was stopped." in text and "Only in part." in text
        assert entry.findings.get(criterion__code="7a").effect == -1

    def test_the_other_code_is_another(self, client, reviewer, coding, entry):
        client.post(
            address(coding),
            posted(coding, taken="other", effect="0", occasion="on", form="process"),
        )

        finding = entry.findings.get(criterion__code="7a")
        assert (finding.effect, finding.form, finding.occasion) == (0, "process", True)
        assert finding.rationale == "A step."

    def test_or_no_finding_at_all(self, client, reviewer, coding, entry):
        client.post(address(coding), posted(coding, taken="other", effect="none"))

        assert entry.findings.get().criterion.code == "7b"

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"taken": ""}, "Choose one of the three"),
            ({"taken": "third"}, "Choose one of the three"),
            ({"taken": "other"}, "if otherwise"),
            ({"effect": "7"}, "Choose one of those listed"),
            ({"form": "rumour"}, "Choose one of those listed"),
            ({"reason": "  "}, "Say why"),
            ({"reason": "x" * 2001}, "Shorten it to 2000"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, client, reviewer, coding, changed, message
    ):
        typed = {"reason": "Typed with care."} | changed
        page = client.post(address(coding), posted(coding, **typed))

        assert message in page.content.decode()
        assert typed["reason"].strip() in page.content.decode()
        assert not Reconciliation.objects.exists()

    def test_of_two_at_once_the_second_sees_both(self, client, reviewer, coding):
        sent = posted(coding, taken="first", reason="Mine, typed with care.")
        other = {
            "criterion": coding.differences()[0].criterion,
            "taken": "second",
            "reason": "The other was quicker.",
        }
        reconcile(
            coding, by=make_user("reviewer"), lines=[other], stamp=stamp_of(coding)
        )

        page = client.post(address(coding), sent)

        text = page.content.decode()
        assert page.status_code == 409
        assert "reconciled these codings meanwhile" in text
        assert "The other was quicker." in text and "Mine, typed with care." in text
        assert "Record the decision" not in text

    def test_a_stamp_of_nobody_is_a_conflict(self, client, reviewer, coding):
        page = client.post(address(coding), posted(coding, seen="x\x00y"))

        assert page.status_code == 409
        assert "A step." in page.content.decode()

    def test_the_two_together(self, client, coding, author, entry):
        client.force_login(coding.coder)
        proposed = client.post(address(coding), posted(coding), follow=True)
        client.force_login(author)
        shown = client.get(address(coding)).content.decode()

        done = client.post(
            address(coding), {"confirm": "1", "seen": stamp_of(coding)}, follow=True
        )

        assert "once the other coder confirms it" in proposed.content.decode()
        assert "Confirm the proposal" in shown and "A step." in shown
        assert "The two coders agreed." in done.content.decode()
        assert entry.findings.get(criterion__code="7a").effect == -1

    def test_a_coder_cannot_confirm_their_own(self, client, coding):
        client.force_login(coding.coder)
        client.post(address(coding), posted(coding))

        page = client.post(
            address(coding), {"confirm": "1", "seen": stamp_of(coding)}
        ).content.decode()

        assert "the other coder must confirm it" in page

    def test_strangers_are_asked_to_sign_in(self, client, coding):
        answer = client.get(address(coding))

        assert answer["Location"].startswith(reverse("sign-in"))

    def test_what_agrees_has_no_page(self, client, reviewer, entry):
        rows = [finding_row(criterion_of(c), effect=e) for c, e in AGREED]
        coding = make_coding(entry, rows=rows)

        assert client.get(address(coding)).status_code == 404

    def test_who_codes_the_entry_again_does_not_find_it(self, client, reviewer, coding):
        client.post(address(coding), posted(coding))
        third = make_user("reviewer")
        offer_coding(coding.evidence, by=make_user("curator"), coder=third)
        client.force_login(third)

        assert client.get(address(coding)).status_code == 404
