"""The one app of the site, and the admin site it curates with."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    name = "icctracker"
    verbose_name = _("ICC Tracker")

    def ready(self):
        from icctracker import checks  # noqa: F401
        from icctracker.models.data_version import install_triggers
        from icctracker.models.roles import create_groups

        post_migrate.connect(create_groups, sender=self)
        post_migrate.connect(install_triggers, sender=self)


class TrackerAdminConfig(SimpleAdminConfig):
    """The admin site; what it registers is loaded with the addresses of the pages.

    Commands that serve no page start in half the time without it.
    """

    default_site = "icctracker.admin.base.CurationSite"
