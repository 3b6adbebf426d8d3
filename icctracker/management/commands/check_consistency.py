"""Check what the database cannot: whether the records agree with each other."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from icctracker.imports.releases import left_to_people
from icctracker.imports.shipped import Fate, differences, earlier, shipped
from icctracker.models import Publication
from icctracker.readings.consistency import disagreements

# What a site holds otherwise than it is shipped is no disagreement of its records.
NOTES = {
    Fate.MEND: "is as it was shipped before, and wrong; manage.py setup_site mends it",
    Fate.LEAVE: "is otherwise than shipped, as people have it",
}


def notes():
    """What the site holds otherwise than it is shipped, a line for each value."""
    fixtures = settings.BASE_DIR / "fixtures"
    values = shipped(fixtures / "tracker", fixtures / "council")
    if not Publication.objects.filter(slug__in=values["publication"]).exists():
        return
    for each in differences(values, earlier(fixtures / "earlier.json")):
        if each.fate in NOTES:
            yield f"Note: {each} {NOTES[each.fate]}."
    for sentence in left_to_people(fixtures / "tracker"):
        yield f"Note: {sentence}"


class Command(BaseCommand):
    help = (
        "List every disagreement between records, one on a line, then as notes what"
        " differs from the data that the site ships with; exits 1 if records disagree."
        " Changes nothing."
    )

    def handle(self, **options):
        found = 0
        for sentence in disagreements(timezone.localdate()):
            self.stdout.write(sentence)
            found += 1
        noted = 0
        for note in notes():
            self.stdout.write(note)
            noted += 1
        if found:
            raise CommandError(f"{found} found.")
        differing = f" {noted} values differ from what is shipped." if noted else ""
        self.stdout.write(f"No disagreements.{differing}")
