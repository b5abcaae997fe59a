"""What happens to a case changes who may be in its room."""

from typing import Any
from uuid import UUID

from consult.rooms import services
from consult.rooms.queries import open_room_of


def ask_again(payload: dict[str, Any]) -> None:
    """The open sockets of the case's room read their rights again at once, not at the next look."""
    room_id = open_room_of(UUID(payload["case_id"]))
    if room_id:
        services.recheck_room(room_id=room_id)
