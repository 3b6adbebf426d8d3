"""The site's own settings, with what only a test may relax."""

import os

os.environ.setdefault("SECRET_KEY", "for-tests-only")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("DATABASE_POOL", "0")
# On PostgreSQL a test is one transaction, in which the data's version moves once.
os.environ.setdefault("KEEP_ANSWERS", "0")
os.environ["CACHE_URL"] = "locmemcache://"
# Playwright's event loop shares the thread with the test's own database calls.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from icctracker.settings import *  # noqa: E402, F403

if DATABASES["default"]["ENGINE"] == addresses.OUR_SQLITE:  # noqa: F405
    # As with Django's own: in memory.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}  # noqa: F405
CACHES["fragments"] = {  # noqa: F405
    "BACKEND": "django.core.cache.backends.dummy.DummyCache"
}
# The manifest is written by collectstatic, which tests do not run.
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
# What is in the outbox is sent when a test asks for it (tests/postbox.py).
MAIL_AT_ONCE = False
# Most tests are about something else; those in tests/accounts/ turn it on again.
REQUIRE_TWO_FACTOR = False
# A refusal is part of many tests; writing down each one's traceback takes as long.
LOGGING["loggers"] = {  # noqa: F405
    name: {"level": "CRITICAL"} for name in ("django.request", "django.security")
}
