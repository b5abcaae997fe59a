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
class CaseReturned(CaseEvent):
    """The doctor who held it gave it back; nobody holds it now."""

    topic: ClassVar[str] = "offer.returned"


@dataclass(frozen=True, kw_only=True)
class CaseHandedOver(CaseEvent):
    """Another doctor holds it."""

    topic: ClassVar[str] = "offer.handed_over"


@dataclass(frozen=True, kw_only=True)
class CaseAsked(CaseEvent):
    """The asked side needs to know more."""

    topic: ClassVar[str] = "case.asked"
    question_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(CaseEvent):
    """The asking side answered a question."""

    topic: ClassVar[str] = "case.answered"
    question_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseMessageWritten(CaseEvent):
    """One side wrote to the other in the thread."""

    topic: ClassVar[str] = "case.message_written"
    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class CaseScheduled(CaseEvent):
    """Both sides agreed to a time."""

    topic: ClassVar[str] = "case.scheduled"


@dataclass(frozen=True, kw_only=True)
class CaseRegraded(CaseEvent):
    """It is more, or less, urgent than it was."""

    topic: ClassVar[str] = "case.regraded"


@dataclass(frozen=True, kw_only=True)
class CaseClosed(CaseEvent):
    """It is over: with a receipt, or because none came."""

    topic: ClassVar[str] = "case.closed"


@dataclass(frozen=True, kw_only=True)
class CaseAddedTo(CaseEvent):
    """An outcome, a late receipt or a new version of the opinion came after it was closed."""

    topic: ClassVar[str] = "case.added_to"


@dataclass(frozen=True, kw_only=True)
class CaseCancelled(CaseEvent):
    """Withdrawn before an opinion was signed."""

    topic: ClassVar[str] = "case.cancelled"


@dataclass(frozen=True, kw_only=True)
class CaseTransferred(CaseEvent):
    """The patient is referred to a hospital instead of an opinion being written."""

    topic: ClassVar[str] = "case.transferred"


@dataclass(frozen=True, kw_only=True)
class CaseExpired(CaseEvent):
    """Nobody answered, to the end of the ladder."""

    topic: ClassVar[str] = "case.expired"
