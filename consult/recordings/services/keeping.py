"""Pieces come in, a hash closes it, three years later it goes."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consult.recordings import files
from consult.recordings.models import Recording
from consult.recordings.queries import SILENT_FOR, get_recording
from consult.recordings.services.running import stop
from consult.rooms.services import append, lock_room
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, NotFound, TooLarge
from telemed.core.intentions import require_intention
from telemed.notifications.services import notify
from telemed.people.models import Role, User

Status = Recording.Status
TAKES = (Status.ON, Status.PAUSED, Status.STOPPED)
MEDIA = ("video/webm", "video/mp4")


def add_piece(
    *, actor: User, recording_id: UUID, number: int, piece: bytes, media_type: str
) -> Recording:
    """
    Keep piece `number`; the next one of its recorder. One that is here already changes nothing.

    Raises Conflict for a piece too early or too late, TooLarge, Invalid for another kind of media.
    """
    require_intention()
    if len(piece) > files.PIECE:
        raise TooLarge(_("The piece is too large."), path="piece")
    recording = _lock(recording_id, recorder=actor)
    if number < recording.pieces:
        return recording
    if recording.status not in TAKES:
        raise Conflict(_("This recording is over."), path="status")
    if number != recording.pieces:
        raise Conflict(_("A piece before this one is missing."), path="number")
    kind = media_type.partition(";")[0].strip()
    if kind not in MEDIA or (recording.media_type and recording.media_type != kind):
        raise Invalid(_("This is no recording that we keep (WebM or MP4)."), path="media_type")
    if not piece:
        raise Invalid(_("The piece is empty."), path="piece")
    recording.size = files.write(recording_id, recording.size, piece)
    recording.media_type, recording.pieces = kind, number + 1
    recording.touched_at = timezone.now()
    recording.save(update_fields=["size", "media_type", "pieces", "touched_at"])
    return recording


def finish_recording(*, actor: User, recording_id: UUID) -> Recording:
    """Its recorder has sent everything: hash it and close it."""
    require_intention()
    recording = _lock(recording_id, recorder=actor)
    if recording.status == Status.STOPPED:
        _close(recording)
    return recording


def finish_silent(*, recording_id: UUID) -> None:
    """Nothing came for long: what is here is kept; one that still ran is stopped first."""
    require_intention()
    recording = _lock(recording_id)
    if recording.touched_at > timezone.now() - SILENT_FOR:
        return
    if recording.status == Status.ON:
        stop(recording, why="lost")
    elif recording.status == Status.STOPPED:
        _close(recording)


def disk_failed(*, recording_id: UUID) -> None:
    """The disk took no more: it stops, what is here stays, those in charge are told."""
    require_intention()
    recording = _lock(recording_id)
    stop(recording, why="disk")
    case = recording.room.consult
    for organisation in {case.asking_id, case.asked_id}:
        for user in User.objects.filter(
            acting_as__organisation=organisation, acting_as__role=Role.ADMINISTRATOR, is_active=True
        ):
            notify(
                recipient=user,
                template="recording.disk",
                about=recording.pk,
                url="/readyz",
                no=case.number,
            )


def _close(recording: Recording) -> None:
    if not recording.size:
        recording.status = Status.FAILED
        recording.save(update_fields=["status"])
        append(recording.room, "recording.failed", recording=str(recording.pk))
        return
    recording.sha256 = files.digest(recording.pk, recording.size)
    recording.status = Status.STORED
    recording.expires_on = timezone.localdate() + Recording.KEPT
    recording.save(update_fields=["status", "sha256", "expires_on"])
    append(
        recording.room,
        "recording.stored",
        recording=str(recording.pk),
        sha256=recording.sha256,
        seconds=round(recording.recorded.total_seconds(), 1),
        size=recording.size,
    )


def watch_recording(*, actor: User, recording_id: UUID) -> Recording:
    """To be played: who looks leaves a trace."""
    require_intention()
    recording = get_recording(actor, recording_id)
    audit.record(
        action="recording.read", target=recording, patient_id=recording.room.consult.patient_id
    )
    return recording


def expire_recording(*, recording_id: UUID) -> None:
    """Its time is over: the picture goes, what was said about it stays."""
    require_intention()
    recording = _lock(recording_id)
    if recording.status != Status.STORED or recording.expires_on is None:
        return
    if recording.expires_on >= timezone.localdate():
        return
    files.remove(recording.pk)
    recording.status = Status.EXPIRED
    recording.save(update_fields=["status"])
    append(recording.room, "recording.expired", recording=str(recording.pk))


def _lock(recording_id: UUID, recorder: User | None = None) -> Recording:
    """Room before recording, as everywhere. A recorder finds theirs alone."""
    known = Recording.objects.filter(pk=recording_id)
    if recorder:
        known = known.filter(recorder=recorder)
    room_id = known.values_list("room", flat=True).first()
    if room_id is None:
        said = _("Not found, or not yours to know of.")
        raise NotFound(said, path=f"Recording/{recording_id}")
    room = lock_room(room_id)
    recording = Recording.objects.get(pk=recording_id)
    recording.room = room
    return recording
