"""Coming into a room, staying, going, and being shown the door."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from consult.requests.models import Case, Side
from consult.requests.queries import coordinators_of
from consult.requests.services import begin_case
from consult.rooms.models import Participant, Removal, Role, Room
from consult.rooms.permissions import (
    BOTH_SIDES,
    BY_PLACE,
    CLINICAL,
    HOSTS,
    WITH_PATIENT,
    are_equal_hosts,
    role_at,
)
from consult.rooms.queries import check_open
from consult.rooms.quorum import JOINT_QUORUM, absent_doctors, licensed_of, missing_sides
from consult.rooms.services.ending import finish
from consult.rooms.services.guests import lock_host
from consult.rooms.services.holding import hold_if_alone, resume
from consult.rooms.services.log import append, lock_matter_of, lock_place, lock_room, recheck_room
from consult.rooms.services.media import put_out, widen_if_crowded
from consult.rooms.services.residents import let_residents_in
from consult.rooms.services.screens import end_screen_of
from consult.rooms.services.waiting import (
    IDLE,
    heed_line,
    stop_if_empty,
    stop_waiting,
    wait_for,
)
from scheduling.appointments.models import Appointment
from scheduling.appointments.services import attending
from telemed.core import moments, publication
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.intentions import require_intention
from telemed.notifications.services import mark_read, notify
from telemed.people.models import User

JOINED, RETURNED = "participant.joined", "participant.returned"


def join_room(*, actor: User, room_id: UUID, connection: UUID) -> Participant:
    """
    Take one's place with this connection, a page's own name for itself; the newest page counts.

    The room is live from the moment when both sides' doctors are present.
    """
    require_intention()
    matter = lock_matter_of(room_id)
    room = lock_room(room_id)
    place = room.participants.select_for_update(no_key=True).filter(user=actor).first()
    role = role_at(matter, actor, place)
    if role is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Room/{room_id}")
    check_open(room, place)
    if Participant.objects.filter(connection=connection).exclude(room=room, user=actor).exists():
        raise Conflict(_("This connection is somebody else's."), path="connection")
    kind = RETURNED if place and place.joined else JOINED
    if place and place.connection != connection:
        end_screen_of(room, actor.pk, why="left")  # a page that was loaded anew shows nothing
    place = place or Participant(room=room, user=actor)
    place.room, place.role, place.connection = room, role, connection
    place.status, place.seen_at = Participant.Status.ADMITTED, moments.now()
    place.joined = True
    place.save()
    mark_read(actor=actor, about=room_id)  # who comes in knows that somebody waits
    organisation = actor.organisation.name if actor.organisation else ""
    append(
        room,
        kind,
        by=actor,
        connection=str(connection),
        name=actor.name,
        organisation=organisation,
        role=role,
    )
    widen_if_crowded(room)
    if isinstance(matter, Appointment):
        room.visit = matter
        if role == Role.SPECIALIST:
            let_residents_in(room, by=actor)
        if room.status == Room.Status.OPEN:
            _begin_visit(room, matter)
    elif room.status == Room.Status.OPEN:
        _go_live_or_call(actor, room, matter, role)
    if room.status == Room.Status.OPEN and role in WITH_PATIENT and kind == JOINED:
        publication.publish(room)  # the patient is there: the encounter has arrived
    held_by_itself = room.status == Room.Status.HELD and room.held_by_id is None
    if held_by_itself and not missing_sides(room, moments.now() - Participant.LEASE):
        resume(room)
    heed_line(room)
    return place


def _begin_visit(room: Room, visit: Appointment) -> None:
    """From the moment when doctor and patient are both there, the visit is under way."""
    if missing_sides(room, moments.now() - Participant.LEASE):
        return
    admitted = room.participants.filter(status=Participant.Status.ADMITTED)
    if not set(admitted.values_list("role", flat=True)) >= BOTH_SIDES:
        return
    room.status, room.live_at = Room.Status.LIVE, moments.now()
    room.save(update_fields=["status", "live_at"])
    append(room, "room.live")
    attending.begin_by_video(visit)


def _go_live_or_call(actor: User, room: Room, case: Case, role: Role) -> None:
    """Legal presence (管理规范) is a doctor of each side; until then the absent one is called."""
    room.case = case
    if _is_quorate(room, case):
        room.status, room.live_at = Room.Status.LIVE, moments.now()
        room.save(update_fields=["status", "live_at"])
        append(room, "room.live")
        stop_waiting(room)
        begin_case(case_id=case.pk)  # the consult itself begins with its room
        return
    if role in BY_PLACE:
        return
    wait_for(room, IDLE)
    other = Role.SPECIALIST if role == Role.REQUESTER or case.is_joint else Role.REQUESTER
    absent = absent_doctors(room, other, moments.now() - Participant.LEASE)
    if case.is_joint and role == Role.SPECIALIST:
        absent.append(case.requester)
    for doctor in absent:
        if doctor == actor:
            continue
        notify(
            recipient=doctor,
            template="room.waiting",
            about=room.pk,
            url=f"/rooms/{case.pk}/",
            org=actor.acting_organisation.name,
            no=case.number,
            pressing=case.is_emergency,
        )


def _is_quorate(room: Room, case: Case) -> bool:
    """
    A doctor of each side, the asking one with a licence there; in a joint consult the chair and one
    expert besides.
    """
    admitted = room.participants.filter(status=Participant.Status.ADMITTED)
    present = set(admitted.values_list("role", "user"))
    if not {role for role, _user in present} >= CLINICAL:
        return False
    if not licensed_of(case, [user for role, user in present if role == Role.REQUESTER]):
        return False
    doctors = {user for role, user in present if role == Role.SPECIALIST}
    return not case.is_joint or (case.holder_id in doctors and len(doctors) >= JOINT_QUORUM)


def renew_leases(*, connections: Sequence[UUID]) -> int:
    """The heartbeats of many pages in one statement; who is away already comes back by a look."""
    require_intention()
    present = Participant.objects.filter(
        connection__in=connections, status=Participant.Status.ADMITTED
    )
    return present.update(seen_at=moments.now())


def renew_lease(*, actor: User, room_id: UUID, connection: UUID) -> None:
    """A heartbeat: one small update, unless the place was lost meanwhile."""
    require_intention()
    mine = Participant.objects.filter(room_id=room_id, user=actor, connection=connection)
    present = mine.filter(status=Participant.Status.ADMITTED)
    if present.update(seen_at=moments.now()):
        return
    place = lock_place(actor, room_id)
    if place.status == Participant.Status.AWAY and place.connection == connection:
        join_room(actor=actor, room_id=room_id, connection=connection)


def leave_room(*, actor: User, room_id: UUID) -> None:
    """Hang up. The room goes on, the consult stays as it is, and one may come back."""
    require_intention()
    place = lock_place(actor, room_id)
    if place.status == Participant.Status.LEFT:
        return
    _vacate(place, Participant.Status.LEFT)
    append(place.room, "participant.left", by=actor, participant=str(actor.pk))
    stop_if_empty(place.room)


def _vacate(place: Participant, status: str) -> None:
    place.status, place.connection = status, None
    place.save(update_fields=["status", "connection"])
    put_out(place.room, place.user_id)
    end_screen_of(place.room, place.user_id, why="left")
    if place.room.leader_id == place.user_id:
        place.room.leader = None
        place.room.save(update_fields=["leader"])
        append(place.room, "lead.released", by=place.user)


def remove_participant(*, actor: User, room_id: UUID, user_id: UUID, reason: str) -> None:
    """
    Show somebody the door: their socket closes, and they can't come back by themselves.

    Raises Conflict for a side's only doctor, and for a host of equal rank of the other side.
    """
    require_intention()
    host = lock_host(actor, room_id)
    if reason not in Removal.values:
        raise Invalid(_("Choose a reason."), path="reason")
    if user_id == actor.pk:
        raise Conflict(_("To go yourself, leave the room."), path="user")
    place = host.room.participants.select_related("user").filter(user=user_id).first()
    if place is None:
        raise NotFound(_("There is no such person in this room."), path="user")
    if place.status == Participant.Status.REMOVED:
        return
    place.room = host.room
    _check_removable(host, place)
    _vacate(place, Participant.Status.REMOVED)
    append(host.room, "participant.removed", by=actor, participant=str(user_id), reason=reason)
    recheck_room(room_id=room_id)


def _check_removable(host: Participant, place: Participant) -> None:
    """The consult between the two sides is ended or held, not decided by who clicks first."""
    case = host.room.matter
    if not isinstance(case, Case):
        return
    there = [Participant.Status.ADMITTED, Participant.Status.AWAY]
    others = host.room.participants.filter(role=place.role, status__in=there).exclude(pk=place.pk)
    counting = _counting(case, [place, *others])
    if place not in counting:
        return
    if place.role != host.role and place.role in CLINICAL and len(counting) == 1:
        raise Conflict(_("The other side's only doctor cannot be removed."), path="user")
    if are_equal_hosts(host.role, place.role) and _side(case, host) != _side(case, place):
        message = _("A host of the other side can't be removed; hold the consult or end it.")
        raise Conflict(message, path="user")


def _counting(case: Case, places: Sequence[Participant]) -> list[Participant]:
    """Hosts in their own right; of the asking side's doctors only who has a licence there."""
    doctors = licensed_of(case, [one.user_id for one in places if one.role == Role.REQUESTER])
    hosts = [one for one in places if one.role in HOSTS or one.role == Role.REQUESTER]
    return [one for one in hosts if one.role != Role.REQUESTER or one.user_id in doctors]


def _side(case: Case, place: Participant) -> Side:
    if place.role == Role.COORDINATOR:
        asks = coordinators_of(case.asking).filter(pk=place.user_id).exists()
        return Side.ASKING if asks else Side.ANSWERING
    return Side.ASKING if place.role == Role.REQUESTER else Side.ANSWERING


def allow_participant(*, actor: User, room_id: UUID, user_id: UUID) -> None:
    """Let somebody who was removed come back."""
    require_intention()
    host = lock_host(actor, room_id)
    removed = host.room.participants.filter(user=user_id, status=Participant.Status.REMOVED)
    if not removed.update(status=Participant.Status.LEFT):
        raise NotFound(_("There is no such person in this room."), path="user")
    append(host.room, "participant.allowed", by=actor, participant=str(user_id))


def sweep_room(*, room_id: UUID) -> None:
    """Note who is away because the lease ran out; end a live room that was empty for long."""
    require_intention()
    lock_matter_of(room_id)
    room = lock_room(room_id)
    if room.status == Room.Status.ENDED:
        return
    now = moments.now()
    lapsed = room.participants.filter(
        status=Participant.Status.ADMITTED, seen_at__lt=now - Participant.LEASE
    )
    for place in lapsed.select_for_update(no_key=True):
        place.status = Participant.Status.AWAY
        place.save(update_fields=["status"])
        put_out(room, place.user_id)
        end_screen_of(room, place.user_id, why="lease")
        append(room, "participant.away", participant=str(place.user_id), why="lease")
    stop_if_empty(room)
    heed_line(room)
    newest = room.participants.order_by("-seen_at").values_list("seen_at", flat=True).first()
    if room.is_under_way and newest and newest < now - Room.EMPTY_FOR:
        finish(room, by=None)
    else:
        hold_if_alone(room)
