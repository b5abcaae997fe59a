"""Everything that changes a room."""

from consult.rooms.services.arriving import note_arrived
from consult.rooms.services.calling import call_missing
from consult.rooms.services.checking import note_check
from consult.rooms.services.ending import (
    end_room,
    end_visits_room,
    lapse_if_past,
    lapse_room,
)
from consult.rooms.services.guests import (
    admit_guest,
    check_coming,
    invite_guest,
    knock,
    lock_host,
    refuse_guest,
    seat_guest,
    set_role,
)
from consult.rooms.services.holding import hold_room, resume_room
from consult.rooms.services.linking import bind_link, end_links, keep_link, make_holder
from consult.rooms.services.log import append, lock_place, lock_room, recheck_room
from consult.rooms.services.media import (
    claim_errand,
    doubt_engine,
    finish_errand,
    give_up_errand,
    put_out_strangers,
    retry_errand,
    revive_errands,
    take_in,
)
from consult.rooms.services.noting import note_asked, note_scheduled, note_signed
from consult.rooms.services.opening import open_ahead, open_room, room_for_visit
from consult.rooms.services.presence import (
    allow_participant,
    join_room,
    leave_room,
    remove_participant,
    renew_lease,
    renew_leases,
    sweep_room,
)
from consult.rooms.services.recounting import print_record, read_record
from consult.rooms.services.residents import doctor_is_in, let_residents_in, seat_resident
from consult.rooms.services.screens import end_screen_of, share_screen, stop_screen
from consult.rooms.services.seeing import open_shown, read_shown_key_image, take_shown
from consult.rooms.services.showing import (
    drop_key_image,
    log_quality,
    release_lead,
    remove_mark,
    retract,
    save_mark,
    say,
    settle_view,
    share_key_image,
    show_study,
    take_lead,
)
from consult.rooms.services.waiting import climb

__all__ = [
    "admit_guest",
    "allow_participant",
    "append",
    "bind_link",
    "call_missing",
    "check_coming",
    "claim_errand",
    "climb",
    "doctor_is_in",
    "doubt_engine",
    "drop_key_image",
    "end_links",
    "end_room",
    "end_screen_of",
    "end_visits_room",
    "finish_errand",
    "give_up_errand",
    "hold_room",
    "invite_guest",
    "join_room",
    "keep_link",
    "knock",
    "lapse_if_past",
    "lapse_room",
    "leave_room",
    "let_residents_in",
    "lock_host",
    "lock_place",
    "lock_room",
    "log_quality",
    "make_holder",
    "note_arrived",
    "note_asked",
    "note_check",
    "note_scheduled",
    "note_signed",
    "open_ahead",
    "open_room",
    "open_shown",
    "print_record",
    "put_out_strangers",
    "read_record",
    "read_shown_key_image",
    "recheck_room",
    "refuse_guest",
    "release_lead",
    "remove_mark",
    "remove_participant",
    "renew_lease",
    "renew_leases",
    "resume_room",
    "retract",
    "retry_errand",
    "revive_errands",
    "room_for_visit",
    "save_mark",
    "say",
    "seat_guest",
    "seat_resident",
    "set_role",
    "settle_view",
    "share_key_image",
    "share_screen",
    "show_study",
    "stop_screen",
    "sweep_room",
    "take_in",
    "take_lead",
    "take_shown",
]
