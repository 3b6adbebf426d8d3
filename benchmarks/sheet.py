"""What whoever asks a synthetic site has to know of it, as JSON.

    DATABASE_URL=… .venv/bin/python -m benchmarks.sheet [words that titles begin with]

Signs in the people of the load, so that their pages can be asked for; with words it
only counts the entries whose titles begin with them.
"""

import json
import os
import sys
from importlib import import_module

LONGEST_QUEUE = 200


def sheet():
    """Addresses, keys and sessions, of the database that the settings name."""
    from django.conf import settings

    from icctracker.models import Actor, Criterion, Evidence, Situation, User

    published = Evidence.objects.published().order_by("pk")
    count = published.count()
    middle = published[count // 2]
    criteria = Criterion.objects.order_by("pk")
    return {
        "entries": count,
        "entry": middle.slug,
        "instant": middle.published_at.isoformat().replace("+00:00", "Z"),
        "word": middle.title.split()[2],
        "situation": Situation.objects.order_by("pk")[2].slug,
        "actor": Actor.objects.order_by("pk")[3].name,
        "criteria": list(criteria.values_list("pk", flat=True)[:25]),
        "cookie": settings.SESSION_COOKIE_NAME,
        "people": {
            person.username.removeprefix("synthetic-"): sign_in(person)
            for person in User.objects.filter(username__startswith="synthetic-")
        },
        "queue": [
            {"pk": key, "version": version}
            for key, version in Evidence.objects.submitted().values_list(
                "pk", "version"
            )[:LONGEST_QUEUE]
        ],
    }


def sign_in(person):
    """A session of somebody who has a second step; and what their forms begin with."""
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.utils import timezone

    from icctracker.web.kit import kept

    Authenticator.objects.get_or_create(
        user=person, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "-"}}
    )
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session["seen_at"] = timezone.now().timestamp()
    session.save()
    return {"session": session.session_key, "opened_by": kept.sign(person)}


def count(words):
    """How many entries there are whose titles begin with these words."""
    from icctracker.models import Evidence

    return Evidence.objects.filter(title__startswith=words).count()


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "icctracker.settings")
    import django

    django.setup()
    words = " ".join(sys.argv[1:])
    print(json.dumps(count(words) if words else sheet()))


if __name__ == "__main__":
    main()
