#!/usr/bin/env python
"""Run a command of the site: ``./manage.py help`` lists them."""

import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        # Read now: Django would go on without settings and fail on something else.
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as fault:
        sys.exit(f"{fault}. The file .env.example lists every setting.")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
