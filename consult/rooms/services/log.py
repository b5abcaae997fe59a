"""The numbered log: a lock, a place, a number."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests.models import Case
from consult.rooms import plugs
from consult.rooms.models import Participant, Room, RoomEvent
from consult.rooms.permissions import Matter, may_show
from consult.rooms.queries import admitted, watchers_of
from scheduling.appointments.services import attending
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.doorbells import ring_group
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.intentions import require_intention
from telemed.notifications.services import ring_inbox
from telemed.people.models import User

# Events with which the world sees another encounter.
ENCOUNTER = frozenset({"room.opened", "room.live", "room.ended", "room.lapsed"})
# And those that change what a coordinator's board shows.
WATCHED = ("room.", "participant.", "role.", "quality.", "doctor.", "coordinator.")


def lock_room(room_id: UUID) -> Room:
    """From here to the end of the transaction nobody else writes to this room's log."""
    require_intention()
    rooms = Room.objects.select_related("case", "visit").select_for_update(
        of=("self",), no_key=True
    )
    room = rooms.filter(pk=room_id).first()
    if room is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Room/{room_id}")
    return room


def lock_place(actor: User, room_id: UUID, *, to_show: bool = False) -> Participant:
    """
    The actor's place in the locked room, read after the lock, or the refusal.

    `to_show` asks for the right to lead, point and measure as well.
    """
    room = lock_room(room_id)
    place = room.participants.filter(user=actor).first()
    if place is not None:
        place.room = room
    place = admitted(actor, room_id, place)
    if to_show and not may_show(place.role):
        raise Forbidden(_("Only the doctors of this case lead, point and measure."))
    return place


def find_repeated(room: Room, actor: User, client_id: UUID) -> RoomEvent | None:
    """The event that this client asked for before and did not hear of."""
    said = room.events.filter(client_id=client_id).first()
    if said and said.sender_id != actor.pk:
        raise Conflict(_("This number was used by somebody else."), path="client_id")
    return said


def append(
    room: Room, kind: str, *, by: User | None = None, client_id: UUID | None = None, **body: Any
) -> RoomEvent:
    """Write the next event of a locked room, and wake everybody in it after the commit."""
    require_intention()
    room.last_seq += 1
    Room.objects.filter(pk=room.pk).update(last_seq=room.last_seq)
    event = RoomEvent.objects.create(
        room=room, seq=room.last_seq, kind=kind, sender=by, client_id=client_id, body=body
    )
    audit.record(action=f"room.{kind}", target=f"Room/{room.pk}", patient_id=room.matter.patient_id)
    ring_group(Room.group(room.pk), type="room.rang", seq=event.seq)
    if kind in ENCOUNTER:
        publication.publish(room)
    plugs.tell(room, event)
    if kind.startswith(WATCHED):
        for watcher in watchers_of(room.matter):
            ring_inbox(watcher)
    return event


def lock_matter_of(room_id: UUID) -> Matter:
    """
    Case or visit before room: the order in which every transition locks them.

    Its key stays free, as in every lock (ADR 0064): at its commit, who has written twice to a room
    has the database look whether the room's case is there, and would wait for us forever.
    """
    case = Case.objects.select_for_update(of=("self",), no_key=True).filter(rooms=room_id).first()
    if case:
        return case
    visit_id = Room.objects.filter(pk=room_id).values_list("visit", flat=True).first()
    if visit_id is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Room/{room_id}")
    return attending.lock_visit(visit_id)


def recheck_room(*, room_id: UUID) -> None:
    """Make every open socket of a room ask again whether it may be there."""
    require_intention()
    ring_group(Room.group(room_id), type="room.doubted")
