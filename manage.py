#!/usr/bin/env python
"""Run a command of the site: ``./manage.py help`` lists them."""

import gc
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        # Read now: Django would go on without settings and fail on something else.
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as fault:
        sys.exit(f"{fault}. The file .env.example lists every setting.")
    from icctracker.settings.files import NoDatabase

    # A command loads much and throws little away. To look through all of it for what
    # is in use no more, time and again and at the very end, is a fifth of a short one.
    gc.set_threshold(50_000)
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as fault:
        if not isinstance(fault.__cause__, NoDatabase):
            raise
        sys.exit(f"{fault}.")
    gc.freeze()


if __name__ == "__main__":
    main()
