"""Make anew what follows from other records."""

from django.core.management import BaseCommand

from icctracker.actions.status import write_standings
from icctracker.models.listings import rebuild_listings


class Command(BaseCommand):
    help = (
        "Work out anew where each recommendation stands and in which lists each entry"
        " does, and write it for readers."
        " Changes nothing else; running it again changes nothing."
    )

    def handle(self, **options):
        self.stdout.write(f"{rebuild_listings()} places in lists written.")
        self.stdout.write(f"{write_standings()} standings written.")
