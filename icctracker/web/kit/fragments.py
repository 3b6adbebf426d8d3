"""Parts of open pages that many pages show alike, made once for each version.

Only what says the same to every reader, signed in or not, and stands for today.
"""

from collections.abc import Callable, Iterable, Mapping

from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from .answers import KEPT_FOR, code_version, if_the_cache_will

ALIAS = "fragments"


def made_once(version, name: str, make: Callable[[], str]) -> SafeString:
    """A part of a page by its name, from what was kept, else made and kept."""
    return each_once(version, "part", [name], lambda _names: {name: make()})[name]


def each_once(
    version, kind: str, keys: Iterable, make: Callable[[list], Mapping]
) -> dict:
    """The part that each key names; ``make`` is asked once for all that are missing.

    What ``make`` does not know any more has no part: it went since its key was read.
    """
    names = {key: _name(version, kind, key) for key in keys}
    found, cache = {}, caches[ALIAS]
    with if_the_cache_will():
        found = cache.get_many(names.values())
    missing = [key for key, name in names.items() if name not in found]
    made = make(missing) if missing else {}
    if made:
        with if_the_cache_will():
            kept = {names[key]: str(part) for key, part in made.items()}
            cache.set_many(kept, KEPT_FOR.total_seconds())
    parts = {key: made.get(key, found.get(name)) for key, name in names.items()}
    # What is kept was made by a template of ours.
    return {
        key: mark_safe(part)  # noqa: S308
        for key, part in parts.items()
        if part is not None
    }


def _name(version, kind, key):
    return f"{kind}:{key}:{version}:{get_language()}:{code_version()}".replace(" ", "_")
