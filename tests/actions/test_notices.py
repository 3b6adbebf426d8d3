"""What people are told by email, and what they never are."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from icctracker.actions.entries import submit
from icctracker.actions.mail import deliver, forget_old, people_due, tell
from icctracker.actions.review import decide, withdraw
from icctracker.models import Evidence, Message, Notice, User
from tests.factories import finding_row, make_evidence, make_user
from tests.mail_server import free_port
from tests.postbox import arrived

pytestmark = pytest.mark.django_db

State = Evidence.State


def person(role, **fields):
    user = make_user(role, **fields)
    user.email = f"{user.username}@example.org"
    user.save()
    return user


def tell_of(people, entry, kind=Notice.Kind.NEW_ENTRY):
    tell(people, kind, path="/desk/", evidence=entry)


class TestDecisions:
    @pytest.mark.parametrize(
        ("outcome", "said"),
        [
            ("publish", "Your entry is published"),
            ("return", "sent back to you"),
            ("decline", "Your entry is declined"),
        ],
    )
    def test_the_author_is_told_what_was_decided(self, outcome, said):
        author = person("researcher")
        entry = make_evidence(State.SUBMITTED, by=author, title="A text is vetoed")

        decide(entry, reviewer=person("reviewer"), outcome=outcome, note="A reason.")
        deliver()

        (message,) = arrived()
        assert message.to == [author.email]
        assert (
            said in message.body and "“A text is vetoed”, 22 May 2014" in message.body
        )
        address = settings.SITE_URL + reverse("desk-evidence", args=[entry.pk])
        assert address in message.body

    def test_of_a_withdrawal_too(self):
        entry = make_evidence(by=person("researcher"))

        withdraw(entry, by=person("curator"), reason="It was a different text.")
        deliver()

        assert "is withdrawn" in arrived()[0].body

    def test_the_comment_stays_on_the_site(self):
        entry = make_evidence(State.SUBMITTED, by=person("researcher"))

        decide(
            entry, reviewer=person("reviewer"), outcome="return", note="Secret words"
        )
        deliver()

        assert "Secret words" not in arrived()[0].message().as_string()

    def test_nobody_is_told_of_what_they_decided_themselves(self):
        curator = person("curator")
        entry = make_evidence(State.SUBMITTED, by=curator)

        decide(entry, reviewer=curator, outcome="publish", note="Nobody else is here.")

        assert not Notice.objects.exists()

    def test_a_decision_undone_by_an_error_tells_nobody(self):
        entry = make_evidence(State.SUBMITTED, by=person("researcher"), findings=[])

        with pytest.raises(Exception, match="cannot be published"):
            decide(entry, reviewer=person("reviewer"), outcome="publish")

        assert not Notice.objects.exists()


class TestNewEntries:
    def test_every_reviewer_and_curator_is_told_but_not_the_author(self):
        author = person("reviewer")
        others = {person("reviewer"), person("curator")}
        person("researcher")
        entry = make_evidence(State.DRAFT, by=author)

        submit(entry, by=author)

        assert {notice.person for notice in Notice.objects.all()} == others

    def test_no_code_and_no_reason_is_in_the_message(self):
        author = person("researcher")
        person("reviewer")
        row = finding_row(rationale="A rationale to be kept", effect=-2)
        entry = make_evidence(State.DRAFT, by=author, findings=[row])
        submit(entry, by=author)

        deliver()

        text = arrived()[0].message().as_string()
        assert "A rationale to be kept" not in text
        # But for the link that stops messages, which is made at random.
        words = [w for w in arrived()[0].body.split() if "/mail/off/" not in w]
        assert row["criterion"].code not in " ".join(words)

    def test_who_may_no_longer_review_is_not_told(self):
        reviewer = person("reviewer")
        entry = make_evidence(State.SUBMITTED)
        tell_of([reviewer], entry)
        reviewer.groups.clear()

        counted = deliver()

        assert arrived() == []
        assert counted == {"needless": 1}

    def test_what_is_decided_meanwhile_is_not_told(self):
        reviewer = person("reviewer")
        entry = make_evidence(State.SUBMITTED)
        tell_of([reviewer], entry)
        decide(entry, reviewer=person("curator"), outcome="publish")

        deliver()

        assert arrived() == []

    def test_a_title_on_several_lines_stays_on_one(self):
        reviewer = person("reviewer")
        tell_of([reviewer], make_evidence(State.SUBMITTED, title="One\nhttps://evil"))

        deliver()

        assert "\nhttps://evil" not in arrived()[0].body


class TestTheDigest:
    def test_all_that_waits_is_one_plain_message(self):
        reviewer = person("reviewer")
        for title in ("One", "Two", "Three"):
            tell_of([reviewer], make_evidence(State.SUBMITTED, title=title))

        deliver()

        (message,) = arrived()
        assert message.content_subtype == "plain" and not message.attachments
        assert message.subject == "ICC Tracker: 3 things to know"
        assert all(title in message.body for title in ("One", "Two", "Three"))

    def test_it_comes_once_a_day_however_often_the_timer_runs(self):
        reviewer = person("reviewer")
        with time_machine.travel("2026-11-24 06:00 +0000", tick=False) as clock:
            tell_of([reviewer], make_evidence(State.SUBMITTED))
            deliver()
            tell_of([reviewer], make_evidence(State.SUBMITTED))
            clock.shift(timedelta(hours=1))

            assert people_due() == []

            clock.shift(timedelta(hours=23))
            deliver()

        assert len(arrived()) == 2

    def test_nothing_is_sent_twice(self):
        tell_of([person("reviewer")], make_evidence(State.SUBMITTED))

        deliver()
        deliver()

        assert len(arrived()) == 1

    def test_what_another_sender_has_taken_is_left_to_it(self):
        reviewer = person("reviewer")
        tell_of([reviewer], make_evidence(State.SUBMITTED))
        Notice.objects.update(claimed_at=timezone.now())

        deliver([reviewer])

        assert arrived() == []

    def test_what_a_dead_sender_took_is_sent_after_an_hour(self):
        reviewer = person("reviewer")
        tell_of([reviewer], make_evidence(State.SUBMITTED))
        Notice.objects.update(claimed_at=timezone.now() - timedelta(minutes=61))

        deliver([reviewer])

        assert len(arrived()) == 1

    def test_a_long_one_says_how_much_is_left_out(self):
        reviewer = person("reviewer")
        entry = make_evidence(State.SUBMITTED)
        for _number in range(53):
            tell_of([reviewer], entry)

        deliver()

        assert "And 3 more: see your desk." in arrived()[0].body

    def test_what_was_sent_long_ago_is_forgotten(self):
        reviewer = person("reviewer")
        tell_of([reviewer], make_evidence(State.SUBMITTED))
        tell_of([reviewer], make_evidence(State.SUBMITTED))
        old = Notice.objects.first()
        Notice.objects.filter(pk=old.pk).update(
            sent_at=timezone.now() - timedelta(days=91)
        )

        forgotten = forget_old()

        assert forgotten == 1
        assert Notice.objects.count() == 1

    def test_queries_do_not_grow_with_what_is_told(self, django_assert_max_num_queries):
        reviewer = person("reviewer")
        for _number in range(20):
            tell_of([reviewer], make_evidence(State.SUBMITTED))
        deliver([reviewer])
        for _number in range(20):
            tell_of([reviewer], make_evidence(State.SUBMITTED))

        with django_assert_max_num_queries(30):
            deliver([reviewer])


class TestAtOnce:
    def test_who_asked_for_it_is_told_without_waiting_for_the_digest(self):
        author = person("researcher", mail=User.Mail.AT_ONCE)
        entry = make_evidence(State.SUBMITTED, by=author)

        decide(entry, reviewer=person("reviewer"), outcome="publish")

        assert [message.to for message in arrived()] == [[author.email]]

    def test_several_things_that_wait_come_in_one_message(self):
        author = person("researcher", mail=User.Mail.AT_ONCE)
        for _number in range(3):
            tell_of([author], make_evidence(State.PUBLISHED), Notice.Kind.PROPOSAL)

        assert len(arrived()) <= 1
        assert Message.objects.count() == 1

    def test_a_mail_server_that_fails_loses_nothing(self, settings):
        author = person("researcher", mail=User.Mail.AT_ONCE)
        entry = make_evidence(State.SUBMITTED, by=author)
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()

        decide(entry, reviewer=person("reviewer"), outcome="publish")
        assert arrived() == []

        entry.refresh_from_db()
        assert entry.state == State.PUBLISHED
        settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            assert len(arrived()) == 1


class TestWhoWantsNone:
    @pytest.mark.parametrize(
        "fields", [{"mail": "never"}, {"is_active": False}, {"email": ""}]
    )
    def test_nothing_is_noted_for_them(self, fields):
        reviewer = person("reviewer")
        for name, value in fields.items():
            setattr(reviewer, name, value)
        reviewer.save()

        tell_of([reviewer], make_evidence(State.SUBMITTED))

        assert not Notice.objects.exists()

    def test_what_waited_when_they_stopped_is_dropped(self):
        reviewer = person("reviewer")
        tell_of([reviewer], make_evidence(State.SUBMITTED))
        User.objects.update(mail=User.Mail.NEVER)

        deliver()

        assert arrived() == []
        assert not Notice.objects.exists()
