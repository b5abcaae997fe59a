"""Reads that need a name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from consult.requests.models import Case
from consult.rooms.models import MediaErrand, Participant, Room, RoomEvent
from consult.rooms.permissions import (
    PAST,
    Matter,
    may_host,
    may_read,
    only_sees,
    role_at,
)
from scheduling.appointments.models import Appointment
from scheduling.appointments.queries import SHOWN
from telemed.core import moments
from telemed.core.errors import Forbidden, Gone, NotFound, require
from telemed.people.models import PractitionerRole, User
from telemed.people.models import Role as StaffRole

Json = dict[str, Any]

_KEPT_OUT: dict[str, str] = {
    Participant.Status.REMOVED: gettext_noop("You were removed from this room."),
    Participant.Status.INVITED: gettext_noop("Somebody in the room has to let you in first."),
    Participant.Status.WAITING: gettext_noop("Somebody in the room has to let you in first."),
    Participant.Status.REFUSED: gettext_noop("You were not let in; you may knock again later."),
}
SNAPSHOT_OVER = 500  # missed events that a summary replaces
SAID = "chat.posted"
CHAT_TAIL = 100  # messages in a summary
SCREEN_STARTED, SCREEN_ENDED = "screen.started", "screen.ended"
CHECKED = "ready.checked"


def get_matter(actor: User, matter_id: UUID) -> Matter:
    """The case or visit of a room that the actor may enter. Hidden and absent look the same."""
    matter = find_matter(matter_id)
    if matter is None or role_at(matter, actor, find_place(actor, matter_id)) is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Case/{matter_id}")
    return matter


def find_matter(matter_id: UUID) -> Matter | None:
    """Their ids are of one kind, and never the same."""
    cases = Case.objects.select_related("patient", "asking", "asked")
    if case := cases.filter(pk=matter_id).first():
        return case
    visits = Appointment.objects.filter(mode="video").select_related(*SHOWN)
    return visits.filter(pk=matter_id).first()


def find_place(actor: User, matter_id: UUID) -> Participant | None:
    """The actor's place in the newest room of a case or visit."""
    rooms = Room.objects.filter(Q(case=matter_id) | Q(visit=matter_id))
    newest = rooms.order_by("-created_at").values("pk")[:1]
    places = Participant.objects.filter(room=newest, user=actor)
    return places.select_related("room").first()


def institutions_of(matter: Matter) -> list[UUID | None]:
    """Both of a consult; the hospital of a visit."""
    if isinstance(matter, Case):
        return [matter.asking_id, matter.asked_id]
    return [matter.organisation_id]


def colleagues(matter: Matter) -> QuerySet[User]:
    """The accounts of either institution: whom one may ask in."""
    current = PractitionerRole.objects.filter(
        user=OuterRef("pk"), organisation__in=institutions_of(matter), ends_on=None
    )
    return User.objects.filter(Exists(current), is_active=True)


def watchers_of(matter: Matter) -> list[UUID]:
    """The coordinators of both institutions, whose boards show the room of a consult."""
    if not isinstance(matter, Case):
        return []
    current = PractitionerRole.objects.filter(
        organisation__in=institutions_of(matter),
        role=StaffRole.COORDINATOR,
        ends_on=None,
        user__is_active=True,
    )
    return list(current.values_list("user", flat=True).distinct())


def find_colleagues(actor: User, room_id: UUID, text: str, limit: int = 8) -> list[User]:
    """By name or user name, for a host who invites; who belongs to the case is left out."""
    place = get_participant(actor, room_id)
    require(may_host(place.role), _("Only the doctors and the coordinator of this case do that."))
    matter = place.room.matter
    named = Q(name__icontains=text) | Q(username__istartswith=text)
    own = (
        [matter.requester_id, matter.holder_id]
        if isinstance(matter, Case)
        else [matter.clinician_id]
    )
    found = colleagues(matter).filter(named).exclude(pk__in=[pk for pk in own if pk])
    return list(found.select_related("acting_as__organisation").order_by("name")[:limit])


def find_room(matter: Matter) -> Room | None:
    """The newest room of a case or visit; only the newest can be open."""
    return matter.rooms.order_by("-created_at").first()


def get_participant(actor: User, room_id: UUID) -> Participant:
    """
    The actor's place in a room that has not ended.

    Raises NotFound for who never had one or has lost the role, Forbidden for who was removed,
    Gone when the room has ended.
    """
    places = Participant.objects.select_related("room__case", "room__visit")
    places = places.filter(room_id=room_id, user=actor)
    return admitted(actor, room_id, places.first())


def get_present(actor: User, room_id: UUID, connection: UUID) -> Participant:
    """The actor's place. Raises Forbidden unless it is taken, and by this connection."""
    place = get_participant(actor, room_id)
    taken = place.status in Participant.HERE and place.connection == connection
    require(taken, _("You are not in this room now."))
    return place


def due_errands(limit: int = 50) -> list[UUID]:
    """What the media engine is to be told now, the oldest first."""
    now = moments.now()
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - MediaErrand.LEASE)
    waiting = MediaErrand.objects.filter(free, done_at=None, dead_at=None, due_at__lte=now)
    return list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def dead_errands() -> list[MediaErrand]:
    """What the media engine was never told."""
    return list(MediaErrand.objects.filter(dead_at__isnull=False).order_by("dead_at"))


def admitted(actor: User, room_id: UUID, place: Participant | None) -> Participant:
    """The same, for a place that was read already (with room and case or visit)."""
    if place is None or role_at(place.room.matter, actor, place) != place.role:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Room/{room_id}")
    check_open(place.room, place)
    return place


def check_entry(actor: User, room_id: UUID) -> None:
    """Raises what the socket would refuse this account with."""
    room = Room.objects.select_related("case", "visit").filter(pk=room_id).first()
    place = Participant.objects.filter(room=room_id, user=actor).first()
    if room is None or role_at(room.matter, actor, place) is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Room/{room_id}")
    check_open(room, place)


def check_open(room: Room, place: Participant | None) -> None:
    """
    Raises Forbidden for who was removed or not let in (yet), Gone for everybody once the room has
    ended.
    """
    said = _KEPT_OUT.get(place.status) if place else None
    if said and room.status != Room.Status.ENDED:
        raise Forbidden(_(said), path=f"Room/{room.pk}")
    if room.status == Room.Status.ENDED:
        raise Gone(_("This room has ended."), path=f"Room/{room.pk}")


def as_frame(event: RoomEvent, role: str, *, gone: bool = False) -> Json:
    """
    An event as that role may read it: an event it may not read still shows its number.

    `gone`: a message that its author took back.
    """
    if not may_read(role, event.kind):
        return {"seq": event.seq, "is": "hidden"}
    body = _veiled(event.kind, event.body, event.room_id) if only_sees(role) else event.body
    if gone:
        body = {**body, "text": "", "taken_back": True}
    return {
        "seq": event.seq,
        "is": event.kind,
        "from": str(event.sender_id) if event.sender_id else None,
        "at": event.created_at.isoformat(timespec="milliseconds"),
        "client_id": str(event.client_id) if event.client_id else None,
        **body,
    }


def _veiled(kind: str, body: Json, room_id: UUID) -> Json:
    """An event of the images as a guest reads it: with the doors of the room alone."""
    match kind:
        case "key_image.saved":
            one = body["key_image"]
            picture = reverse("rooms:shown_key_image", args=[room_id, one["id"]])
            kept = {name: one[name] for name in ("id", "study", "series", "slice", "caption")}
            return {"key_image": {**kept, "picture": picture}}
        case "view.opened":
            return {"study": {"id": body["study"]["id"]}}
    return body


def events_after(actor: User, room_id: UUID, seq: int, limit: int) -> list[Json]:
    """What a client with that number lacks, oldest first, as its role may read it."""
    place = get_participant(actor, room_id)
    log = RoomEvent.objects.filter(room_id=room_id, seq__gt=seq)
    events = list(log.order_by("seq")[:limit])
    said = any(event.kind == SAID for event in events)
    gone = taken_back(room_id) if said else set[int]()
    return [as_frame(event, place.role, gone=event.seq in gone) for event in events]


def taken_back(room_id: UUID) -> set[int]:
    """The numbers of the messages whose authors took them back."""
    gone = RoomEvent.objects.filter(room_id=room_id, kind="chat.retracted")
    return set(gone.values_list("body__message", flat=True))


def welcome(actor: User, room_id: UUID) -> Json:
    """Who one is here, who else has a place, who leads, and how long the log is."""
    place = get_participant(actor, room_id)
    places = Participant.objects.filter(room_id=room_id).select_related(
        "user__acting_as__organisation"
    )
    return {
        "you": str(actor.pk),
        "role": place.role,
        "last_seq": place.room.last_seq,
        "status": place.room.status,
        "leader": str(place.room.leader_id) if place.room.leader_id else None,
        "screen": str(shares) if (shares := sharer_of(room_id)) else None,
        "people": [person(p) for p in places.order_by("created_at")],
    }


def sharer_of(room_id: UUID) -> UUID | None:
    """Whose screen the others see now, by the log."""
    said = RoomEvent.objects.filter(room=room_id, kind__in=[SCREEN_STARTED, SCREEN_ENDED])
    last = said.order_by("-seq").values_list("kind", "sender").first()
    return last[1] if last and last[0] == SCREEN_STARTED else None


def person(place: Participant) -> Json:
    """One place as the others see it; a lease that ran out is shown so before it is swept."""
    lapsed = moments.now() - place.seen_at > Participant.LEASE
    away = place.status == Participant.Status.ADMITTED and lapsed
    organisation = place.user.organisation
    return {
        "user": str(place.user_id),
        "name": place.user.name,
        "organisation": organisation.name if organisation else "",
        "role": place.role,
        "status": Participant.Status.AWAY if away else place.status,
        "connection": str(place.connection) if place.connection else None,
    }


def summary(actor: User, room_id: UUID) -> Json:
    """What replaces a long log: the last messages, the marks that stand, the view, its number."""
    place = get_participant(actor, room_id)
    log = RoomEvent.objects.filter(room_id=room_id, seq__lte=place.room.last_seq)
    chat = log.filter(kind=SAID).order_by("-seq")[:CHAT_TAIL]
    view = log.filter(kind="view.settled").order_by("-seq").first()
    opened = log.filter(kind__in=["view.opened", "study.came"])
    checked = log.filter(kind=CHECKED).order_by("sender", "-seq").distinct("sender")
    standing = [*_standing(log, "mark"), *_standing(log, "key_image"), *checked]
    events = [*reversed(chat), *opened, *([view] if view else []), *standing]
    readable = [e for e in events if may_read(place.role, e.kind)]
    gone = taken_back(room_id)
    return {
        "last_seq": place.room.last_seq,
        "events": [
            as_frame(e, place.role, gone=e.seq in gone)
            for e in sorted(readable, key=lambda e: e.seq)
        ],
    }


def _standing(log: QuerySet[RoomEvent], noun: str) -> list[RoomEvent]:
    """What was saved of that kind, as it stands last, and was not removed."""
    found: dict[str, RoomEvent] = {}
    for event in log.filter(kind__startswith=f"{noun}.").order_by("seq"):
        if event.kind == f"{noun}.saved":
            found[event.body[noun]["id"]] = event
        else:
            found.pop(event.body[noun], None)
    return list(found.values())


def glance_at_places(connections: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """By connection: the log's last number, and all that a place's rights follow from."""
    rows = Participant.objects.filter(connection__in=connections).values_list(
        "connection",
        "room__last_seq",
        "status",
        "role",
        "room__status",
        "room__case__asking",
        "room__case__asked",
        "room__case__holder",
        "room__visit__clinician",
        "room__visit__status",
    )
    return {row[0]: tuple(row[1:]) for row in rows if row[0]}


def rooms_past(limit: int = 200) -> list[UUID]:
    """Rooms in which nobody met and whose case is past that, the oldest first."""
    waiting = Room.objects.filter(status=Room.Status.OPEN, case__status__in=PAST)
    return list(waiting.order_by("created_at").values_list("pk", flat=True)[:limit])
