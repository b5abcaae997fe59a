"""Showing one's own screen to the others: one at a time, and everybody knows whose."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.rooms.models import Participant, Room, RoomEvent
from consult.rooms.permissions import may_host
from consult.rooms.queries import SCREEN_ENDED, SCREEN_STARTED, sharer_of
from consult.rooms.services.log import append, find_repeated, lock_place
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.people.models import User


def share_screen(*, actor: User, room_id: UUID, client_id: UUID) -> RoomEvent:
    """From now on the others see the actor's screen. Raises Conflict while somebody else's is."""
    require_intention()
    place = lock_place(actor, room_id)
    require(may_host(place.role), _("Only the doctors and the coordinator of this case do that."))
    require(place.status in Participant.HERE, _("You are not in this room now."))
    room = place.room
    if shared := find_repeated(room, actor, client_id):
        return shared
    other = sharer_of(room.pk)
    if other not in {None, actor.pk}:
        who = User.objects.get(pk=other).name
        said = _("{who} shares the screen now; one at a time.")
        raise Conflict(said.format(who=who), path="screen")
    return append(room, SCREEN_STARTED, by=actor, client_id=client_id)


def stop_screen(*, actor: User, room_id: UUID) -> None:
    """The actor's screen is shown no more. Somebody else's stays."""
    require_intention()
    end_screen_of(lock_place(actor, room_id).room, actor.pk, why="stopped")


def end_screen_of(room: Room, user_id: UUID, *, why: str) -> None:
    """Of a locked room: this person shows nothing any more, however that came."""
    if sharer_of(room.pk) == user_id:
        append(room, SCREEN_ENDED, participant=str(user_id), why=why)
