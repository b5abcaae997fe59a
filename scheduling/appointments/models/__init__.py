"""Bookings, and who waits for a place; each noun in a module of its own."""

from scheduling.appointments.models.arrivals import MOST_CALLS, Arrival, Board
from scheduling.appointments.models.bookings import (
    COMING,
    LIVE,
    PER_DAY,
    TICKETED,
    TRANSITIONS,
    WAITING,
    Appointment,
    Channel,
    Mode,
    Status,
)
from scheduling.appointments.models.penalties import Appeal, Block, Strike
from scheduling.appointments.models.trips import MOST_EXAMINATIONS, Trip
from scheduling.appointments.models.waiting import MOST_WAITS, Wait

__all__ = [
    "COMING",
    "LIVE",
    "MOST_CALLS",
    "MOST_EXAMINATIONS",
    "MOST_WAITS",
    "PER_DAY",
    "TICKETED",
    "TRANSITIONS",
    "WAITING",
    "Appeal",
    "Appointment",
    "Arrival",
    "Block",
    "Board",
    "Channel",
    "Mode",
    "Status",
    "Strike",
    "Trip",
    "Wait",
]
