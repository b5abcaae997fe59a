"""Four weeks of the story's hospital that are over: who had booked, who came and who did not."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, cycle

from django.utils import timezone

from records.mpi.models import Patient
from scheduling.appointments import fees
from scheduling.appointments.models import Appointment, Channel, Status
from scheduling.availability.models import Period, PeriodPool, Pool, State
from scheduling.availability.services import plan_sessions
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.copying import copy_in
from telemed.core.intentions import require_intention
from telemed.demo import crowd, outpatients, province
from telemed.demo.growing import new_patient
from telemed.organisations.models import Organisation
from telemed.people.models import User

WEEKS = 4
CLERK = "desk"  # booked them all
PEOPLE, FROM_RANK = 240, 10_000  # of the crowd, beyond whoever else is made of it
FILLED = (0.55, 0.95)  # of a department's places
MISSED = 0.07
CHANNELS = {Pool.PUBLIC: Channel.WEB, Pool.FAMILY_DOCTOR: Channel.CLINIC}


def lay_visits() -> bool:
    """False when they are there."""
    require_intention()
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    if Appointment.objects.filter(organisation=hospital, status=Status.NO_SHOW).exists():
        return False
    today = timezone.localdate()
    plan_sessions(organisation=hospital, days=_days(today))
    outpatients.finish_what_is_over(hospital)
    over = Period.objects.filter(organisation=hospital, session__state=State.FINISHED)
    over = over.exclude(clinician=None)  # the consult room is nobody's
    periods = list(over.select_related("session").prefetch_related("pools").order_by("starts_at"))
    clerk = User.objects.get(username=CLERK)
    visits = list(_visits(periods, _people(), clerk))
    PeriodPool.objects.bulk_update(
        [pool for period in periods for pool in period.pools.all()],
        ["places", "taken", "returned"],
    )
    Appointment.objects.bulk_create(visits)
    audit.record(action="demo.visits", target=f"Organisation/{hospital.pk}")
    return True


def _days(today: date) -> list[date]:
    return [today - timedelta(days=n) for n in range(7 * WEEKS, 0, -1)]


def _people() -> list[Patient]:
    villages = crowd.villages()
    kind = Organisation.Kind.TOWNSHIP_CLINIC
    clinics = {clinic.number: clinic for clinic in Organisation.objects.filter(kind=kind)}
    near = [village for village in villages if village.clinic.number in clinics]
    made: list[Patient] = []
    for rank, village in zip(count(FROM_RANK), cycle(near), strict=False):
        if len(made) == PEOPLE:
            break
        person = crowd.villager(village, rank)
        made.append(new_patient(person, clinics[village.clinic.number]))
    copy_in(made)
    publication.publish_new(made)
    return made


def _visits(periods: list[Period], people: list[Patient], clerk: User) -> Iterator[Appointment]:
    chance = random.Random(4)  # noqa: S311 (the same every time)
    filled: dict[object, float] = {}
    visitor = cycle(people)
    for period in periods:
        share = filled.setdefault(period.department_id, chance.uniform(*FILLED))
        pools = {pool.pool: pool for pool in period.pools.all()}
        home, tickets = pools.get(Pool.PUBLIC), count(1)
        for name, pool in sorted(pools.items(), key=lambda one: one[0] == Pool.PUBLIC):
            pool.taken = sum(chance.random() < share for _place in range(pool.places))
            if home and pool is not home:
                _give_back(pool, home)
            for _place in range(pool.taken):
                status = Status.NO_SHOW if chance.random() < MISSED else Status.FULFILLED
                before = timedelta(days=min(int(chance.expovariate(0.3)), 13), hours=3)
                visit = _visit(period, next(visitor), name, status, before)
                visit.ticket, visit.booked_by = next(tickets), clerk
                yield visit


def _give_back(pool: PeriodPool, home: PeriodPool) -> None:
    """What is left of a pool went back to everybody in time."""
    left = pool.places - pool.taken
    pool.places -= left
    home.places += left
    home.returned += left


def _visit(
    period: Period, patient: Patient, pool: str, status: Status, before: timedelta
) -> Appointment:
    return Appointment(
        patient=patient,
        person_key=patient.pk,
        period=period,
        pool=pool,
        organisation_id=period.organisation_id,
        department_id=period.department_id,
        clinician_id=period.clinician_id,
        day=period.session.day,
        during=(period.starts_at, period.ends_at),
        day_rank=1,
        status=status,
        channel=CHANNELS.get(Pool(pool), Channel.DESK),
        booked_at=period.starts_at - before,
        ended_at=period.ends_at,
        **fees.price(patient, period),
    )
