"""Send people what waits for them by email; for a timer."""

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from icctracker.actions.mail import deliver, forget_old, people_due, remind_of_due
from icctracker.actions.outbox import forget_ended


class Command(BaseCommand):
    help = (
        "Remind curators of what is due and send each person one message of what"
        " waits for them, at most once a day, and whatever else waits in the outbox;"
        " exits 1 if a message could not be sent."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="say who would get a message"
        )

    def handle(self, *, dry_run, **options):
        if dry_run:
            for person in people_due():
                self.stdout.write(person.get_username())
            return
        remind_of_due(timezone.localdate())
        counted = deliver()
        forget_old()
        forget_ended()
        self.stdout.write(f"Messages sent: {counted['sent']}.")
        if counted["failed"]:
            raise CommandError(
                f"{counted['failed']} could not be sent; they will be tried again."
            )
