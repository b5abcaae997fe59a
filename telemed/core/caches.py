"""The cache that all processes share: counts for rate limits, and nothing about patients."""

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE = 5.0  # seconds for which a Valkey that failed is not asked again


class Shared(RedisCache):
    """
    Valkey; while it does not answer, this process counts for itself and says so in the log.

    A limit that holds for one process only is weaker than one that holds for all, and better than
    a sign-in page that fails.
    """

    # Django makes a cache for each request; connections and what is known of Valkey outlive them.
    _clients: ClassVar[dict[str, RedisCacheClient]] = {}
    _away_until: ClassVar[float] = float("-inf")

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._server, self._how = server, params.get("OPTIONS", {})
        self._here = LocMemCache("limits", {})

    @property
    def _cache(self) -> RedisCacheClient:
        if self._server not in self._clients:
            self._clients[self._server] = RedisCacheClient([self._server], **self._how)
        return self._clients[self._server]

    def _either(self, name: str, *args: Any, **more: Any) -> Any:
        shared: Callable[..., Any] = getattr(super(), name)
        if time.monotonic() >= Shared._away_until:
            try:
                return shared(*args, **more)
            except (RedisError, OSError) as error:
                Shared._away_until = time.monotonic() + PAUSE
                logger.warning("Rate limits hold for this process alone: %s", error)
        return getattr(self._here, name)(*args, **more)

    def add(self, *args: Any, **more: Any) -> Any:
        return self._either("add", *args, **more)

    def get(self, *args: Any, **more: Any) -> Any:
        return self._either("get", *args, **more)

    def set(self, *args: Any, **more: Any) -> Any:
        return self._either("set", *args, **more)

    def touch(self, *args: Any, **more: Any) -> Any:
        return self._either("touch", *args, **more)

    def delete(self, *args: Any, **more: Any) -> Any:
        return self._either("delete", *args, **more)

    def get_many(self, *args: Any, **more: Any) -> Any:
        return self._either("get_many", *args, **more)

    def has_key(self, *args: Any, **more: Any) -> Any:
        return self._either("has_key", *args, **more)

    def incr(self, *args: Any, **more: Any) -> Any:
        return self._either("incr", *args, **more)

    def set_many(self, *args: Any, **more: Any) -> Any:
        return self._either("set_many", *args, **more)

    def delete_many(self, *args: Any, **more: Any) -> Any:
        return self._either("delete_many", *args, **more)

    def clear(self) -> Any:
        self._here.clear()
        return self._either("clear")


def count(key: str, *, seconds: int) -> int:
    """How often this was called under this key within the time, this call included."""
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out, or Valkey went or came back, between the two
        return 1
