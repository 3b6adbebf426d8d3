"""Making a backup while the site is written to."""

import os
import re
import shutil
import sqlite3
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.crypto import salted_hmac

from icctracker.actions import ActionRefused
from icctracker.models import DataVersion, ImportRun

from . import archive, fleeting, postgresql
from . import sqlite as of_sqlite

# As backups are named where no name is given; no others are ever thrown away.
NAMED = re.compile(r"icctracker-\d{8}T\d{6}Z\.tar\.gz(\.age)?")
IMPORTS = "imports"
# Of the disk and of the databases.
FAILURES = (OSError, sqlite3.Error, Error)
SCRATCH = ".unfinished-"
SECONDS_SCRATCH_IS_KEPT = 24 * 60 * 60


def engine():
    """How the database of the site is copied and replaced."""
    return of_sqlite if connection.vendor == "sqlite" else postgresql


def back_up(target=None, recipients=(), note=""):
    """Write a backup to a new file, or into a folder; where it is, and its manifest."""
    recipients = list(recipients) or settings.BACKUP_RECIPIENT
    target = _target(target, recipients, note)
    try:
        with scratch(target.parent) as folder:
            content = folder / "content"
            content.mkdir()
            manifest = _copy(content)
            archive.pack(folder / "packed", manifest, content, recipients)
            _name(folder / "packed", target)
            of_sqlite.sync(target.parent)
    except FileExistsError as fault:
        raise ActionRefused(_is_there(target)) from fault
    except FAILURES as fault:
        raise ActionRefused(f"No backup was made: {fault}") from fault
    return target, manifest


def _name(packed, target):
    """Under its own name it is there whole, or not at all, and in no other's place."""
    try:
        os.link(packed, target)
    except FileExistsError:
        raise
    except OSError:
        # A disk that knows no second name of a file.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(packed, target)


def _copy(content):
    again = fleeting.to_do_again()
    version = DataVersion.objects.current()
    migrations = sorted(MigrationRecorder(connection).applied_migrations())
    _copy_imports(content / IMPORTS)
    return {
        "what": archive.WHAT,
        "format": archive.FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "site": settings.SITE_URL,
        "engine": connection.vendor,
        "migrations": [f"{app}.{name}" for app, name in migrations],
        "data_version": str(version),
        "key": key_sign(),
        "again": again,
        "counts": engine().copy(content),
    }


def key_sign():
    """Tells whether a site has the same SECRET_KEY, and nothing of what it is."""
    return salted_hmac("icctracker.backup.key", "the same key").hexdigest()[:16]


def _copy_imports(target):
    """The files of imports that wait for a curator, wherever they lie."""
    for run in ImportRun.objects.exclude(state__in=("done", "discarded")):
        if not (run.folder / "file").is_file():
            continue
        try:
            shutil.copytree(run.folder, target / str(run.pk))
        except (FileNotFoundError, shutil.Error):
            # Discarded while it was copied.
            shutil.rmtree(target / str(run.pk), ignore_errors=True)


def _target(target, recipients, note):
    target = Path(target or settings.BACKUP_DIR).absolute()
    into_folder = target == settings.BACKUP_DIR.absolute() or target.is_dir()
    if into_folder:
        end = ".tar.gz.age" if recipients else ".tar.gz"
        target = target / f"icctracker-{timezone.now():%Y%m%dT%H%M%SZ}{note}{end}"
    _refuse_beside_the_database(target)
    if target.exists():
        raise ActionRefused(_is_there(target))
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise ActionRefused(f"No backup was made: {fault}") from fault
    return target


def _is_there(target):
    return f"{target} is there already, and stays as it is."


def _refuse_beside_the_database(target):
    if connection.vendor != "sqlite":
        return
    records = of_sqlite.path().resolve().parent
    if target.parent.resolve().is_relative_to(records):
        raise ActionRefused(
            f"A backup in {records} would be lost with the database, and fill its disk."
            " Choose another folder, or set BACKUP_DIR."
        )


@contextmanager
def scratch(beside):
    """A folder that nobody else may read, and that is gone afterwards."""
    for left in beside.glob(f"{SCRATCH}*"):
        # By a process that was killed.
        if time.time() - left.stat().st_mtime > SECONDS_SCRATCH_IS_KEPT:
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(folder, number):
    """Throw away all but so many of the newest backups in a folder; which."""
    named = [each for each in folder.iterdir() if NAMED.fullmatch(each.name)]
    older = sorted(named, key=lambda each: each.name, reverse=True)[number:]
    for each in older:
        each.unlink()
    return older
