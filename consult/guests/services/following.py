"""What happens in a room ends the links into it, in the same transaction."""

from consult.guests.services.inviting import end_links
from consult.rooms.models import Room, RoomEvent
from telemed.core.intentions import require_intention

ENDS = ("room.ended", "room.lapsed")


def follow_room(room: Room, event: RoomEvent) -> None:
    """Who is removed comes back by a new link; the room's end ends them all."""
    require_intention()
    if event.kind in ENDS:
        end_links(room)
    elif event.kind == "participant.removed":
        end_links(room, holder=event.body["participant"])
