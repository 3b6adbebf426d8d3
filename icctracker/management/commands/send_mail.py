"""Send what waits in the outbox; for a timer of a few minutes."""

from django.core.management import BaseCommand, CommandError

from icctracker.actions.outbox import send_waiting


class Command(BaseCommand):
    help = (
        "Send the messages that wait and whose next attempt is due; exits 1 if one"
        " could not be sent. A site with a worker needs no timer for it."
    )

    def handle(self, **options):
        counted = send_waiting()
        self.stdout.write(f"Messages sent: {counted['sent']}.")
        if counted["failed"]:
            raise CommandError(
                f"{counted['failed']} could not be sent; they will be tried again."
            )
