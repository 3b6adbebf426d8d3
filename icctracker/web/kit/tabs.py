"""The pages of a desk as tabs, each with how much waits there."""

from typing import NamedTuple

from django.urls import reverse
from django.views.generic.base import ContextMixin


class Tab(NamedTuple):
    """One page of a desk: the name of its address, its title and its count."""

    name: str
    label: str
    count: int | None = None

    @property
    def url(self):
        return reverse(self.name)


class TabbedMixin(ContextMixin):
    """A page of a desk; ``tab`` names the tab that it is, or stands below."""

    tab = ""

    def get_tabs(self):
        """The tabs of the desk, for whoever looks at it."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        return super().get_context_data(tabs=self.get_tabs(), tab=self.tab, **kwargs)
