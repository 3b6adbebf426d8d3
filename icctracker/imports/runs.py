"""Runs of imports: one at a time, with signs of life, and cleared away at last."""

import os
import shutil
import socket
import time
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions.record import link_situations
from icctracker.models import (
    Ballot,
    Document,
    Import,
    ImportRun,
    OtherValue,
    ValueOrigin,
    Vote,
)
from icctracker.models.folded import refold
from icctracker.models.rules import latest_today

from .compare import CHANGED, CONFLICT, NEW, Comparison, Report
from .files import FileRefused, SourceFile
from .recognise import Context, Format, recognise
from .seats import Seats

# Writes what a comparison found into the record: all of it, in one transaction.

BATCH = 500
TALLY = ("yes", "no", "abstain", "non_voting")


@transaction.atomic
def write(findings, imported, members):
    """Write findings, each with what it says is to be written, as of one import."""
    imported.save()
    writer = _Writer(imported, members)
    findings = iter(findings)
    try:
        while batch := list(islice(findings, BATCH)):
            writer.batch([each.write for each in batch if each.write])
    except IntegrityError as clash:
        raise FileRefused(_changed()) from clash


class _Writer:
    def __init__(self, imported, members):
        self.imported, self.members = imported, members
        # New texts by name: later ballots of the file may be on the same text.
        self.documents = {}

    def batch(self, writes):
        by_op = {op: [w for w in writes if w["op"] == op] for op in _OPS}
        self._new(by_op["new"])
        for each in by_op["set"]:
            self._set(each)
        for each in by_op["complete"]:
            self._complete(each)
        for each in by_op["votes"]:
            self._votes(each)
        others = [
            OtherValue(
                document_id=each["document"],
                field=each["field"],
                says=each["says"],
                standing=each["standing"],
                imported=self.imported,
            )
            for each in by_op["other"]
        ]
        # Two lines of a file may say the same: it is kept once.
        OtherValue.objects.bulk_create(others, ignore_conflicts=True)

    def _new(self, writes):
        documents, ballots, votes = [], [], []
        for each in writes:
            facts = each["ballot"] | {
                "held_on": date.fromisoformat(each["ballot"]["held_on"])
            }
            ballot = Ballot(**facts, imported=self.imported)
            key = self._key(each)
            if each["document"]:
                ballot.document_id = each["document"]
            else:
                if key not in self.documents:
                    document = Document(**each["facts"], imported=self.imported)
                    documents.append(document)
                    self.documents[key] = document
                ballot.document = self.documents[key]
            ballots.append(ballot)
            votes += self._cast(ballot, each["votes"])
        Document.objects.bulk_create(documents)
        Ballot.objects.bulk_create(ballots)
        Vote.objects.bulk_create(votes, batch_size=2000)

    def _key(self, each):
        facts = each["facts"]
        day = "" if facts["symbol"] else each["ballot"]["held_on"]
        return facts["series"], facts["symbol"] or facts["drafts"], day

    def _set(self, each):
        model = Ballot if each["ballot"] else Document
        pk = each["ballot"] or each["document"]
        as_read = {"pk": pk, each["field"]: each["before"]}
        changed = model.objects.filter(**_lookups(as_read)).update(
            **{each["field"]: each["value"]}, **each["also"]
        )
        if not changed:
            raise FileRefused(_changed())
        refold(model, [pk])
        self._origin(each, each["field"], each["before"])

    def _complete(self, each):
        tally = dict(zip(TALLY, each["tally"], strict=True))
        unknown = Ballot.objects.filter(pk=each["ballot"], yes__isnull=True)
        if not unknown.update(**tally, seats=sum(each["tally"])):
            raise FileRefused(_changed())
        self._origin(each, "tally", None)
        self._votes(each)

    def _votes(self, each):
        ballot = Ballot.objects.get(pk=each["ballot"])
        ballot.votes.all().delete()
        Vote.objects.bulk_create(self._cast(ballot, each["votes"]))
        self._origin(each, "votes", each["before"])

    def _cast(self, ballot, votes):
        return [
            Vote(ballot=ballot, member=self.members[code], cast=cast)
            for code, cast in votes.items()
        ]

    def _origin(self, each, name, before):
        ValueOrigin.objects.create(
            document_id=each["document"],
            ballot_id=each["ballot"],
            field=name,
            before="" if before is None else str(before),
            imported=self.imported,
        )


_OPS = ("new", "set", "complete", "votes", "other")


def _lookups(values):
    """Lookups that find a record with these values, empty ones included."""
    return {
        f"{name}__isnull" if value is None else name: True if value is None else value
        for name, value in values.items()
    }


def _changed():
    return _("The record was changed meanwhile. Compare the file again.")


# Brings a file of the Council's record in: recognise, compare, and only then write.

WRITTEN = (NEW, CHANGED, CONFLICT)
# What the words of a situation are looked for in.
READ_BY_SITUATIONS = ("title", "agenda_item")


@dataclass(frozen=True, slots=True)
class Compared:
    """A file that was compared with the record."""

    file: SourceFile
    layout: Format
    report: Report
    seats: Seats

    @property
    def has_faults(self):
        return bool(self.report.counts["fault"])

    @property
    def would_write(self):
        return any(self.report.counts[kind] for kind in WRITTEN)


def compare(path, report_path, *, name="", order="", progress=None):
    """Compare a file with the record and report to a file; writes nothing else.

    ``progress`` is told after each finding how far the file is read, from 0 to 1.
    """
    file = SourceFile(path, name)
    layout, read = recognise(file)
    seats = Seats()
    if not seats.by_year:
        raise FileRefused(_("The record has no Council members yet: run setup_site."))
    context = Context(seats, latest_today(), order)
    report = Report(Path(report_path))
    found = Comparison(seats, layout.short).findings(read(context))
    report.keep(_telling(found, file, progress))
    if not report.counts.total():
        raise FileRefused(_("The file names its columns but has no rows."))
    return Compared(file, layout, report, seats)


@transaction.atomic
def bring_in(compared):
    """Write what a comparison found; None if there was nothing to write.

    What is new is found by the words of the situations, and so reaches the inbox.
    """
    if not compared.would_write:
        return None
    imported = Import(source=compared.file.name[:200], credit=compared.layout.credit)
    write(compared.report.of(*WRITTEN), imported, compared.seats.members)
    written = compared.report.of(NEW, CHANGED)
    if any(each.kind == NEW or each.field in READ_BY_SITUATIONS for each in written):
        link_situations()
    return imported


def _telling(findings, file, progress):
    for each in findings:
        if progress:
            progress(min(1, file.done / file.size))
        yield each


State = ImportRun.State
# How often a run says how far it is, and how long what it leaves behind is kept.
PULSE = 0.5
KEPT = timedelta(days=30)


class Busy(FileRefused):
    """Another import is writing to the record."""


def begin(run):
    """Take the lock for a run, from one that has ended without saying so if need be."""
    for holder in ImportRun.objects.filter(holds_lock=True):
        # One that a worker died over is taken up again: nobody else works on it.
        if holder.is_silent or holder.pk == run.pk:
            stop(holder)
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
    """Mark a run that ended without saying so; what it had not completed is undone."""
    halted = run.is_of_texts and run.holds_lock
    end(run, State.HALTED if halted else State.STOPPED)


def check(run, path, report_path, progress=None):
    """Compare a file with the record for a run; nothing is written to the record."""
    pulse = Pulse(run, progress)
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


def carry_on(run, *, check=check, carry_out=carry_out):
    """Do what a run that was begun in the admin waits for, in a process of its own.

    ``check`` and ``carry_out`` are those of what the run brings in.
    """
    run.process = this_process()
    run.save(update_fields=["process"])
    paths = run.folder / "file", run.folder / "report.jsonl"
    if run.state == State.CHECKING:
        _check_only(run, *paths, check)
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
    if run.holds_lock and run.is_of_texts:
        # It died over its work, and some may have been kept.
        stop(run)
    else:
        end(run, State.DISCARDED)
    shutil.rmtree(run.folder, ignore_errors=True)


def _check_only(run, path, report_path, check):
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


class Pulse:
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
