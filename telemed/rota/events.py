"""What other slices may want to hear of the rota."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class RotaPublished(Event):
    """A month is out, or a newer version of it."""

    topic: ClassVar[str] = "rota.published"
    rota_id: UUID


@dataclass(frozen=True, kw_only=True)
class RotaMissing(Event):
    """It is the 25th, and the month after this one is not published."""

    topic: ClassVar[str] = "rota.missing"
    rota_id: UUID  # the last one that is


@dataclass(frozen=True, kw_only=True)
class SwapEvent(Event):
    swap_id: UUID


@dataclass(frozen=True, kw_only=True)
class SwapAsked(SwapEvent):
    topic: ClassVar[str] = "shift.swap_asked"


@dataclass(frozen=True, kw_only=True)
class ShiftSwapped(SwapEvent):
    topic: ClassVar[str] = "shift.swapped"


@dataclass(frozen=True, kw_only=True)
class SwapDeclined(SwapEvent):
    topic: ClassVar[str] = "shift.swap_declined"


@dataclass(frozen=True, kw_only=True)
class HandOverEvent(Event):
    hand_over_id: UUID


@dataclass(frozen=True, kw_only=True)
class HandOverListed(HandOverEvent):
    """Half an hour before the end: both see what is in hand."""

    topic: ClassVar[str] = "shift.listed"


@dataclass(frozen=True, kw_only=True)
class ShiftHandedOver(HandOverEvent):
    topic: ClassVar[str] = "shift.handed_over"


@dataclass(frozen=True, kw_only=True)
class IncomingAbsent(HandOverEvent):
    """A quarter of an hour into the next shift nobody has acknowledged."""

    topic: ClassVar[str] = "shift.absent"
