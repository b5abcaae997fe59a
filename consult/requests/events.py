"""What other slices may want to hear of a case."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class CaseEvent(Event):
    """Something happened to a case."""

    case_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseRouted(CaseEvent):
    """Doctors were asked."""

    topic: ClassVar[str] = "case.routed"


@dataclass(frozen=True, kw_only=True)
class CaseAccepted(CaseEvent):
    """A doctor holds it."""

    topic: ClassVar[str] = "case.accepted"


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseEvent):
    """The asking doctor acted on the opinion, and it is over."""

    topic: ClassVar[str] = "case.closed"


@dataclass(frozen=True, kw_only=True)
class CaseCancelled(CaseEvent):
    """Withdrawn before an opinion was signed."""

    topic: ClassVar[str] = "case.cancelled"
