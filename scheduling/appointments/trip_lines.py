"""A trip as a line of time: what is done when and where, what lies between, and a small picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from scheduling.appointments.examinations import is_fasting
from scheduling.appointments.models import COMING, Appointment, Status, Trip
from scheduling.appointments.queries import GONE, stops_of, visible_to
from scheduling.appointments.services.leaving import UNDO
from scheduling.appointments.trip_proposals import VISIT, Proposal, examinations_at
from scheduling.availability.models import Kind, Period, Session
from telemed.core import moments
from telemed.people.models import Role, User

LISTENERS = frozenset({Role.SPECIALIST})  # see the booking, and are not who books

WIDTH, EDGE = 340, 10  # of the picture
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class TripShown:
    """What stands of a trip, and what can be done about all of it."""

    lines: list["Line"]
    coming: int
    may_change: bool
    movable: bool
    is_late: bool
    disordered: bool  # one was moved: the order is not that of the trip any more
    stopped: list[str]  # whose clinic does not take place


@dataclass(frozen=True)
class Group:
    """One of somebody's bookings, or the stops of a trip as one; then with its lines."""

    first: Appointment
    lines: list["Line"]


@dataclass(frozen=True)
class Row:
    """One stop. `wait`: until the next; None after the last, or where the next comes too soon."""

    number: int
    name: str
    doctor: str
    place: str
    starts_at: datetime
    ends_at: datetime
    examination: bool
    fasting: bool
    wait: timedelta | None
    overlaps: bool = False
    ticket: int | None = None
    state: Any = ""  # said where it is not simply ahead
    url: str = ""
    here: bool = False  # the page is about this one


@dataclass(frozen=True)
class Mark:
    x: float
    text: str


@dataclass(frozen=True)
class Bar:
    x: float
    width: float
    middle: float
    number: int
    examination: bool


@dataclass(frozen=True)
class Line:
    """One day of it, to be shown."""

    day: date
    rows: list[Row]
    hours: list[Mark]
    bars: list[Bar]
    width: int = WIDTH

    @property
    def begins(self) -> datetime:
        return self.rows[0].starts_at

    @property
    def ends(self) -> datetime:
        return max(row.ends_at for row in self.rows)

    @property
    def waiting(self) -> timedelta:
        return sum((row.wait for row in self.rows if row.wait), timedelta())


def line_of(proposal: Proposal) -> Line:
    """What could be booked."""
    return _line(
        proposal.day,
        [_free(name, period) for name, period in proposal.stops],
    )


def lines_of(stops: Sequence[Appointment], here: Appointment | None = None) -> list[Line]:
    """What is booked: one line, or one a day where a stop was moved away."""
    days = sorted({one.day for one in stops})
    return [
        _line(day, [_booked(one, here) for one in stops if one.day == day and _stands(one)])
        for day in days
    ]


def trip_of(actor: User, appointment: Appointment) -> TripShown | None:
    """None where nothing but this one stands of a trip."""
    stops = stops_of(actor, appointment)
    if len(stops) < 2 and not (stops and stops[0] != appointment):
        return None
    now = moments.now()
    ahead = [one for one in stops if one.status in COMING and one.during.lower > now]
    on_time = all(now < one.period.closes_at or one.status == Status.DISPLACED for one in ahead)
    return TripShown(
        lines=lines_of(stops, appointment),
        coming=len(ahead),
        may_change=len(ahead) > 1 and actor.role not in LISTENERS,
        movable=len(ahead) == len(stops),
        is_late=not on_time,
        disordered=_is_disordered(stops),
        stopped=[one.errand for one in stops if one.status == Status.DISPLACED],
    )


def may_extend(actor: User, appointment: Appointment) -> bool:
    """Whether the ticket offers examinations on that day."""
    if actor.role in LISTENERS or appointment.status != Status.BOOKED or appointment.examination:
        return False
    ahead = appointment.during.lower > moments.now()
    if not ahead or appointment.period.session.kind != Kind.CLINIC:
        return False
    return bool(examinations_at(appointment.organisation_id))


def gone_together(actor: User, appointment: Appointment) -> int:
    """How many stops of a trip were cancelled with this one and can be undone with it."""
    if appointment.trip_id is None or appointment.ended_at is None:
        return 0
    same = visible_to(actor).filter(
        trip=appointment.trip_id, status=Status.CANCELLED, ended_because=""
    )
    many = same.filter(ended_at__gte=moments.now() - UNDO).count()
    return many if many > 1 else 0


def grouped(actor: User, coming: Sequence[Appointment]) -> list[Group]:
    """Where the first stop of a trip stands in a list, all of it does."""
    trips: dict[UUID, list[Appointment]] = {}
    for one in coming:
        if one.trip_id:
            trips.setdefault(one.trip_id, []).append(one)
    groups = []
    for one in coming:
        stops = trips.get(one.trip_id, []) if one.trip_id else []
        if len(stops) < 2:
            groups.append(Group(one, []))
        elif stops[0] is one:
            groups.append(Group(one, lines_of(stops)))
    return groups


def _is_disordered(stops: Sequence[Appointment]) -> bool:
    visit = next((one for one in stops if not one.examination), None)
    if visit is None or visit.trip is None or visit.trip.order == Trip.Order.VISIT_FIRST:
        return False
    return any(one.during.upper > visit.during.lower for one in stops if one.examination)


def _stands(one: Appointment) -> bool:
    return one.status not in GONE


def _row(name: str, there: Period | Appointment, session: Session, **facts: Any) -> dict[str, Any]:
    """A stop as it could be booked, or is."""
    department, doctor = there.department.name, there.clinician if name == VISIT else None
    return {
        "name": name or department,
        "doctor": doctor.name if doctor else "",
        "place": " ".join(filter(None, [department if name else "", session.room])),
        "examination": bool(name),
        "fasting": is_fasting(name),
        **facts,
    }


def _free(name: str, period: Period) -> dict[str, Any]:
    hours = {"starts_at": period.starts_at, "ends_at": period.ends_at}
    return _row(name, period, period.session, **hours)


def _booked(one: Appointment, here: Appointment | None) -> dict[str, Any]:
    quiet = one.status in COMING and one.status != Status.DISPLACED
    return _row(
        one.examination,
        one,
        one.period.session,
        starts_at=one.during.lower,
        ends_at=one.during.upper,
        ticket=one.ticket,
        state="" if quiet else one.get_status_display(),
        url=reverse("booking:ticket", args=[one.pk]),
        here=here is not None and one.pk == here.pk,
    )


def _line(day: date, rows: list[dict[str, Any]]) -> Line:
    rows = sorted(rows, key=lambda row: row["starts_at"])
    shown = []
    for n, row in enumerate(rows, start=1):
        later = rows[n] if n < len(rows) else None
        wait = later["starts_at"] - row["ends_at"] if later else None
        overlaps = wait is not None and wait < timedelta()
        shown.append(Row(number=n, wait=None if overlaps else wait, overlaps=overlaps, **row))
    first, last = _hours(shown)
    scale = (WIDTH - 2 * EDGE) / ((last - first) / HOUR)

    def x(moment: datetime) -> float:
        return round(EDGE + scale * ((moment - first) / HOUR), 1)

    bars = [
        Bar(
            x=x(row.starts_at),
            width=round(x(row.ends_at) - x(row.starts_at), 1),
            middle=round((x(row.starts_at) + x(row.ends_at)) / 2, 1),
            number=row.number,
            examination=row.examination,
        )
        for row in shown
    ]
    count = int((last - first) / HOUR)
    hours = [Mark(x(first + n * HOUR), f"{(first + n * HOUR).hour}:00") for n in range(count + 1)]
    step = 1 if count <= 5 else 2
    return Line(day=day, rows=shown, hours=hours[::step], bars=bars)


def _hours(rows: Sequence[Row]) -> tuple[datetime, datetime]:
    """Whole hours around all of it."""
    first = timezone.localtime(rows[0].starts_at).replace(minute=0)
    last = timezone.localtime(max(row.ends_at for row in rows))
    if last.minute:
        last = last.replace(minute=0) + HOUR
    return first, last
