"""Put a backup back in the place of what stands."""

from django.core.management import BaseCommand, CommandError

from icctracker.actions import ActionRefused
from icctracker.actions.backups.making import back_up
from icctracker.actions.backups.restoring import restore, stands, told


class Command(BaseCommand):
    help = (
        "Verify a backup, back up what stands, and replace it: all of it, or nothing is"
        " changed. Stop the site first. Says what has to be done again afterwards."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", help="the backup")
        parser.add_argument(
            "--identity", metavar="KEYFILE", help="age's key for an encrypted one"
        )
        parser.add_argument(
            "--check", action="store_true", help="verify it, and change nothing"
        )
        parser.add_argument(
            "--of-another-site",
            action="store_true",
            help="put it back although SITE_URL is another",
        )
        parser.add_argument(
            "--without-backup",
            action="store_true",
            help="do not back up what stands first: where that is damaged",
        )

    def handle(self, *, file, identity, check, without_backup, **options):
        how = {"identity": identity, "of_another_site": options["of_another_site"]}
        try:
            manifest = restore(file, check_only=True, **how)
            rows = sum(manifest["counts"].values())
            self.stdout.write(
                f"Whole: {rows} rows of {manifest['site']}, {manifest['made_at']}."
            )
            if check:
                return
            if stands() and not without_backup:
                kept, _manifest = self._keep()
                self.stdout.write(f"What stood is kept in {kept}.")
            manifest = restore(file, **how)
        except ActionRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Restored. What has to be done now:")
        for sentence in told(manifest):
            self.stdout.write(f"- {sentence}")

    def _keep(self):
        try:
            return back_up(note="-before-restore")
        except Exception as fault:
            raise CommandError(
                f"What stands could not be backed up: {fault} Nothing was changed. To"
                " replace it all the same, say --without-backup."
            ) from fault
