"""Background doors of rooms."""

from celery import shared_task

from consult.rooms import queries, services
from telemed.core.intentions import System, intention

SWEEPER = System("rooms")


@shared_task(soft_time_limit=20, time_limit=30)
def sweep_rooms_task() -> int:
    """Note whose lease ran out. Beat runs it every 5 s; each room is an intention of its own."""
    with intention(SWEEPER, door="beat"):
        rooms = queries.rooms_to_sweep()
    for room_id in rooms:
        with intention(SWEEPER, door="beat"):
            services.sweep_room(room_id=room_id)
    return len(rooms)
