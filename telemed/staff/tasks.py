"""Background doors."""

from celery import shared_task

from telemed.core.intentions import System, intention
from telemed.staff import services


@shared_task(soft_time_limit=50, time_limit=60)
def watch_licences_task() -> int:
    """Give clocks to licences that have none, a few hundred an hour."""
    with intention(System("housekeeping"), door="beat"):
        return services.watch_unwatched()
