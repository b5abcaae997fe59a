"""Of a locked room: a recording begins, pauses and stops."""

from django.utils import timezone

from consult.recordings.models import Recording
from consult.recordings.queries import present, waiting_for
from consult.rooms.models import Participant, Role, Room
from consult.rooms.services import append
from telemed.core.intentions import require_intention
from telemed.people.models import User

Status = Recording.Status


def begin_if_all_agree(recording: Recording) -> None:
    """Start, or go on, once nobody's consent is missing and the consult is under way."""
    require_intention()
    if recording.status not in (Status.ASKED, Status.PAUSED):
        return
    people, patient = waiting_for(recording)
    if people or patient or recording.room.status != Room.Status.LIVE:
        return
    now = timezone.now()
    recording.status, recording.resumed_at, recording.touched_at = Status.ON, now, now
    recording.all_consented_at = recording.all_consented_at or now
    recording.started_at = recording.started_at or now
    recording.recorder = recording.recorder or _recorder(recording)
    recording.save()
    append(
        recording.room,
        "recording.started",
        recording=str(recording.pk),
        recorder=str(recording.recorder_id),
    )


def _recorder(recording: Recording) -> User:
    """The specialist's browser stands on the better line; without one, who asked records."""
    here = present(recording.room).filter(status=Participant.Status.ADMITTED)
    place = here.filter(role=Role.SPECIALIST).first()
    return place.user if place else recording.asked_by


def pause(recording: Recording, *, reason: str) -> None:
    """Nothing is recorded until everybody agrees, or the consult goes on."""
    require_intention()
    if recording.status != Status.ON:
        return
    _count(recording)
    recording.status = Status.PAUSED
    recording.save()
    append(recording.room, "recording.paused", recording=str(recording.pk), reason=reason)


def stop(recording: Recording, *, why: str, by: User | None = None) -> None:
    """For good; its recorder sends what it still holds and finishes it."""
    require_intention()
    if recording.status not in Recording.LIVE:
        return
    if recording.status == Status.ASKED:
        recording.status, recording.why_stopped = Status.REFUSED, why
        recording.save()
        append(recording.room, "recording.refused", by=by, recording=str(recording.pk), reason=why)
        return
    _count(recording)
    now = timezone.now()
    recording.status, recording.stopped_at, recording.why_stopped = Status.STOPPED, now, why
    recording.touched_at = now
    recording.save()
    append(recording.room, "recording.stopped", by=by, recording=str(recording.pk), reason=why)


def _count(recording: Recording) -> None:
    if recording.resumed_at:
        recording.recorded += timezone.now() - recording.resumed_at
    recording.resumed_at = None
