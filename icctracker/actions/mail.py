"""Sending people what has been noted for them: one plain message each.

A notice is claimed before it is sent, so that two senders never send it twice; what
cannot be sent waits for the next time.
"""

import logging
import smtplib
from collections import Counter
from datetime import timedelta

from django.db.models import Max
from django.utils import timezone

from icctracker.actions.concerns import Concerns
from icctracker.letters import compose
from icctracker.models import Notice, User

# A run every hour still sends one digest a day.
BETWEEN_DIGESTS = timedelta(hours=20)
KEPT = timedelta(days=90)
_logger = logging.getLogger(__name__)


def deliver(people=None):
    """Send each of these people, or all for whom it is time, what waits for them.

    Returns a Counter of messages ``sent`` and ``failed``, and of notices ``dropped``
    because they no longer concern the person.
    """
    counted = Counter()
    for person in people_due() if people is None else people:
        counted.update(_deliver_to(person))
    return counted


def people_due():
    """Those for whom something waits, and who had no digest in the last day."""
    waiting = Notice.objects.waiting().values("person")
    people = User.objects.filter(pk__in=waiting).order_by("pk")
    since = timezone.now() - BETWEEN_DIGESTS
    return [
        person
        for person in people.annotate(last_sent=Max("notices__sent_at"))
        if person.mail != User.Mail.DAILY
        or person.last_sent is None
        or person.last_sent < since
    ]


def forget_old():
    """Delete the notices that were sent long ago; returns how many.

    Those of what is due stay: by them nobody is reminded twice of the same day.
    """
    old = Notice.objects.filter(sent_at__lt=timezone.now() - KEPT)
    return old.exclude(kind=Notice.Kind.DUE).delete()[0]


def _deliver_to(person):
    mine = _claim(person)
    notices = list(mine.select_related("evidence", "recommendation"))
    concerns = Concerns(person)
    wanted = [notice for notice in notices if concerns.include(notice)]
    unwanted = {notice.pk for notice in notices} - {notice.pk for notice in wanted}
    dropped = Notice.objects.filter(pk__in=unwanted).delete()[0]
    if not wanted:
        return Counter(dropped=dropped)
    try:
        compose(person, wanted).send()
    except (smtplib.SMTPException, OSError):
        mine.update(claimed_at=None)
        _logger.exception("A message could not be sent; it will be tried again.")
        return Counter(dropped=dropped, failed=1)
    mine.update(sent_at=timezone.now())
    return Counter(dropped=dropped, sent=1)


def _claim(person):
    """The notices of a person that are now ours to send, and no other sender's."""
    now = timezone.now()
    Notice.objects.waiting().filter(person=person).update(claimed_at=now)
    claimed = Notice.objects.filter(person=person, claimed_at=now, sent_at=None)
    return Notice.objects.filter(pk__in=list(claimed.values_list("pk", flat=True)))
