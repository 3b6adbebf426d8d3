"""The outbox: nothing that is written is lost, read by others or sent twice.

The mail server is a real one, on loopback.
"""

import json
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage, send_mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from icctracker.actions import outbox
from icctracker.actions.outbox import forget_ended, put, put_for, send_waiting
from icctracker.actions.people import close_account
from icctracker.models import Invitation, Message, Notice, User
from icctracker.models.outbox import LEASE
from tests.admin.pages import page
from tests.factories import make_evidence, make_user
from tests.mail_server import STEPS, MailServer, free_port
from tests.postbox import arrived

pytestmark = pytest.mark.django_db
State = Message.State


@pytest.fixture
def server(settings):
    """A mail server to which the site really speaks."""
    server = MailServer()
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 0.2
    yield server
    server.close()


@pytest.fixture
def away(server, settings):
    """No mail server listens; the port of the one that will."""
    settings.EMAIL_PORT = free_port()
    return server


def write(to="ada@example.org", **fields):
    put(EmailMessage("A subject", "A secret link", None, [to]), **fields)
    return Message.objects.latest("pk")


def later(**after):
    return time_machine.travel(timezone.now() + timedelta(**after))


class TestSending:
    def test_what_is_written_arrives_as_it_was_written(self, server):
        send_mail("Ünder way", "A line.\n.\nAnother.", "us@example.org", ["a@e.org"])

        assert send_waiting() == {"sent": 1}
        (message,) = server.received
        assert (message["Subject"], message["To"]) == ("Ünder way", "a@e.org")
        assert message.get_content().split("\r\n") == ["A line.", ".", "Another.", ""]
        assert server.recipients == ["a@e.org"]

    def test_nothing_is_sent_twice(self, server):
        write()
        send_waiting()

        assert send_waiting() == {}
        assert len(server.received) == 1

    def test_each_recipient_has_a_message_of_their_own(self, server):
        send_mail("To two", "Hello", None, ["a@e.org", "b@e.org"])
        send_waiting()

        assert {message["To"] for message in server.received} == {"a@e.org", "b@e.org"}

    def test_what_another_sender_has_claimed_is_left_to_it(self, server):
        write()
        outbox._claim()

        assert send_waiting() == {}

    def test_what_a_dead_sender_had_claimed_is_sent_under_the_same_name(self, server):
        message = write()
        outbox._send(outbox._claim())
        # It had left, and its sender died before that was noted.
        Message.objects.filter(pk=message.pk).update(
            state=State.WAITING,
            sealed=outbox.seal(outbox._PURPOSE, json.dumps(AS_DATA)),
            ended_at=None,
            next_at=timezone.now() + LEASE,
        )
        assert send_waiting() == {}

        with time_machine.travel(timezone.now() + LEASE):
            send_waiting()

        first, second = server.received
        assert first["Message-ID"] == second["Message-ID"]

    def test_one_that_cannot_be_sent_does_not_hold_up_the_next(self, server):
        server.fault = ("RCPT", "550")
        write("nobody@example.org")
        send_waiting()
        server.fault = None
        write("ada@example.org")

        assert send_waiting() == {"sent": 1}

    def test_what_is_undone_is_not_sent(self, server):
        with pytest.raises(ZeroDivisionError), outbox.transaction.atomic():
            write()
            raise ZeroDivisionError

        assert not Message.objects.exists()


AS_DATA = {
    "subject": "A subject",
    "body": "A secret link",
    "from_email": None,
    "to": ["ada@example.org"],
    "reply_to": [],
    "headers": {},
    "subtype": "plain",
    "alternatives": [],
}


class TestAServerThatFails:
    def test_is_asked_again_after_longer_and_longer_pauses_until_an_end(
        self, away, caplog, settings
    ):
        message, tried = write(until=timezone.now() + timedelta(days=30)), []
        with time_machine.travel(timezone.now(), tick=False) as clock:
            while message.state == State.WAITING:
                clock.move_to(message.next_at)
                tried.append(timezone.now())
                assert send_waiting() == {"failed": 1}
                message.refresh_from_db()

        waited = [b - a for a, b in zip(tried, tried[1:], strict=False)]
        assert waited == [timedelta(minutes=each) for each in settings.MAIL_PAUSES]
        assert waited == sorted(waited)
        assert (message.state, message.sealed) == (State.GIVEN_UP, "")
        assert "ConnectionRefusedError" in message.fault
        assert "is given up after 9 attempts" in caplog.text

    def test_that_is_away_is_not_asked_for_every_message(self, away):
        for number in range(outbox.ENOUGH + 2):
            write(f"a{number}@example.org")

        assert send_waiting() == {"failed": outbox.ENOUGH}
        assert Message.objects.filter(attempts=0).count() == 2

    def test_does_not_get_a_link_that_is_good_no_longer(self, away, settings):
        message = write(until=timezone.now() + timedelta(hours=1))
        send_waiting()
        settings.EMAIL_PORT = away.port

        with later(hours=2):
            send_waiting()

        message.refresh_from_db()
        assert away.received == []
        assert (message.state, message.sealed) == (State.GIVEN_UP, "")

    def test_what_it_says_names_nobody(self, server, caplog):
        server.fault = ("RCPT", "550 <ada@example.org> is unknown:")
        message = write("ada@example.org")

        send_waiting()

        message.refresh_from_db()
        assert message.fault.startswith("550 <…@example.org> is unknown")
        assert "ada@" not in caplog.text

    def test_a_message_sealed_with_a_lost_key_is_given_up(self, server, settings):
        message = write()
        settings.SECRET_KEY = "another"  # noqa: S105

        send_waiting()

        message.refresh_from_db()
        assert message.state == State.GIVEN_UP and "SECRET_KEY" in message.fault


FAULTS = [("away", None), *((step, says) for step in STEPS for says in (None, "554"))]


def reset(client):
    return client.post(reverse("password-reset"), {"email": "ada@example.org"})


def reset_of_nobody(client):
    return client.post(reverse("password-reset"), {"email": "nobody@example.org"})


def change_password(client):
    new = "quite another phrase"
    data = {"oldpassword": "a long password", "password1": new, "password2": new}
    client.force_login(User.objects.get(username="ada"))
    return client.post(reverse("password-change"), data)


def invite(client):
    client.force_login(User.objects.get(username="cora"))
    data = {"email": "rita@example.org", "role": "reviewer"}
    return client.post(page("invitation", "add"), data)


def decide(client):
    client.force_login(User.objects.get(username="cora"))
    entry = make_evidence("submitted", by=User.objects.get(username="ada"))
    data = {"outcome": "publish", "checked": "on", "note": "", "seen": entry.version}
    return client.post(reverse("review-evidence", args=[entry.pk]), data)


def respond(client):
    data = {"kind": "correction", "text": "Wrong.", "creation_key": uuid.uuid4()}
    return client.post(reverse("respond"), data)


# Whatever a person does of which somebody is told at once, and whom.
DONE = {
    reset: "ada@example.org",
    reset_of_nobody: "nobody@example.org",
    change_password: "ada@example.org",
    invite: "rita@example.org",
    decide: "ada@example.org",
    respond: "cora@example.org",
}


class TestEveryPage:
    @pytest.fixture(autouse=True)
    def people(self):
        told = {"mail": User.Mail.AT_ONCE}
        make_user("researcher", username="ada", email="ada@example.org", **told)
        make_user("curator", username="cora", email="cora@example.org", **told)

    @pytest.mark.parametrize("do", DONE, ids=lambda do: do.__name__)
    @pytest.mark.parametrize("fault", FAULTS, ids=str)
    def test_answers_as_usual_and_the_message_arrives_when_the_server_is_back(
        self, client, server, settings, fault, do
    ):
        if fault[0] == "away":
            settings.EMAIL_PORT = free_port()
        else:
            server.fault = fault

        answer = do(client)
        assert send_waiting()["failed"] >= 1
        settings.EMAIL_PORT, server.fault, server.recipients = server.port, None, []
        with later(minutes=2):
            send_waiting()

        assert answer.status_code == 302
        assert DONE[do] in server.recipients
        assert {each.state for each in Message.objects.all()} == {State.SENT}


class TestWhoMayKnow:
    def test_neither_text_nor_address_can_be_read_in_the_table(self):
        message = write()

        values = " ".join(str(v) for v in Message.objects.values_list().get())
        assert "secret" not in values and "ada" not in values
        assert message.shown_to == "a…@example.org"

    def test_what_is_sent_is_kept_no_longer(self, server):
        message = write()
        send_waiting()

        message.refresh_from_db()
        assert (message.state, message.sealed) == (State.SENT, "")
        assert message.address_digest == ""

    def test_the_row_itself_is_forgotten_after_a_month(self, server):
        write()
        send_waiting()
        assert forget_ended() == 0

        with later(days=31):
            assert forget_ended() == 1

    def test_whoever_closes_the_account_is_written_to_no_more(self, server):
        make_user("curator")
        person = make_user("researcher", email="ada@example.org")
        write("ADA@example.org")
        put_for(person)

        close_account(person, by=person)

        assert send_waiting() == {}

    def test_a_known_and_an_unknown_address_make_rows_alike(self, client):
        make_user("researcher", email="ada@example.org")
        rows = []
        for do in (reset, reset_of_nobody):
            do(client)
            rows.append(Message.objects.latest("pk"))

        known, unknown = rows
        assert known.kind == unknown.kind
        assert abs(known.valid_until - unknown.valid_until) < timedelta(minutes=1)

    def test_an_invitation_waits_as_long_as_it_is_good(self, client):
        make_user("curator", username="cora")
        invite(client)

        assert Message.objects.get().valid_until == Invitation.objects.get().expires_at


class TestNotices:
    def test_are_written_when_they_are_sent_from_what_is_true_then(
        self, away, settings
    ):
        person = make_user("reviewer", email="r@example.org", mail=User.Mail.AT_ONCE)
        entry = make_evidence("submitted", title="Before")
        outbox.put_for(person)
        Notice.objects.create(
            person=person, kind=Notice.Kind.NEW_ENTRY, path="/", evidence=entry
        )
        send_waiting()
        type(entry).objects.filter(pk=entry.pk).update(title="Afterwards")
        settings.EMAIL_PORT = away.port

        with later(minutes=2):
            send_waiting()

        assert "Afterwards" in away.received[0].get_content()
        assert Notice.objects.get().sent_at


class TestTheAdmin:
    @pytest.fixture(autouse=True)
    def curator(self, client):
        curator = make_user("curator")
        client.force_login(curator)
        return curator

    def act(self, client, action, *messages):
        keys = [each.pk for each in messages]
        data = {"action": action, "_selected_action": keys}
        return client.post(page("message", "changelist"), data, follow=True)

    def test_shows_what_waits_and_why_and_no_secret(self, client, away):
        message = write()
        send_waiting()

        for name, *args in (["changelist"], ["change", message.pk]):
            text = client.get(page("message", name, *args)).content.decode()
            assert "a…@example.org" in text and "ConnectionRefusedError" in text
            assert "ada@" not in text and "secret link" not in text
            assert Message.objects.get().sealed not in text

    def test_a_message_is_tried_at_once(self, client, away, settings):
        message = write()
        send_waiting()
        settings.EMAIL_PORT = away.port
        assert send_waiting() == {}

        self.act(client, "try_now", message)

        assert send_waiting() == {"sent": 1}

    def test_one_that_is_being_sent_is_not_sent_by_another_too(self, client, server):
        message = write()
        outbox._claim()

        self.act(client, "try_now", message)

        assert send_waiting() == {}

    def test_a_message_is_dropped(self, client, server):
        self.act(client, "drop", write())

        assert send_waiting() == {}
        assert Message.objects.get().state == State.NEEDLESS

    def test_nobody_else_reads_the_list(self, client):
        client.force_login(make_user("reviewer", is_staff=True))

        assert client.get(page("message", "changelist")).status_code == 403


class TestOperators:
    def test_are_told_of_what_is_stuck(self, away, capsys):
        write()
        call_command("check_consistency")
        for attempt in range(4):
            with later(hours=attempt):
                send_waiting()

        with pytest.raises(CommandError):
            call_command("check_consistency")

        assert "could not be sent, waiting: 1" in capsys.readouterr().out

    def test_the_command_sends_what_waits_and_fails_if_it_cannot(self, away, settings):
        write()
        with pytest.raises(CommandError, match="1 could not be sent"):
            call_command("send_mail")
        settings.EMAIL_PORT = away.port

        with later(minutes=2):
            call_command("send_mail")

        assert len(away.received) == 1


def test_the_test_server_is_not_what_other_tests_send_to():
    write()

    assert len(arrived()) == 1
