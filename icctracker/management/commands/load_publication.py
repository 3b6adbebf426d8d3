"""Load a publication from a folder, checked wholly before anything is written."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import transaction

from icctracker.actions.status import record_changes
from icctracker.imports.publications import PublicationRefused, load_publication


class Command(BaseCommand):
    help = (
        "Load a publication with its recommendations, codebook and ruleset from the"
        " JSON files of a folder. All or nothing; doing it twice changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *, folder, **options):
        try:
            with transaction.atomic():
                added = load_publication(folder)
                if added.total():
                    added["statuses"] = len(record_changes())
        except PublicationRefused as refused:
            raise CommandError(str(refused)) from None
        lines = [f"{count} {noun} added" for noun, count in added.items() if count]
        self.stdout.write("\n".join(lines) or "Nothing added: all is there.")
