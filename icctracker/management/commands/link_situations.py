"""Find the documents of each situation by its words, after an import for example."""

from django.core.management import BaseCommand

from icctracker.actions.record import link_situations


class Command(BaseCommand):
    help = "Bring the documents of every situation in line with its words."

    def handle(self, **options):
        changed = link_situations()
        self.stdout.write(f"Links of documents to situations changed: {changed}")
