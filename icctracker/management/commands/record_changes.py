"""Note which statuses have changed since they were last noted."""

from django.core.management import BaseCommand

from icctracker.actions.lines import write_lines
from icctracker.actions.status import record_changes
from icctracker.models import DataVersion, ListingCount
from icctracker.readings.exports import without_line


class Command(BaseCommand):
    help = (
        "Note each recommendation whose status has changed with the passing of time."
        " Run it once a day; running it again changes nothing."
    )

    def handle(self, **options):
        for change in record_changes():
            before = change.get_before_display() or "nothing"
            self.stdout.write(
                f"{change.recommendation.code}: from {before} to"
                f" {change.get_after_display()} ({change.get_cause_display()})"
            )
        write_lines(without_line())
        DataVersion.objects.fold()
        ListingCount.objects.fold()
