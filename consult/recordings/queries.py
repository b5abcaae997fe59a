"""Reads that need a name."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.recordings.models import Answer, Recording
from consult.requests.models import Case
from consult.requests.queries import get_case
from consult.rooms.models import Participant, Role, Room
from consult.rooms.permissions import CLINICAL
from consult.rooms.queries import get_participant
from records.consent import access
from telemed.core.errors import NotFound
from telemed.people.models import User

SILENT_FOR = timedelta(seconds=60)  # then its recorder is lost, or will not finish
LISTED = (Recording.Status.STOPPED, Recording.Status.STORED, Recording.Status.EXPIRED)


def recording_of(room: Room) -> Recording | None:
    """The newest of a room."""
    return room.recordings.order_by("-created_at").first()


def present(room: Room) -> QuerySet[Participant]:
    """Who hears and sees now, or will again once the line is back."""
    inside = [Participant.Status.ADMITTED, Participant.Status.AWAY]
    return room.participants.filter(status__in=inside).select_related("user")


def answers_of(recording: Recording) -> dict[UUID | None, bool]:
    """By person, None for the patient: what they said last."""
    rows = recording.answers.order_by("created_at").values_list("person", "agreed")
    return dict(rows)


def waiting_for(recording: Recording) -> tuple[list[User], bool]:
    """Who has not agreed yet: people in the room, and whether the patient."""
    said = answers_of(recording)
    people = [place.user for place in present(recording.room) if not said.get(place.user_id)]
    return people, not said.get(None)


def state(actor: User, room_id: UUID) -> dict[str, Any]:
    """What the page of somebody in the room shows about recording it."""
    place = get_participant(actor, room_id)
    recording = recording_of(place.room)
    clinical = place.role in CLINICAL
    found: dict[str, Any] = {"may_ask": clinical and place.room.is_under_way, "status": ""}
    if recording is None:
        return found
    said = answers_of(recording)
    live = recording.status in Recording.LIVE
    people, patient = waiting_for(recording) if live else ([], False)
    return found | {
        "id": str(recording.pk),
        "status": recording.status,
        "asked_by": recording.asked_by.name,
        "recorder": recording.recorder_id == actor.pk,
        "pieces": recording.pieces,
        "seconds": round(seconds(recording)),
        "asks_me": live and not said.get(actor.pk),
        "asks_for_patient": live and patient and place.role == Role.REQUESTER,
        "waiting_for": [person.name for person in people],
        "patient": patient,
        "why": recording.why_stopped,
    }


def seconds(recording: Recording) -> float:
    """How long it has recorded, now."""
    running = timezone.now() - recording.resumed_at if recording.resumed_at else timedelta()
    return (recording.recorded + running).total_seconds()


def recordings_for(actor: User, case: Case) -> list[Recording]:
    """Of a case, for who may read its patient's record now; newest first."""
    if not access.decide(actor, "read", case.patient).allowed:
        return []
    found = Recording.objects.filter(room__case=case, status__in=LISTED)
    return list(found.order_by("-created_at"))


def get_recording(actor: User, recording_id: UUID) -> Recording:
    """One that may be watched. Hidden and absent look the same."""
    found = Recording.objects.select_related("room__case__patient", "asked_by")
    recording = found.filter(pk=recording_id, status__in=LISTED).first()
    absent = NotFound(_("Not found, or not yours to know of."), path=f"Recording/{recording_id}")
    if recording is None:
        raise absent
    case = get_case(actor, recording.room.consult.pk)
    if not access.decide(actor, "read", case.patient).allowed:
        raise absent
    return recording


def consents_of(recording: Recording) -> list[Answer]:
    """Everything that was said, in order."""
    return list(recording.answers.select_related("person", "given_by").order_by("created_at"))


def unfinished() -> list[UUID]:
    """Those of which nothing was heard for long."""
    silent = timezone.now() - SILENT_FOR
    waiting = [Recording.Status.ON, Recording.Status.STOPPED]
    found = Recording.objects.filter(status__in=waiting, touched_at__lt=silent)
    return list(found.values_list("pk", flat=True)[:100])


def expired() -> list[UUID]:
    today = timezone.localdate()
    over = Recording.objects.filter(status=Recording.Status.STORED, expires_on__lt=today)
    return list(over.values_list("pk", flat=True)[:100])
