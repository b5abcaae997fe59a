"""What the hospitals of the demonstration offer each week, and the sessions that follow of it."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import connection
from django.utils import timezone

from scheduling.availability.models import (
    DayRule,
    Kind,
    Period,
    PeriodState,
    Session,
    State,
    Template,
)
from scheduling.availability.services import plan_sessions, publish_due
from scheduling.availability.services.planning import AHEAD
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.intentions import require_intention
from telemed.demo import province
from telemed.organisations.models import Department, Organisation, Specialty
from telemed.people.models import PractitionerRole, Role

MORNING, AFTERNOON = (time(8), time(12)), (time(14), time(17))
STORY, ELSEWHERE = 3, 2  # half days a week
LAYING = 0x74656C65_6C617900  # the lock of whoever lays the sessions of a hospital
PAST = timedelta(weeks=4)  # templates are as old, so that sessions that are over can follow of them
NOT_BOOKED = (Specialty.EMERGENCY,)
EXAMINED = {Specialty.RADIOLOGY: "CT"}
LABORATORY = "医学检验科"  # no specialty of doctors: it answers to those who read images


@dataclass(frozen=True)
class Machine:
    """What is examined without a doctor by name, on which weekdays and half days."""

    service: str
    department: str
    room: str
    weekdays: Sequence[int]
    halves: Sequence[tuple[time, time]]  # the morning first
    capacity: int


MORNINGS_ELSEWHERE = (1, 3, 5)
MACHINES = (
    Machine("心电图", "医学影像科", "心电图室", range(1, 6), (MORNING, AFTERNOON), 4),
    Machine("抽血化验", LABORATORY, "采血室", range(1, 6), ((time(8), time(10)),), 8),
    Machine("B超", "医学影像科", "B超室", (1, 2, 4, 5), (MORNING,), 3),
)


def lay_story() -> bool:
    """This week and the next of the story's hospital; False when they are there."""
    require_intention()
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    if Template.objects.filter(organisation=hospital).exists():
        return False
    monday = _monday()
    _lay(hospital, [monday + timedelta(days=n) for n in range(14)])
    return True


def lay_sessions() -> bool | None:
    """
    Four weeks of the next hospital that offers nothing yet; False when it was the last. None when
    all do, or while another lays one.
    """
    require_intention()
    if not _alone():
        return None
    hospitals = Organisation.objects.filter(kind=Organisation.Kind.HOSPITAL)
    done = Template.objects.order_by().values("organisation")
    waiting = list(hospitals.exclude(pk__in=done).order_by("number")[:2])
    if not waiting:
        return None
    monday = _monday()
    ahead = (timezone.localdate() - monday).days + AHEAD
    _lay(waiting[0], [monday + timedelta(days=n) for n in range(ahead + 1)])
    return len(waiting) > 1


def _alone() -> bool:
    """The beat rings every minute, in case a worker died: those that are at it are enough."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LAYING])
        return bool(cursor.fetchone()[0])


def _monday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=today.weekday())


def _lay(hospital: Organisation, days: list[date]) -> None:
    monday = _monday()
    Template.objects.bulk_create(_templates(hospital, monday - PAST))
    if hospital.number == province.county_hospital().number:
        _close_a_week(hospital, monday + timedelta(days=7))
    plan_sessions(organisation=hospital, days=days)
    publish_due(organisation_id=hospital.pk)
    finish_what_is_over(hospital)
    audit.record(action="demo.sessions", target=hospital)


def _templates(hospital: Organisation, since: date) -> Iterator[Template]:
    """Every specialist of a department that books, by rule; and in the story the consult room."""
    story = hospital.number == province.county_hospital().number
    held = PractitionerRole.objects.filter(
        organisation=hospital, role=Role.SPECIALIST, ends_on=None
    ).exclude(department__specialty__in=NOT_BOOKED)
    roles = list(held.select_related("user", "department").order_by("user__username"))
    for n, role in enumerate(roles, start=1):
        department = role.department
        if department is None:
            continue
        chance = random.Random(role.user.username)  # noqa: S311 (the same every time)
        halves = [(day, half) for day in range(1, 6) for half in (MORNING, AFTERNOON)]
        for weekday, (starts, ends) in chance.sample(halves, STORY if story else ELSEWHERE):
            service = EXAMINED.get(Specialty(department.specialty), "")
            yield Template(
                organisation=hospital,
                department=department,
                clinician=role.user,
                kind=Kind.EXAMINATION if service else Kind.CLINIC,
                service=service,
                room=f"{n}诊室",
                capacity=chance.choice([3, 4, 5]),
                weekday=weekday,
                starts=starts,
                ends=ends,
                since=since,
            )
    if roles:
        yield from _machines(hospital, since, story=story)
    if story and roles:
        yield from _consult_room(hospital, since)


def _machines(hospital: Organisation, since: date, *, story: bool) -> Iterator[Template]:
    """Where patients go before they see the doctor; outside the story on three mornings."""
    laboratory = Department(organisation=hospital, name=LABORATORY, specialty=Specialty.RADIOLOGY)
    Department.objects.bulk_create([laboratory], ignore_conflicts=True)  # two may lay at once
    there = {one.name: one for one in Department.objects.filter(organisation=hospital)}
    for machine in MACHINES:
        if machine.department not in there:
            continue
        for weekday in machine.weekdays if story else MORNINGS_ELSEWHERE:
            for starts, ends in machine.halves if story else machine.halves[:1]:
                yield Template(
                    organisation=hospital,
                    department=there[machine.department],
                    kind=Kind.EXAMINATION,
                    service=machine.service,
                    room=machine.room,
                    capacity=machine.capacity,
                    weekday=weekday,
                    starts=starts,
                    ends=ends,
                    since=since,
                )


def _consult_room(hospital: Organisation, since: date) -> Iterator[Template]:
    department = Department.objects.get(organisation=hospital, specialty=Specialty.INTERNAL)
    for weekday in range(1, 6):
        yield Template(
            organisation=hospital,
            department=department,
            kind=Kind.CONSULT_ROOM,
            room="远程会诊室",
            capacity=1,
            weekday=weekday,
            starts=AFTERNOON[0],
            ends=AFTERNOON[1],
            since=since,
        )


def _close_a_week(hospital: Organisation, monday: date) -> None:
    """The only orthopaedist is away next week: the grid shows what is missing."""
    template = Template.objects.filter(
        organisation=hospital, department__specialty=Specialty.ORTHOPAEDICS
    ).first()
    if template:
        DayRule.objects.create(
            organisation=hospital,
            clinician=template.clinician,
            first=monday,
            last=monday + timedelta(days=6),
            reason="外出进修",
        )


def finish_what_is_over(hospital: Organisation) -> None:
    """The days of this week before the demonstration began."""
    over = Session.objects.filter(
        organisation=hospital, state=State.PLANNED, during__endswith__lte=moments.now()
    )
    pks = list(over.values_list("pk", flat=True))
    Period.objects.filter(session__in=pks).update(state=PeriodState.CLOSED)
    Session.objects.filter(pk__in=pks).update(state=State.FINISHED)
