"""A few booked visits, so that a resident's, a desk's and a doctor's pages show some: synthetic."""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from functools import partial
from uuid import UUID

from django.utils import timezone

from records.mpi.models import Patient
from scheduling.appointments import services as appointments
from scheduling.appointments.models import Appointment, Strike
from scheduling.appointments.trip_proposals import Wish, find_trips
from scheduling.availability import services as availability
from scheduling.availability.models import BOOKABLE, Kind, Period, Pool, Session, State, Stop
from scheduling.availability.queries import open_periods
from telemed.demo import own_system, province
from telemed.demo.accounts import get_user
from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import User

RESIDENT = "吴金花"
EMERGENCY_DOCTOR = "specialist6"
FROM_AFAR = 6
REASONS = ["头晕 1 周", "复查血压", "咳嗽、气短", "膝盖痛", "术后复查", "睡不好"]
Act = tuple[User, Callable[[], object]]


def story() -> Iterator[Act]:
    """Who books for whom; the door opens an intention for each."""
    if Appointment.objects.exists():
        return
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    asker, resident, desk = (get_user(name) for name in ("township", "resident", "desk"))
    ahead = list(
        open_periods([Pool.PUBLIC])
        .filter(organisation=hospital, clinician__isnull=False)
        .select_related("department")
    )
    own = Patient.objects.get(user=resident)
    first = next((one for one in ahead if one.department.specialty == Specialty.NEUROLOGY), None)
    if first:
        yield resident, partial(_book, resident, own, first, "手麻，想再看看")
    patients = list(
        Patient.objects.filter(managing_organisation=asker.organisation_id)
        .exclude(name=RESIDENT)
        .order_by("pinyin", "pk")[: 2 * FROM_AFAR]
    )
    for patient, period, reason in zip(patients, ahead[1::3], REASONS, strict=False):
        yield asker, partial(_book, asker, patient, period, reason)
    for patient, period in zip(patients[FROM_AFAR:], _today(hospital), strict=False):
        yield desk, partial(_book, desk, patient, period, "")
    yield resident, partial(_one_trip, resident, own, hospital)
    other = patients[1] if len(patients) > 1 else None
    yield from _extra_hours(desk, resident, own, other)
    yield from _late(desk, resident, own, other)
    yield from _stays(desk, resident, own)
    saturday = _sunday() - timedelta(days=1)
    yield from own_system.story(desk, _doctors(desk, saturday), saturday, other)


def _one_trip(resident: User, own: Patient, hospital: Organisation) -> None:
    """
    The chest doctor with an ECG and a blood test, on the first day that fits after the one on which
    a referral to the heart doctor gets its place.
    """
    chest = hospital.departments.get(specialty=Specialty.RESPIRATORY)
    referred = open_periods([Pool.REFERRAL]).filter(
        organisation=hospital, department__specialty=Specialty.CARDIOLOGY
    )
    first = referred.order_by("starts_at").first()
    since = timezone.localdate(first.starts_at if first else None) + timedelta(days=1)
    wish = Wish(examinations=("心电图", "抽血化验"), since=since)
    for one in find_trips(resident, own, chest, wish).proposals[:1]:
        appointments.book_trip(
            actor=resident,
            patient=own,
            visit_id=one.visit.pk,
            examination_ids=[examination.pk for examination in one.examinations],
        )


def _extra_hours(desk: User, resident: User, own: Patient, other: Patient | None) -> Iterator[Act]:
    """Two extra half hours on a Sunday: one is full and waited for, the other is stopped."""
    sunday = _sunday()
    doctors = _doctors(desk, sunday)
    if other is None or len(doctors) < 2:
        return
    full, stopped = doctors
    there: list[Session] = []
    for plan in (full, stopped):
        yield desk, partial(_half_hour, desk, plan, sunday, there)
    yield desk, partial(_book_in, desk, other, there[0])
    yield resident, partial(_wait_for, resident, own, there[0])
    yield resident, partial(_book_in, resident, own, there[1])
    yield (
        desk,
        partial(
            availability.stop_session,
            actor=desk,
            session_id=there[1].pk,
            reason="医生参加巡回医疗",
            plan=Stop.Plan.ANOTHER_DAY,
        ),
    )


def _sunday() -> date:
    """Not this week's, towards its end."""
    day = timezone.localdate() + timedelta(days=4)
    return day + timedelta(days=(6 - day.weekday()) % 7)


def _late(desk: User, resident: User, own: Patient, other: Patient | None) -> Iterator[Act]:
    """Two who cancel today, too late; one of them appeals."""
    if other is None:
        return
    hospital = desk.acting_organisation
    clinics = [one for one in _today(hospital) if one.starts_at > timezone.now()]
    for actor, patient, period in zip((resident, desk), (own, other), clinics[-2:], strict=False):
        gone: list[Appointment] = []
        yield desk, partial(_keep, gone, desk, patient, period)
        if gone:
            yield actor, partial(appointments.cancel, actor=actor, appointment_id=gone[0].pk)
        if gone and patient is other:
            yield desk, partial(_appeal, desk, gone[0])


def _stays(desk: User, resident: User, own: Patient) -> Iterator[Act]:
    """
    The one clinic of an emergency doctor, who holds none in the week, is stopped; the resident
    stays with the doctor, and is booked as soon as the desk opens another (ADR 0056).
    """
    post = get_user(EMERGENCY_DOCTOR).acting_as
    if post is None or post.department_id is None:
        return
    like = Session(department_id=post.department_id, clinician_id=post.user_id)
    there: list[Session] = []
    yield desk, partial(_half_hour, desk, like, _sunday() + timedelta(weeks=2), there)
    booked: list[Appointment] = []
    yield resident, lambda: booked.append(_book_in(resident, own, there[0]))
    yield desk, partial(_call_off, desk, there[0])
    yield resident, partial(appointments.stay, actor=resident, appointment_id=booked[0].pk)


def _call_off(desk: User, session: Session) -> None:
    """Whoever is booked is displaced in the same breath: the next act is theirs."""
    stop = availability.stop_session(
        actor=desk, session_id=session.pk, reason="医生支援急救一线", plan=Stop.Plan.CANCEL
    )
    appointments.displace(stop=stop)


def _doctors(desk: User, day: date) -> list[Session]:
    """Two of different departments who have sessions on other days and none on that one."""
    weekly = Session.objects.filter(
        organisation=desk.organisation_id,
        state=State.PUBLISHED,
        kind=Kind.CLINIC,
        clinician__isnull=False,
        day__gt=timezone.localdate(),
    )
    found: dict[UUID, Session] = {}
    for session in weekly.exclude(clinician__in=weekly.filter(day=day).values("clinician")):
        found.setdefault(session.department_id, session)
    return list(found.values())[:2]


def _half_hour(desk: User, like: Session, day: date, there: list[Session]) -> None:
    offer = availability.Offer(
        department_id=like.department_id, clinician_id=like.clinician_id, capacity=1, room=""
    )
    planned = availability.plan_session(
        actor=desk, offer=offer, day=day, starts=time(9), ends=time(9, 30)
    )
    there.append(availability.publish_session(actor=desk, session_id=planned.pk))


def _book_in(actor: User, patient: Patient, session: Session) -> Appointment:
    return _book(actor, patient, session.periods.get(), "复诊")


def _wait_for(actor: User, patient: Patient, session: Session) -> Appointment:
    return appointments.join(
        actor=actor,
        patient=patient,
        department_id=session.department_id,
        day=session.day,
        clinician_id=session.clinician_id,
    )


def _keep(kept: list[Appointment], actor: User, patient: Patient, period: Period) -> None:
    """Where nothing else of that day is in the way."""
    same = Appointment.objects.filter(person_key=patient.pk, day=timezone.localdate())
    if not same.exists():
        kept.append(_book(actor, patient, period, ""))


def _appeal(actor: User, missed: Appointment) -> None:
    strike = Strike.objects.get(appointment=missed)
    reason = "早上塌方，班车停开，赶不到医院"
    appointments.appeal(actor=actor, strike_id=strike.pk, reason=reason)


def _today(hospital: Organisation) -> list[Period]:
    """What is left of today, where the desk still gives out places."""
    now = timezone.localtime()
    return list(
        Period.objects.filter(
            organisation=hospital,
            session__day=now.date(),
            ends_at__gt=now,
            state__in=BOOKABLE,
            clinician__isnull=False,
            pools__pool=Pool.WALK_IN,
            pools__taken=0,
            pools__places__gt=0,
        ).order_by("starts_at", "pk")[:FROM_AFAR]
    )


def _book(actor: User, patient: Patient, period: Period, reason: str) -> Appointment:
    return appointments.book(actor=actor, patient=patient, period_id=period.pk, reason=reason)
