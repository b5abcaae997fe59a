"""Interpreters and observers: invited, knocking, let in or turned away by the hosts of a room."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult.rooms.models import Participant, Role, Room
from consult.rooms.permissions import BY_PLACE, GUESTS, may_host, role_in
from consult.rooms.queries import colleagues
from consult.rooms.services.log import append, lock_place, lock_room, recheck_room
from consult.rooms.services.media import put_out
from consult.rooms.services.residents import doctor_is_in, let_residents_in
from telemed.core import moments
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound, require
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.people.models import User

Status = Participant.Status


def lock_host(actor: User, room_id: UUID) -> Participant:
    """The place of a host in the locked room. Raises Forbidden for everybody else in it."""
    place = lock_place(actor, room_id)
    require(may_host(place.role), _("Only the doctors and the coordinator of this case do that."))
    return place


def invite_guest(
    *, actor: User, room_id: UUID, user_id: UUID, role: str, agreed: bool = False
) -> Participant:
    """
    Ask a colleague of either institution in, to interpret or to observe.

    Raises Invalid for an observer whom the patient did not agree to, NotFound for a stranger,
    Conflict for who belongs to the case anyway and where the room is full.
    """
    require_intention()
    host = lock_host(actor, room_id)
    room = host.room
    check_coming(role, agreed=agreed, among=GUESTS)
    guest = colleagues(room.matter).filter(pk=user_id).first()
    if guest is None:
        raise NotFound(_("There is no such colleague at either institution."), path="user_id")
    if role_in(room.matter, guest):
        said = _("{who} belongs to this consult and comes in without an invitation.")
        raise Conflict(said.format(who=guest.name), path="user_id")
    place = seat_guest(host=host, user=guest, role=role, agreed=agreed)
    notify(
        recipient=guest,
        template="room.invited",
        about=room.pk,
        url=room.path,
        org=actor.acting_organisation.name,
        no=room.case.number if room.case else "",
    )
    return place


def check_coming(role: str, *, agreed: bool, among: Collection[Role]) -> None:
    """Raises Invalid for another role than those, and for an observer nobody agreed to."""
    if role not in among:
        raise Invalid(_("Choose what your guest comes for."), path="role")
    if role == Role.OBSERVER and not agreed:
        raise Invalid(_("The patient has to agree to an observer first."), path="agreed")


def seat_guest(
    *, host: Participant, user: User, role: str, agreed: bool, **more: Any
) -> Participant:
    """
    In the host's locked room: a place for who was asked in. Who has one, and was neither turned
    away nor removed, keeps it. `more` goes into the log. Raises Conflict where the room is full.
    """
    require_intention()
    room = host.room
    place = room.participants.filter(user=user).first()
    if place and place.status not in (Status.REFUSED, Status.REMOVED):
        return place
    if place is None and room.participants.count() >= Participant.MOST:
        raise Conflict(_("The room is full ({n}).").format(n=Participant.MOST), path="user_id")
    place = place or Participant(room=room, user=user)
    place.role, place.status, place.invited_by = role, Status.INVITED, host.user
    place.seen_at, place.knocked_at = moments.now(), None
    place.save()
    append(
        room,
        "participant.invited",
        by=host.user,
        participant=str(user.pk),
        name=user.name,
        role=role,
        agreed=agreed,
        **more,
    )
    return place


def knock(*, actor: User, room_id: UUID) -> Participant:
    """
    Opening the page knocks. The first knock keeps one's place in line, however often one comes.

    Who was turned away may knock again after AGAIN: before, the place is answered as it stands.
    """
    require_intention()
    room = lock_room(room_id)
    place = room.participants.filter(user=actor).first()
    if place is None or place.role not in BY_PLACE:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Room/{room_id}")
    place.room = room
    if place.status not in (Status.INVITED, Status.WAITING, Status.REFUSED):
        return place
    now = moments.now()
    if place.status == Status.REFUSED and place.seen_at > now - Participant.AGAIN:
        return place
    knocks = place.status != Status.WAITING
    place.status, place.seen_at = Status.WAITING, now
    place.knocked_at = place.knocked_at or now
    place.save(update_fields=["status", "seen_at", "knocked_at"])
    if knocks and room.status != Room.Status.ENDED:
        append(
            room,
            "participant.knocked",
            by=actor,
            participant=str(actor.pk),
            name=actor.name,
            role=place.role,
        )
    if room.visit_id and place.role == Role.RESIDENT and doctor_is_in(room):
        let_residents_in(room, by=None)
        place.refresh_from_db(fields=["status"])
    return place


def admit_guest(*, actor: User, room_id: UUID, user_id: UUID) -> None:
    """Let somebody in who was invited; a second host who does the same changes nothing."""
    require_intention()
    host = lock_host(actor, room_id)
    place = _find_guest(host.room, user_id)
    if place.status not in (Status.INVITED, Status.WAITING, Status.REFUSED):
        return
    place.status = Status.LEFT  # comes in by itself, without a knock
    place.save(update_fields=["status"])
    append(host.room, "participant.admitted", by=actor, participant=str(user_id))


def refuse_guest(*, actor: User, room_id: UUID, user_id: UUID) -> None:
    """Not now. Who is in already is removed instead."""
    require_intention()
    host = lock_host(actor, room_id)
    place = _find_guest(host.room, user_id)
    if place.status == Status.REFUSED:
        return
    if place.status not in (Status.INVITED, Status.WAITING):
        raise Conflict(_("{who} is in the room already.").format(who=place.user.name), path="user")
    place.status, place.seen_at, place.knocked_at = Status.REFUSED, moments.now(), None
    place.save(update_fields=["status", "seen_at", "knocked_at"])
    append(host.room, "participant.refused", by=actor, participant=str(user_id))


def set_role(
    *, actor: User, room_id: UUID, user_id: UUID, role: str, agreed: bool = False
) -> Participant:
    """
    A guest interprets or observes from now on, also who is in the room already.

    Raises Forbidden for who is no host, NotFound for who is no guest, Invalid for another role and
    for an observer whom the patient did not agree to. The same role again changes nothing.
    """
    require_intention()
    host = lock_host(actor, room_id)
    if role not in GUESTS:
        raise Invalid(_("A guest interprets or observes."), path="role")
    place = _find_guest(host.room, user_id)
    if place.role not in GUESTS:
        raise NotFound(_("There is no such person in this room."), path="user")
    if place.role == role:
        return place
    if role == Role.OBSERVER and not agreed:
        raise Invalid(_("The patient has to agree to an observer first."), path="agreed")
    before, place.role, place.room = place.role, role, host.room
    place.save(update_fields=["role"])
    append(
        host.room,
        "role.changed",
        by=actor,
        participant=str(user_id),
        name=place.user.name,
        before=before,
        role=role,
        agreed=agreed,
    )
    put_out(host.room, user_id)  # the engine lets them in again with what they may now
    recheck_room(room_id=room_id)
    return place


def _find_guest(room: Room, user_id: UUID) -> Participant:
    guests = room.participants.select_related("user").filter(role__in=BY_PLACE)
    place = guests.filter(user=user_id).first()
    if place is None:
        raise NotFound(_("There is no such person in this room."), path="user")
    if place.status == Status.REMOVED:
        raise Forbidden(_("{who} was removed. Invite again.").format(who=place.user.name))
    return place
