"""
What happens to a case while its room lasts: the room's log says so, to both sides. Each is heard
from the outbox, and heard twice it is said once.
"""

from typing import Any
from uuid import UUID

from django.utils import timezone

from consult.opinions.queries import find_version
from consult.requests.models import Meeting, Question
from consult.requests.queries import former_meetings
from consult.rooms.models import Room
from consult.rooms.services.log import append, lock_matter_of, lock_room
from telemed.core.intentions import require_intention
from telemed.people.models import User

SIGNED, ASKED, SCHEDULED = "opinion.signed", "question.asked", "schedule.changed"


def note_signed(*, room_id: UUID, version: int) -> None:
    """A version of the opinion was signed, here or on the page of the case; never its text."""
    require_intention()
    room = _lock(room_id)
    opinion = find_version(room.consult, version)
    if opinion:
        _say_once(room, SIGNED, opinion.author, key="version", version=version)


def note_asked(*, room_id: UUID, question_id: UUID) -> None:
    """That something is asked; the question itself is on the page, for who answers it."""
    require_intention()
    room = _lock(room_id)
    question = Question.objects.filter(case=room.consult, pk=question_id).first()
    if question:
        _say_once(room, ASKED, question.asked_by, key="question", question=str(question.pk))


def note_scheduled(*, room_id: UUID) -> None:
    """The time that holds now, and the one that held before."""
    require_intention()
    room = _lock(room_id)
    meeting = room.consult.meetings.filter(status=Meeting.Status.BOOKED).first()
    if meeting is None:
        return
    former = former_meetings(room.consult).first()
    times = {"to": _said(meeting), "former": _said(former) if former else None}
    _say_once(room, SCHEDULED, meeting.agreed_by, key="meeting", meeting=str(meeting.pk), **times)


def _lock(room_id: UUID) -> Room:
    lock_matter_of(room_id)
    return lock_room(room_id)


def _say_once(room: Room, kind: str, by: User | None, *, key: str, **body: Any) -> None:
    told = room.events.filter(kind=kind, **{f"body__{key}": body[key]})
    if room.status == Room.Status.ENDED or told.exists():
        return
    append(room, kind, by=by, name=by.name if by else "", **body)


def _said(meeting: Meeting) -> str:
    return f"{timezone.localtime(meeting.starts_at):%m-%d %H:%M}"
