"""Draw the entries that are to be coded again this year, against drift."""

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from icctracker.actions import ActionRefused
from icctracker.actions.coding import draw_sample


class Command(BaseCommand):
    help = "Draw published entries by lot and offer them to be coded again, blind."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, default=timezone.localdate().year)
        parser.add_argument("--size", type=int, required=True, help="how many entries")
        parser.add_argument(
            "--seed", help="to draw the same again from the same record; the year"
        )

    def handle(self, *, year, size, seed, **options):
        if not 2013 <= year <= timezone.localdate().year:
            raise CommandError(f"--year: no sample is drawn for {year}.")
        seed = str(year) if seed is None else seed.strip()
        if not 1 <= len(seed) <= 40:
            raise CommandError("--seed: give from 1 to 40 characters.")
        try:
            sample = draw_sample(year=year, size=size, seed=seed)
        except ActionRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            self.style.SUCCESS(
                f"{sample.size} of {sample.population} published entries drawn for"
                f" {sample.year} with the seed {sample.seed!r}."
            )
        )
