"""How often the picker of paragraphs finds what people found."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from icctracker.readings.picking import DEPTHS, MOST_PINNED, recall


class Command(BaseCommand):
    help = (
        "Print, for each criterion, how many findings are pinned to a paragraph, and of"
        " how many the paragraph stands among the first that the desk offers."
    )

    def handle(self, **options):
        rows, everything = recall(timezone.localdate())
        heads = [f"first {depth}" for depth in DEPTHS]
        self.stdout.write(_line("criterion", "pinned", *heads))
        for row in rows:
            self.stdout.write(_line(row.code, row.pinned, *row.counts))
        self.stdout.write(_line("all", everything.pinned, *everything.counts))
        if everything.pinned >= MOST_PINNED:
            self.stdout.write(f"Of the newest {MOST_PINNED} pinned findings.")


def _line(*cells):
    return "".join(f"{cell:>10}" for cell in cells)
