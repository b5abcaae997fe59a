"""What other slices may want to hear of break-glass."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class BreakGlassOpened(Event):
    topic: ClassVar[str] = "breakglass.opened"
    break_glass_id: UUID


@dataclass(frozen=True, kw_only=True)
class BreakGlassEnded(Event):
    topic: ClassVar[str] = "breakglass.ended"
    break_glass_id: UUID


@dataclass(frozen=True, kw_only=True)
class BreakGlassReviewed(Event):
    topic: ClassVar[str] = "breakglass.reviewed"
    break_glass_id: UUID
