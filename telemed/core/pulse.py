"""A sign of life of the workers, that fades by itself."""

import redis
from django.conf import settings

KEY = "telemed:worker"
FADES = 30  # seconds; beat asks for the sign every 2


def show() -> None:
    with _server() as server:
        server.set(KEY, "alive", ex=FADES)


def is_shown() -> bool:
    with _server() as server:
        return bool(server.exists(KEY))


def answers() -> bool:
    """Whether the doorbells' server is there. Raises redis.RedisError when it is not."""
    with _server() as server:
        return bool(server.ping())


def _server() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
