"""What somebody writes while the ground moves under them is in the answer they get."""

import pytest
from django.test import Client
from django.urls import reverse

from icctracker.actions.coding import give_back, offer_coding
from icctracker.actions.reconciling import stamp_of
from icctracker.actions.review import decide, withdraw
from icctracker.contribute import typed
from icctracker.contribute.entry import EntryForm
from icctracker.contribute.saved import with_parts
from icctracker.models import Comment, Evidence, Reconciliation
from tests.admin.pages import page
from tests.factories import (
    finding_row,
    make_coding,
    make_criterion,
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
        return client.post(path, data | {"stamp": stamp_of(coding)})

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
        data = EntryForm.of_saved(saved).posted.dict()
        data |= {"opened_by": typed.sign(curator), "summary": WORDS}
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

        answer = client.post(self.address(published), {"reason": WORDS, "version": "1"})

        text = answer.content.decode()
        assert given_back(answer, status=409)
        assert "was withdrawn already" in text
        assert published.get_absolute_url() in text

    def test_also_after_signing_in_again(self, curator, published):
        client = Client()
        data = {"reason": WORDS, "opened_by": typed.sign(curator)}
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
