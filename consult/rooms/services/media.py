"""
When a room needs the media engine, and what the engine is to be told.

Nothing here waits for it: errands are written with the fact and run by a worker. A room moves to
the engine only when that has said yes, and back to the mesh when it does not answer.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from consult.rooms import engines
from consult.rooms.engines import MESH_MOST, SCREEN, Heard
from consult.rooms.models import MediaErrand, Participant, Room
from consult.rooms.permissions import may_host, may_speak, role_at
from consult.rooms.services.log import append, lock_place, lock_room
from telemed.core import moments
from telemed.core.doorbells import ring_task
from telemed.core.errors import require
from telemed.core.intentions import require_intention
from telemed.people.models import User

Kind = MediaErrand.Kind
HERE = Participant.HERE
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)
NAME = 32  # bytes of a room's name at the engine
MOVED = "media.moved"
MOST_HEARD = 20  # errands of one room that wait, before more of what an engine tells is dropped


def widen_if_crowded(room: Room) -> None:
    """Of a locked room: more people than a mesh carries need the engine, where there is one."""
    if engines.connected() is None or room.engine_room:
        return
    if room.participants.filter(status__in=HERE).count() > MESH_MOST:
        _try_engine(room)


def doubt_engine(*, actor: User, room_id: UUID, connection: UUID) -> None:
    """A page can't reach the engine: it is asked again, and the room goes back if it is away."""
    require_intention()
    place = lock_place(actor, room_id)
    here = place.status in HERE and place.connection == connection
    require(here, _("You are not in this room now."))
    if place.room.engine_room:
        _try_engine(place.room)


def _try_engine(room: Room) -> None:
    waiting = room.media_errands.filter(kind=Kind.OPEN, done_at=None, dead_at=None)
    if not waiting.exists():
        name = room.engine_room or secrets.token_urlsafe(NAME)
        _order(room, Kind.OPEN, engine_room=name)


def put_out(room: Room, user_id: UUID) -> None:
    """Of a locked room: this person is to be nowhere at the engine."""
    if room.engine_room:
        _order(room, Kind.REMOVE, engine_room=room.engine_room, identity=str(user_id))


def put_out_strangers(*, room_id: UUID) -> None:
    """Who has lost the right to the room meanwhile, however that came."""
    require_intention()
    room = lock_room(room_id)
    if not room.engine_room:
        return
    for place in room.participants.filter(status__in=HERE).select_related("user"):
        if role_at(room.matter, place.user, place) != place.role:
            put_out(room, place.user_id)


def shut_engine_room(room: Room) -> None:
    """Of a locked room that ends or goes back to the mesh: its name opens nothing any more."""
    if room.engine_room:
        _order(room, Kind.CLOSE, engine_room=room.engine_room)
        room.engine_room = ""
        room.save(update_fields=["engine_room"])


def _order(room: Room, kind: str, *, engine_room: str, identity: str = "", track: str = "") -> None:
    from consult.rooms.tasks import run_media_errands_task

    room.media_errands.create(
        kind=kind,
        engine_room=engine_room,
        identity=identity,
        track=track,
        due_at=moments.now(),
    )
    ring_task(run_media_errands_task)


# What a worker does with an errand.


def claim_errand(*, errand_id: UUID) -> MediaErrand | None:
    """For one worker at a time; None when it is over, not due, or in another's hands."""
    require_intention()
    errands = MediaErrand.objects.select_for_update(skip_locked=True, no_key=True)
    errand = errands.filter(pk=errand_id).first()
    now = moments.now()
    if errand is None or errand.is_over or errand.due_at > now:
        return None
    if errand.claimed_at and errand.claimed_at > now - MediaErrand.LEASE:
        return None
    if errand.kind == Kind.REMOVE and _is_back(errand):
        errand.done_at = now
        errand.save(update_fields=["done_at"])
        return None
    errand.claimed_at, errand.attempts = now, errand.attempts + 1
    errand.save(update_fields=["claimed_at", "attempts"])
    return errand


def _is_back(errand: MediaErrand) -> bool:
    """Who came back rightly before the engine was told must not be thrown out by old news."""
    admitted = errand.room.participants.filter(status=Participant.Status.ADMITTED).select_related(
        "user"
    )
    place = next((one for one in admitted if str(one.user_id) == errand.identity), None)
    return place is not None and role_at(errand.room.matter, place.user, place) == place.role


def finish_errand(*, errand_id: UUID) -> None:
    """The engine did it. A room that wanted in is there now, unless it ended meanwhile."""
    require_intention()
    room, errand = _lock(errand_id)
    if errand.is_over:
        return
    errand.done_at, errand.claimed_at, errand.error = moments.now(), None, ""
    errand.save(update_fields=["done_at", "claimed_at", "error"])
    if errand.kind != Kind.OPEN or room.engine_room == errand.engine_room:
        return
    if room.status == Room.Status.ENDED:
        _order(room, Kind.CLOSE, engine_room=errand.engine_room)
        return
    room.engine_room = errand.engine_room
    room.save(update_fields=["engine_room"])
    append(room, MOVED, engine="livekit", why="crowded")


def retry_errand(*, errand_id: UUID, error: str) -> bool:
    """The engine does not answer: later again. Whether that was the last time and it is dead."""
    require_intention()
    room, errand = _lock(errand_id)
    if errand.is_over:
        return False
    errand.claimed_at, errand.error = None, error[:60]
    dies = errand.attempts >= MediaErrand.ATTEMPTS
    if dies:
        errand.dead_at = moments.now()
    else:
        pause = min(FIRST_PAUSE * 2 ** (errand.attempts - 1), LONGEST_PAUSE)
        errand.due_at = moments.now() + pause * (1 + secrets.randbelow(1000) / 4000)
    errand.save(update_fields=["claimed_at", "error", "dead_at", "due_at"])
    if errand.kind == Kind.OPEN and (errand.attempts == 1 or room.engine_room):
        _go_back(room)
    return dies


def give_up_errand(*, errand_id: UUID, error: str) -> None:
    """The engine refuses: trying again is of no use."""
    require_intention()
    room, errand = _lock(errand_id)
    if errand.is_over:
        return
    errand.dead_at, errand.claimed_at, errand.error = moments.now(), None, error[:60]
    errand.save(update_fields=["dead_at", "claimed_at", "error"])
    if errand.kind == Kind.OPEN:
        _go_back(room)


def revive_errands() -> int:
    """Those that died are tried again from the beginning; how many."""
    require_intention()
    dead = MediaErrand.objects.filter(dead_at__isnull=False).exclude(kind=Kind.OPEN)
    return dead.update(dead_at=None, attempts=0, due_at=moments.now())


def _lock(errand_id: UUID) -> tuple[Room, MediaErrand]:
    """Room before errand, as everything else that locks both."""
    room = lock_room(MediaErrand.objects.values_list("room", flat=True).get(pk=errand_id))
    return room, MediaErrand.objects.select_for_update(no_key=True).get(pk=errand_id)


def _go_back(room: Room) -> None:
    """To the mesh, or stay there, and say so: nobody waits for a machine."""
    if room.status == Room.Status.ENDED:
        return
    room.engine_room = ""
    room.save(update_fields=["engine_room"])
    append(room, MOVED, engine="mesh", why="away")


# What the engine tells.


def take_in(heard: Heard) -> None:
    """
    Somebody is in the engine's room who is not in ours, or shows what they may not: out with them.

    A token lives on for minutes after its person was removed; this is what shuts that door.
    """
    require_intention()
    found = Room.objects.filter(engine_room=heard.room).first() if heard.room else None
    if found is None:
        return
    room = lock_room(found.pk)
    if room.engine_room != heard.room or _overrun(room):
        return
    match heard.what:
        case "participant_joined" | "track_published":
            _look_at(room, heard)
        case "room_finished":  # it is opened anew by whoever comes next; nothing is lost
            return


def _overrun(room: Room) -> bool:
    return room.media_errands.filter(done_at=None, dead_at=None).count() >= MOST_HEARD


def _look_at(room: Room, heard: Heard) -> None:
    places = room.participants.select_related("user").filter(status__in=HERE)
    place = next((one for one in places if str(one.user_id) == heard.identity), None)
    if place is None or role_at(room.matter, place.user, place) != place.role:
        to = heard.identity[:36]
        if to:
            _order(room, Kind.REMOVE, engine_room=room.engine_room, identity=to)
    elif heard.track and not _may_send(place.role, heard.source):
        about = {"identity": heard.identity, "track": heard.track[:64]}
        _order(room, Kind.MUTE, engine_room=room.engine_room, **about)


def _may_send(role: str, source: str) -> bool:
    return may_host(role) if source == SCREEN else may_speak(role)
