"""Somebody waits in vain: the clocks of a room, and whom they tell (workflows 2 and 13)."""

from django.db.models import Q

from consult.requests.models import Case, Status
from consult.requests.queries import coordinators_of
from consult.rooms import rules
from consult.rooms.models import Participant, Role, Room, RoomEvent
from consult.rooms.permissions import CLINICAL
from consult.rooms.quorum import missing_sides
from consult.rooms.rules import IDLE, LEGAL, LINE, PHONE
from consult.rooms.services.calling import tell_missing
from consult.rooms.services.log import append, lock_matter_of, lock_room
from telemed.core import moments
from telemed.core.clocks import Start, start_clocks, stop_clocks
from telemed.core.intentions import require_intention
from telemed.core.models import Calendar, Clock, ClockState
from telemed.people.models import User

__all__ = [
    "IDLE",
    "LEGAL",
    "LINE",
    "climb",
    "heed_line",
    "stop_if_empty",
    "stop_waiting",
    "wait_for",
]
CALLED, SHOWN, HIDDEN = "coordinator.called", "phone.shown", "phone.hidden"
WHILE = {
    IDLE: (Room.Status.OPEN,),
    LEGAL: (Room.Status.HELD,),
    LINE: (Room.Status.LIVE, Room.Status.HELD),
}
QUALITY = "quality.changed"
ARRIVED = ("participant.joined", "participant.returned")


def wait_for(room: Room, clock: str) -> None:
    """Of a locked room: from now on it is counted how long somebody waits; once at a time."""
    require_intention()
    if room.case_id is None or _running(room, clock):  # in a visit the doctor rings
        return
    rungs = [
        Start(clock, rung.number, rung.after, Calendar.WALL)
        for rung in rules.ladder(clock, room.consult.asked_id)
    ]
    start_clocks(about=room.pk, rungs=rungs)


def heed_line(room: Room) -> None:
    """
    Of a locked room: how long a doctor is without a call is counted, until the line is back.

    The numbers are shown once, and taken away once it is.
    """
    require_intention()
    if room.case_id is None or not room.is_under_way:
        return
    shown = _shows_for_line(room)
    if not _why_no_call(room):
        stop_clocks(about=room.pk, kind=LINE)
        if shown:
            append(room, HIDDEN)
    elif not shown:
        wait_for(room, LINE)


def _shows_for_line(room: Room) -> bool:
    """Whether the numbers stand there because the line bears no call."""
    said = room.events.filter(Q(kind=SHOWN, body__has_key="reason") | Q(kind=HIDDEN))
    last = said.order_by("-seq").first()
    return last is not None and last.kind == SHOWN


def _why_no_call(room: Room) -> str:
    """Text is gone too ("line"), or it is all that is left ("media"); "" while doctors can talk."""
    reasons = {_why_without(room, role) for role in CLINICAL}
    return next((why for why in ("line", "media") if why in reasons), "")


def _why_without(room: Room, role: Role) -> str:
    """Of one side: nobody of it can be heard by the other."""
    places = room.participants.filter(role=role)
    there = list(places.filter(status=Participant.Status.ADMITTED).values_list("user", flat=True))
    if not there:
        return "line" if places.filter(status=Participant.Status.AWAY).exists() else ""
    # Who comes in says nothing of the line until it changes: what was said before is over.
    said = room.events.filter(kind__in=(QUALITY, *ARRIVED), sender__in=there)
    last = said.order_by("sender", "-seq").distinct("sender")
    fallen = [_fell_to_text(event) for event in last]
    return "media" if len(fallen) == len(there) and all(fallen) else ""


def _fell_to_text(event: RoomEvent) -> bool:
    """By itself: who chose it has a line."""
    body = event.body
    return event.kind == QUALITY and body["mode"] == "text" and body["how"] == "auto"


def stop_waiting(room: Room) -> None:
    require_intention()
    if room.case_id:
        stop_clocks(about=room.pk, kind=(IDLE, LEGAL, LINE))


def stop_if_empty(room: Room) -> None:
    """Of a locked room that has not begun: where nobody is left, nobody waits."""
    if room.case_id and room.status == Room.Status.OPEN and not _somebody_waits(room):
        stop_clocks(about=room.pk, kind=IDLE)


def climb(*, clock: Clock) -> None:
    """A clock has run out: who is still missing is said once until they come."""
    require_intention()
    lock_matter_of(clock.about)
    room = lock_room(clock.about)
    if room.case is None or room.status not in WHILE[clock.kind] or not _somebody_waits(room):
        return
    if clock.kind == LINE:
        _show_both_phones(room)
        return
    missing = missing_sides(room, moments.now() - Participant.LEASE)
    if not missing or _is_told_by_the_case(room.case):
        return
    if clock.rung == PHONE:
        _show_phone(room, missing)
    elif not _is_said(room, clock.kind, missing):
        _tell_coordinators(room, clock.kind, missing)


def _is_told_by_the_case(case: Case) -> bool:
    """Until an emergency has begun, its own clock (case.in_room) tells the same people."""
    return case.is_emergency and case.status != Status.IN_PROGRESS


def _running(room: Room, clock: str) -> bool:
    return Clock.objects.filter(about=room.pk, kind=clock, state=ClockState.RUNNING).exists()


def _somebody_waits(room: Room) -> bool:
    places = room.participants.filter(status=Participant.Status.ADMITTED)
    return places.filter(seen_at__gte=moments.now() - Participant.LEASE).exists()


def _is_said(room: Room, kind: str, missing: set[Role]) -> bool:
    """Whether these were told of as missing, and none of them has come since."""
    said = room.events.filter(kind=CALLED, body__clock=kind).order_by("-seq").first()
    if said is None or missing - set(said.body["missing"]):
        return False
    came = room.events.filter(kind__in=ARRIVED, seq__gt=said.seq)
    return not came.filter(body__role__in=said.body["missing"]).exists()


def _tell_coordinators(room: Room, kind: str, missing: set[Role]) -> None:
    said = append(room, CALLED, clock=kind, missing=sorted(missing))
    for person, asks in _coordinators(room.consult).items():
        tell_missing(room, person, asks=asks, missing=missing, turn=said.seq)


def _coordinators(case: Case) -> dict[User, bool]:
    """Of both sides; True: of the one that asks."""
    people: dict[User, bool] = {}
    for place in (case.asked, case.asking):
        if place:
            people |= dict.fromkeys(coordinators_of(place), place.pk == case.asking_id)
    return people


def _show_both_phones(room: Room) -> None:
    """The last rung of the ladder: each side reads the number of the other."""
    why, case = _why_no_call(room), room.consult
    sides = {Role.REQUESTER: case.asking, Role.SPECIALIST: case.asked} if why else {}
    for role, place in sides.items():
        if place and place.phone:
            append(room, SHOWN, organisation=place.name, phone=place.phone, side=role, reason=why)


def _show_phone(room: Room, missing: set[Role]) -> None:
    """Each side reads the number of the one that is missing."""
    case = room.consult
    for role in sorted(missing):
        place = case.asking if role == Role.REQUESTER else case.asked
        if place and place.phone:
            append(room, SHOWN, organisation=place.name, phone=place.phone)
