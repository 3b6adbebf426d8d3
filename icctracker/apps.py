"""The one app of the site, and the admin site it curates with."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
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


class TrackerAdminConfig(AdminConfig):
    default_site = "icctracker.admin.base.CurationSite"

    def ready(self):
        super().ready()
        from icctracker.admin import registry  # noqa: F401
