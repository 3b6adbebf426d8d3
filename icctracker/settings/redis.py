"""Redis as a cache that may be full or gone: it costs time, and never an answer."""

import logging
import time

from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import OutOfMemoryError, RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
# How long Redis is left alone after it failed. What is full stays so for a while, and
# limits that are counted elsewhere meanwhile must not begin anew every few seconds.
GONE, FULL = 5, 15 * 60
# Until when, by its address: all threads of a process know, and all caches in it.
_left_alone_until = {}


def _while_it_will(name):
    """An operation that another cache is asked for instead, while Redis fails."""

    def operation(cache, *args, **kwargs):
        if time.monotonic() >= _left_alone_until.get(cache.known_as, 0):
            try:
                return getattr(RedisCache, name)(cache, *args, **kwargs)
            except (RedisError, OSError) as fault:
                _leave_alone(cache, fault)
        return getattr(cache.instead, name)(*args, **kwargs)

    return operation


def _leave_alone(cache, fault):
    seconds = FULL if isinstance(fault, OutOfMemoryError) else GONE
    _left_alone_until[cache.known_as] = time.monotonic() + seconds
    logger.warning("Redis is left alone for %s s: %s", seconds, fault)


class SharedCache(RedisCache):
    """Redis; while it fails, another cache (``instead``), or one that has nothing."""

    def __init__(self, server, params):
        options = dict(params.get("OPTIONS", {}))
        self._instead = options.pop("instead", "")
        self._longest = options.pop("longest", None)
        # Once more, for a connection that Redis has closed since it was used last.
        options["retry"] = Retry(NoBackoff(), 1)
        super().__init__(server, params | {"OPTIONS": options})
        self.known_as = str(server)

    @property
    def instead(self):
        return caches[self._instead] if self._instead else DummyCache("", {})

    def get_backend_timeout(self, *args):
        found = super().get_backend_timeout(*args)
        if self._longest is None:
            return found
        return self._longest if found is None else min(found, self._longest)

    add = _while_it_will("add")
    get = _while_it_will("get")
    set = _while_it_will("set")
    touch = _while_it_will("touch")
    delete = _while_it_will("delete")
    get_many = _while_it_will("get_many")
    has_key = _while_it_will("has_key")
    incr = _while_it_will("incr")
    set_many = _while_it_will("set_many")
    delete_many = _while_it_will("delete_many")
    clear = _while_it_will("clear")
