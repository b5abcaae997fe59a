"""Images that come while a room lasts: its log says so, and the open pages take them in."""

from collections import Counter
from uuid import UUID

from consult.rooms.models import Room
from consult.rooms.services.log import append, lock_matter_of, lock_room
from records.imaging.models import Study
from records.imaging.presenting import as_choice
from records.imaging.queries import count_files, find_shipment
from telemed.core.intentions import require_intention

CAME = "study.came"


def note_arrived(*, room_id: UUID, shipment_id: UUID) -> None:
    """
    What the shipment brought since the room began, once; heard twice, nothing is left to say. What
    was there before is on the pages from their beginning.

    A study is said when it comes, and not how it grows. What is attached by hand within a quarter
    of an hour is one study as well, but each photograph is news: of those each arrival is said,
    with how many came.
    """
    require_intention()
    matter = lock_matter_of(room_id)
    room = lock_room(room_id)
    shipment = find_shipment(shipment_id)
    if shipment is None or room.status == Room.Status.ENDED:
        return
    said = _said(room)
    sender = shipment.user
    mine = shipment.studies.filter(patient__rid__in=matter.patient.rids)
    for study in mine.order_by("created_at"):
        new = _came_since(room, study) - said[str(study.pk)]
        if new > 0:
            what = as_choice(study)
            append(room, CAME, by=sender, name=sender.name, study=what, files=new)


def _said(room: Room) -> Counter[str]:
    """How many files of each study the log speaks of."""
    counts: Counter[str] = Counter()
    for body in room.events.filter(kind=CAME).values_list("body", flat=True):
        counts[body["study"]["id"]] += body.get("files", 1)
    return counts


def _came_since(room: Room, study: Study) -> int:
    """Files of what is attached by hand; any other study counts as one, when it is new."""
    if study.attachment:
        return count_files(study, since=room.created_at)
    return int(study.created_at > room.created_at)
