"""Images that come while a room lasts: its log says so, and the open pages take them in."""

from uuid import UUID

from consult.rooms.models import Room
from consult.rooms.services.log import append, lock_matter_of, lock_room
from records.imaging.presenting import as_choice
from records.imaging.queries import find_shipment
from telemed.core.intentions import require_intention

CAME = "study.came"


def note_arrived(*, room_id: UUID, shipment_id: UUID) -> None:
    """
    Each study of the shipment that is younger than the room, once; seen twice, nothing is left to
    say. What was there before is on the pages from their beginning.
    """
    require_intention()
    matter = lock_matter_of(room_id)
    room = lock_room(room_id)
    shipment = find_shipment(shipment_id)
    if shipment is None or room.status == Room.Status.ENDED:
        return
    said = set(room.events.filter(kind=CAME).values_list("body__study__id", flat=True))
    mine = shipment.studies.filter(patient__rid__in=matter.patient.rids)
    for study in mine.filter(created_at__gt=room.created_at).order_by("created_at"):
        if str(study.pk) not in said:
            sender = shipment.user
            append(room, CAME, by=sender, name=sender.name, study=as_choice(study))
