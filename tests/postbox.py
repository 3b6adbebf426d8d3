"""What people find in their postbox: the outbox is worked off, then it is looked at."""

from django.core import mail

from icctracker.actions.outbox import send_waiting


def arrived():
    """All messages that have come in this test, whoever they are for."""
    send_waiting()
    return mail.outbox
