"""Spells: what stood from one instant until another."""

from django.db import models


class Spell(models.QuerySet):
    """Rows that stood from ``since`` until ``until``, which are names of fields.

    A row without a beginning does not stand yet; one without an end stands still. At
    the very instant of its end it stands no longer.
    """

    since = until = ""

    def stood(self, at=None):
        """What stands now, or stood at an instant."""
        if at is None:
            return self.current().filter(**{f"{self.since}__isnull": False})
        begun = self.filter(**{f"{self.since}__lte": at})
        return begun.exclude(**{f"{self.until}__lte": at})

    def current(self):
        """What has not ended, whether it has begun or not."""
        return self.filter(**{f"{self.until}__isnull": True})

    @classmethod
    def held(cls, row, at=None):
        """Whether one row, as it was read, is among those that ``stood``."""
        since, until = getattr(row, cls.since), getattr(row, cls.until)
        if since is None or at is None:
            return since is not None and until is None
        return since <= at and (until is None or until > at)
