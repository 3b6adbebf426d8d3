"""The command that a timer runs to send what waits."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from icctracker.actions.mail import tell
from icctracker.models import Evidence, Notice
from tests.factories import make_evidence, make_user
from tests.mail_server import free_port
from tests.postbox import arrived

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
        assert len(arrived()) == 1

    def test_a_dry_run_names_who_would_be_written_to(self, reviewer):
        assert send_digest(dry_run=True) == "rosa\n"
        assert arrived() == []

    def test_it_fails_if_a_message_cannot_be_sent_and_tries_again(
        self, reviewer, settings
    ):
        ours = settings.MAIL_TRANSPORT
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        with pytest.raises(CommandError, match="1 could not be sent"):
            send_digest()
        settings.MAIL_TRANSPORT = ours

        assert send_digest() == "Messages sent: 0.\n"
        with time_machine.travel(timezone.now() + timedelta(minutes=2)):
            assert send_digest() == "Messages sent: 1.\n"
