"""Background doors of rooms."""

import logging
import time
from itertools import takewhile
from uuid import UUID

from celery import shared_task

from consult.rooms import engines, queries, quorum, services
from consult.rooms.engines import Engine
from consult.rooms.models import MediaErrand
from telemed.core.intentions import System, intention

logger = logging.getLogger(__name__)
SWEEPER, MEDIA = System("rooms"), System("media")
PATIENCE = 20  # seconds; what it leaves, the next one finds


@shared_task(soft_time_limit=20, time_limit=30)
def sweep_rooms_task() -> int:
    """
    Note whose lease ran out, and end what nobody needs.

    Beat runs it every 5 s; each room is an intention of its own.
    """
    with intention(SWEEPER, door="beat"):
        rooms, past = quorum.rooms_to_sweep(), queries.rooms_past()
    for room_id in rooms:
        with intention(SWEEPER, door="beat"):
            services.sweep_room(room_id=room_id)
    for room_id in past:
        with intention(SWEEPER, door="beat"):
            services.lapse_if_past(room_id=room_id)
    return len(rooms) + len(past)


@shared_task(soft_time_limit=40, time_limit=50)
def run_media_errands_task() -> int:
    """Tell the media engine what is due. Rung for by each errand, and by beat."""
    engine = engines.connected()
    if engine is None:
        return 0
    with intention(MEDIA, door="worker"):
        due = queries.due_errands()
    until = time.monotonic() + PATIENCE
    in_time = takewhile(lambda _errand_id: time.monotonic() < until, due)
    return sum(run_errand(engine, errand_id) for errand_id in in_time)


def run_errand(engine: Engine, errand_id: UUID) -> bool:
    """Claim it, tell the engine, mark it. What the middle leaves undone is claimed again."""
    with intention(MEDIA, door="worker"):
        errand = services.claim_errand(errand_id=errand_id)
    if errand is None:
        return False
    try:
        tell(engine, errand)
    except engines.Refused as error:
        logger.error("The media engine refused errand %s: %s", errand_id, error)
        with intention(MEDIA, door="worker"):
            services.give_up_errand(errand_id=errand_id, error=str(error))
        return False
    except engines.Down as error:
        with intention(MEDIA, door="worker"):
            died = services.retry_errand(errand_id=errand_id, error=str(error))
        if died:
            logger.error("The media engine was never told errand %s: %s", errand_id, error)
        return False
    with intention(MEDIA, door="worker"):
        services.finish_errand(errand_id=errand_id)
    return True


def tell(engine: Engine, errand: MediaErrand) -> None:
    """Over the network, with no intention open."""
    match errand.kind:
        case MediaErrand.Kind.OPEN:
            engine.open(errand.engine_room)
        case MediaErrand.Kind.REMOVE:
            engine.remove(errand.engine_room, errand.identity)
        case MediaErrand.Kind.MUTE:
            engine.mute(errand.engine_room, errand.identity, errand.track)
        case MediaErrand.Kind.CLOSE:
            engine.close(errand.engine_room)
