"""What people do in a room: talk, lead, show and measure."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult.rooms.models import RoomEvent
from consult.rooms.permissions import may_speak
from consult.rooms.services.log import append, find_repeated, lock_place
from telemed.core.errors import Forbidden, NotFound, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

Json = dict[str, Any]


def say(*, actor: User, room_id: UUID, text: str, client_id: UUID) -> RoomEvent:
    """Write to the others. Said again under the same client_id, it stays one message."""
    require_intention()
    place = lock_place(actor, room_id)
    require(may_speak(place.role), _("Who observes does not write."))
    room = place.room
    said = find_repeated(room, actor, client_id)
    return said or append(room, "chat.posted", by=actor, client_id=client_id, text=text)


def take_lead(*, actor: User, room_id: UUID) -> None:
    """Let the others follow what one looks at; whoever led before follows from now on."""
    require_intention()
    room = lock_place(actor, room_id, to_show=True).room
    if room.leader_id == actor.pk:
        return
    before, room.leader = room.leader_id, actor
    room.save(update_fields=["leader"])
    append(room, "lead.taken", by=actor, before=str(before) if before else None)


def release_lead(*, actor: User, room_id: UUID) -> None:
    """Everybody looks for themselves."""
    require_intention()
    room = lock_place(actor, room_id).room
    if room.leader_id != actor.pk:
        return
    room.leader = None
    room.save(update_fields=["leader"])
    append(room, "lead.released", by=actor)


def settle_view(*, actor: User, room_id: UUID, state: Json, client_id: UUID) -> RoomEvent:
    """Keep what the leader looks at once it rests, so that who comes later sees the same."""
    require_intention()
    room = lock_place(actor, room_id, to_show=True).room
    if room.leader_id != actor.pk:
        raise Forbidden(_("Somebody else leads now."))
    settled = find_repeated(room, actor, client_id)
    return settled or append(room, "view.settled", by=actor, client_id=client_id, state=state)


def save_mark(*, actor: User, room_id: UUID, mark: Json, client_id: UUID) -> RoomEvent:
    """Draw or change a measurement; only who drew it changes it."""
    require_intention()
    room = lock_place(actor, room_id, to_show=True).room
    if saved := find_repeated(room, actor, client_id):
        return saved
    drawn = _find_mark(room.events, mark["id"])
    if drawn and drawn.sender_id != actor.pk:
        raise Forbidden(_("Only who drew a mark changes it."))
    return append(room, "mark.saved", by=actor, client_id=client_id, mark=mark)


def remove_mark(*, actor: User, room_id: UUID, mark: str, client_id: UUID) -> RoomEvent:
    """Take a measurement away; its author may, and so may the leader."""
    require_intention()
    room = lock_place(actor, room_id, to_show=True).room
    if removed := find_repeated(room, actor, client_id):
        return removed
    drawn = _find_mark(room.events, mark)
    if drawn is None:
        raise NotFound(_("This mark is gone already."), path="mark")
    if actor.pk not in {drawn.sender_id, room.leader_id}:
        raise Forbidden(_("Only who drew a mark changes it."))
    return append(room, "mark.removed", by=actor, client_id=client_id, mark=mark)


def _find_mark(events: Any, mark: str) -> RoomEvent | None:
    """How that mark stands: its last saving, or None when it was never drawn or taken away."""
    saved = events.filter(kind="mark.saved", body__mark__id=mark)
    removed = events.filter(kind="mark.removed", body__mark=mark)
    last = saved.union(removed).order_by("-seq").first()
    return last if last and last.kind == "mark.saved" else None


def log_quality(
    *, actor: User, room_id: UUID, mode: str, by: str, kbit_s: int, rtt_ms: int, loss: float
) -> RoomEvent:
    """Note that somebody's call changed its rung, by itself or by hand, and on what line."""
    require_intention()
    room = lock_place(actor, room_id).room
    facts: Json = {"kbit_s": kbit_s, "rtt_ms": rtt_ms, "loss": loss}
    return append(room, "quality.changed", by=actor, mode=mode, how=by, **facts)
