"""Keeps what somebody typed when it could not be saved, for that person alone.

It stays on the server, in the session, for as long as the session lasts.
"""

from django.core import signing
from django.http import QueryDict

KEY = "typed"
SALT = "icctracker.contribute.typed"
MOST_BYTES = 200_000
MOST_FORMS = 3


def sign(user):
    """Says, in a form, who opened it."""
    return signing.dumps(user.pk, salt=SALT)


def opened_by(data):
    """The key of the person who opened the form that was posted, or None."""
    try:
        return signing.loads(data.get("opened_by", ""), salt=SALT)
    except signing.BadSignature:
        return None


def keep(request, data):
    """Keep what was posted by the person who opened the form; False if it cannot be.

    What a stranger sends is never kept, nor more than a form can sensibly hold.
    """
    owner = opened_by(data)
    text = data.urlencode()
    if owner is None or len(text) > MOST_BYTES:
        return False
    kept = request.session.get(KEY, {})
    kept.pop(request.path, None)
    kept[request.path] = [owner, text]
    while len(kept) > MOST_FORMS or sum(len(row[1]) for row in kept.values()) > (
        MOST_BYTES
    ):
        del kept[next(iter(kept))]
    request.session[KEY] = kept
    return True


def kept(request):
    """What this person had typed at this address, or None."""
    owner, text = request.session.get(KEY, {}).get(request.path, (None, ""))
    if owner is None:
        return None
    if owner != request.user.pk:
        forget(request)
        return None
    return QueryDict(text)


def forget(request, *paths):
    """Drop what was kept for this address, and for others that are named."""
    stored = request.session.get(KEY, {})
    if any([stored.pop(path, None) for path in {request.path, *paths}]):
        request.session[KEY] = stored
