"""What somebody writes while the ground moves under them is in the answer they get."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from icctracker.actions.answering import (
    accept_proposal,
    confirm,
    dissent_from_finding,
    propose_finding,
    receive,
    take_back,
)
from icctracker.actions.coding import give_back, offer_coding, stamp_of
from icctracker.actions.review import decide, withdraw
from icctracker.models import (
    Answer,
    Assessment,
    Codebook,
    Coding,
    Comment,
    Evidence,
    Reconciliation,
    ReviewDecision,
)
from icctracker.web.desk.entry import EntryForm, with_parts
from icctracker.web.kit import kept
from tests.admin.pages import page
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
    make_draft,
    make_evidence,
    make_user,
    source_row,
)

pytestmark = pytest.mark.django_db

State = Evidence.State
WORDS = "Thought over for long, and at last written down."


@pytest.fixture(autouse=True)
def codebook(db):
    make_criterion()


@pytest.fixture
def reviewer(client):
    user = make_user("reviewer")
    client.force_login(user)
    return user


@pytest.fixture
def curator(client):
    user = make_user("curator")
    client.force_login(user)
    return user


@pytest.fixture
def entry():
    return make_evidence(State.SUBMITTED, by=make_user("researcher"))


@pytest.fixture
def published():
    """An entry whose every text can be told from all others."""
    return make_evidence(
        title="The title of the entry",
        counter_evidence="The counter evidence of the entry",
        sources=[source_row(label="The label of a source")],
        findings=[finding_row(rationale="The first coder's own words")],
    )


def demote(person):
    person.groups.set(make_user("researcher").groups.all())


def given_back(answer, *, status, words=WORDS):
    assert answer.status_code == status
    return words in answer.content.decode()


class TestReconciling:
    @pytest.fixture
    def coding(self, entry):
        return make_coding(entry, rows=[finding_row(effect=1)])

    def send(self, client, coding, reason=WORDS):
        line = f"line-{coding.differences()[0].criterion.pk}"
        data = {f"{line}-taken": "second", f"{line}-reason": reason}
        path = reverse("reconcile-detail", args=[coding.pk])
        return client.post(path, data | {"seen": stamp_of(coding)})

    def test_whoever_lost_the_role_is_given_the_reasons(self, client, reviewer, coding):
        demote(reviewer)

        answer = self.send(client, coding)

        assert given_back(answer, status=404)
        assert "Nothing was changed" in answer.content.decode()
        assert not Reconciliation.objects.exists()

    @pytest.mark.parametrize("words", [WORDS, "Alike."])
    def test_so_is_whoever_was_signed_out(self, client, coding, words):
        answer = self.send(client, coding, words)

        text = answer.content.decode()
        assert given_back(answer, status=403, words=words)
        path = reverse("reconcile-detail", args=[coding.pk])
        assert reverse("sign-in", query={"next": path}) in text
        assert "The two codings differ" not in text


class TestComments:
    def test_whoever_lost_the_role_is_given_the_comment(self, client, reviewer, entry):
        demote(reviewer)
        path = reverse("evidence-comment", args=[entry.pk])

        answer = client.post(path, {"text": WORDS})

        assert given_back(answer, status=404)
        assert not Comment.objects.exists()


class TestBlindMeanwhile:
    """Whoever is named a blind coder while writing about the very entry."""

    @pytest.fixture
    def form(self, curator, published):
        """The form of the correction, as it was open before."""
        saved = with_parts(Evidence.objects.all()).get(pk=published.pk)
        data = EntryForm(saved).as_sent().dict()
        data |= {"opened_by": kept.sign(curator), "summary": WORDS}
        return data | {"archived_url": "https://example.org/a", "reason": "Misread."}

    def test_a_correction_is_given_back(self, client, curator, published, form):
        coding = make_coding(published, coder=curator)

        answer = client.post(reverse("evidence-correct", args=[published.pk]), form)

        text = answer.content.decode()
        assert given_back(answer, status=403)
        assert "Misread." in text and "https://example.org/a" in text
        assert reverse("coding-detail", args=[coding.pk]) in text
        published.refresh_from_db()
        assert published.summary != WORDS

    def test_but_not_what_the_form_held_before(self, client, curator, published, form):
        make_coding(published, coder=curator)
        form["findings-0-rationale"] = "The first  coder's own\r\nwords "

        answer = client.post(reverse("evidence-correct", args=[published.pk]), form)

        text = answer.content.decode().replace("&#x27;", "'")
        assert given_back(answer, status=403)
        for held in ("first  coder's own", "first coder's own", "counter evidence of"):
            assert held not in text
        assert "The label of a source" not in text

    def test_where_nothing_was_written_they_are_led_to_the_coding(
        self, client, curator, published
    ):
        coding = make_coding(published, coder=curator)

        answer = client.post(reverse("evidence-correct", args=[published.pk]), {})

        assert answer.url == reverse("coding-detail", args=[coding.pk])

    def test_a_decision_is_given_back(self, client, reviewer, entry):
        make_coding(entry, coder=reviewer)
        path = reverse("review-evidence", args=[entry.pk])

        answer = client.post(path, {"outcome": "return", "note": WORDS})

        assert given_back(answer, status=403)

    def test_so_is_what_was_mended_in_the_admin(self, client, curator, entry):
        make_coding(entry, coder=curator)
        path = page("evidence", "change", entry.pk)

        answer = client.post(path, {"title": "As it is", "summary": WORDS})

        assert given_back(answer, status=403)


class TestDecidedMeanwhile:
    def test_what_was_mended_in_the_admin_is_given_back(self, client, curator, entry):
        decide(entry, reviewer=make_user("reviewer"), outcome="decline", note="No.")
        data = {"title": entry.title, "summary": WORDS}

        answer = client.post(page("evidence", "change", entry.pk), data)

        assert given_back(answer, status=409)
        assert "Declined" in answer.content.decode()


class TestWithdrawing:
    def address(self, entry):
        return reverse("evidence-withdraw", args=[entry.pk])

    def test_the_reason_of_the_second_is_given_back(self, client, curator, published):
        withdraw(published, by=make_user("curator"), reason="It is a hoax.")

        answer = client.post(self.address(published), {"reason": WORDS, "seen": "1"})

        text = answer.content.decode()
        assert given_back(answer, status=409)
        assert "was withdrawn already" in text
        assert published.get_absolute_url() in text

    def test_also_after_signing_in_again(self, curator, published):
        client = Client()
        data = {"reason": WORDS, "opened_by": kept.sign(curator)}
        client.post(self.address(published), data)
        withdraw(published, by=make_user("curator"), reason="It is a hoax.")
        client.force_login(curator)

        assert given_back(client.get(self.address(published)), status=409)

    def test_that_of_a_coding_too(self, client, reviewer, entry):
        path = reverse("coding-offer", args=[entry.pk])
        coding = offer_coding(entry, by=make_user("curator"))
        data = {"withdraw": "1", "reason": WORDS}
        long = client.post(path, data | {"reason": WORDS * 50})
        give_back(coding, by=make_user("curator"), reason="It took too long.")

        late = client.post(path, data)

        assert given_back(long, status=409, words=WORDS * 50)
        assert given_back(late, status=409)

    def test_signed_out_the_way_back_is_the_page_of_the_entry(self, client, entry):
        path = reverse("coding-offer", args=[entry.pk])

        answer = client.post(path, {"withdraw": "1", "reason": WORDS})

        assert given_back(answer, status=403)
        back = reverse("review-evidence", args=[entry.pk])
        assert reverse("sign-in", query={"next": back}) in answer.content.decode()


class TestAnsweredMeanwhile:
    """What waited for one answer has had it: the second is given back."""

    @pytest.fixture
    def dissent(self, published):
        author = make_user("researcher")
        finding = published.findings.get()
        return dissent_from_finding(finding, by=author, effect=1, reason="An offer.")

    def test_a_decision_about_a_proposed_finding(self, client, reviewer, published):
        row = finding_row(make_criterion("4a"))
        proposal = propose_finding(published, row, by=make_user("researcher"))
        accept_proposal(proposal, reviewer=make_user("reviewer"))
        path = reverse("proposal-review", args=[proposal.pk])

        answer = client.post(path, {"outcome": "decline", "note": WORDS})

        assert given_back(answer, status=409)
        assert "There is nothing to decide" in answer.content.decode()

    @pytest.mark.parametrize("outcome", ["refuse", ""])
    def test_a_decision_about_a_dissent(self, client, reviewer, dissent, outcome):
        confirm(dissent, by=make_user("reviewer"))
        path = reverse("dissent-review", args=[dissent.pk])

        answer = client.post(path, {"outcome": outcome, "reason": WORDS})

        assert given_back(answer, status=409)
        assert "On the page since" in answer.content.decode()

    def test_the_reason_for_taking_a_dissent_back(self, client, dissent):
        take_back(dissent, by=dissent.author, reason="I was wrong.")
        client.force_login(dissent.author)
        path = reverse("dissent-detail", args=[dissent.pk])

        assert given_back(client.post(path, {"reason": WORDS}), status=409)


class TestSignedOut:
    def test_the_reason_for_giving_a_coding_back_is_given_back(self, client, entry):
        coding = make_coding(entry)
        path = reverse("coding-detail", args=[coding.pk])

        answer = client.post(path, {"give_back": "1", "reason": WORDS})

        assert given_back(answer, status=403)
        coding.refresh_from_db()
        assert coding.state != Coding.State.WITHDRAWN

    def test_so_are_the_words_of_a_criterion(self, client):
        make_draft()
        path = reverse("criterion-update", args=["7a"])

        assert given_back(client.post(path, {"statement": WORDS}), status=403)


class TestAPageOpenSinceBefore:
    """A form that does not say, or not as it does today, what its writer has seen."""

    @pytest.fixture
    def forms(self, curator, entry, published):
        coding = make_coding(make_evidence(State.SUBMITTED), coder=curator)
        make_draft()
        sent = receive(creation_key=uuid.uuid4(), kind="reply", text="Our side.")[0]
        criterion = dict.fromkeys(("statement", "counts", "does_not_count"), WORDS)
        assessment = {"as_of": "2020-01-01", "decided": "overtaken"}
        assessment |= {"suggested": "insufficient", "rationale": WORDS}
        rows = {"findings-TOTAL_FORMS": "0", "findings-INITIAL_FORMS": "0"}
        return [
            ("review-evidence", entry.pk, {"outcome": "return", "note": WORDS}),
            ("evidence-withdraw", published.pk, {"reason": WORDS}),
            ("evidence-restore", (published.pk, 1), {"reason": WORDS}),
            ("response-answer", sent.reference, {"outcome": "answered", "text": WORDS}),
            ("assessment-create", "r7", assessment),
            (
                "criterion-update",
                "7a",
                criterion | {"kind": "sustain", "delivered_by": "decision"},
            ),
            ("codebook-preview", (), {"reason": WORDS}),
            ("coding-detail", coding.pk, rows | {"note": WORDS, "save": "1"}),
        ]

    @pytest.mark.parametrize(
        "old",
        [
            {},
            {"seen": "x"},
            {"version": "1", "after": "0", "revision": "1", "token": "x"},
        ],
    )
    def test_writes_nothing_and_is_shown_with_what_stands_now(self, client, forms, old):
        for name, args, data in forms:
            args = args if isinstance(args, tuple) else (args,)

            answer = client.post(reverse(name, args=args), data | old)

            assert given_back(answer, status=409), name
            assert 'name="seen" value="' in answer.content.decode(), name
        recorded = (ReviewDecision, Answer, Assessment)
        assert not any(model.objects.exists() for model in recorded)
        assert not Codebook.objects.draft().criteria.filter(statement=WORDS).exists()
        assert not Coding.objects.filter(note=WORDS).exists()


class TestStrangers:
    def test_an_address_that_is_none_of_ours_gives_nothing_back(self, client):
        answer = client.post("/no/such/page/", {"text": WORDS})

        assert not given_back(answer, status=404)

    def test_a_page_asked_for_says_nothing_of_a_form(self, client):
        text = client.get("/no/such/page/", {"text": WORDS}).content.decode()

        assert "What you sent" not in text and WORDS not in text

    def test_what_is_given_back_is_text(self, client, reviewer, entry):
        demote(reviewer)
        path = reverse("evidence-comment", args=[entry.pk])

        text = client.post(path, {"text": "</textarea><b>x y"}).content.decode()

        assert "&lt;/textarea&gt;&lt;b&gt;x y" in text
