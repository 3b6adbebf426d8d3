"""Registers every noun; read once all apps, and their own admins, are loaded."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin

from . import evidence, imports, people, records, subjects

__all__ = [
    "evidence",
    "imports",
    "people",
    "records",
    "subjects",
]

# Nobody reads the secrets and the sessions of others, not even a superuser.
for model in (EmailAddress, Authenticator, UserSession):
    admin.site.unregister(model)
