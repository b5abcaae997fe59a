"""Writes on bookings, by idea."""

from scheduling.appointments.services.arriving import begin, call, check_in, fulfil, miss, skip
from scheduling.appointments.services.booking import book, confirm, hold
from scheduling.appointments.services.choosing import choose_person, key_of
from scheduling.appointments.services.displacing import displace, restore
from scheduling.appointments.services.finding import find_person
from scheduling.appointments.services.leaving import (
    call_off,
    cancel,
    cancel_by_clinic,
    expire_hold,
    give_up_hold,
    return_place,
    undo_cancel,
)
from scheduling.appointments.services.moving import move
from scheduling.appointments.services.opening import open_appointment, open_day
from scheduling.appointments.services.reminding import remind

__all__ = [
    "begin",
    "book",
    "call",
    "call_off",
    "cancel",
    "cancel_by_clinic",
    "check_in",
    "choose_person",
    "confirm",
    "displace",
    "expire_hold",
    "find_person",
    "fulfil",
    "give_up_hold",
    "hold",
    "key_of",
    "miss",
    "move",
    "open_appointment",
    "open_day",
    "remind",
    "restore",
    "return_place",
    "skip",
    "undo_cancel",
]
