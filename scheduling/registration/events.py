"""What other slices may want to hear of contracts with a family doctor."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class ContractEvent(Event):
    contract_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContractApplied(ContractEvent):
    topic: ClassVar[str] = "contract.applied"


@dataclass(frozen=True, kw_only=True)
class ContractAgreed(ContractEvent):
    topic: ClassVar[str] = "contract.agreed"


@dataclass(frozen=True, kw_only=True)
class ContractRejected(ContractEvent):
    topic: ClassVar[str] = "contract.rejected"


@dataclass(frozen=True, kw_only=True)
class ContractWithdrawn(ContractEvent):
    topic: ClassVar[str] = "contract.withdrawn"


@dataclass(frozen=True, kw_only=True)
class ContractSigned(ContractEvent):
    topic: ClassVar[str] = "contract.signed"


@dataclass(frozen=True, kw_only=True)
class ContractActivated(ContractEvent):
    topic: ClassVar[str] = "contract.activated"


@dataclass(frozen=True, kw_only=True)
class ContractRenewalAsked(ContractEvent):
    topic: ClassVar[str] = "contract.renewal_asked"
    rung: int


@dataclass(frozen=True, kw_only=True)
class ContractRenewed(ContractEvent):
    topic: ClassVar[str] = "contract.renewed"


@dataclass(frozen=True, kw_only=True)
class ContractLapsed(ContractEvent):
    topic: ClassVar[str] = "contract.lapsed"


@dataclass(frozen=True, kw_only=True)
class ContractEnded(ContractEvent):
    topic: ClassVar[str] = "contract.ended"


@dataclass(frozen=True, kw_only=True)
class ContractTakenOver(ContractEvent):
    """In force with the team that took it over from one that closed."""

    topic: ClassVar[str] = "contract.taken_over"


@dataclass(frozen=True, kw_only=True)
class DoctorGone(Event):
    """A doctor left a team, or has no account any more; `moved` of their people have another."""

    topic: ClassVar[str] = "team.doctor_gone"
    team_id: UUID
    user_id: UUID
    moved: int = 0


@dataclass(frozen=True, kw_only=True)
class TeamHandedOver(Event):
    """Nobody is left with a team that closes or is suspended."""

    topic: ClassVar[str] = "team.handed_over"
    closing_id: UUID
