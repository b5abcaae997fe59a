"""A sign of life of the workers, that fades by itself."""

import redis
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

KEY = "telemed:worker"
AWAY = (redis.RedisError, OperationalError)  # what is raised where the broker does not answer
FADES = 30  # seconds; beat asks for the sign every 2
STUCK, STUCK_FADES = "telemed:stuck", 5


def show() -> None:
    with _server() as server:
        server.set(KEY, "alive", ex=FADES)


def is_shown() -> bool:
    with _server() as server:
        return bool(server.exists(KEY))


def show_stuck(tasks: list[str]) -> None:
    """Name the tasks that run longer than they may; the watch repeats it while they do."""
    with _server() as server:
        server.set(STUCK, " ".join(sorted(tasks)), ex=STUCK_FADES)


def stuck() -> list[str]:
    with _server() as server:
        return str(server.get(STUCK) or "").split()


def waiting_tasks() -> int:
    """Tasks in the broker's queue that no worker has taken. Raises redis.RedisError."""
    with current_app.connection_for_read() as broker:
        return int(broker.default_channel.client.llen(current_app.conf.task_default_queue))


def answers() -> bool:
    """Whether the doorbells' server is there. Raises redis.RedisError when it is not."""
    with _server() as server:
        return bool(server.ping())


def _server() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, decode_responses=True
    )
