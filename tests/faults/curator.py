"""Signs a curator in, in the settings of the site, and prints what a browser holds."""

import json
import os


def main():
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import Group

    from benchmarks.sheet import sign_in
    from icctracker.models import User

    person, _made = User.objects.get_or_create(
        username="curator-under-load", defaults={"is_staff": True}
    )
    person.groups.add(Group.objects.get(name="curator"))
    session = sign_in(person)["session"]
    print(json.dumps({settings.SESSION_COOKIE_NAME: session}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")
    main()
