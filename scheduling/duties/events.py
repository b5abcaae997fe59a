"""What other slices may want to hear of duties."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class DutyEvent(Event):
    duty_id: UUID


@dataclass(frozen=True, kw_only=True)
class DutyServed(DutyEvent):
    topic: ClassVar[str] = "duty.served"


@dataclass(frozen=True, kw_only=True)
class DutyWarned(DutyEvent):
    topic: ClassVar[str] = "duty.warned"


@dataclass(frozen=True, kw_only=True)
class GroupProposed(DutyEvent):
    """The value that this duty measured is the last of those that propose it."""

    topic: ClassVar[str] = "duty.proposed"


@dataclass(frozen=True, kw_only=True)
class DutyConfirmed(DutyEvent):
    topic: ClassVar[str] = "duty.confirmed"


@dataclass(frozen=True, kw_only=True)
class DutyDisputed(DutyEvent):
    topic: ClassVar[str] = "duty.disputed"


@dataclass(frozen=True, kw_only=True)
class DutySettled(DutyEvent):
    topic: ClassVar[str] = "duty.settled"


@dataclass(frozen=True, kw_only=True)
class DutyWaived(DutyEvent):
    topic: ClassVar[str] = "duty.waived"
