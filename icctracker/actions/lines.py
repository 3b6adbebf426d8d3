"""Keeping how the download tells each published entry."""

from itertools import islice

from django.db import transaction

from icctracker.models import Evidence, ExportLine
from icctracker.readings.exports import lines_of, without_line

AT_ONCE = 1000


def write_lines(keys):
    """Keep the lines of the published entries among these; returns how many.

    Each thousand by itself: a site that is read meanwhile waits for no more.
    """
    keys, written = iter(list(keys)), 0
    while some := list(islice(keys, AT_ONCE)):
        with transaction.atomic():
            # Held, so that nobody changes one while its line is written.
            list(Evidence.objects.filter(pk__in=some).select_for_update().values("pk"))
            written += keep(some)
    return written


def keep(keys):
    """The same for entries that the transaction holds."""
    rows = [ExportLine(pk=key, text=text) for key, text, _slug in lines_of(keys)]
    ExportLine.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def rewrite_lines():
    """Keep the lines of all published entries anew; returns how many."""
    ExportLine.objects.all().delete()
    return write_lines(without_line())
