"""What other slices may want to hear of sessions."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class SessionsPublished(Event):
    """An institution's sessions of some days came out."""

    topic: ClassVar[str] = "session.published"
    organisation_id: UUID
    days: list[date]


@dataclass(frozen=True, kw_only=True)
class SessionsToStop(Event):
    """Nobody books any more in sessions of a doctor who may see nobody; they are to be stopped."""

    topic: ClassVar[str] = "session.to_stop"
    organisation_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionsWithheld(Event):
    """The hour came, and sessions of a doctor did not come out: that doctor may see nobody then."""

    topic: ClassVar[str] = "session.withheld"
    organisation_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class PoolsReturned(Event):
    """Places that nobody of a pool used are everybody's now."""

    topic: ClassVar[str] = "pool.returned"
    organisation_id: UUID
    places: int


@dataclass(frozen=True, kw_only=True)
class PlaceFreed(Event):
    """One place of a period can be taken again."""

    topic: ClassVar[str] = "place.freed"
    period_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionEvent(Event):
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionResized(SessionEvent):
    """Its periods have more or fewer places, or other pools."""

    topic: ClassVar[str] = "session.resized"


@dataclass(frozen=True, kw_only=True)
class SessionMoved(SessionEvent):
    """It is held on another day or at other hours; nobody was booked."""

    topic: ClassVar[str] = "session.moved"


@dataclass(frozen=True, kw_only=True)
class SessionStopped(SessionEvent):
    topic: ClassVar[str] = "session.stopped"
    stop_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionRestored(SessionEvent):
    """A stop was undone in time."""

    topic: ClassVar[str] = "session.restored"
    stop_id: UUID


@dataclass(frozen=True, kw_only=True)
class StopSettled(SessionEvent):
    """The minutes in which a stop could be undone are over: it stands."""

    topic: ClassVar[str] = "session.stop_settled"
    stop_id: UUID


@dataclass(frozen=True, kw_only=True)
class SessionFinished(SessionEvent):
    topic: ClassVar[str] = "session.finished"
