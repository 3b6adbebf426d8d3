"""Findings that nobody has pinned to a paragraph, to be corrected one by one."""

from django.core.paginator import Paginator
from django_filters.views import FilterView

from icctracker.readings.picking import unpinned
from icctracker.web.kit.kept import DeskAccess
from icctracker.web.kit.unpinned import UnpinnedFilter

from .tabs import DeskTabs

# So many are listed and counted; the others come once these are filled.
MOST = 1000


class Newest(Paginator):
    """The newest alone, so that no page is dearer because there are more."""

    def __init__(self, rows, *args, **kwargs):
        super().__init__(rows[:MOST], *args, **kwargs)


class PinpointList(DeskAccess, DeskTabs, FilterView):
    """Findings without a pinpoint on documents of which paragraphs are known."""

    tab = "pinpoint-list"
    filterset_class = UnpinnedFilter
    template_name = "desk/pinpoint_list.html"
    paginate_by = 50
    paginator_class = Newest

    def get_queryset(self):
        parts = ("evidence", "criterion__recommendation")
        return unpinned(self.request.user).select_related(*parts)

    def get_context_data(self, **kwargs):
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            described=self.filterset.described(),
            query=query.urlencode(),
            most=MOST,
            **kwargs,
        )
