"""The rows of rooms, recordings, and of the links into rooms."""

from tests.refusals.house_of_care import REASON
from tests.refusals.table import At, Door, one, roles
from tests.refusals.table_of_care import FRAME, INSIDE, KEY_IMAGE

ROOM = one(room_id="room.pk")
VIDEO = one(visit_id="video.appointment.pk")
SOMEBODY = {"user_id": At("coordinator.pk"), "reason": "noise"}
GUEST = {"user_id": At("colleague.pk")}  # who was asked in
LINKED = {"user_id": At("linked.holder_id")}  # who was asked in by a link
RECORDING = one(recording_id="taped.pk")
STORED = one(recording_id="stored.pk")
RECORDINGS = {
    "GET recordings:state": Door(own=INSIDE, at=ROOM),
    "POST recordings:ask": Door(own="asker specialist", at=ROOM),
    "POST recordings:answer": Door(own=INSIDE, at=RECORDING, sent={"agrees": "yes"}),
    "POST recordings:stop": Door(own=INSIDE, at=RECORDING),
    "POST recordings:piece": Door(own="specialist", at={**RECORDING, "number": 0}),
    "POST recordings:finish": Door(own="specialist", at=RECORDING),
    "GET recordings:page": Door(own="asker specialist", at=STORED),
    "GET recordings:media": Door(own="asker specialist", at=STORED),
}
ROOMS = {
    # Opened by a link, and then by the cookie of its browser: no account gets in here.
    "GET visits:door": Door(open=True, at={"token": At("video.token")}),
    "POST visits:door": Door(open=True, at={"token": At("video.token")}),
    "GET visits:room": Door(dark=True, at=ROOM),
    "GET visits:waiting": Door(dark=True, at=ROOM),
    "GET visits:state": Door(dark=True, at=ROOM),
    "POST visits:enter": Door(own="video_patient", at=VIDEO),
    "GET visits:link": Door(own="video_doctor video_desk", at=VIDEO),
    "POST visits:link": Door(own="video_doctor video_desk", at=VIDEO),
    "POST visits:finish": Door(own="video_doctor video_desk", at=VIDEO),
    # The same for guests of a consult.
    "GET guests:door": Door(open=True, at={"token": At("guest_token")}),
    "POST guests:door": Door(open=True, at={"token": At("guest_token")}),
    "GET guests:room": Door(dark=True, at=ROOM),
    "GET guests:waiting": Door(dark=True, at=ROOM),
    "GET guests:state": Door(dark=True, at=ROOM),
    "GET guests:listed": Door(own=INSIDE, at=ROOM),
    "POST guests:invite": Door(
        own=INSIDE,
        at=ROOM,
        sent={"name": "吴小妹", "phone": "13985500009", "role": "interpreter"},
    ),
    "POST guests:renew": Door(own=INSIDE, at=ROOM, sent=LINKED),
    "POST guests:end": Door(own=INSIDE, at=ROOM, sent=LINKED),
    "GET rooms:board": Door(may=roles("coordinator")),
    "POST rooms:engine": Door(dark=True),  # until a media engine is named
    "POST rooms:call": Door(own="coordinator", at=ROOM),
    "GET rooms:room": Door(own=INSIDE, at=one(matter_id="accepted.case.pk")),
    "POST rooms:reopen": Door(own=INSIDE, at=one(matter_id="accepted.case.pk")),
    "GET rooms:state": Door(own=INSIDE, at=ROOM),
    "GET rooms:record": Door(
        own=f"{INSIDE} director office clinic_office near_auditor resident", at=ROOM
    ),
    "GET rooms:relays": Door(own=INSIDE, at=ROOM),
    "POST rooms:measure": Door(own=INSIDE, at=ROOM),
    "POST rooms:end": Door(own="asker specialist", at=ROOM),
    "POST rooms:remove": Door(own="asker specialist", at=ROOM, sent=SOMEBODY),
    "POST rooms:allow": Door(own=INSIDE, at=ROOM, sent={"user_id": At("removed.pk")}),
    "GET rooms:waiting": Door(own="colleague", at=ROOM),
    "GET rooms:people": Door(own=INSIDE, at=ROOM, sent={"q": "人"}),
    "POST rooms:invite": Door(
        own=INSIDE,
        at=ROOM,
        sent={"user_id": At("office.pk"), "role": "observer", "agreed": "on"},
    ),
    "POST rooms:admit": Door(own=INSIDE, at=ROOM, sent=GUEST),
    "POST rooms:refuse": Door(own=INSIDE, at=ROOM, sent=GUEST),
    "POST rooms:hold": Door(own=INSIDE, at=ROOM, sent={"reason": REASON}),
    "POST rooms:resume": Door(own=INSIDE, at=ROOM),
    "GET rooms:shown": Door(own="interpreter", at=ROOM),
    "GET rooms:shown_pixels": Door(own="interpreter", at=ROOM | FRAME),
    "GET rooms:shown_preview": Door(own="interpreter", at=ROOM | FRAME),
    "GET rooms:shown_samples": Door(own="interpreter", at=ROOM | one(instance_id="recording.pk")),
    "GET rooms:shown_key_image": Door(own="interpreter", at=ROOM | KEY_IMAGE),
}
