"""Make anew what follows from other records."""

from django.core.management import BaseCommand

from icctracker.actions.descent import trace_descents
from icctracker.actions.entries import write_title_words
from icctracker.actions.lines import rewrite_lines
from icctracker.actions.status import write_standings
from icctracker.models import Recommendation
from icctracker.models.folded import refold, searched_models
from icctracker.models.listings import rebuild_listings


class Command(BaseCommand):
    help = (
        "Work out anew where each recommendation stands, in which lists each entry"
        " does, how the download tells it, by which words its title is found, by"
        " which texts records are, and what paragraphs were taken from by the texts"
        " that were imported."
        " Changes nothing else; running it again changes nothing."
    )

    def handle(self, **options):
        self.stdout.write(f"{rebuild_listings()} places in lists written.")
        # One after the other: all that they rest on is more than memory need hold.
        written = sum(write_standings([each]) for each in Recommendation.objects.all())
        self.stdout.write(f"{written} standings written.")
        self.stdout.write(f"{rewrite_lines()} lines of the download written.")
        self.stdout.write(f"{write_title_words()} titles written.")
        self.stdout.write(f"{trace_descents()} descents of paragraphs written.")
        folded = sum(map(refold, searched_models()))
        self.stdout.write(f"{folded} folded texts written.")
