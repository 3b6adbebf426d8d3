"""The pages of a desk as tabs, each with how much waits there."""

from typing import NamedTuple

from django.urls import reverse
from django.views.generic.base import ContextMixin

# So much waits behind a tab that its exact number tells nobody anything.
MANY = 99


def few(rows):
    """How many there are, as far as a tab tells; the rest is not counted."""
    return rows.order_by()[: MANY + 1].count()


class Tab(NamedTuple):
    """One page of a desk: the name of its address, its title and its count."""

    name: str
    label: str
    count: int | None = None

    @property
    def url(self):
        return reverse(self.name)

    @property
    def counted(self):
        """The count as it is shown; None where there is nothing to count."""
        if self.count is None:
            return None
        return str(self.count) if self.count <= MANY else f"{MANY}+"


class TabbedMixin(ContextMixin):
    """A page of a desk; ``tab`` names the tab that it is, or stands below."""

    tab = ""

    def get_tabs(self):
        """The tabs of the desk, for whoever looks at it."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return super().get_context_data(tabs=self.get_tabs(), tab=self.tab, **kwargs)
