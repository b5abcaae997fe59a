"""
The rooms that have not ended, as the coordinators of both institutions watch them.

Who is there, who waits, on what line and for how long; nothing that is said, and no record.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from consult.requests.models import Case
from consult.requests.queries import visible_to
from consult.rooms.models import Participant, Role, Room, RoomEvent
from consult.rooms.permissions import CLINICAL, role_in, watches
from consult.rooms.quorum import missing_among
from telemed.core import moments
from telemed.core.errors import Invalid, NotFound
from telemed.people.models import User

PAGE = 20
MOST = 60  # rooms with somebody in them; no institution has as many doctors
ARRIVED = ("participant.joined", "participant.returned")
CALLED = "doctor.called"
QUALITY = "quality.changed"
# What one line carries, by what the call fell back to; the bars of the page's parts.
LEVELS = {"text": 0, "audio": 1, "still": 2, "video": 3}
Status = Participant.Status


@dataclass(frozen=True)
class Person:
    """Somebody with a place: `state` is in, away, knocking or invited, `since` since when."""

    name: str
    role: str
    state: str
    since: datetime | None
    level: int | None = None  # None: nothing was said of the line yet
    rate: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Side:
    """One institution: who is there of its doctors, and whether one is missing."""

    name: str
    phone: str
    people: list[Person]
    missing: bool
    told: bool


@dataclass(frozen=True)
class Watched:
    """One room as the board shows it."""

    room: Room
    case: Case
    sides: list[Side]
    others: list[Person]
    live: timedelta | None
    waits_since: datetime | None
    may_call: bool
    may_enter: bool
    told: bool

    @property
    def waits(self) -> timedelta | None:
        return moments.now() - self.waits_since if self.waits_since else None


@dataclass(frozen=True)
class Board:
    rooms: list[Watched]  # somebody is in it, or it is under way
    empty: list[Room]  # open, and nobody came yet
    next: str  # the last of the empty ones, where there are more

    @property
    def missing(self) -> int:
        """Rooms in which somebody waits for a doctor."""
        return sum(1 for one in self.rooms if any(side.missing for side in one.sides))


def board(actor: User, *, before: str = "") -> Board:
    """The rooms of the cases that the actor's institution asks or answers."""
    rooms = _watched_by(actor)
    now = moments.now()
    lately = Participant.objects.filter(
        room=OuterRef("pk"),
        status__in=[Status.ADMITTED, Status.AWAY, Status.WAITING],
        seen_at__gte=now - Room.EMPTY_FOR,
    )
    stirring = Q(Exists(lately)) | Q(status__in=[Room.Status.LIVE, Room.Status.HELD])
    found = list(rooms.filter(stirring).order_by("created_at", "pk")[:MOST])
    watched = sorted(_look_at(actor, found, now), key=_urgency)
    quiet = rooms.exclude(stirring)
    if before:
        quiet = quiet.filter(pk__lt=_uuid(before))
    empty = list(quiet.order_by("-pk")[: PAGE + 1])
    return Board(watched, empty[:PAGE], str(empty[PAGE - 1].pk) if len(empty) > PAGE else "")


def get_watched(actor: User, room_id: UUID) -> Room:
    """A room that the actor may watch. Hidden and absent look the same."""
    room = Room.objects.select_related("case").filter(pk=room_id).first()
    if room is None or room.case is None or not watches(room.case, actor):
        raise NotFound(_("Not found, or not yours to know of."), path=f"Room/{room_id}")
    return room


def told_of(room: Room) -> set[Role]:
    """Whose absence was said already and who has not come since: one spell, one message."""
    return _told(_Log.of([room])[room.pk])


def _watched_by(actor: User) -> QuerySet[Room]:
    here = actor.organisation_id
    cases = visible_to(actor).filter(Q(asking=here) | Q(asked=here))
    rooms = Room.objects.exclude(status=Room.Status.ENDED).filter(case__in=cases.values("pk"))
    return rooms.select_related("case__asking", "case__asked", "case__holder", "case__requester")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(_("This page of the list does not exist."), path="before") from None


@dataclass
class _Log:
    """What the board reads of a room's log: each person's last arrival and line, the last call."""

    arrivals: dict[UUID, RoomEvent] = field(default_factory=dict)
    lines: dict[UUID, RoomEvent] = field(default_factory=dict)
    call: RoomEvent | None = None

    @classmethod
    def of(cls, rooms: Iterable[Room]) -> "defaultdict[UUID, _Log]":
        found: defaultdict[UUID, _Log] = defaultdict(cls)
        newest = RoomEvent.objects.filter(
            room__in=[room.pk for room in rooms], kind__in=[*ARRIVED, CALLED, QUALITY]
        ).order_by("room", "sender", "kind", "-seq")
        for event in sorted(newest.distinct("room", "sender", "kind"), key=lambda e: e.seq):
            log = found[event.room_id]
            if event.kind == CALLED:
                log.call = event
            elif event.sender_id:
                kept = log.lines if event.kind == QUALITY else log.arrivals
                kept[event.sender_id] = event
        return found


def _told(log: _Log) -> set[Role]:
    if log.call is None:
        return set()
    came = {e.body.get("role") for e in log.arrivals.values() if e.seq > log.call.seq}
    return {Role(role) for role in log.call.body["missing"] if role not in came}


def _look_at(actor: User, rooms: list[Room], now: datetime) -> list[Watched]:
    places: defaultdict[UUID, list[Participant]] = defaultdict(list)
    found = Participant.objects.filter(room__in=rooms).exclude(
        status__in=[Status.LEFT, Status.REMOVED, Status.REFUSED]
    )
    for place in found.select_related("user").order_by("created_at")[: MOST * Participant.MOST]:
        places[place.room_id].append(place)
    logs = _Log.of(rooms)
    return [_watch(actor, room, places[room.pk], logs[room.pk], now) for room in rooms]


def _watch(actor: User, room: Room, places: list[Participant], log: _Log, now: datetime) -> Watched:
    case = room.consult
    there: defaultdict[Role, set[UUID]] = defaultdict(set)
    for place in places:
        if place.seen_at >= now - Participant.LEASE:
            there[Role(place.role)].add(place.user_id)
    missing, told = missing_among(case, there), _told(log)

    def people(*roles: str) -> list[Person]:
        return [_person(p, log, now) for p in places if p.role in roles]

    sides = [
        Side(
            name=place.name if place else "",
            phone=place.phone if place else "",
            people=people(role),
            missing=role in missing,
            told=role in told,
        )
        for role, place in ((Role.REQUESTER, case.asking), (Role.SPECIALIST, case.asked))
    ]
    return Watched(
        room=room,
        case=case,
        sides=sides,
        others=people(*(role for role in Role.values if role not in CLINICAL)),
        live=room.counted(now) if room.is_under_way else None,
        waits_since=_waits_since(room, places, log, missing),
        may_call=bool(missing - told),
        may_enter=role_in(case, actor) is not None,
        told=bool(missing) and not missing - told,
    )


def _person(place: Participant, log: _Log, now: datetime) -> Person:
    arrived, line = log.arrivals.get(place.user_id), log.lines.get(place.user_id)
    seen = place.seen_at >= now - Participant.LEASE
    state, since = "away", place.seen_at
    if place.status == Status.WAITING:
        state, since = "knocking", place.knocked_at or place.seen_at
    elif place.status == Status.INVITED:
        state, since = "invited", place.created_at
    elif place.status == Status.ADMITTED and seen:
        state, since = "in", arrived.created_at if arrived else place.created_at
    measured = line if line and state == "in" else None
    return Person(
        name=place.user.name,
        role=str(Role(place.role).label),
        state=state,
        since=since,
        level=LEVELS.get(measured.body["mode"]) if measured else None,
        rate=_rate(measured.body) if measured else "",
        by_hand=measured is not None and measured.body.get("how") == "manual",
    )


def _rate(body: dict[str, Any]) -> str:
    return _("{kbit} kbit/s, delay {ms} ms").format(kbit=body["kbit_s"], ms=body["rtt_ms"])


def _waits_since(
    room: Room, places: list[Participant], log: _Log, missing: set[Role]
) -> datetime | None:
    """Since when somebody waits in vain: the hold, the doctor who went, or who came first."""
    if room.status == Room.Status.HELD:
        return room.held_at
    if not missing:
        return None
    if room.status == Room.Status.LIVE:
        return max((p.seen_at for p in places if p.role in missing), default=None)
    inside = [log.arrivals[p.user_id].created_at for p in places if p.user_id in log.arrivals]
    knocks = [p.knocked_at for p in places if p.status == Status.WAITING and p.knocked_at]
    return min([*inside, *knocks], default=None)


def _urgency(one: Watched) -> tuple[bool, bool, datetime]:
    """An emergency first, then where a doctor is missing, then who waits longest."""
    waits = any(side.missing for side in one.sides)
    return not one.case.is_emergency, not waits, one.waits_since or one.room.created_at
