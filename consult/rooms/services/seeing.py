"""What a guest sees of the images: what is shown, each opening audited with the room as reason."""

from uuid import UUID

from consult.keyimages.models import KeyImage
from consult.rooms.models import Room
from consult.rooms.shown import (
    Part,
    get_guest,
    get_shown_instance,
    get_shown_key_image,
    parts_of,
)
from records.imaging import services as imaging
from records.imaging.models import Instance
from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.people.models import User


def because(room: Room) -> str:
    """Why, as the trace says it."""
    return f"shown_in_room {room.pk}"


def open_shown(*, actor: User, room_id: UUID) -> tuple[Room, list[Part]]:
    """Look at what is shown in a room now: one audited read of each study; nothing is no read."""
    require_intention()
    room = get_guest(actor, room_id).room
    parts = parts_of(room)
    for study in {part.study.pk: part.study for part in parts}.values():
        imaging.open_shown_study(actor=actor, study=study, reason=because(room))
    return room, parts


def take_shown(
    *, actor: User, room_id: UUID, instance_id: UUID, index: int = 0, recording: bool = False
) -> Instance:
    """One frame or recording, while it is shown; asked anew each time."""
    require_intention()
    room = get_guest(actor, room_id).room
    return imaging.take_shown_frame(
        actor=actor,
        instance=get_shown_instance(room, instance_id),
        index=index,
        recording=recording,
    )


def read_shown_key_image(*, actor: User, room_id: UUID, key_image_id: UUID) -> KeyImage:
    """Look at a key image that was shared in the room: an audited read."""
    require_intention()
    room = get_guest(actor, room_id).room
    found = get_shown_key_image(room, key_image_id)
    audit.record(
        action="key_image.read",
        target=found,
        patient_id=found.case.patient_id,
        reason=because(room),
    )
    return found
