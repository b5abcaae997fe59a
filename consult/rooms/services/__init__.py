"""Everything that changes a room."""

from consult.rooms.services.calling import call_missing
from consult.rooms.services.guests import admit_guest, invite_guest, knock, refuse_guest
from consult.rooms.services.holding import hold_room, resume_room
from consult.rooms.services.log import append, lock_place, lock_room
from consult.rooms.services.presence import (
    allow_participant,
    end_room,
    join_room,
    leave_room,
    open_room,
    recheck_room,
    remove_participant,
    renew_lease,
    renew_leases,
    sweep_room,
)
from consult.rooms.services.seeing import open_shown, read_shown_key_image, take_shown
from consult.rooms.services.showing import (
    drop_key_image,
    log_quality,
    release_lead,
    remove_mark,
    save_mark,
    say,
    settle_view,
    share_key_image,
    show_study,
    take_lead,
)

__all__ = [
    "admit_guest",
    "allow_participant",
    "append",
    "call_missing",
    "drop_key_image",
    "end_room",
    "hold_room",
    "invite_guest",
    "join_room",
    "knock",
    "leave_room",
    "lock_place",
    "lock_room",
    "log_quality",
    "open_room",
    "open_shown",
    "read_shown_key_image",
    "recheck_room",
    "refuse_guest",
    "release_lead",
    "remove_mark",
    "remove_participant",
    "renew_lease",
    "renew_leases",
    "resume_room",
    "save_mark",
    "say",
    "settle_view",
    "share_key_image",
    "show_study",
    "sweep_room",
    "take_lead",
    "take_shown",
]
