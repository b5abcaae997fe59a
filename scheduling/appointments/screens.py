"""What a screen in the waiting room shows: numbers and rooms, and nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from scheduling.appointments.boards import digest_of, group_of
from scheduling.appointments.models import Appointment, Board, Mode, Status
from scheduling.availability.models import Kind, Session, State
from telemed.core import moments
from telemed.core.errors import Gone, NotFound
from telemed.organisations.models import Department, Organisation

SOON, LINGERS = timedelta(hours=1), timedelta(minutes=30)  # before a session, and after it
MOST_ROOMS, NEXT = 12, 4
LATE, STEP = 15, 5  # minutes; less is no delay, and more is said in steps
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Number:
    """As it stands on the ticket: the period and the number in it."""

    time: str
    ticket: int
    key: str = ""  # of a call: another one after each call, and nothing about the person
    said: Sequence[tuple[str, str]] = ()  # language and sentence, to be spoken


@dataclass
class Room:
    """One session: where, how it stands, who is called, who is in and who comes next."""

    name: str
    department: str
    stopped: bool
    late: int = 0  # minutes
    called: list[Number] = field(default_factory=list)
    inside: list[Number] = field(default_factory=list)
    coming: list[Number] = field(default_factory=list)
    waiting: int = 0


@dataclass(frozen=True)
class Holder:
    """Nobody: a screen, with the right to look at itself (core.sockets.Account)."""

    pk: UUID
    groups: tuple[str, ...]
    language: str = LANGUAGES[0]
    is_authenticated: bool = True

    @property
    def actor_id(self) -> str:
        return f"board/{self.pk}"


def get_board(token: str) -> Board:
    """Raises Gone once the desk has ended it."""
    boards = Board.objects.select_related("organisation", "department")
    board = boards.filter(digest=digest_of(token)).first()
    if board is None:
        raise NotFound(_("There is no such screen: ask the desk for its link."))
    if board.ended_at is not None:
        raise Gone(_("The desk has ended this screen."))
    return board


def get_own_board(hospital: Organisation, board_id: UUID) -> Board:
    rows = Board.objects.select_for_update(no_key=True).filter(organisation=hospital, pk=board_id)
    board = rows.first()
    if board is None:
        raise NotFound(_("Not found, or not yours to know of."))
    return board


def running_boards(hospital: Organisation) -> list[Board]:
    rows = Board.objects.filter(organisation=hospital, ended_at=None)
    return list(rows.select_related("department", "made_by").order_by("pk"))


def departments_of(hospital: Organisation) -> list[Department]:
    return list(Department.objects.filter(organisation=hospital).order_by("name", "pk"))


def holder_of(token: str) -> Holder:
    board = get_board(token)
    return Holder(board.pk, (group_of(board.department_id or board.organisation_id),))


def running_among(tokens: Sequence[str]) -> dict[str, UUID]:
    """Which of these still open a screen."""
    digests = {digest_of(token): token for token in tokens}
    rows = Board.objects.filter(digest__in=list(digests), ended_at=None)
    return {digests[digest]: pk for pk, digest in rows.values_list("pk", "digest")}


def rooms_of(board: Board) -> list[Room]:
    """The sessions of now, by room; two queries however many wait."""
    now = moments.now()
    sessions = Session.objects.filter(
        organisation=board.organisation_id,
        day=timezone.localdate(now),
        state__in=[State.PUBLISHED, State.STOPPED],
        during__overlap=(now - LINGERS, now + SOON),
    ).exclude(kind=Kind.VIDEO)
    if board.department_id:
        sessions = sessions.filter(department=board.department_id)
    shown = list(sessions.select_related("department").order_by("room", "during")[:MOST_ROOMS])
    rooms = {session.pk: _room_of(session) for session in shown}
    for row in _present(list(rooms)):
        _enter(rooms[row.period.session_id], row, now)
    return list(rooms.values())


def _present(session_ids: list[UUID]) -> QuerySet[Appointment]:
    here = [Status.ARRIVED, Status.CALLED, Status.IN_VISIT]
    rows = Appointment.objects.filter(
        period__session__in=session_ids, status__in=here, mode=Mode.IN_PERSON, ticket__isnull=False
    )
    return rows.select_related("period", "arrival").order_by("arrival__turn", "during", "ticket")


def _room_of(session: Session) -> Room:
    stopped = session.state == State.STOPPED
    return Room(session.room or session.department.name, session.department.name, stopped)


def _enter(room: Room, row: Appointment, now: datetime) -> None:
    time = f"{timezone.localtime(row.during.lower):%H:%M}"
    number = Number(time, row.ticket or 0)
    if row.status == Status.IN_VISIT:
        room.inside.append(number)
    elif row.status == Status.CALLED:
        room.called.append(_called(room, row, number))
    else:
        room.waiting += 1
        if len(room.coming) < NEXT:
            room.coming.append(number)
        if not room.late:
            room.late = _late(row, now)


def _called(room: Room, row: Appointment, number: Number) -> Number:
    arrival: Any = getattr(row, "arrival", None)
    calls = arrival.calls if arrival else 1
    key = f"{room.name}/{number.time}/{number.ticket}/{calls}"
    said = []
    for language in LANGUAGES:
        with override(language):
            sentence = _("Number {n} of {time}, please come to {room}.")
            spoken = sentence.format(n=number.ticket, time=number.time, room=room.name)
            said.append((language, spoken))
    return Number(number.time, number.ticket, key, said)


def _late(row: Appointment, now: datetime) -> int:
    """How long somebody who was in time waits beyond their time, in steps; 0: not to speak of."""
    arrival: Any = getattr(row, "arrival", None)
    if arrival is None or arrival.arrived_at > row.during.upper:
        return 0
    minutes = int((now - row.during.lower).total_seconds() // 60)
    return minutes // STEP * STEP if minutes >= LATE else 0
