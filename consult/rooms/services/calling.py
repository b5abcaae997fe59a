"""A coordinator who watches says to both sides that a doctor is missing."""

from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests.models import Case
from consult.requests.queries import coordinators_of
from consult.requests.rungs import Whom
from consult.requests.services.telling import audience
from consult.rooms.board import CALLED, get_watched, told_of
from consult.rooms.models import Participant, Role, Room
from consult.rooms.queries import check_open
from consult.rooms.quorum import missing_sides
from consult.rooms.services.log import append, lock_room
from telemed.core import moments
from telemed.core.errors import Conflict
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.organisations.models import Organisation
from telemed.people.models import User

Status = Participant.Status


def call_missing(*, actor: User, room_id: UUID) -> int:
    """
    Tell both sides, once for each spell in which a doctor is missing; how many were told.

    A second coordinator who does the same changes nothing. Raises Conflict where both sides have
    a doctor in the room, and where nobody waits in it.
    """
    require_intention()
    get_watched(actor, room_id)
    room = lock_room(room_id)
    check_open(room, None)
    missing = missing_sides(room, moments.now() - Participant.LEASE)
    if not missing:
        raise Conflict(_("Both sides have a doctor in the room."), path="status")
    waiting = room.participants.filter(
        status__in=[Status.ADMITTED, Status.WAITING],
        seen_at__gte=moments.now() - Participant.LEASE,
    )
    if not room.is_under_way and not waiting.exists():
        raise Conflict(_("Nobody waits in this room."), path="status")
    if not missing - told_of(room):
        return 0
    said = append(room, CALLED, by=actor, name=actor.name, missing=sorted(missing))
    people = _both_sides(room.consult, actor)
    for person, asks in people.items():
        tell_missing(room, person, asks=asks, missing=missing, turn=said.seq)
    return len(people)


def _both_sides(case: Case, actor: User) -> dict[User, bool]:
    """The doctors of both sides and the other institution's coordinators; True: who asks."""
    answering = [case.holder] if case.holder else audience(case, Whom.ASKED)
    people = {case.requester: True, **dict.fromkeys(answering, False)}
    for place in (case.asking, case.asked):
        if place and place.pk != actor.organisation_id:
            people |= dict.fromkeys(coordinators_of(place), place.pk == case.asking_id)
    people.pop(actor, None)
    return people


def tell_missing(room: Room, person: User, *, asks: bool, missing: set[Role], turn: int) -> None:
    """`asks`: of the side that asks. Each reads whose doctor is missing, and the other's number."""
    case = room.consult
    own, other = (case.asking, case.asked) if asks else (case.asked, case.asking)
    own_missing = (Role.REQUESTER if asks else Role.SPECIALIST) in missing
    notify(
        recipient=person,
        template="room.missing",
        about=room.pk,
        url=f"/rooms/{case.pk}/",
        turn=turn,
        pressing=case.is_emergency,
        desk=case.asked_id,
        no=case.number,
        org=_name(own if own_missing else other),
        phone=other.phone if other else "",
    )


def _name(organisation: Organisation | None) -> str:
    return organisation.name if organisation else ""
