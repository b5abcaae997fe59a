"""Rooms open: by who comes first, with an emergency, and half an hour before an agreed time."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests.models import Case
from consult.rooms.models import Room
from consult.rooms.permissions import has_room
from consult.rooms.ported import open_room_of
from consult.rooms.queries import find_room, get_matter
from consult.rooms.services.log import append
from scheduling.appointments.models import Appointment
from scheduling.appointments.services import attending
from telemed.core.errors import Conflict
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.people.models import User


def open_room(*, actor: User, case_id: UUID) -> Room:
    """The open room of a case or visit; a new one where the last has ended or there is none."""
    require_intention()
    matter = get_matter(actor, case_id)
    if isinstance(matter, Appointment):
        return room_for_visit(visit=attending.lock_visit(case_id), by=actor)
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    room = find_room(case)
    if room and room.status != Room.Status.ENDED:
        return room
    if not has_room(case):
        raise Conflict(_("The room of a consult opens when it is accepted."), path="status")
    room = Room.objects.create(case=case)
    append(room, "room.opened", by=actor)
    return room


def room_for_visit(*, visit: Appointment, by: User) -> Room:
    """The open room of a locked visit by video, for the doctor or for who holds its link."""
    require_intention()
    room = find_room(visit)
    if room and room.status != Room.Status.ENDED:
        return room
    if not has_room(visit):
        raise Conflict(_("This visit by video does not stand any more."), path="status")
    room = Room.objects.create(visit=visit)
    append(room, "room.opened", by=by)
    return room


def open_ahead(*, case: Case, tell: bool) -> None:
    """
    Of a locked case: its room is open before anybody comes, so that either side finds it.

    `tell`: its doctors are told. With an emergency those who are asked hear of that instead.
    """
    require_intention()
    if not has_room(case) or open_room_of(case.pk):
        return
    room = Room.objects.create(case=case)
    append(room, "room.opened")
    if not tell:
        return
    for doctor in {case.requester, *([case.holder] if case.holder else []), *case.experts}:
        notify(
            recipient=doctor,
            template="room.opened",
            about=room.pk,
            url=room.path,
            desk=case.asked_id,
            no=case.number,
        )
