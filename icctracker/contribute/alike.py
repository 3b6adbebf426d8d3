"""Entries about the same document or event as the one being written, if any."""

from django.utils.functional import cached_property

from icctracker import symbols
from icctracker.likeness import near
from icctracker.models import Evidence

State = Evidence.State


class Alike:
    """What this person may see that is logged already, or much like what they write."""

    def __init__(self, entry, user):
        self.entry, self.user = entry, user

    @cached_property
    def visible(self):
        seen = Evidence.objects.visible_to(self.user).exclude(state=State.DECLINED)
        return seen.exclude(pk=self.entry.evidence.pk)

    @cached_property
    def logged(self):
        """Entries on the same document."""
        record = self.entry.record
        if record:
            found = self.visible.citing(record.document)
        else:
            symbol = self.entry.facts["symbol"].value() or ""
            # An empty symbol would be that of many.
            found = self.visible.filter(symbol=symbols.normalise(symbol))
            found = found.exclude(symbol="")
        return list(found.order_by("-occurred_on", "pk")[:MOST])

    @cached_property
    def near(self):
        """Entries near it by date, situation or title, with what makes them near."""
        facts = self.entry.facts
        others = self.visible.exclude(pk__in=[each.pk for each in self.logged])
        return near(
            others,
            day=facts.day,
            situations=facts["situations"].value() or [],
            title=facts["title"].value() or "",
        )[:MOST]


MOST = 5
