"""Check what the database cannot: whether the records agree with each other."""

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from icctracker.readings.consistency import disagreements


class Command(BaseCommand):
    help = (
        "List every disagreement between records, one on a line; exits 1 if there is"
        " any. Changes nothing."
    )

    def handle(self, **options):
        found = 0
        for sentence in disagreements(timezone.localdate()):
            self.stdout.write(sentence)
            found += 1
        if found:
            raise CommandError(f"{found} found.")
        self.stdout.write("No disagreements.")
