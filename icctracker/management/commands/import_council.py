"""Bring files of the Council's record in: compare first, then all of it or nothing."""

import argparse
import tempfile
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from icctracker.imports import runs
from icctracker.imports.compare import in_words
from icctracker.imports.files import FileRefused
from icctracker.imports.tasks import carry_on
from icctracker.models import ImportRun
from icctracker.readings.spreadsheets import csv_lines
from icctracker.texts.dates import DAY_FIRST, MONTH_FIRST

LABELS = {
    "new": "new",
    "changed": "changed",
    "conflict": "conflicting, kept beside ours",
    "known": "conflicting, kept already",
    "worded": "worded otherwise, ours stays",
    "same": "votes read",
    "passed": "passed over",
    "doubt": "doubtful votes, left out",
    "fault": "faulty",
}
SHOWN = 20
FAULTY, REFUSED, BUSY = 1, 2, 3
BAR = 40
ALL_THERE = "All is there already; nothing was changed."


class Command(BaseCommand):
    help = (
        "Bring in files of the Council's record: the UN Digital Library's voting CSV or"
        " MARCXML, the DPPA vetoes (CSV or JSON), the Sciences Po votes, the Library's"
        " list of vetoes. Each file is recognised by its content and imported as a"
        " whole or not at all. Exits with 1 if rows have faults, 2 if a file cannot be"
        " read, 3 if another import is running."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)
        # How the admin carries on, in a process of its own.
        parser.add_argument("--run", type=int, help=argparse.SUPPRESS)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would change, change nothing",
        )
        parser.add_argument(
            "--partly",
            action="store_true",
            help="import what has no fault, and leave out the rest",
        )
        parser.add_argument(
            "--dates",
            choices=[DAY_FIRST, MONTH_FIRST],
            default="",
            help="how to read dates such as 5/6/2014",
        )
        parser.add_argument(
            "--faults", type=Path, metavar="CSV", help="write the faults to this file"
        )
        parser.add_argument(
            "--all", action="store_true", help="list every difference, not the first 20"
        )

    def handle(self, *, files, run, dry_run, faults, **options):
        if run:
            return self._carry_on(run)
        if not files:
            raise CommandError("Name at least one file.", returncode=REFUSED)
        self.faults, self.faulty = [], False
        with tempfile.TemporaryDirectory() as folder:
            # Nothing of several files is imported while one of them has a fault.
            if dry_run or len(files) > 1:
                for path in files:
                    self._one(path, Path(folder), dry=True, **options)
            if not dry_run and (options["partly"] or not self.faulty):
                self.faults = []
                for path in files:
                    self._one(path, Path(folder), dry=False, **options)
        if faults:
            self._save_faults(faults)
        if self.faulty:
            raise CommandError("Some rows have faults; see above.", returncode=FAULTY)

    def _carry_on(self, pk):
        try:
            carry_on(ImportRun.objects.get(pk=pk))
        except FileRefused as refused:
            raise CommandError(str(refused), returncode=REFUSED) from refused

    def _one(self, path, folder, *, dry, dates, partly, **options):
        run = ImportRun(file=path.name[:200], date_order=dates, partly=partly)
        bar = Bar(self.stderr)
        carry = runs.check if dry else runs.carry_out
        try:
            compared = carry(run, path, folder / "report.jsonl", bar)
        except runs.Busy as busy:
            raise CommandError(str(busy), returncode=BUSY) from busy
        except FileRefused as refused:
            bar.end()
            raise CommandError(f"{path.name}: {refused}", returncode=REFUSED) from None
        bar.end()
        self.stdout.write(f"{path.name}: {_ended(run, compared, dry)}")
        self._show(compared, run, dry, options["all"])

    def _show(self, compared, run, dry, everything):
        report = compared.report
        self.stdout.write(f"  Recognised as {compared.layout.label}.")
        shown = dict.fromkeys(LABELS, 0)
        for each in report:
            if each.kind in ("fault", "doubt"):
                self.faults.append((compared.file.name, each))
            shown[each.kind] += 1
            if everything or shown[each.kind] <= SHOWN:
                self.stdout.write(f"  {as_line(each)}")
            elif shown[each.kind] == SHOWN + 1:
                self.stdout.write(f"  … and more that are {LABELS[each.kind]}")
        for kind, label in LABELS.items():
            self.stdout.write(f"  {report.counts[kind]:>7}  {label}")
        self.faulty = self.faulty or compared.has_faults
        if dry:
            self.stdout.write("  Nothing was changed.")
        elif run.state == ImportRun.State.REFUSED:
            self.stdout.write("  Nothing was imported; --partly imports the rest.")
        elif not run.imported:
            left = report.counts["doubt"] or report.counts["passed"]
            there = "Nothing was changed." if left else ALL_THERE
            self.stdout.write(f"  {there}")

    def _save_faults(self, path):
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            rows = [
                (name, each.line, each.field, each.theirs, each.message)
                for name, each in self.faults
            ]
            columns = ("file", "line", "field", "value", "fault")
            file.writelines(csv_lines([columns, *rows]))
        self.stdout.write(f"{len(self.faults)} faults written to {path}")


def _ended(run, compared, dry):
    """What was done with a file, now that it is done."""
    if dry:
        return "compared"
    if run.state == ImportRun.State.REFUSED:
        return "not imported"
    return "imported" if run.imported else "read"


def as_line(finding):
    """One difference as a line to read."""
    where = " ".join(part for part in (finding.symbol, finding.field) if part)
    label = LABELS[finding.kind]
    return f"line {finding.line}, {label}: {where}: {in_words(finding)}"


class Bar:
    """A bar that grows in a terminal; silent elsewhere."""

    def __init__(self, stream):
        self.stream, self.shown = stream, -1
        self.alive = stream.isatty()

    def __call__(self, share):
        if self.alive and int(share * 100) != self.shown:
            self.shown = int(share * 100)
            full = "#" * int(share * BAR)
            self._write(f"\r  [{full:<{BAR}}] {self.shown:>3} %")

    def end(self):
        if self.alive:
            self._write("\r" + " " * (BAR + 12) + "\r")

    def _write(self, text):
        self.stream.write(text, ending="")
        self.stream.flush()
