"""The one app of the site, and the admin site it curates with."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    name = "icctracker"
    verbose_name = _("ICC Tracker")

    def ready(self):
        from icctracker import checks  # noqa: F401
        from icctracker.models.labels import look_up_labels
        from icctracker.models.roles import create_groups
        from icctracker.models.triggers import install_triggers

        look_up_labels(self.get_models(include_auto_created=True))
        post_migrate.connect(create_groups, sender=self)
        post_migrate.connect(install_triggers, sender=self)


class TrackerAdminConfig(SimpleAdminConfig):
    """The admin site; what it registers is loaded with the addresses of the pages.

    Commands that serve no page start in half the time without it.
    """

    default_site = "icctracker.admin.base.CurationSite"


class TrackerStaticFilesConfig(StaticFilesConfig):
    """Static files, without what packages bring along and no page asks for."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        # What pages ask for of these is smaller: jquery.min.js and its like.
        *("htmx-2.js", "jquery.js", "select2.full.js", "xregexp.js"),
        # The next htmx, and extensions.
        *("htmx-4*", "htmax-4*", "django_htmx/ext"),
    ]
