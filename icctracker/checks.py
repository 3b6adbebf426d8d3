"""System checks of our own settings."""

from django.conf import settings
from django.core.checks import Tags, Warning, register

from icctracker.settings import files


@register(Tags.admin)
def what_the_admin_registers(app_configs=None, **kwargs):
    """Django's own checks of each noun, whether or not a page has been loaded yet."""
    from icctracker.admin.registry import site

    return site.check(app_configs)


@register(Tags.security, deploy=True)
def site_is_served_over_https(**kwargs):
    """A public site must have an https:// SITE_URL; all secure settings follow it."""
    if settings.SITE_URL.startswith("https://"):
        return []
    return [
        Warning(
            "SITE_URL does not begin with https://.",
            hint="Set SITE_URL to the public address of the site.",
            id="icctracker.W001",
        )
    ]


@register(Tags.caches, deploy=True)
def limits_hold_across_processes(**kwargs):
    """Attempts to sign in are counted in the cache, so all processes must share it."""
    backend = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    if backend not in ("LocMemCache", "DummyCache"):
        return []
    return [
        Warning(
            "Each process has a cache of its own, so limits on signing in do not hold.",
            hint="Set CACHE_URL to dbcache://cache, or to a Redis server.",
            id="icctracker.W002",
        )
    ]


@register(Tags.caches)
def who_holds_pages_is_told(**kwargs):
    """A cache that answers without asking shows old pages, unless it is told."""
    if not settings.SHARED_MAX_AGE or settings.PURGE_URLS:
        return []
    return [
        Warning(
            "Shared caches hold pages without asking, and none is told of changes.",
            hint="Set PURGE_URLS and run manage.py tell_caches, or SHARED_MAX_AGE=0.",
            id="icctracker.W003",
        )
    ]


@register(Tags.security, deploy=True)
def nobody_else_reads_the_files(**kwargs):
    """Accounts, drafts and names lie in the folder of the site, for itself alone."""
    found = files.open_to_others(settings.VAR_DIR, settings.DATABASES["default"])
    return [
        Warning(
            f"Other accounts of this machine may read {path}.",
            hint=f"Run manage.py setup_site, or chmod {mode:o}.",
            id="icctracker.W004",
        )
        for path, mode in found
    ]
