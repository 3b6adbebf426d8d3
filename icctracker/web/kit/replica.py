"""A copy of the database that strangers' pages are read from, never an older one.

Before a page is built the version of the data is read from the primary. The replica is
asked only if its own version is the same, so that whatever a reader could have been
shown already is there. Whoever is signed in, and whatever is written, has the primary.
"""

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, Error, connections

from icctracker.models import DataVersion

logger = logging.getLogger(__name__)
ALIAS = "replica"
# How long a replica that did not answer is not asked again by a process.
SECONDS_LEFT_ALONE = 5
_reads = ContextVar("whether this thread reads from the replica", default=False)
_left_alone = {"until": 0}


class Router:
    """Sends what is read to the replica while a page is built from it; else nowhere."""

    def db_for_read(self, model, **hints):
        return ALIAS if _reads.get() else DEFAULT_DB_ALIAS

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db != ALIAS


def has(version):
    """Whether there is a replica that has just what a version of the data tells of."""
    if ALIAS not in connections.settings or time.monotonic() < _left_alone["until"]:
        return False
    try:
        return DataVersion.objects.db_manager(ALIAS).current() == version
    except Error as fault:
        leave_alone(fault)
        return False


def leave_alone(fault):
    """Read from the primary for a while, so that not every reader waits in vain."""
    _left_alone["until"] = time.monotonic() + SECONDS_LEFT_ALONE
    logger.warning("The replica is left alone for %s s: %s", SECONDS_LEFT_ALONE, fault)


@contextmanager
def read():
    """Within it, this thread reads from the replica."""
    before = _reads.set(True)
    try:
        yield
    finally:
        _reads.reset(before)


def read_while_sent(pieces):
    """What is read while it is sent, read from the replica to its end."""
    with read():
        yield from pieces
