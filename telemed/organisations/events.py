"""What the network announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class AgreementEvent(Event):
    """`by`: the institution that acted, empty for a clock."""

    topic: ClassVar[str] = ""
    agreement_id: UUID
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class AgreementProposed(AgreementEvent):
    topic: ClassVar[str] = "agreement.proposed"


@dataclass(frozen=True, kw_only=True)
class AgreementRejected(AgreementEvent):
    topic: ClassVar[str] = "agreement.rejected"


@dataclass(frozen=True, kw_only=True)
class AgreementSigned(AgreementEvent):
    """Both heads have signed."""

    topic: ClassVar[str] = "agreement.signed"


@dataclass(frozen=True, kw_only=True)
class AgreementActivated(AgreementEvent):
    topic: ClassVar[str] = "agreement.activated"


@dataclass(frozen=True, kw_only=True)
class AgreementSuspended(AgreementEvent):
    topic: ClassVar[str] = "agreement.suspended"


@dataclass(frozen=True, kw_only=True)
class AgreementEnding(AgreementEvent):
    """Said 90, 30 and 7 days before, and when notice was given."""

    topic: ClassVar[str] = "agreement.ending"
    days: int


@dataclass(frozen=True, kw_only=True)
class AgreementTerminated(AgreementEvent):
    topic: ClassVar[str] = "agreement.terminated"


@dataclass(frozen=True, kw_only=True)
class AgreementExpired(AgreementEvent):
    topic: ClassVar[str] = "agreement.expired"


@dataclass(frozen=True, kw_only=True)
class StatementEvent(Event):
    topic: ClassVar[str] = ""
    statement_id: UUID


@dataclass(frozen=True, kw_only=True)
class StatementReviewed(StatementEvent):
    topic: ClassVar[str] = "settlement.reviewed"


@dataclass(frozen=True, kw_only=True)
class StatementConfirmed(StatementEvent):
    topic: ClassVar[str] = "settlement.confirmed"


@dataclass(frozen=True, kw_only=True)
class StatementDue(StatementEvent):
    """The day has come by which it should have been reviewed, or confirmed."""

    topic: ClassVar[str] = "settlement.due"


@dataclass(frozen=True, kw_only=True)
class EntryDisputed(StatementEvent):
    topic: ClassVar[str] = "settlement.disputed"
    entry_id: UUID


@dataclass(frozen=True, kw_only=True)
class DisputeOverdue(StatementEvent):
    """Nobody answered the dispute in time: the authority decides."""

    topic: ClassVar[str] = "settlement.dispute_overdue"
    entry_id: UUID
