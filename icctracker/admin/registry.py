"""The admin site with every noun, and those of the apps, registered."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin import autodiscover, site
from django_tasks_db.models import DBTaskResult

from . import evidence, imports, people, records, subjects

__all__ = [
    "evidence",
    "imports",
    "people",
    "records",
    "site",
    "subjects",
]

autodiscover()

# Nobody reads the secrets and the sessions of others, not even a superuser; what tasks
# do is told where it was asked for.
for model in (EmailAddress, Authenticator, UserSession, DBTaskResult):
    site.unregister(model)
