"""The one way by which email leaves the site: written first, sent afterwards.

A message is a row, written in the transaction of what it tells of. It is sent when
that stands: by the worker, by a thread of the site where there is none, or by a
command. What a mail server refuses waits and is tried again, after longer and longer
pauses, until it is of no use any more.
"""

import json
import logging
import re
import threading
from collections import Counter
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from icctracker.models import Message
from icctracker.models.outbox import LEASE, end_of_use
from icctracker.models.sealed import CannotBeOpened, opened, seal

from .tasks import later

Kind, State = Message.Kind, Message.State
_PURPOSE = "outbox"
# What is told of notices is written when it is sent, from what is true then.
COMPOSED_BY = {Kind.NOTICES: "icctracker.actions.mail.Digest"}
# So many failures one after the other: the server is away, and the rest need not try.
ENOUGH = 3
KEPT = timedelta(days=30)
# Where the outbox itself could not be read.
READ_AGAIN = timedelta(minutes=1)
_logger = logging.getLogger(__name__)


class Outbox(BaseEmailBackend):
    """Where Django's ``send_mail`` and all that builds on it leave their messages."""

    def send_messages(self, email_messages):
        """Write them down, each of its recipients by itself; how many."""
        for email in email_messages:
            put(email)
        return len(email_messages)


def put(email, *, kind=Kind.OTHER, until=None):
    """Put an EmailMessage into the outbox, to be sent once the transaction stands.

    ``until`` is the instant at which a link in it ceases to be good.
    """
    if email.attachments:
        raise ValueError("The outbox takes no attachments.")
    for address in email.recipients():
        Message.objects.create(
            kind=kind,
            shown_to=in_part(address),
            subject=" ".join(str(email.subject).split())[:200],
            address_digest=_digest(address),
            sealed=seal(_PURPOSE, json.dumps(_as_data(email, address))),
            valid_until=until or end_of_use(),
        )
    tell_postman()


def put_for(person, *, kind=Kind.NOTICES):
    """Have a person told, once the transaction stands, of what waits for them then.

    One that has not been tried yet will tell of it all.
    """
    untried = Message.objects.waiting().filter(person=person, kind=kind, attempts=0)
    if not untried.exists():
        Message.objects.create(kind=kind, person=person, shown_to=in_part(person.email))
    tell_postman()


def in_part(address):
    """As much of an address as tells a person's messages apart: a…@example.org."""
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"[:120]


def drop_for(address, **which):
    """Drop what still waits for an address, or of it what has these values."""
    found = Message.objects.waiting().filter(address_digest=_digest(address), **which)
    return end(found, State.NEEDLESS)


@transaction.atomic
def hurry(messages):
    """Have messages that wait for their next attempt tried now; how many."""
    # One that is being sent at this moment has no fault yet, and is left alone.
    waiting = messages.waiting().filter(Q(attempts=0) | ~Q(fault=""))
    done = waiting.filter(next_at__gt=timezone.now()).update(next_at=timezone.now())
    tell_postman()
    return done


def end(messages, state, fault=""):
    """Messages are done with: from now on nobody reads what they said."""
    return messages.update(
        state=state,
        fault=fault,
        sealed="",
        address_digest="",
        next_at=None,
        ended_at=timezone.now(),
    )


def forget_ended():
    """Delete what was sent or given up long ago; returns how many."""
    return Message.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()[0]


def _digest(address):
    return salted_hmac("icctracker.outbox", address.casefold()).hexdigest()


def _as_data(email, address):
    return {
        "subject": str(email.subject),
        "body": str(email.body),
        "from_email": email.from_email,
        "to": [address],
        "reply_to": email.reply_to,
        "headers": email.extra_headers,
        "subtype": email.content_subtype,
        "alternatives": [list(each) for each in getattr(email, "alternatives", ())],
    }


# Sending.


def send_waiting():
    """Send all that is due; a Counter of ``sent``, ``failed`` and ``needless``."""
    counted, failed = Counter(), 0
    while failed < ENOUGH and (message := _claim()):
        outcome = _send(message)
        counted[outcome] += 1
        failed = failed + 1 if outcome == "failed" else 0
    return counted


def _claim():
    """A message that is now ours to send and nobody else's, or None.

    It counts as an attempt at once, so that one that kills its sender has an end, too.
    """
    now = timezone.now()
    with transaction.atomic():
        due = Message.objects.due().order_by("next_at", "pk")
        skip = connection.features.has_select_for_update_skip_locked
        message = due.select_for_update(skip_locked=skip).first()
        if message is None:
            return None
        message.attempts += 1
        message.next_at = now + LEASE
        message.fault, message.last_fault = "", message.fault
        message.save(update_fields=["attempts", "next_at", "fault"])
    return message


def _send(message):
    """Try one message that is ours; how it went."""
    ours = Message.objects.filter(pk=message.pk, attempts=message.attempts)
    if message.valid_until <= timezone.now() or message.attempts > len(_pauses()) + 1:
        return _give_up(message, ours, message.last_fault)
    try:
        letter = _open(message)
    except CannotBeOpened:
        return _give_up(message, ours, _("It was sealed with another SECRET_KEY."))
    if letter.email is None:
        end(ours, State.NEEDLESS)
        return "needless"
    _name(letter.email, message)
    try:
        get_connection(settings.MAIL_TRANSPORT).send_messages([letter.email])
    except DatabaseError:
        raise
    # Whatever one message or its server does, the others are still sent.
    except Exception as fault:
        letter.failed()
        return _put_back(message, ours, _in_words(fault))
    with transaction.atomic():
        letter.sent()
        ours.update(subject=letter.email.subject[:200])
        end(ours, State.SENT)
    return "sent"


def _put_back(message, ours, why):
    """It waits for its next attempt, if there is one."""
    pauses = dict(enumerate(_pauses(), start=1))
    next_at = timezone.now() + pauses.get(message.attempts, timedelta(0))
    if message.attempts not in pauses or next_at >= message.valid_until:
        return _give_up(message, ours, why)
    _logger.warning(
        "Message %d could not be sent, attempt %d: %s",
        *(message.pk, message.attempts, why),
    )
    ours.update(next_at=next_at, fault=why)
    return "failed"


def _pauses():
    """How long after each attempt that failed the next one comes."""
    return [timedelta(minutes=each) for each in settings.MAIL_PAUSES]


def _give_up(message, ours, why):
    _logger.error(
        "Message %d is given up after %d attempts: %s",
        *(message.pk, message.attempts, why),
    )
    end(ours, State.GIVEN_UP, why)
    return "failed"


class Letter:
    """What is sent, and what becomes of it; most is done when it is sent."""

    def __init__(self, email):
        self.email = email

    def sent(self):
        """It has left."""

    def failed(self):
        """It has not left, and will be tried again."""


def _open(message):
    if message.kind in COMPOSED_BY:
        return import_string(COMPOSED_BY[message.kind])(message.person)
    data = json.loads(opened(_PURPOSE, message.sealed))
    subtype, alternatives = data.pop("subtype"), data.pop("alternatives")
    email = EmailMultiAlternatives(**data)
    email.content_subtype = subtype
    for content, mimetype in alternatives:
        email.attach_alternative(content, mimetype)
    return Letter(email)


def _name(email, message):
    """The same name at each attempt: programmes show once what comes twice."""
    host = urlsplit(settings.SITE_URL).hostname
    name = f"<{message.pk}.{message.created_at:%Y%m%d%H%M%S%f}.outbox@{host}>"
    email.extra_headers.setdefault("Message-ID", name)


def _in_words(fault):
    """What went wrong, without the address of anybody."""
    if isinstance(fault, SMTPRecipientsRefused):
        fault = SMTPResponseException(*next(iter(fault.recipients.values())))
    if isinstance(fault, SMTPResponseException):
        said = fault.smtp_error
        said = said.decode(errors="replace") if isinstance(said, bytes) else said
        text = f"{fault.smtp_code} {said}"
    else:
        text = f"{type(fault).__name__}: {fault}"
    return re.sub(r"[^\s<>@]+@", "…@", " ".join(text.split()))[:200]


# Who sends, and when.


def tell_postman():
    """Have what is due sent once the transaction stands."""
    if settings.WORKER:
        later(send_for_worker)
    elif settings.MAIL_AT_ONCE:
        transaction.on_commit(_postman.wake, robust=True)


@task()
def send_for_worker():
    """Send what is due, and come back when something is due again."""
    send_waiting()
    next_at = next_attempt()
    if next_at and not _comes_back_by(next_at):
        send_for_worker.using(run_after=next_at).enqueue()


def _comes_back_by(instant):
    """Whether the worker is to send again by then as it is; one return is enough."""
    to_come = DBTaskResult.objects.filter(
        status=TaskResultStatus.READY, task_path=send_for_worker.module_path
    )
    now = timezone.now()
    return to_come.filter(run_after__gt=now, run_after__lte=instant).exists()


def next_attempt():
    """When something is due again, or None."""
    return Message.objects.waiting().aggregate(at=Min("next_at"))["at"]


class _Postman:
    """Sends what is due in a thread of the site; one in each process, while needed.

    No page waits for a mail server, and none takes longer because a person is known.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._asked = self._at_work = False
        self._alarm = None

    def wake(self):
        """Send what is due, now or after what is being sent."""
        with self._lock:
            self._asked = True
            if self._at_work:
                return
            self._at_work = True
        # A process that ends waits for it: nothing is left half sent.
        threading.Thread(target=self._work, name="postman", daemon=False).start()

    def _work(self):
        try:
            while self._has_work():
                send_waiting()
            self._wake_at(next_attempt())
        except DatabaseError:
            _logger.exception("The outbox could not be read; it is read again later.")
            self._rest()
            self._wake_at(timezone.now() + READ_AGAIN)
        except BaseException:
            self._rest()
            raise
        finally:
            connections.close_all()

    def _has_work(self):
        """Whether anybody has asked since; if not, whoever asks next begins anew."""
        with self._lock:
            asked, self._asked = self._asked, False
            self._at_work = asked
            return asked

    def _rest(self):
        with self._lock:
            self._at_work = False

    def _wake_at(self, instant):
        if self._alarm:
            self._alarm.cancel()
        if instant is None:
            return
        seconds = max(1, (instant - timezone.now()).total_seconds())
        self._alarm = threading.Timer(seconds, self.wake)
        # Nobody waits for an alarm; whoever comes next sends what it was set for.
        self._alarm.daemon = True
        self._alarm.start()


_postman = _Postman()
