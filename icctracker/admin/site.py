"""The admin site that curators use."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class CurationSite(AdminSite):
    """Django's admin under the tracker's name."""

    site_title = _("ICC Tracker curation")
    site_header = _("ICC Tracker curation")
    index_title = _("Curation")
