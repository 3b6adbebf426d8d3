"""Tell the caches in front of the site what changed; a service that goes on."""

import time

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from icctracker.actions.caches import Teller


class Command(BaseCommand):
    help = (
        "Ask each cache of PURGE_URLS to drop the open pages whenever what readers are"
        " shown has moved, however it was written. Run it as a service beside a cache"
        " that holds pages for SHARED_MAX_AGE."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--every", type=float, default=1, help="seconds between looks (default: 1)"
        )
        parser.add_argument(
            "--once", action="store_true", help="tell them now, and end"
        )

    def handle(self, *, every, once, **options):
        if not settings.PURGE_URLS:
            raise CommandError("Set PURGE_URLS to the addresses of your caches.")
        teller = Teller()
        while True:
            failed = self._look(teller)
            if once and failed:
                raise CommandError("Not every cache could be told.")
            if once:
                return
            time.sleep(every)

    def _look(self, teller):
        try:
            failed = teller.look()
        except DatabaseError as fault:
            failed = {"the database": fault}
        for name, fault in failed.items():
            self.stderr.write(f"{name}: {fault}")
        close_old_connections()
        return failed
