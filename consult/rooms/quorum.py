"""Who has to be there so that a consult goes on (管理规范, workflows 2), and who is missing."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from consult.requests.models import Case, Kind
from consult.requests.queries import why_not_present
from consult.rooms.models import Participant, Role, Room
from consult.rooms.permissions import BOTH_SIDES, CLINICAL, Matter, sides_of
from telemed.core import moments
from telemed.people.models import User

JOINT_QUORUM = 2  # doctors of the asked side, the chair among them


def rooms_to_sweep() -> list[UUID]:
    """
    Rooms in which somebody's lease has run out, live ones that everybody left long ago, and those
    that lack a side.
    """
    now = moments.now()
    lapsed = Participant.objects.filter(
        status=Participant.Status.ADMITTED, seen_at__lt=now - Participant.LEASE
    )
    alive = Room.objects.exclude(status=Room.Status.ENDED)
    lapsing = alive.filter(pk__in=lapsed.values("room"))
    lately = Participant.objects.filter(seen_at__gte=now - Room.EMPTY_FOR)
    under_way = alive.filter(status__in=[Room.Status.LIVE, Room.Status.HELD])
    empty = under_way.exclude(pk__in=lately.values("room"))
    live = alive.filter(status=Room.Status.LIVE)
    alone = [
        live.filter(case__isnull=of_visits).exclude(
            pk__in=seen_as(role, now - Room.ALONE_FOR).values("room")
        )
        for of_visits, sides in ((False, CLINICAL), (True, BOTH_SIDES))
        for role in sides
    ]
    seen = seen_as(Role.SPECIALIST, now - Room.ALONE_FOR).filter(room=OuterRef("pk"))
    chair, others = Q(user=OuterRef("case__holder")), ~Q(user=OuterRef("case__holder"))
    lacking = ~Exists(seen.filter(chair)) | ~Exists(seen.filter(others))
    alone.append(live.filter(lacking, case__kind=Kind.MDT))
    unlicensed = alive.filter(pk__in=_without_licence(now - Room.ALONE_FOR))
    return list(lapsing.union(empty, unlicensed, *alone).values_list("pk", flat=True))


def _without_licence(since: datetime) -> set[UUID]:
    """Live rooms whose asking side is there with people alone who do not count as its doctor."""
    places = seen_as(Role.REQUESTER, since).filter(room__status=Room.Status.LIVE)
    places = places.filter(room__case__isnull=False).prefetch_related("user__roles")
    there = places.select_related("user__practitioner", "room__case__asking")
    licensed = {one.room_id for one in there if not why_not_present(one.user, one.room.consult)}
    return {one.room_id for one in there} - licensed


def seen_as(role: str, since: datetime) -> QuerySet[Participant]:
    """Places of that role whose people are, or were lately, in the room."""
    gone = [Participant.Status.LEFT, Participant.Status.REMOVED]
    return Participant.objects.filter(role=role, seen_at__gte=since).exclude(status__in=gone)


def missing_sides(room: Room, since: datetime) -> set[Role]:
    """The sides of whom nobody was seen in the room since then."""
    seen = {
        role: set(seen_as(role, since).filter(room=room).values_list("user", flat=True))
        for role in sides_of(room.matter)
    }
    case = room.matter
    if isinstance(case, Case):
        seen[Role.REQUESTER] = licensed_of(case, seen[Role.REQUESTER])
    return missing_among(case, seen)


def licensed_of(case: Case, users: Collection[UUID]) -> set[UUID]:
    """Who of the asking side counts as its doctor (管理规范): those with a licence there."""
    people = User.objects.filter(pk__in=users).select_related("practitioner")
    found = people.prefetch_related("roles")
    return {person.pk for person in found if not why_not_present(person, case)}


def missing_among(case: Matter, seen: Mapping[Role, Collection[UUID]]) -> set[Role]:
    """The same of people seen, by role; a joint consult needs the chair and one expert besides."""
    missing = {role for role in sides_of(case) if not seen.get(role)}
    if not isinstance(case, Case):
        return missing
    doctors = seen.get(Role.SPECIALIST, ())
    if case.is_joint and (case.holder_id not in doctors or len(doctors) < JOINT_QUORUM):
        missing.add(Role.SPECIALIST)
    return missing


def absent_doctors(room: Room, role: str, since: datetime) -> list[User]:
    """Who of a side is to be called; of a joint consult each who is not there."""
    case = room.matter
    if not isinstance(case, Case):  # a patient has no account here: the doctor rings
        return [case.clinician] if role == Role.SPECIALIST and case.clinician else []
    if role == Role.REQUESTER:
        return [case.requester]
    doctors = [*([case.holder] if case.holder else []), *case.experts]
    seen = seen_as(Role.SPECIALIST, since).filter(room=room).values_list("user", flat=True)
    return [doctor for doctor in doctors if doctor.pk not in set(seen)]
