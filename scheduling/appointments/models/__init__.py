"""Bookings, and who waits for a place; each noun in a module of its own."""

from scheduling.appointments.models.arrivals import MOST_CALLS, Arrival, Board
from scheduling.appointments.models.attendances import Attendance
from scheduling.appointments.models.batches import MOST_IN_BATCH, Batch, BatchRow
from scheduling.appointments.models.bookings import (
    COMING,
    LIVE,
    PER_DAY,
    TICKETED,
    TRANSITIONS,
    WAITING,
    Appointment,
    Channel,
    FeeBasis,
    Mode,
    Status,
)
from scheduling.appointments.models.moves import Move
from scheduling.appointments.models.penalties import Appeal, Block, Strike
from scheduling.appointments.models.responses import Response
from scheduling.appointments.models.trips import MOST_EXAMINATIONS, Trip
from scheduling.appointments.models.waiting import MOST_WAITS, Wait

__all__ = [
    "COMING",
    "LIVE",
    "MOST_CALLS",
    "MOST_EXAMINATIONS",
    "MOST_IN_BATCH",
    "MOST_WAITS",
    "PER_DAY",
    "TICKETED",
    "TRANSITIONS",
    "WAITING",
    "Appeal",
    "Appointment",
    "Arrival",
    "Attendance",
    "Batch",
    "BatchRow",
    "Block",
    "Board",
    "Channel",
    "FeeBasis",
    "Mode",
    "Move",
    "Response",
    "Status",
    "Strike",
    "Trip",
    "Wait",
]
