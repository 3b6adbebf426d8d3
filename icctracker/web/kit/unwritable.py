"""The records can be read, and for the moment nothing can be written to them.

Locked by somebody else, on a disk that is full, or that may only be read: ``cause``
tells which. What reading notes ``aside`` is left out then, so that readers notice
nothing; whoever writes gets what they typed back (``page``), and may send it again.
"""

import errno
import logging
import shutil
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from . import kept

logger = logging.getLogger(__name__)

LOCKED, FULL, READ_ONLY = "locked", "full", "read-only"
# As SQLite, PostgreSQL and the system name it.
SQLITE = {
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_FULL": FULL,
    "SQLITE_IOERR_WRITE": FULL,
    "SQLITE_IOERR_FSYNC": FULL,
    "SQLITE_IOERR_TRUNCATE": FULL,
    "SQLITE_IOERR_SHM": FULL,
    "SQLITE_READONLY": READ_ONLY,
}
POSTGRESQL = {
    # A lock was not to be had in time; two waited for each other.
    "55P03": LOCKED,
    "40P01": LOCKED,
    "53100": FULL,
    "25006": READ_ONLY,
}
SYSTEM = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY}

READING = ("GET", "HEAD", "OPTIONS")
SECONDS_UNTIL_AGAIN = 30
# How long a note beside a reading may wait: readers wait for nothing.
MILLISECONDS_ASIDE = 250
# How long the lock is waited for by whoever asks whether anything can be written.
MILLISECONDS_TRIED = 3_000

# How a transaction is told how long to wait for a lock, where that is said within it.
_PATIENCE = {"postgresql": "SET LOCAL lock_timeout = {:d};"}

# Where one proves who one is. Nothing that is sent there is shown again.
PROVING = (
    "account_login sign-in mfa_authenticate mfa_login_webauthn account_reauthenticate"
    " mfa_reauthenticate mfa_reauthenticate_webauthn"
).split()
# Whose forms hold passwords, codes and keys, which no page holds once more.
OF_ACCOUNTS = ("account_", "mfa_")


def cause(fault):
    """Why nothing can be written, if that is what was raised; else None."""
    while fault is not None:
        if found := _told_by(fault):
            return found
        fault = fault.__cause__ or fault.__context__
    return None


def _told_by(fault):
    name = getattr(fault, "sqlite_errorname", None) or ""
    for known, found in SQLITE.items():
        if name.startswith(known):
            return found
    if isinstance(fault, OSError):
        return SYSTEM.get(fault.errno)
    return POSTGRESQL.get(getattr(fault, "sqlstate", None))


# What reading notes beside.


def aside(write):
    """Write a note that no reader has to wait for; whether it was written."""
    found = _hindrance(partial(_patiently, write), MILLISECONDS_ASIDE)
    if found:
        logger.warning("A note beside a reading was left out: %s", found)
    return not found


def hindered():
    """Why nothing can be written at this moment; None if something can."""
    return _hindrance(_write_nothing, MILLISECONDS_TRIED)


def little_space():
    """Free megabytes by what is kept there, where that is less than it should be."""
    free = {what: _free(folder) for what, folder in _folders().items()}
    return {what: mb for what, mb in free.items() if mb < settings.LEAST_FREE_MB}


def _folders():
    found = {"imports": settings.IMPORT_DIR, "backups": settings.BACKUP_DIR}
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        found["records"] = Path(connection.settings_dict["NAME"]).parent
    return found


def _free(folder):
    # What is not there yet will be made on the disk of the folder above.
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(there).free // 2**20


def _write_nothing():
    """With its patience in the same breath: /readyz asks little of a database."""
    first = _PATIENCE.get(connection.vendor, "").format(MILLISECONDS_TRIED)
    with connection.cursor() as cursor:
        cursor.execute(f"{first} DELETE FROM django_migrations WHERE id < 0")  # noqa: S608


def _hindrance(write, milliseconds):
    """Why something could not be written within a time; None if it was."""
    before = _set_patience(milliseconds)
    try:
        with transaction.atomic():
            write()
    except Exception as fault:
        if not (found := cause(fault)):
            raise
        return found
    finally:
        _set_patience(before)
    return None


def _set_patience(milliseconds):
    """How long SQLite waits for a lock from now on; returns how long it did."""
    if connection.vendor != "sqlite":
        return None
    connection.ensure_connection()
    # No question to the database, and so told to the connection itself.
    tell = connection.connection.execute
    before = tell("PRAGMA busy_timeout").fetchone()[0]
    tell(f"PRAGMA busy_timeout = {milliseconds:d}")
    return before


def _patiently(write):
    if patience := _PATIENCE.get(connection.vendor):
        with connection.cursor() as cursor:
            cursor.execute(patience.format(MILLISECONDS_ASIDE))
    write()


# What whoever writes is answered.


def page(request, found):
    """503: why nothing was saved, and what was typed, to be copied or sent again."""
    writes, name = request.method not in READING, _name(request)
    theirs = writes and not name.startswith(OF_ACCOUNTS)
    context = {
        "writes": writes,
        "proves": name in PROVING,
        "reason": _reason(found),
        "typed": kept.words(request) if theirs else [],
        "again": _again(request) if theirs else [],
        "had_files": theirs and bool(_files(request)),
    }
    try:
        response = render(request, "not_written.html", context, status=503)
    except Exception:  # Whatever else fails, what was typed is not lost.
        logger.exception("Only the plainest page could be shown")
        response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = SECONDS_UNTIL_AGAIN
    response["Cache-Control"] = "no-store"
    return response


def _reason(found):
    return {
        LOCKED: _("Something else is being saved, and takes longer than a page waits."),
        FULL: _("There is no space left where the site keeps its records."),
        READ_ONLY: _("The site may only read its records at this moment."),
    }[found]


def _name(request):
    match = request.resolver_match
    return (match and match.url_name) or ""


def _again(request):
    """The fields of a form to be sent once more as they are; none if that may not be.

    A form that did not prove to come from this site gets no second chance from us.
    """
    if not getattr(request, "csrf_processing_done", False):
        return []
    lists = kept.posted(request).lists()
    fields = [(name, values) for name, values in lists if name != _TOKEN]
    if _files(request) or any("password" in name for name, _values in fields):
        return []
    return [(name, value) for name, values in fields for value in values]


_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)


def _files(request):
    return (request.content_type or "").startswith("multipart/") and request.FILES
