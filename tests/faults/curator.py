"""Signs a curator in, in the settings of the site, and prints what a browser holds."""

import json
import os
from importlib import import_module


def main():
    import django

    django.setup()
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.contrib.auth.models import Group
    from django.utils import timezone

    from icctracker.models import User

    person, _made = User.objects.get_or_create(
        username="curator-under-load", defaults={"is_staff": True}
    )
    person.groups.add(Group.objects.get(name="curator"))
    Authenticator.objects.get_or_create(
        user=person, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "-"}}
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session["seen_at"] = timezone.now().timestamp()
    session.save()
    print(json.dumps({settings.SESSION_COOKIE_NAME: session.session_key}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")
    main()
