"""Make anew what follows from other records."""

from django.core.management import BaseCommand

from icctracker.actions.status import write_standings


class Command(BaseCommand):
    help = (
        "Work out anew where each recommendation stands, and write it for readers."
        " Changes nothing else; running it again changes nothing."
    )

    def handle(self, **options):
        self.stdout.write(f"{write_standings()} standings written.")
