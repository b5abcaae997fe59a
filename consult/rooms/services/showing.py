"""What people do in a room: talk, lead, show and measure."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from consult.keyimages.models import KeyImage
from consult.keyimages.panels import as_data
from consult.keyimages.queries import get_key_image
from consult.rooms.models import Participant, Room, RoomEvent
from consult.rooms.permissions import may_speak
from consult.rooms.services.log import append, find_repeated, lock_place
from consult.rooms.services.waiting import heed_line
from records.imaging.presenting import as_choice
from records.imaging.queries import get_study
from telemed.core import moments
from telemed.core.errors import Conflict, Forbidden, NotFound, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

Json = dict[str, Any]
RETRACTED, RETRACTS = "chat.retracted", timedelta(minutes=2)


def say(*, actor: User, room_id: UUID, text: str, client_id: UUID) -> RoomEvent:
    """Write to the others. Said again under the same client_id, it stays one message."""
    require_intention()
    place = lock_place(actor, room_id)
    require(may_speak(place.role), _("Who observes does not write."))
    room = place.room
    said = find_repeated(room, actor, client_id)
    return said or append(room, "chat.posted", by=actor, client_id=client_id, text=text)


def retract(*, actor: User, room_id: UUID, message: int, client_id: UUID) -> RoomEvent:
    """
    Take one's own message back within RETRACTS: from then on nobody reads it, in the room or after.

    The log keeps its row, as it keeps everything for three years. Raises NotFound for another's.
    """
    require_intention()
    room = lock_place(actor, room_id).room
    if taken := find_repeated(room, actor, client_id):
        return taken
    said = room.events.filter(seq=message, kind="chat.posted", sender=actor).first()
    if said is None:
        raise NotFound(_("This is no message of yours in this room."), path="message")
    if former := room.events.filter(kind=RETRACTED, body__message=message).first():
        return former
    if moments.now() - said.created_at > RETRACTS:
        n = int(RETRACTS.total_seconds() // 60)
        too_late = _("A message can be taken back for {n} minutes.").format(n=n)
        raise Conflict(too_late, path="time")
    return append(room, RETRACTED, by=actor, client_id=client_id, message=message)


def take_lead(*, actor: User, room_id: UUID) -> None:
    """Let the others follow what one looks at; whoever led before follows from now on."""
    require_intention()
    place = lock_place(actor, room_id, to_show=True)
    require(place.status in Participant.HERE, _("You are not in this room now."))
    room = place.room
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


def share_key_image(
    *, actor: User, room_id: UUID, key_image_id: UUID, client_id: UUID
) -> RoomEvent:
    """Tell the others of a key image of this case that the actor has kept."""
    require_intention()
    room = lock_place(actor, room_id, to_show=True).room
    if shared := find_repeated(room, actor, client_id):
        return shared
    kept = _own_key_image(actor, room, key_image_id)
    if kept.removed_at:
        raise NotFound(_("This key image is gone already."), path="key_image")
    return append(room, "key_image.saved", by=actor, client_id=client_id, key_image=as_data(kept))


def drop_key_image(*, actor: User, room_id: UUID, key_image_id: UUID, client_id: UUID) -> RoomEvent:
    """Tell the others that the actor has taken a key image away."""
    require_intention()
    room = lock_place(actor, room_id, to_show=True).room
    if dropped := find_repeated(room, actor, client_id):
        return dropped
    kept = _own_key_image(actor, room, key_image_id)
    if kept.removed_at is None:
        raise Conflict(_("This key image is still kept."), path="key_image")
    body = {"key_image": str(kept.pk)}
    return append(room, "key_image.removed", by=actor, client_id=client_id, **body)


def _own_key_image(actor: User, room: Room, key_image_id: UUID) -> KeyImage:
    kept = get_key_image(actor, key_image_id)
    if kept.case_id != room.case_id:
        raise NotFound(_("Not found, or not yours to know of."), path=f"KeyImage/{key_image_id}")
    require(kept.made_by_id == actor.pk, _("Only who kept a key image takes it away."))
    return kept


def show_study(*, actor: User, room_id: UUID, study_id: UUID, client_id: UUID) -> RoomEvent:
    """Let the others know of a study of this case that came while the room lasts."""
    require_intention()
    room = lock_place(actor, room_id, to_show=True).room
    if opened := find_repeated(room, actor, client_id):
        return opened
    study = get_study(actor, study_id)
    if not room.consult.studies.filter(pk=study.pk).exists():
        raise NotFound(_("Not found, or not yours to know of."), path=f"ImagingStudy/{study_id}")
    body = {"study": as_choice(study)}
    return append(room, "view.opened", by=actor, client_id=client_id, **body)


def _find_mark(events: Any, mark: str) -> RoomEvent | None:
    """How that mark stands: its last saving, or None when it was never drawn or taken away."""
    saved = events.filter(kind="mark.saved", body__mark__id=mark)
    removed = events.filter(kind="mark.removed", body__mark=mark)
    last = saved.union(removed).order_by("-seq").first()
    return last if last and last.kind == "mark.saved" else None


def log_quality(
    *,
    actor: User,
    room_id: UUID,
    mode: str,
    by: str,
    kbit_s: int,
    rtt_ms: int,
    loss: float,
    to: UUID | None = None,
) -> RoomEvent:
    """Note that somebody's call changed its rung, by itself or by hand, and on what line."""
    require_intention()
    room = lock_place(actor, room_id).room
    facts: Json = {"kbit_s": kbit_s, "rtt_ms": rtt_ms, "loss": loss}
    if to:
        if not room.participants.filter(user=to).exists():
            raise NotFound(_("There is no such person in this room."), path="to")
        facts["to"] = str(to)
    said = append(room, "quality.changed", by=actor, mode=mode, how=by, **facts)
    heed_line(room)
    return said
