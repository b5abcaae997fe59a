"""Background doors of recordings."""

from celery import shared_task

from consult.recordings import queries, services
from telemed.core.intentions import System, intention

KEEPER = System("recordings")


@shared_task(soft_time_limit=50, time_limit=60)
def finish_recordings_task() -> int:
    """Close those whose recorder fell silent; each is an intention of its own."""
    with intention(KEEPER, door="beat"):
        found = queries.unfinished()
    for recording_id in found:
        with intention(KEEPER, door="beat"):
            services.finish_silent(recording_id=recording_id)
    return len(found)


@shared_task(soft_time_limit=50, time_limit=60)
def expire_recordings_task() -> int:
    """Remove those whose time is over."""
    with intention(KEEPER, door="beat"):
        found = queries.expired()
    for recording_id in found:
        with intention(KEEPER, door="beat"):
            services.expire_recording(recording_id=recording_id)
    return len(found)
