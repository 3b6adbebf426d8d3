"""Who is told of codings, comments, responses and proposals, and who is not."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from icctracker.actions import ActionRefused
from icctracker.actions.answering import (
    accept_proposal,
    answer,
    decline_proposal,
    propose_finding,
    receive,
)
from icctracker.actions.coding import give_back, offer_coding
from icctracker.actions.mail import deliver, tell
from icctracker.actions.review import comment, decide
from icctracker.models import Evidence, Notice, Response, User
from tests.factories import (
    finding_row,
    make_criterion,
    make_evidence,
    make_recommendation,
    make_user,
)
from tests.postbox import arrived

pytestmark = pytest.mark.django_db

Kind, State = Notice.Kind, Evidence.State


def person(role, **fields):
    user = make_user(role, **fields)
    user.email = f"{user.username}@example.org"
    user.save()
    return user


def told(kind):
    """Who is to be told, and where each is led."""
    notices = Notice.objects.filter(kind=kind)
    return {notice.person: notice.path for notice in notices}


def delivered():
    """All that is sent now, as one text."""
    deliver()
    return "\n".join(message.message().as_string() for message in arrived())


class TestASecondCoding:
    @pytest.fixture
    def coder(self):
        return person("researcher")

    @pytest.fixture
    def entry(self):
        row = finding_row(make_criterion("9h"), rationale="A reason to be kept")
        return make_evidence(State.SUBMITTED, title="A text", findings=[row])

    def test_whoever_is_asked_by_name_is_told(self, entry, coder):
        coding = offer_coding(entry, by=person("reviewer"), coder=coder)

        assert told(Kind.CODING) == {coder: reverse("coding-detail", args=[coding.pk])}
        deliver()
        assert "For you to code without seeing other codes: “A text”" in (
            arrived()[0].body
        )

    def test_the_message_tells_neither_codes_nor_the_criterion(self, entry, coder):
        offer_coding(entry, by=person("reviewer"), coder=coder)

        assert "A reason to be kept" not in delivered()
        # A signed address may hold any two letters.
        body = arrived()[0].body.splitlines()
        said = [line for line in body if not line.startswith("http")]
        assert not [line for line in said if "9h" in line or "R9" in line]

    def test_what_anyone_may_pick_up_is_told_nobody(self, entry, coder):
        offer_coding(entry, by=person("reviewer"))

        assert not Notice.objects.exists()

    def test_nobody_is_told_what_they_asked_of_themselves(self, entry):
        reviewer = person("reviewer")

        offer_coding(entry, by=reviewer, coder=reviewer)

        assert not Notice.objects.exists()

    def test_an_offer_that_is_refused_tells_nobody(self, entry):
        author = person("researcher")
        Evidence.objects.update(submitted_by=author)

        with pytest.raises(ActionRefused):
            offer_coding(entry, by=person("reviewer"), coder=author)

        assert not Notice.objects.exists()

    def test_what_was_given_back_meanwhile_is_not_told(self, entry, coder):
        coding = offer_coding(entry, by=person("reviewer"), coder=coder)
        give_back(coding, by=coder, reason="I know the case.")

        assert delivered() == ""

    @pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.CODING])
    def test_a_blind_coder_is_told_nothing_else_of_the_entry(self, entry, kind):
        coder = person("curator")
        offer_coding(entry, by=person("reviewer"), coder=coder)
        deliver()
        arrived().clear()

        tell([coder], kind, path="/review/", evidence=entry)
        counted = deliver([coder])

        assert (counted, arrived()) == ({"needless": 1}, [])

    def test_but_of_other_entries_they_are(self, entry):
        coder = person("reviewer")
        offer_coding(entry, by=person("reviewer"), coder=coder)
        other = make_evidence(State.SUBMITTED, title="Another text")

        tell([coder], Kind.NEW_ENTRY, path="/review/", evidence=other)

        assert "Another text" in delivered()


class TestComments:
    @pytest.fixture
    def author(self):
        return person("researcher")

    @pytest.fixture
    def reviewer(self):
        return person("reviewer")

    @pytest.fixture
    def entry(self, author):
        person("reviewer")
        person("curator")
        return make_evidence(State.SUBMITTED, by=author, title="A text")

    def test_a_reviewer_s_is_told_the_author(self, entry, author, reviewer):
        made = comment(entry, by=reviewer, text="Which meeting?")

        page = reverse("desk-evidence", args=[entry.pk])
        assert told(Kind.COMMENT) == {author: f"{page}#comment-{made.pk}"}

    def test_the_author_s_is_told_reviewers_who_commented(
        self, entry, author, reviewer
    ):
        comment(entry, by=reviewer, text="Which meeting?")
        Notice.objects.all().delete()

        made = comment(entry, by=author, text="The second.")

        page = reverse("review-evidence", args=[entry.pk])
        assert told(Kind.COMMENT) == {reviewer: f"{page}#comment-{made.pk}"}

    def test_and_reviewers_who_decided(self, entry, author, reviewer):
        decide(entry, reviewer=reviewer, outcome="return", note="Which meeting?")

        comment(entry, by=author, text="The second.")

        assert set(told(Kind.COMMENT)) == {reviewer}

    def test_a_second_reviewer_s_is_told_all_who_took_part(
        self, entry, author, reviewer
    ):
        second = person("reviewer")
        comment(entry, by=reviewer, text="Which meeting?")
        Notice.objects.all().delete()

        comment(entry, by=second, text="It was the second.")

        assert set(told(Kind.COMMENT)) == {author, reviewer}

    def test_an_author_who_also_reviews_is_told_once(self, reviewer):
        author = person("curator")
        entry = make_evidence(State.SUBMITTED, by=author)
        comment(entry, by=author, text="The record is thin.")

        comment(entry, by=reviewer, text="So it is.")

        assert set(told(Kind.COMMENT)) == {author}
        assert told(Kind.COMMENT)[author].startswith("/desk/")

    def test_the_first_word_of_an_author_is_told_nobody(self, entry, author):
        comment(entry, by=author, text="The record is thin.")

        assert not Notice.objects.exists()

    def test_several_before_the_message_goes_are_one_line(self, entry, reviewer):
        comment(entry, by=reviewer, text="Which meeting?")
        comment(entry, by=reviewer, text="And which day?")

        assert delivered().count("There is a comment on") == 1

    def test_the_same_words_sent_twice_are_told_once(self, entry, reviewer):
        comment(entry, by=reviewer, text="Which meeting?")
        deliver()
        comment(entry, by=reviewer, text="Which meeting?")

        assert not Notice.objects.waiting().exists()

    def test_its_words_stay_on_the_site(self, entry, reviewer):
        comment(entry, by=reviewer, text="Secret words")

        text = delivered()

        assert "There is a comment on" in text and "Secret words" not in text

    def test_who_reviews_no_longer_is_not_told(self, entry, author, reviewer):
        comment(entry, by=reviewer, text="Which meeting?")
        deliver()
        comment(entry, by=author, text="The second.")
        arrived().clear()
        reviewer.groups.clear()

        assert delivered() == ""


class TestResponses:
    def respond(self, key=None, **about):
        return receive(
            creation_key=key or uuid4(), kind="reply", text="Our side of it.", **about
        )[0]

    def test_every_reviewer_is_told(self):
        reviewers = {person("reviewer"), person("curator")}
        person("researcher")

        made = self.respond(evidence=make_evidence())

        page = reverse("response-answer", args=[made.reference])
        assert told(Kind.RESPONSE) == dict.fromkeys(reviewers, page)
        assert "awaits an answer" in delivered()

    @pytest.mark.parametrize("about", ["the site", "a recommendation"])
    def test_whatever_it_is_about(self, about):
        person("reviewer")
        subject = {"recommendation": make_recommendation()} if "a " in about else {}

        self.respond(**subject)

        assert "awaits an answer" in delivered()

    def test_its_words_and_its_sender_stay_on_the_site(self):
        person("reviewer")

        self.respond(name="A. Sender", email="sender@example.org")

        text = delivered()
        assert arrived()
        assert not [w for w in ("Our side", "Sender", "sender@") if w in text]

    def test_the_same_form_sent_twice_is_told_once(self):
        person("reviewer")
        key = uuid4()

        self.respond(key)
        self.respond(key)

        assert Notice.objects.count() == 1

    def test_what_is_answered_meanwhile_is_not_told(self):
        person("reviewer")
        self.respond()
        curator = make_user("curator")
        answer(Response.objects.get(), by=curator, outcome="answered", text="Thanks.")

        assert delivered() == ""


class TestProposals:
    @pytest.fixture
    def reviewer(self):
        return person("reviewer")

    @pytest.fixture
    def proposer(self):
        return person("researcher")

    @pytest.fixture
    def proposal(self, reviewer, proposer):
        entry = make_evidence(title="A text")
        row = finding_row(make_criterion("4a"), rationale="The text exempts.")
        return propose_finding(entry, row, by=proposer)

    def test_reviewers_are_told_of_a_new_one(self, proposal, reviewer):
        page = reverse("proposal-review", args=[proposal.pk])

        assert told(Kind.PROPOSAL) == {reviewer: page}
        assert "A finding is proposed for “A text”" in mail_of(reviewer)

    def test_but_not_of_their_own(self):
        propose_finding(
            make_evidence(),
            finding_row(make_criterion("4a")),
            by=person("reviewer"),
        )

        assert not Notice.objects.exists()

    def test_what_is_decided_meanwhile_is_not_told(self, proposal, reviewer):
        accept_proposal(proposal, reviewer=person("curator"))

        assert mail_of(reviewer) == ""

    def test_its_author_is_told_that_it_is_added(self, proposal, reviewer, proposer):
        accept_proposal(proposal, reviewer=reviewer)

        assert told(Kind.PROPOSAL)[proposer] == "/desk/#proposals"
        assert "The finding you proposed is added to “A text”" in mail_of(proposer)

    def test_or_declined_without_the_reason(self, proposal, reviewer, proposer):
        decline_proposal(proposal, reviewer=reviewer, note="Secret words")

        text = mail_of(proposer)
        assert "The finding you proposed is declined" in text
        assert "Secret words" not in text and "criterion" not in text

    def test_nobody_is_told_what_they_decided_themselves(self):
        curator = person("curator")
        entry = make_evidence()
        row = finding_row(make_criterion("4a"))
        proposal = propose_finding(entry, row, by=curator)

        accept_proposal(proposal, reviewer=curator, note="Nobody else is here.")

        assert not Notice.objects.filter(person=curator, kind=Kind.PROPOSAL).exists()


def mail_of(person):
    """What is sent to one person now."""
    deliver([person])
    return "\n".join(m.body for m in arrived() if m.to == [person.email])


class TestAnyMixture:
    def test_queries_do_not_grow_with_what_is_told(self, django_assert_num_queries):
        author = person("researcher")

        def wait_for(reviewer, number):
            for _number in range(number):
                entry = make_evidence(State.SUBMITTED, by=author)
                for kind in (Kind.NEW_ENTRY, Kind.COMMENT, Kind.PROPOSAL):
                    tell([reviewer], kind, path="/review/", evidence=entry)
                tell([reviewer], Kind.RESPONSE, path="/review/", evidence=entry)
            return User.objects.get(pk=reviewer.pk)

        one, many = person("reviewer"), person("reviewer")
        one, many = wait_for(one, 1), wait_for(many, 6)
        with CaptureQueriesContext(connection) as queries:
            deliver([one])

        with django_assert_num_queries(len(queries)):
            deliver([many])
