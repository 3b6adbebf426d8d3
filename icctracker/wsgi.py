"""The WSGI entry point that gunicorn serves."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from icctracker.settings.files import require

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")

# What the site writes is for nobody else on the machine.
os.umask(0o077)
application = get_wsgi_application()
# An instance with a mistyped address stops here, and does not answer with errors.
require(settings.DATABASES["default"])
# Loaded here, so that the first reader does not wait for it.
import_module("icctracker.urls")
