"""What other slices may want to hear of the green channel."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class GreenEvent(Event):
    green_id: UUID


@dataclass(frozen=True, kw_only=True)
class GreenOpened(GreenEvent):
    topic: ClassVar[str] = "green.opened"


@dataclass(frozen=True, kw_only=True)
class GreenAcknowledged(GreenEvent):
    topic: ClassVar[str] = "green.acknowledged"


@dataclass(frozen=True, kw_only=True)
class GreenStamped(GreenEvent):
    topic: ClassVar[str] = "green.stamped"


@dataclass(frozen=True, kw_only=True)
class GreenEnded(GreenEvent):
    topic: ClassVar[str] = "green.ended"


@dataclass(frozen=True, kw_only=True)
class GreenTakenBack(GreenEvent):
    topic: ClassVar[str] = "green.taken_back"
