"""Runs of imports: one at a time, with signs of life, and cleared away at last."""

import os
import shutil
import socket
import time
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.imports.council_files import bring_in, compare
from icctracker.imports.records import FileRefused
from icctracker.models import ImportRun

State = ImportRun.State
# How often a run says how far it is, and how long what it leaves behind is kept.
PULSE = 0.5
KEPT = timedelta(days=30)


class Busy(FileRefused):
    """Another import is writing to the record."""


def begin(run):
    """Take the lock for a run, from one that has ended without saying so if need be."""
    for silent in ImportRun.objects.filter(holds_lock=True):
        if silent.is_silent:
            stop(silent)
    run.holds_lock, run.state = True, State.IMPORTING
    run.seen_at, run.process = timezone.now(), this_process()
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as taken:
        run.holds_lock = False
        text = _("Another import is running. Try again when it has ended.")
        raise Busy(text) from taken
    return run


def this_process():
    """What tells this process from others."""
    return f"{socket.gethostname()[:100]}:{os.getpid()}"


def end(run, state, message="", imported=None):
    """Say how a run ended, and let others begin."""
    run.state, run.message, run.imported = state, str(message), imported
    run.holds_lock, run.finished_at, run.seen_at = False, timezone.now(), timezone.now()
    run.save()


def stop(run):
    """Mark a run that ended without saying so; its transaction was never completed."""
    end(run, State.STOPPED)


def check(run, path, report_path, progress=None):
    """Compare a file with the record for a run; nothing is written to the record."""
    pulse = _Pulse(run, progress)
    compared = compare(
        path, report_path, name=run.file, order=run.date_order, progress=pulse
    )
    run.layout, run.percent = str(compared.layout.label)[:200], 100
    run.counts = dict(compared.report.counts)
    run.seen_at = timezone.now()
    if run.pk:
        run.save()
    return compared


def carry_out(run, path, report_path, progress=None):
    """Bring a file in for a run: compare again, then write all of it or nothing."""
    begin(run)
    try:
        compared = check(run, path, report_path, progress)
        if compared.has_faults and not run.partly:
            end(run, State.REFUSED, _("The file has faults. Nothing was imported."))
            return compared
        imported = bring_in(compared)
    except FileRefused as refused:
        end(run, State.REFUSED, refused)
        raise
    except BaseException:
        end(run, State.STOPPED)
        raise
    end(run, State.DONE, imported=imported)
    return compared


def carry_on(run):
    """Do what a run that was begun in the admin waits for, in a process of its own."""
    run.process = this_process()
    run.save(update_fields=["process"])
    paths = run.folder / "file", run.folder / "report.jsonl"
    if run.state == State.CHECKING:
        _check_only(run, *paths)
    elif run.state == State.IMPORTING:
        try:
            carry_out(run, *paths)
        except Busy as busy:
            run.state, run.message = State.CHECKED, str(busy)
            run.save()
            return
        paths[0].unlink(missing_ok=True)


def discard(run):
    """Give up a run that has not been imported, and its file."""
    end(run, State.DISCARDED)
    shutil.rmtree(run.folder, ignore_errors=True)


def _check_only(run, path, report_path):
    try:
        check(run, path, report_path)
    except FileRefused as refused:
        end(run, State.REFUSED, refused)
    except BaseException:
        end(run, State.STOPPED)
        raise
    else:
        run.state = State.CHECKED
        run.save()


def clear_away(now=None):
    """Remove the files of runs that ended long ago."""
    before = (now or timezone.now()) - KEPT
    for run in ImportRun.objects.filter(started_at__lt=before, holds_lock=False):
        shutil.rmtree(run.folder, ignore_errors=True)


class _Pulse:
    """Keeps a run's progress in the database, now and then."""

    def __init__(self, run, also=None):
        self.run, self.also, self.last = run, also, time.monotonic()

    def __call__(self, share):
        if self.also:
            self.also(share)
        now = time.monotonic()
        if self.run.pk and now - self.last > PULSE:
            self.last, self.run.percent = now, int(share * 100)
            self.run.seen_at = timezone.now()
            self.run.save(update_fields=["percent", "seen_at"])
