"""A line of its own for each test, on the Valkey of the run."""

import time
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.utils import timezone

from scheduling.opening import line
from scheduling.opening.models import Opening

SEED = "5eed" * 16


@pytest.fixture
def valkey():
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as server:
        yield server
        for key in server.scan_iter("opening:*"):
            server.delete(key)


@pytest.fixture(autouse=True)
def nobody_gave_up(monkeypatch):
    """What one test knows of a dead Valkey is no other's."""
    monkeypatch.setattr(line, "_away_until", float("-inf"))


def opening_of(organisation, *, since: float, days=(), **more) -> Opening:
    """Its hour was `since` seconds ago, or is to come."""
    opens_at = timezone.now() - timedelta(seconds=since)
    facts = {
        "waits_at": opens_at - timedelta(minutes=15),
        "opens_at": opens_at,
        "draw_at": opens_at + timedelta(seconds=60),
        "ends_at": opens_at + timedelta(minutes=30),
        "days": list(days) or [timezone.localdate()],
        "seed": SEED,
    }
    return Opening.objects.create(organisation=organisation, **facts | more)


def laid(opening: Opening, *, limit: int = 1000, turn: float = 300, rate: float = 1000) -> Opening:
    line.lay(opening, now=time.time(), limit=limit, turn=turn, rate=rate)
    return opening


def later(server, opening: Opening, seconds: float) -> None:
    """Valkey's clock cannot be moved, so everything it knows of this opening is moved back."""
    number = opening.organisation.number
    state, _line, turns, _addresses = line.keys_of(number)
    for name in ("waits", "opens", "draw", "ends", "at"):
        if (moment := server.hget(state, name)) is not None:
            server.hset(state, name, f"{float(moment) - seconds:.6f}")
    for who, until in server.hgetall(turns).items():
        if until != "used":
            server.hset(turns, who, f"{float(until) - seconds:.3f}")
