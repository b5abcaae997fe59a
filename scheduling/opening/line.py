"""
The line in Valkey, asked by the waiting page on the event loop and by the booking pages in threads.

What is asked raises Away when Valkey does not answer; who asks decides what that means.
"""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings

from scheduling.opening import scripts
from scheduling.opening.models import Opening

logger = logging.getLogger(__name__)

LIMITS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "decode_responses": True}
# On a loop that is late for everything, shorter limits would only measure the loop.
PATIENT = {"socket_timeout": 5, "socket_connect_timeout": 5}
CONNECTIONS = 32
WAITS = 20  # seconds for one of them: a late page is better than one that says there is no line
PAUSE = 5.0  # seconds for which a Valkey that failed is not asked again
GRACE = 20  # seconds in which everybody comes back with their ticket after the line was lost
HOLD_TIME, FACTOR = "opening:hold_time", "opening:factor"
AWAY = (redis.RedisError, OSError)
_away_until = float("-inf")


class Away(Exception):
    """Valkey does not answer, so there is no line."""


@dataclass(frozen=True)
class Place:
    """Where somebody stands; the moments are Valkey's seconds."""

    kind: str  # none early waiting line turn passed used over crowded
    id: str = ""
    name: str = ""
    phone: str = ""
    now: float = 0
    waits: float = 0
    opens: float = 0
    draw: float = 0
    ends: float = 0
    rate: float = 1
    turn: float = 0
    taken: float = 0
    drawn: bool = False
    size: int = 0
    number: int = 0
    ahead: int = 0
    left: float = 0
    commit: str = ""
    seed: str = ""
    lot: str = ""
    places: dict[str, Any] = field(default_factory=dict)
    counted: str = ""  # the same as it was written

    @property
    def about(self) -> float:
        """Seconds until it is their turn, as things go now."""
        return self.ahead / max(self.rate, 0.01)


def who_is(account: object) -> str:
    """The mark under which an account stands in a line: no number of ours, and always the same."""
    return hashlib.sha256(f"opening:{account}".encode()).hexdigest()[:20]


def keys_of(number: int) -> list[str]:
    place = f"opening:{{{number}}}"
    return [place, f"{place}:line", f"{place}:turns", f"{place}:addresses"]


def enter(number: int, who: str) -> Place:
    """From a booking page: where this account stands; it is put into the line if it must be."""
    return _read(_ask(scripts.ENTER, keys_of(number), [who, "", "", "", ""]))


async def enter_from_page(
    number: int, who: str, *, ticket: tuple[str, float] | None, address: str, again: bool
) -> Place:
    opening_id, taken = ticket or ("", "")
    args = [who, opening_id, str(taken), address, "1" if again else ""]
    if _is_away():
        raise Away
    try:
        server = _server_of_loop(settings.REDIS_URL)
        answer = await server.register_script(scripts.ENTER)(keys=keys_of(number), args=args)
    except AWAY as error:
        raise _gone(error, pause=not _is_busy(error)) from error
    return _read(answer)


def lay(opening: Opening, *, now: float, limit: int, turn: float, rate: float) -> bool:
    """The state of an opening, where Valkey has none of it (any more)."""
    moments = [one.timestamp() for one in _moments_of(opening)]
    args = [str(opening.pk), *map(str, moments), str(now), opening.seed, commit_of(opening.seed)]
    args += [str(limit), opening.organisation.name, str(turn), str(rate), str(GRACE)]
    args.append(opening.organisation.phone)
    return bool(_ask(scripts.LAY, keys_of(opening.organisation.number), args))


def steer(opening: Opening, *, rate: float | None, places: dict[str, Any]) -> int:
    """How many wait; what the pages say from now on. Without a rate that stays."""
    told = "" if rate is None else f"{rate:.3f}"
    args = [str(opening.pk), told, json.dumps(places, ensure_ascii=False)]
    return max(0, int(_ask(scripts.STEER, keys_of(opening.organisation.number), args)))


def spend(number: int, who: str) -> None:
    _ask(scripts.SPEND, [keys_of(number)[2]], [who])


def report(seconds: float) -> None:
    """What one hold took while a line ran. Never in the way of it."""
    try:
        _ask(scripts.REPORT, [HOLD_TIME], [f"{seconds:.4f}"])
    except Away:
        logger.info("Nobody was told how long a hold took")


def keep_factor(change: Callable[[float, float], float]) -> float:
    """The part of the rate that the database bears, after what holds took of late."""
    try:
        server = _server(settings.REDIS_URL)
        factor, seconds = server.mget(FACTOR, HOLD_TIME)
        now = change(float(factor or 1), float(seconds or 0))
        server.set(FACTOR, f"{now:.4f}", ex=600)
    except AWAY as error:
        raise _gone(error) from error
    return now


def commit_of(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def _moments_of(opening: Opening) -> list[Any]:
    return [opening.waits_at, opening.opens_at, opening.draw_at, opening.ends_at]


def _ask(script: str, keys: list[str], args: list[str]) -> Any:
    if _is_away():
        raise Away
    try:
        return _server(settings.REDIS_URL).register_script(script)(keys=keys, args=args)
    except AWAY as error:
        raise _gone(error) from error


def _read(answer: Any) -> Place:
    facts = json.loads(answer)
    counted = facts.pop("places", "")
    return Place(places=json.loads(counted or "{}"), counted=counted, **facts)


def _is_away() -> bool:
    return time.monotonic() < _away_until


def _is_busy(error: Exception) -> bool:
    """It is this process that is late, or its connections are all in use."""
    return isinstance(error, redis.TimeoutError) or "No connection available" in str(error)


def _gone(error: Exception, *, pause: bool = True) -> Away:
    global _away_until
    if pause:
        _away_until = time.monotonic() + PAUSE
    logger.warning("Booking goes on without a line: %s", error)
    return Away(str(error))


@cache
def _server(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, **LIMITS)


_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()


def _server_of_loop(url: str) -> Any:
    loop = asyncio.get_running_loop()
    known = _loops.setdefault(loop, {})
    if url not in known:
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            url, max_connections=CONNECTIONS, timeout=WAITS, **LIMITS | PATIENT
        )
        known[url] = redis.asyncio.Redis(connection_pool=pool)
    return known[url]


async def close() -> None:
    """What this loop has open; servers that end their loop in order call it."""
    for server in _loops.pop(asyncio.get_running_loop(), {}).values():
        await server.aclose()
        await server.connection_pool.disconnect()
