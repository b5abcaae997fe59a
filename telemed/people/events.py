"""What other slices may want to hear of people."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class LicenceEvent(Event):
    practitioner_id: UUID
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class LicenceVerified(LicenceEvent):
    """A second person has looked at it: new, or renewed."""

    topic: ClassVar[str] = "licence.verified"


@dataclass(frozen=True, kw_only=True)
class LicenceSuspended(LicenceEvent):
    """Its holder may not act for now: offers go back, claims are released."""

    topic: ClassVar[str] = "licence.suspended"


@dataclass(frozen=True, kw_only=True)
class LicenceResumed(LicenceEvent):
    topic: ClassVar[str] = "licence.resumed"


@dataclass(frozen=True, kw_only=True)
class LicenceExpired(LicenceEvent):
    """Its last day is over, or it was revoked."""

    topic: ClassVar[str] = "licence.expired"


@dataclass(frozen=True, kw_only=True)
class LicenceEnding(LicenceEvent):
    """It ends in so many days."""

    topic: ClassVar[str] = "licence.ending"
    days: int


@dataclass(frozen=True, kw_only=True)
class AccountEvent(Event):
    user_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountActivated(AccountEvent):
    topic: ClassVar[str] = "account.activated"


@dataclass(frozen=True, kw_only=True)
class AccountDisabled(AccountEvent):
    """Closed: offers go back, claims are released, links and sockets close."""

    topic: ClassVar[str] = "account.disabled"


@dataclass(frozen=True, kw_only=True)
class AccountInvited(AccountEvent):
    """Somebody is to be told the address that `staff.links` makes of the invitation."""

    topic: ClassVar[str] = "account.invited"
    invitation_id: UUID
