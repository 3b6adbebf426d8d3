"""Make a backup while the site runs."""

from django.core.management import BaseCommand, CommandError

from icctracker.actions import ActionRefused
from icctracker.actions.backups.making import back_up
from icctracker.actions.backups.making import keep as throw_away


class Command(BaseCommand):
    help = (
        "Write all that cannot be made anew, but for .env, into one new file that only"
        " its owner can read. The site may run and be written to meanwhile."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "target",
            nargs="?",
            help="a new file, or a folder; by default BACKUP_DIR",
        )
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            help="a public key of age to encrypt it to (default: BACKUP_RECIPIENT)",
        )
        parser.add_argument(
            "--keep",
            type=int,
            metavar="N",
            help="afterwards throw away all but the N newest in its folder",
        )

    def handle(self, *, target, recipient, keep, **options):
        if keep is not None and keep < 1:
            raise CommandError("Keep at least one.")
        try:
            made, manifest = back_up(target, recipient)
        except ActionRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        rows = sum(manifest["counts"].values())
        size = made.stat().st_size // 1024
        self.stdout.write(f"{made}: {rows} rows, {size} kB.")
        if not made.name.endswith(".age"):
            self.stdout.write(
                "It is not encrypted: set BACKUP_RECIPIENT, or encrypt it before it"
                " leaves the machine."
            )
        if keep:
            for each in throw_away(made.parent, keep):
                self.stdout.write(f"{each} thrown away.")
