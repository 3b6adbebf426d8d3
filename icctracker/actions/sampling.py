"""Drawing entries by lot, to be coded again against drift."""

import random

from django.db import transaction
from django.utils.translation import gettext as _

from icctracker.actions import ActionRefused
from icctracker.models import Coding, Evidence, Sample


@transaction.atomic
def draw_sample(*, year, size, seed):
    """Draw published entries by lot, to be coded again; one sample a year.

    The same entries are drawn from the same record with the same seed.
    """
    if Sample.objects.filter(year=year).exists():
        raise ActionRefused(_("The sample of %(year)s is drawn.") % {"year": year})
    busy = Coding.objects.live().values("evidence")
    entries = Evidence.objects.published().exclude(pk__in=busy).order_by("pk")
    keys = list(entries.values_list("pk", flat=True))
    if not 1 <= size <= len(keys):
        raise ActionRefused(
            _("Draw at least one entry and at most %(most)d, all that there are.")
            % {"most": len(keys)}
        )
    sample = Sample.objects.create(
        year=year, size=size, population=len(keys), seed=seed
    )
    # A lot that anybody can draw again, not a secret.
    drawn = random.Random(seed).sample(keys, size)  # noqa: S311
    for key in sorted(drawn):
        Coding.objects.create(
            evidence_id=key, purpose=Coding.Purpose.DRIFT, sample=sample
        )
    return sample
