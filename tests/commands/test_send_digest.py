"""The command that a timer runs to send what waits."""

from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from icctracker.actions.mail import tell
from icctracker.models import Evidence, Notice
from tests.factories import make_evidence, make_user

pytestmark = pytest.mark.django_db


def send_digest(**options):
    said = StringIO()
    call_command("send_digest", stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def reviewer():
    reviewer = make_user("reviewer", username="rosa", email="rosa@example.org")
    entry = make_evidence(Evidence.State.SUBMITTED)
    tell([reviewer], Notice.Kind.NEW_ENTRY, path="/review/", evidence=entry)
    return reviewer


class TestSendDigest:
    def test_it_sends_what_waits_and_says_how_much(self, reviewer):
        assert send_digest() == "Messages sent: 1.\n"
        assert send_digest() == "Messages sent: 0.\n"
        assert len(mail.outbox) == 1

    def test_a_dry_run_names_who_would_be_written_to(self, reviewer):
        assert send_digest(dry_run=True) == "rosa\n"
        assert mail.outbox == []

    def test_it_fails_if_a_message_cannot_be_sent_and_tries_again(
        self, reviewer, monkeypatch
    ):
        def fail(message):
            raise ConnectionRefusedError

        with monkeypatch.context() as patched:
            patched.setattr("django.core.mail.EmailMessage.send", fail)
            with pytest.raises(CommandError, match="1 could not be sent"):
                send_digest()

        assert send_digest() == "Messages sent: 1.\n"
