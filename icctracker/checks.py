"""System checks of our own settings."""

from django.conf import settings
from django.core.checks import Tags, Warning, register


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
