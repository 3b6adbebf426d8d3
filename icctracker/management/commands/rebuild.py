"""Make anew what follows from other records."""

from django.core.management import BaseCommand

from icctracker.actions.entries import write_title_words
from icctracker.actions.status import write_standings
from icctracker.models.listings import rebuild_listings


class Command(BaseCommand):
    help = (
        "Work out anew where each recommendation stands, in which lists each entry"
        " does, and by which words its title is found."
        " Changes nothing else; running it again changes nothing."
    )

    def handle(self, **options):
        self.stdout.write(f"{rebuild_listings()} places in lists written.")
        self.stdout.write(f"{write_standings()} standings written.")
        self.stdout.write(f"{write_title_words()} titles written.")
