"""Celery tasks."""

from celery import shared_task

from scheduling.opening import services, steering
from scheduling.opening.line import Away
from telemed.core.intentions import System, intention

USHER = System("usher")


@shared_task(soft_time_limit=40, time_limit=50)
def prepare_openings_task() -> int:
    """Which places come out within the half hour."""
    with intention(USHER, door="task", timeout_ms=30_000):
        return len(services.prepare())


@shared_task(soft_time_limit=20, time_limit=30)
def steer_openings_task() -> int:
    """How many places are left, and how fast each line moves."""
    with intention(USHER, door="task"):
        courses = steering.courses()
    try:
        return steering.steer(courses)
    except Away:  # said in the log already
        return 0
