"""The admin site with every noun, and those of the apps, registered."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin import autodiscover, site

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

# Nobody reads the secrets and the sessions of others, not even a superuser.
for model in (EmailAddress, Authenticator, UserSession):
    site.unregister(model)
