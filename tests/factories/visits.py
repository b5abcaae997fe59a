"""A booked visit by video, a few minutes ahead, and everybody around it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from consult.rooms import services as rooms
from consult.rooms.models import Room
from consult.visits import services as visits
from consult.visits.models import Link
from consult.visits.secrets import path_of, token_of
from records.mpi.models import Patient
from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from scheduling.availability.models import Kind, Period
from telemed.core.intentions import System, intention
from telemed.people.models import Role, User
from tests.factories.people import DepartmentFactory, PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days


@dataclass
class Visit:
    appointment: Appointment
    doctor: User
    resident: User
    desk: User

    @property
    def link(self) -> Link:
        return Link.objects.select_related("holder").get(visit=self.appointment, ended_at=None)

    @property
    def token(self) -> str:
        return token_of(self.link.pk)

    @property
    def path(self) -> str:
        return path_of(self.link.pk)


def period_by_video(starts_at: datetime, department=None, **facts) -> Period:
    """Half an hour of a video session of two hours, bookable to its beginning."""
    department = department or DepartmentFactory()
    during = DateTimeTZRange(starts_at, starts_at + timedelta(hours=2))
    session = SessionFactory(
        department=department,
        kind=Kind.VIDEO,
        day=timezone.localdate(starts_at),
        during=during,
        **facts,
    )
    closes_at = max(starts_at, timezone.now() + timedelta(hours=1))
    return PeriodFactory(session=session, public=2, closes_at=closes_at)


def known(patient: Patient, department) -> Appointment:
    """Seen there in person a month ago."""
    period = PeriodFactory(session=SessionFactory(department=department, day=in_days(9)), public=1)
    with intention(patient.user, door="test"):
        visit = services.book(actor=patient.user, patient=patient, period_id=period.pk)
    Appointment.objects.filter(pk=visit.pk).update(status=Status.FULFILLED, day=in_days(-30))
    return visit


def booked_visit(minutes: int = 10, patient: Patient | None = None, period=None) -> Visit:
    """So many minutes ahead, with its link."""
    patient = patient or PatientFactory(
        user=UserFactory(name="吴金花"),
        name="吴金花",
        birth_date=date(1960, 5, 1),
        phone="13900000001",
    )
    period = period or period_by_video(timezone.now() + timedelta(minutes=minutes))
    known(patient, period.department)
    with intention(patient.user, door="test"):
        booked = services.book(actor=patient.user, patient=patient, period_id=period.pk)
    with intention(System("test"), door="test"):
        visits.ensure_link(visit_id=booked.pk)
    desk = StaffFactory(role=Role.DESK, organisation=period.organisation)
    return Visit(booked, period.clinician, patient.user, desk)


def again(visit: Visit) -> Appointment:
    return Appointment.objects.get(pk=visit.appointment.pk)


def event(visit):
    return {"appointment_id": str(visit.appointment.pk)}


def system():
    return intention(System("test"), door="test")


def entered(phone, visit):
    answer = phone.post(visit.path)
    assert answer.status_code == 302, answer.content.decode()
    return Room.objects.get(visit=visit.appointment), answer


def doctor_comes(by, visit):
    with by(visit.doctor):
        room = rooms.open_room(actor=visit.doctor, case_id=visit.appointment.pk)
        rooms.join_room(actor=visit.doctor, room_id=room.pk, connection=uuid4())
    return room
