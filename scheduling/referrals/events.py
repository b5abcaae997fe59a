"""What other slices may want to hear of referrals."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class ReferralEvent(Event):
    referral_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReferralSent(ReferralEvent):
    topic: ClassVar[str] = "referral.sent"


@dataclass(frozen=True, kw_only=True)
class ReferralAsked(ReferralEvent):
    topic: ClassVar[str] = "referral.asked"


@dataclass(frozen=True, kw_only=True)
class ReferralAccepted(ReferralEvent):
    topic: ClassVar[str] = "referral.accepted"


@dataclass(frozen=True, kw_only=True)
class ReferralDeclined(ReferralEvent):
    topic: ClassVar[str] = "referral.declined"


@dataclass(frozen=True, kw_only=True)
class ReferralCancelled(ReferralEvent):
    topic: ClassVar[str] = "referral.cancelled"


@dataclass(frozen=True, kw_only=True)
class ReferralExpired(ReferralEvent):
    topic: ClassVar[str] = "referral.expired"


@dataclass(frozen=True, kw_only=True)
class ReferralArrived(ReferralEvent):
    topic: ClassVar[str] = "referral.arrived"


@dataclass(frozen=True, kw_only=True)
class ReferralMissed(ReferralEvent):
    topic: ClassVar[str] = "referral.missed"


@dataclass(frozen=True, kw_only=True)
class ReferralHandedBack(ReferralEvent):
    topic: ClassVar[str] = "referral.handed_back"


@dataclass(frozen=True, kw_only=True)
class ReferralClosed(ReferralEvent):
    """The plan was taken over; its items are read by the referral."""

    topic: ClassVar[str] = "referral.closed"
