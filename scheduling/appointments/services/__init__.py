"""Writes on bookings, by idea."""

from scheduling.appointments.services.arriving import check_in, miss, miss_one, undo_check_in
from scheduling.appointments.services.attending import ring
from scheduling.appointments.services.batching import (
    book_instead,
    book_row,
    cancel_row,
    open_batch,
    read_batch,
    trace_look,
    undo_row,
)
from scheduling.appointments.services.boards import end_board, open_board, open_boards
from scheduling.appointments.services.booking import book, confirm, hold
from scheduling.appointments.services.calling import (
    begin,
    call,
    call_again,
    call_next,
    fulfil,
    skip,
)
from scheduling.appointments.services.calling_off import call_off_at_desk
from scheduling.appointments.services.chasing import chase_appeal
from scheduling.appointments.services.choosing import choose_person, key_of, person_to_book_for
from scheduling.appointments.services.displacing import (
    await_answers,
    choice_due,
    displace,
    is_rung_later,
    rebook,
    restore,
    ring_now,
)
from scheduling.appointments.services.dying import end_for_death
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
from scheduling.appointments.services.moving import move, undo_move
from scheduling.appointments.services.offering import (
    accept,
    decline,
    lapse,
    offer_free,
    seat_staying,
)
from scheduling.appointments.services.opening import open_appointment, open_day
from scheduling.appointments.services.penalising import (
    appeal,
    correct,
    count_strike,
    decide_appeal,
    open_appeals,
    overdue_of_county,
    preview_waiver,
    waive,
)
from scheduling.appointments.services.phoning import ask_for_call, note_phoned, open_displaced
from scheduling.appointments.services.reminding import remind, tell_batch
from scheduling.appointments.services.scanning import (
    check_in_by_code,
    check_in_by_row,
    check_in_person,
    read_code,
    todays_of,
)
from scheduling.appointments.services.sealing import seal_of
from scheduling.appointments.services.staying import stay, stay_due
from scheduling.appointments.services.tripping import (
    add_examinations,
    book_trip,
    cancel_trip,
    move_trip,
    open_extendable,
    open_trip,
    undo_cancel_trip,
)
from scheduling.appointments.services.waiting import end_wait, grade, join, leave

__all__ = [
    "accept",
    "add_examinations",
    "appeal",
    "ask_for_call",
    "await_answers",
    "begin",
    "book",
    "book_instead",
    "book_row",
    "book_trip",
    "call",
    "call_again",
    "call_next",
    "call_off",
    "call_off_at_desk",
    "cancel",
    "cancel_by_clinic",
    "cancel_row",
    "cancel_trip",
    "chase_appeal",
    "check_in",
    "check_in_by_code",
    "check_in_by_row",
    "check_in_person",
    "choice_due",
    "choose_person",
    "confirm",
    "correct",
    "count_strike",
    "decide_appeal",
    "decline",
    "displace",
    "end_board",
    "end_for_death",
    "end_wait",
    "expire_hold",
    "find_person",
    "fulfil",
    "give_up_hold",
    "grade",
    "hold",
    "is_rung_later",
    "join",
    "key_of",
    "lapse",
    "leave",
    "miss",
    "miss_one",
    "move",
    "move_trip",
    "note_phoned",
    "offer_free",
    "open_appeals",
    "open_appointment",
    "open_batch",
    "open_board",
    "open_boards",
    "open_day",
    "open_displaced",
    "open_extendable",
    "open_trip",
    "overdue_of_county",
    "person_to_book_for",
    "preview_waiver",
    "read_batch",
    "read_code",
    "rebook",
    "remind",
    "restore",
    "return_place",
    "ring",
    "ring_now",
    "seal_of",
    "seat_staying",
    "skip",
    "stay",
    "stay_due",
    "tell_batch",
    "todays_of",
    "trace_look",
    "undo_cancel",
    "undo_cancel_trip",
    "undo_check_in",
    "undo_move",
    "undo_row",
    "waive",
]
