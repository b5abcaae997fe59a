"""What other slices may want to hear of bookings."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from telemed.core.outbox import Event


@dataclass(frozen=True, kw_only=True)
class AppointmentEvent(Event):
    appointment_id: UUID


@dataclass(frozen=True, kw_only=True)
class StopEvent(AppointmentEvent):
    """`in_trip`: it happened to the whole trip at once, which is told of by itself."""

    in_trip: bool = False


@dataclass(frozen=True, kw_only=True)
class AppointmentBooked(StopEvent):
    """`in_batch`: whoever booked it hears of all of the batch in one line."""

    topic: ClassVar[str] = "appointment.booked"
    in_batch: bool = False


@dataclass(frozen=True, kw_only=True)
class BatchBooked(Event):
    """Everybody of it was tried."""

    topic: ClassVar[str] = "batch.booked"
    batch_id: UUID


@dataclass(frozen=True, kw_only=True)
class AppointmentMoved(StopEvent):
    """`turn`: which time it is, so that who comes back to an earlier place is told that, too."""

    topic: ClassVar[str] = "appointment.moved"
    turn: int = 0


@dataclass(frozen=True, kw_only=True)
class AppointmentCalledOff(AppointmentEvent):
    """The hospital cannot see somebody; they choose what they do."""

    topic: ClassVar[str] = "appointment.called_off"


@dataclass(frozen=True, kw_only=True)
class AppointmentPlanLost(AppointmentEvent):
    """The session in which a place was kept is stopped, too; they choose anew."""

    topic: ClassVar[str] = "appointment.plan_lost"


@dataclass(frozen=True, kw_only=True)
class AppointmentRebooked(AppointmentEvent):
    """Whoever was displaced took the place that was kept."""

    topic: ClassVar[str] = "appointment.rebooked"


@dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(StopEvent):
    topic: ClassVar[str] = "appointment.cancelled"


@dataclass(frozen=True, kw_only=True)
class AppointmentArrived(AppointmentEvent):
    topic: ClassVar[str] = "appointment.arrived"


@dataclass(frozen=True, kw_only=True)
class AppointmentFulfilled(AppointmentEvent):
    """The visit took place."""

    topic: ClassVar[str] = "appointment.fulfilled"


@dataclass(frozen=True, kw_only=True)
class AppointmentMissed(AppointmentEvent):
    topic: ClassVar[str] = "appointment.missed"


@dataclass(frozen=True, kw_only=True)
class AppointmentStays(AppointmentEvent):
    """Displaced, and first in line for the same doctor."""

    topic: ClassVar[str] = "appointment.stays"


@dataclass(frozen=True, kw_only=True)
class WaitlistJoined(AppointmentEvent):
    topic: ClassVar[str] = "waitlist.joined"


@dataclass(frozen=True, kw_only=True)
class WaitlistOffered(AppointmentEvent):
    topic: ClassVar[str] = "waitlist.offered"
    turn: int


@dataclass(frozen=True, kw_only=True)
class WaitlistLapsed(AppointmentEvent):
    topic: ClassVar[str] = "waitlist.lapsed"


@dataclass(frozen=True, kw_only=True)
class WaitlistLeft(AppointmentEvent):
    topic: ClassVar[str] = "waitlist.left"


@dataclass(frozen=True, kw_only=True)
class TripEvent(Event):
    """All of a visit and its examinations at once; `turn` counts how often."""

    trip_id: UUID
    turn: int = 0


@dataclass(frozen=True, kw_only=True)
class TripBooked(TripEvent):
    """Booked as one, or examinations added."""

    topic: ClassVar[str] = "trip.booked"


@dataclass(frozen=True, kw_only=True)
class TripMoved(TripEvent):
    topic: ClassVar[str] = "trip.moved"


@dataclass(frozen=True, kw_only=True)
class TripCancelled(TripEvent):
    topic: ClassVar[str] = "trip.cancelled"
