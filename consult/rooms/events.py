"""What other slices may want to hear of a room."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class RoomEnded(Event):
    """A room in which the consult had begun is closed."""

    topic: ClassVar[str] = "room.ended"
    room_id: UUID
    case_id: UUID
