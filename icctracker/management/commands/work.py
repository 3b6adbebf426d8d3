"""Do what was put off: imports and messages; runs until it is stopped."""

import socket

from django.core.management import BaseCommand, call_command

from icctracker.actions.tasks import take_up

DAYS_KEPT = 30


class Command(BaseCommand):
    help = (
        "Do the slow work of a site with WORKER=1, one thing at a time, until stopped."
        " Begins with what a worker of the same name left undone when it died."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--name",
            default=socket.gethostname()[:60],
            help="tells this worker from others; by default, the machine's name",
        )
        parser.add_argument(
            "--batch", action="store_true", help="stop when nothing is left to do"
        )

    def handle(self, *, name, batch, verbosity, **options):
        call_command("prune_db_task_results", min_age_days=DAYS_KEPT, verbosity=0)
        if left := take_up(name):
            self.stdout.write(f"{left} begun before and taken up again.")
        call_command(
            "db_worker",
            worker_id=name,
            batch=batch,
            startup_delay=False,
            reload=False,
            verbosity=verbosity,
        )
