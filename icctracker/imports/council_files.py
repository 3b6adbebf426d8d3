"""Brings a file of the Council's record in: recognise, compare, and only then write."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icctracker.actions.situations import link_situations
from icctracker.imports.compare import Comparison
from icctracker.imports.files import SourceFile
from icctracker.imports.findings import CHANGED, CONFLICT, NEW
from icctracker.imports.recognise import Context, Format, recognise
from icctracker.imports.records import FileRefused
from icctracker.imports.reports import Report
from icctracker.imports.seats import Seats
from icctracker.imports.writing import write
from icctracker.models import Import

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
    context = Context(seats, timezone.localdate(), order)
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
