"""Brings the texts of documents in, some at a time, each whole or not at all.

What has been kept stays when a run is stopped; the same files once more go on with the
rest, since a text that is kept already is left alone.
"""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from icctracker.actions.descent import trace_descents
from icctracker.actions.passages import Official, digest_of, keep_official
from icctracker.models import DocumentText, Import, ImportRun, OtherValue
from icctracker.models.rules import latest_today

from . import runs
from .akoma import read_file
from .akoma_head import DRAFT, RESOLUTION, STATEMENT
from .compare import (
    CHANGED,
    CONFLICT,
    DOUBT,
    FAULT,
    NEW,
    PASSED,
    SAME,
    Finding,
    Report,
)
from .files import FileRefused
from .text_record import Kept, TextRecord
from .text_sources import Sources

# So many files are written together, since each transaction waits for the disk.
AT_ONCE = 50
CREDIT = "United Nations (DGACM), machine-readable Security Council documents"
State, Variant = ImportRun.State, DocumentText.Variant
REMARKS = {
    "out of order": gettext_lazy("Paragraph %s is out of order."),
    "gap": gettext_lazy("Before paragraph %s at least one is missing."),
    "twice": gettext_lazy("%s stands twice; the second has an address of its own."),
    "long annex": gettext_lazy("An annex (%s) is longer than the text."),
}


@dataclass(frozen=True, slots=True)
class ComparedTexts:
    """Files of texts that were read, and what was found."""

    report: Report
    imported: Import | None = None


def check(run, path, report_path, progress=None):
    """Read files for a run and say what would be kept; nothing is written."""
    return _read(run, [path], report_path, progress, writes=False)


def carry_out(run, path, report_path, progress=None):
    """Read files for a run, and keep the text of each document."""
    return carry_out_all(run, [path], report_path, progress)


def carry_out_all(run, paths, report_path, progress=None):
    """The same of several files and folders."""
    runs.begin(run)
    try:
        found = _read(run, paths, report_path, progress, writes=True)
    except FileRefused as refused:
        runs.end(run, State.REFUSED, refused)
        raise
    except BaseException:
        runs.end(run, State.HALTED)
        raise
    runs.end(run, State.DONE, imported=found.imported)
    return found


def check_all(run, paths, report_path, progress=None):
    """Read several files and folders, and say what would be kept."""
    return _read(run, paths, report_path, progress, writes=False)


carry_on = partial(runs.carry_on, check=check, carry_out=carry_out)


def _read(run, paths, report_path, progress, *, writes):
    pulse = runs.Pulse(run, progress)
    names = [run.file] if len(paths) == 1 and Path(paths[0]).is_file() else ()
    sources = Sources(paths, names)
    if not sources.parts:
        raise FileRefused(_("No file there ends in .xml."))
    report = Report(Path(report_path))
    reading = _Reading(run, sources, writes)
    try:
        report.keep(reading.findings(pulse))
    finally:
        # What was kept before a run was stopped stays, and is traced, too.
        if reading.kept:
            trace_descents(reading.kept)
    run.layout, run.percent = str(_("texts in Akoma Ntoso")), 100
    run.counts = dict(report.counts)
    if run.pk:
        run.save()
    return ComparedTexts(report, reading.imported)


@dataclass
class _Told:
    """What is told of one file, and what of it is to be written."""

    findings: list
    text: Official | None = None
    others: list = field(default_factory=list)
    key: tuple = ()

    @property
    def writes(self):
        return bool(self.text or self.others)


class _Reading:
    """Reads one file after the other, and keeps its text where it is told to."""

    def __init__(self, run, sources, writes):
        self.run, self.sources, self.writes = run, sources, writes
        self.record = TextRecord()
        self.today_year = latest_today().year
        self.imported = None
        # By document and language: the file of this run that was taken.
        self.taken = {}
        # The documents whose texts were kept.
        self.kept = set()

    def findings(self, pulse):
        for each in self.sources.left_out:
            yield Finding(PASSED, 0, field=each.name, message=each.reason)
        done, batch = 0, []
        for line, part in enumerate(self.sources.parts, start=1):
            batch.append(self._one(part, line))
            done += part.size
            if len(batch) == AT_ONCE:
                yield from self._written(batch)
                batch = []
            pulse(min(1, done / self.sources.size))
        yield from self._written(batch)

    def _one(self, part, line):
        try:
            file = read_file(part.name, part.read(), self.today_year)
        except FileRefused as refused:
            return _Told([Finding(FAULT, line, field=part.name, message=str(refused))])
        symbol = file.head.symbol
        if symbol not in self.record.documents:
            message = _not_there(file.head.kind)
            return _Told([Finding(PASSED, line, symbol, part.name, message=message)])
        return self._text(file, line)

    def _odd(self, file, line):
        told = partial(Finding, DOUBT, line, file.head.symbol, file.name)
        if file.repaired:
            message = _("The file is broken; it was mended and read as far as it goes.")
            yield told(message=message)
        for remark in file.remarks:
            yield told(message=REMARKS[remark.what] % remark.where)

    def _text(self, file, line):
        """Whether the text is to be kept, and what it says otherwise; or why not."""
        head = file.head
        key = self.record.documents[head.symbol], head.language
        digest = digest_of(file.passages)
        kind, message = self._judged(file, key, digest)
        told = Finding(kind, line, head.symbol, file.name, message=message)
        others = [*self.record.differences(file, line)]
        found = _Told([*self._odd(file, line), told, *others], key=key)
        found.others = [each.write for each in others if each.kind == CONFLICT]
        if kind in (NEW, CHANGED):
            found.text = self._official(file, key, digest)
            self.record.texts[key] = Kept(0, digest, head.job)
        self.taken.setdefault(key, file.name)
        self.record.others |= {_said(each) for each in found.others}
        return found

    def _judged(self, file, key, digest):
        """What becomes of a text, and why, beside the one that is kept already."""
        there, again = self.record.texts.get(key), key in self.taken
        job = file.head.job
        alike = there and (
            there.digest == digest or (again and job and there.job == job)
        )
        if alike and again:
            return PASSED, _("The same text as %s.") % self.taken[key]
        if alike:
            return SAME, ""
        if there and (again or not self.run.replaces):
            return DOUBT, _("Another version of a text that is kept; that one stays.")
        said = {
            "language": DocumentText.Language(file.head.language).label,
            "count": sum(bool(each.label) for each in file.passages),
        }
        message = _("%(language)s, %(count)d paragraphs") % said
        return CHANGED if there else NEW, message

    def _official(self, file, key, digest):
        document, language = key
        there = self.record.texts.get(key)
        facts = {
            "language": language,
            "variant": Variant.REPAIRED if file.repaired else Variant.AKOMA_NTOSO,
            "source": file.name[-200:],
            "job": file.head.job,
            "digest": digest,
        }
        replaces = there.pk if there else None
        return Official(document, file.passages, facts, replaces)

    def _written(self, batch):
        """Write what is told of some files, and tell it; each file all or nothing."""
        if self.writes and not self._write(batch):
            for each in batch:
                if not self._write([each]):
                    self._take_back(each)
        for each in batch:
            yield from each.findings

    def _write(self, batch):
        batch, before = [each for each in batch if each.writes], self.imported
        if not batch:
            return True
        try:
            with transaction.atomic():
                imported = self._import()
                texts = [each.text for each in batch if each.text]
                keep_official(texts, imported=imported)
                rows = [
                    OtherValue(**_by_id(write), imported=imported)
                    for each in batch
                    for write in each.others
                ]
                OtherValue.objects.bulk_create(rows, ignore_conflicts=True)
        except (IntegrityError, DataError):
            self.imported = before
            return False
        self.kept |= {each.text.document_id for each in batch if each.text}
        return True

    def _take_back(self, told):
        """Say that a file was not kept; another of the same text may be."""
        message = _("The record was changed meanwhile. Import the file again.")
        first = told.findings[0]
        told.findings = [
            Finding(FAULT, first.line, first.symbol, first.field, message=message)
        ]
        self.record.texts.pop(told.key, None)
        self.taken.pop(told.key, None)

    def _import(self):
        if self.imported is None:
            made = Import(source=self.run.file[:200], credit=CREDIT)
            made.save()
            self.imported = made
        return self.imported


def _by_id(write):
    return {"document_id": write["document"]} | {
        name: write[name] for name in ("field", "says")
    }


def _said(write):
    return write["document"], write["field"], write["says"]


def _not_there(kind):
    """Why a text was kept out: its document is not in the catalogue."""
    if kind == STATEMENT:
        return _("A statement by the President that is not in the catalogue.")
    if kind == DRAFT:
        return _("A draft that was not adopted and is not in the catalogue.")
    if kind == RESOLUTION:
        return _("A resolution that is not in the catalogue.")
    return _("The document is not in the catalogue.")
