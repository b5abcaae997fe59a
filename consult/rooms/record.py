"""
The record of a room, for who reads it afterwards: who was there, what was said and shown, on what
line. Each reads the parts that are theirs; the line is nobody's of the patient's side.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult.requests import permissions as cases
from consult.requests.models import Case
from consult.requests.queries import find_offer, find_seat, visible_to, writes_along
from consult.rooms import plugs
from consult.rooms.models import Participant, Role, Room, RoomEvent
from consult.rooms.permissions import role_in
from consult.rooms.queries import taken_back
from consult.rooms.recounting import Teller, detail_of
from records.consent import access
from telemed.core.errors import Invalid, NotFound
from telemed.people.models import CLINICAL, User
from telemed.people.models import Role as StaffRole

PAGE = 200  # events
FILED = 5_000  # lines on paper: more than a day of talking
STIRRED = 2_000  # arrivals and departures that are counted


class Part(StrEnum):
    """One part of a record, as the page filters it."""

    PEOPLE = "people"  # who was there, holds, who agreed to what
    CHAT = "chat"
    IMAGES = "images"
    LINE = "line"


EVERYTHING = frozenset(Part)
NOUNS = {
    "room": Part.PEOPLE,
    "participant": Part.PEOPLE,
    "role": Part.PEOPLE,
    "doctor": Part.PEOPLE,
    "coordinator": Part.PEOPLE,
    "phone": Part.PEOPLE,
    "opinion": Part.PEOPLE,
    "question": Part.PEOPLE,
    "schedule": Part.PEOPLE,
    "chat": Part.CHAT,
    "study": Part.IMAGES,
    "view": Part.IMAGES,
    "mark": Part.IMAGES,
    "key_image": Part.IMAGES,
    "lead": Part.IMAGES,
    "screen": Part.IMAGES,
    "quality": Part.LINE,
    "media": Part.LINE,
    "ready": Part.LINE,
}
CAME = ("participant.joined", "participant.returned")
WENT = ("participant.left", "participant.away", "participant.removed")


@dataclass
class Attendance:
    """One person: from when until when they were in; None: they still are."""

    name: str
    organisation: str
    role: str
    spans: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    @property
    def came_at(self) -> datetime:
        return self.spans[0][0]

    @property
    def went_at(self) -> datetime | None:
        return self.spans[-1][1]

    @property
    def inside(self) -> timedelta | None:
        """In all; None while they are still in."""
        if self.went_at is None:
            return None
        return sum((until - since for since, until in self.spans if until), timedelta())


@dataclass(frozen=True)
class Line:
    """One thing that happened; `who` only where the sentence is their own words."""

    seq: int
    at: datetime
    part: Part
    text: str
    who: str = ""
    detail: str = ""
    taken_back: bool = False


@dataclass(frozen=True)
class Record:
    """A room as one reader sees it."""

    room: Room
    parts: frozenset[Part]
    show: str
    people: list[Attendance]
    lines: list[Line]
    next: int  # the number after which the next page begins; 0: this was the last

    @property
    def withheld(self) -> str:
        """What is not this reader's, in words; nothing is said of the line, which may be."""
        if {Part.CHAT, Part.IMAGES} <= self.parts:
            return ""
        if Part.CHAT in self.parts:
            return _("What was shown of the images is for the doctors of this consult.")
        return _("What was said and shown is for the doctors of this consult.")


def get_room(actor: User, room_id: UUID) -> tuple[Room, frozenset[Part]]:
    """A room whose record the actor may read, and which parts. Hidden and absent look the same."""
    rooms = Room.objects.select_related(
        "case__patient", "case__asking", "case__asked", "visit__patient", "visit__organisation"
    )
    room = rooms.filter(pk=room_id).first()
    parts = readable(actor, room) if room else frozenset[Part]()
    if room is None or not parts:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Room/{room_id}")
    return room, parts


def readable(actor: User, room: Room) -> frozenset[Part]:
    """
    What of that record this account may read now; nothing for who may not know of it.

    The doctors of the case and the medical offices read everything, the doctors while they may read
    the patient's record; coordinators and directors who was there and on what line, and what was
    said where they were in the room themselves; so the auditor of either institution, without what
    was said; the patient who was there.
    """
    if room.case is None:
        return EVERYTHING if role_in(room.matter, actor) else frozenset()
    parts = _of_case(actor, room.case)
    if Part.LINE not in parts or Part.CHAT in parts or actor.role == StaffRole.AUDITOR:
        return parts
    was_there = room.participants.filter(user=actor, role=Role.COORDINATOR, joined=True)
    return parts | {Part.CHAT} if was_there.exists() else parts


def _of_case(actor: User, case: Case) -> frozenset[Part]:
    """The same for every room of a case."""
    nothing, bare = frozenset[Part](), frozenset({Part.PEOPLE, Part.LINE})
    if not actor.is_active:
        return nothing
    if actor.role == StaffRole.AUDITOR:
        return bare if actor.organisation_id in (case.asking_id, case.asked_id) else nothing
    if not visible_to(actor).filter(pk=case.pk).exists():
        return nothing
    if actor.role == StaffRole.RESIDENT:
        return frozenset({Part.PEOPLE})
    everything = actor.role == StaffRole.MEDICAL_OFFICE or _reads_all(actor, case)
    return EVERYTHING if everything else bare


def _reads_all(actor: User, case: Case) -> bool:
    if actor.role not in CLINICAL:
        return False
    asked = bool(find_offer(actor, case) or find_seat(actor, case) or writes_along(actor, case))
    entitled = cases.may_read_clinical(actor, case, offered=asked)
    return entitled and access.allows(actor, "read", case.patient)


def records_of(actor: User, case: Case) -> list[Room]:
    """The rooms of a case in which somebody was, newest first, for who may read their record."""
    if not _of_case(actor, case):
        return []
    been_in = Participant.objects.filter(room=OuterRef("pk"), joined=True)
    return list(case.rooms.filter(Exists(been_in)).order_by("-created_at"))


def read(room: Room, parts: frozenset[Part], *, show: str = "", after: int = 0) -> Record:
    """One page of it. Raises Invalid for a part that there is not, or that is not the reader's."""
    if show and show not in {part.value for part in parts}:
        raise Invalid(_("Choose one from the list."), path="show")
    wanted = frozenset({Part(show)}) if show else parts
    log = _events(room, parts, wanted).filter(seq__gt=after)
    events = list(log.order_by("seq")[: PAGE + 1])
    more = len(events) > PAGE
    people = attendance_of(room)
    lines = _lines(room, events[:PAGE], before=after)
    return Record(room, parts, show, people, lines, events[PAGE - 1].seq if more else 0)


def whole(room: Room, parts: frozenset[Part] = EVERYTHING) -> Record:
    """All of it, for paper and for the archive."""
    events = list(_events(room, parts, parts).order_by("seq")[:FILED])
    return Record(room, parts, "", attendance_of(room), _lines(room, events), 0)


def _nouns() -> dict[str, Part]:
    return NOUNS | {noun: Part(part) for noun, part in plugs.recounted_nouns().items()}


def _events(room: Room, parts: frozenset[Part], wanted: Iterable[Part]) -> QuerySet[RoomEvent]:
    """Of the parts that the reader may read, those that are wanted."""
    told = Q(pk__in=[])
    for noun, part in _nouns().items():
        if part in wanted:
            told |= Q(kind__startswith=f"{noun}.")
    events = room.events.filter(told).exclude(kind="chat.retracted")
    if Part.LINE not in parts:  # that somebody's line broke is of the line, too
        events = events.exclude(kind="participant.away")
    return events.select_related("sender")


def _lines(room: Room, events: list[RoomEvent], *, before: int = 0) -> list[Line]:
    """`before`: the number of the last event that another page told of."""
    nouns = _nouns()
    places = room.participants.select_related("user")
    names = {str(place.user_id): place.user.name for place in places}
    names |= {str(e.sender_id): e.sender.name for e in events if e.sender}
    gone = taken_back(room.pk)
    teller = Teller(room, names, events)
    if before:
        _catch_up(teller, room, before)
    lines = []
    for event in events:
        part = nouns[event.kind.partition(".")[0]]
        hidden = part == Part.CHAT and event.seq in gone
        text = pgettext("message", "Taken back") if hidden else teller.tell(event)
        if not text:
            continue
        who = teller.name(event.sender_id) if part == Part.CHAT else ""
        line = Line(event.seq, event.created_at, part, text, who, detail_of(event), hidden)
        lines.append(line)
    return lines


def _catch_up(teller: Teller, room: Room, before: int) -> None:
    """The next page does not tell again what the one before showed last."""
    newest = room.events.filter(kind="view.settled", seq__lte=before).order_by("-seq").first()
    if newest:
        teller.tell(newest)
    drawn = room.events.filter(kind="mark.saved", seq__lte=before)
    teller.drawn |= set(drawn.values_list("body__mark__id", flat=True)[:STIRRED])


def attendance_of(room: Room) -> list[Attendance]:
    """Everybody who was ever in, in the order in which they came."""
    moves = room.events.filter(kind__in=[*CAME, *WENT, "role.changed"])
    found: dict[str, Attendance] = {}
    inside: dict[str, datetime] = {}
    for event in moves.order_by("seq")[:STIRRED]:
        body = event.body
        if event.kind in CAME:
            who = str(event.sender_id)
            role = str(Role(body["role"]).label)
            found.setdefault(who, Attendance(body["name"], body["organisation"], role))
            inside.setdefault(who, event.created_at)
            continue
        who = body["participant"]
        if event.kind == "role.changed" and who in found:
            found[who].role += f" → {Role(body['role']).label}"
        elif since := inside.pop(who, None):
            found[who].spans.append((since, event.created_at))
    for who, since in inside.items():
        found[who].spans.append((since, room.ended_at))
    return [one for one in found.values() if one.spans]


def companions(rooms: list[Room]) -> dict[UUID, list[str]]:
    """By room, the names of who was in it: one question for a whole list."""
    joined = Participant.objects.filter(room__in=rooms, joined=True).order_by("created_at")
    names: dict[UUID, list[str]] = {room.pk: [] for room in rooms}
    for room_id, name in joined.values_list("room", "user__name"):
        names[room_id].append(name)
    return names
