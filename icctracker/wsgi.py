"""The WSGI entry point that gunicorn serves."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")

application = get_wsgi_application()
# Loaded here, so that the first reader does not wait for it.
import_module("icctracker.urls")
