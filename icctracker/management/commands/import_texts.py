"""Bring the texts of documents in: one document after the other, each whole or not."""

import tempfile
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from icctracker.imports import runs, text_runs
from icctracker.imports.compare import in_words
from icctracker.imports.files import FileRefused
from icctracker.models import ImportRun

from .import_council import BUSY, FAULTY, REFUSED, SHOWN, Bar

LABELS = {
    "new": "texts kept",
    "changed": "texts in the place of others",
    "same": "texts that were there already",
    "conflict": "said otherwise than in the record, kept beside",
    "known": "said otherwise, kept beside already",
    "doubt": "odd",
    "passed": "passed over",
    "fault": "refused",
}


class Command(BaseCommand):
    help = (
        "Bring in texts of Council documents as the United Nations publishes them, in"
        " Akoma Ntoso: files, folders or ZIP archives. Each document is kept as a whole"
        " or not at all; twice changes nothing. Exits with 1 if files were refused, 2"
        " if nothing can be read, 3 if another import is running."
    )

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="FILE|FOLDER|ZIP", type=Path)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would be kept, change nothing",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="put texts that differ in the place of those that are kept",
        )
        parser.add_argument(
            "--all", action="store_true", help="list everything, not the first 20"
        )

    def handle(self, *, paths, dry_run, replace, **options):
        named = ", ".join(path.name or str(path) for path in paths)[:200]
        run = ImportRun(file=named, subject=ImportRun.Subject.TEXTS, replaces=replace)
        read = text_runs.check_all if dry_run else text_runs.carry_out_all
        bar = Bar(self.stderr)
        with tempfile.TemporaryDirectory() as folder:
            try:
                found = read(run, paths, Path(folder) / "report.jsonl", bar)
            except runs.Busy as busy:
                raise CommandError(str(busy), returncode=BUSY) from busy
            except FileRefused as refused:
                bar.end()
                raise CommandError(f"{named}: {refused}", returncode=REFUSED) from None
            bar.end()
            self._show(found.report, dry_run, options["all"])
        if found.report.counts["fault"]:
            text = "Some files were refused; see above."
            raise CommandError(text, returncode=FAULTY)

    def _show(self, report, dry, everything):
        shown = dict.fromkeys(LABELS, 0)
        for each in report:
            shown[each.kind] += 1
            if everything or shown[each.kind] <= SHOWN:
                where = " ".join(filter(None, (each.symbol, each.field)))
                said = f"{LABELS[each.kind]}: {where}: {in_words(each)}"
                self.stdout.write(f"  {said}")
            elif shown[each.kind] == SHOWN + 1:
                self.stdout.write(f"  … and more: {LABELS[each.kind]}")
        for kind, label in LABELS.items():
            self.stdout.write(f"  {report.counts[kind]:>7}  {label}")
        if dry:
            self.stdout.write("  Nothing was changed.")
        elif not report.counts["new"] + report.counts["changed"]:
            self.stdout.write("  No text was added.")
