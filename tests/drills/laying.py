"""
What drills need in a running stack, laid by the product's own services: stories with eight people.

Imported by a process of that installation alone, because the tests' own database is another: see
`tests.drills.dying.lay()`.
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F
from django.utils import timezone
from factory.django import DjangoModelFactory

from scheduling.appointments import services
from scheduling.appointments.models import Appointment
from scheduling.availability import clock_rows
from scheduling.availability import services as availability
from scheduling.availability.models import Period, Session, Stop
from telemed.core.intentions import System, intention
from telemed.core.models import Clock, ClockState, OutboxEvent
from telemed.organisations.models import Organisation
from tests.factories.duties import elder_of
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.registration import TeamFactory, applied, signed
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days

MANY = 8  # people in each story
Laid = dict[str, Any]


def ends() -> Laid:
    """Holds; cancelled places of a day for which as many wait; a clinic to which nobody came."""
    held = [claim(services.hold, *pair) for pair in pairs(7)]
    booked = [claim(services.book, *pair) for pair in pairs(8)]
    department, day = booked[0].department_id, booked[0].day
    waiting = [as_resident(services.join, one, department_id=department, day=day) for one in some()]
    for one in booked:
        with intention(one.booked_by, door="drill"):
            services.cancel(actor=one.booked_by, appointment_id=one.pk)
    nobody_came = [claim(services.book, *pair) for pair in pairs(7)]
    let_it_pass(nobody_came)
    not_yet(*held, *booked)
    return {
        "held": ids(held),
        "returned": ids(booked),
        "waiting": ids(waiting),
        "nobody_came": ids(nobody_came),
    }


def waiting() -> Laid:
    """Holds, and applications that a team has to look at."""
    held = [claim(services.hold, *pair) for pair in pairs(7)]
    not_yet(*held)
    team = TeamFactory()
    return {"held": ids(held), "applied": ids([applied(team) for _ in range(MANY)])}


def stopped() -> Laid:
    """A full clinic that has just stopped; a colleague of the same level has room for half."""
    booked = [claim(services.book, *pair) for pair in pairs(7, title="chief")]
    session = Session.objects.get(pk=booked[0].period.session_id)
    colleague = SessionFactory(department=session.department, day=session.day, title="chief")
    there = PeriodFactory(session=colleague, public=MANY // 2)
    clerk = StaffFactory(role="desk", organisation=session.organisation)
    with intention(clerk, door="drill"):
        stop = availability.stop_session(
            actor=clerk,
            session_id=session.pk,
            reason="医生外出开会",
            plan=Stop.Plan.SUBSTITUTE,
        )
    return {"stop": str(stop.pk), "displaced": ids(booked), "there": str(there.pk)}


def night() -> Laid:
    """Old people whose contracts are older than the calendar: the night plans what is owed."""
    team = TeamFactory()
    contracts = [signed(team, elder_of(team)) for _ in range(MANY)]
    OutboxEvent.objects.filter(delivered_at=None).update(delivered_at=timezone.now())
    return {"contracts": ids(contracts), "leader": str(team.leader.pk)}


def some() -> list[Any]:
    """Residents with an account, each with a record of their own."""
    return [PatientFactory(user=UserFactory()).user for _ in range(MANY)]


def pairs(days: int, **facts: Any) -> list[tuple[Any, Period]]:
    """Each person beside a half hour of one morning that has one place."""
    session = SessionFactory(day=in_days(days), **facts)
    halves = [session.starts_at + timedelta(minutes=30 * half) for half in range(MANY)]
    periods = [PeriodFactory(session=session, starts_at=begin, public=1) for begin in halves]
    return list(zip(some(), periods, strict=True))


def claim(service: Callable[..., Appointment], person: Any, period: Period) -> Appointment:
    return as_resident(service, person, period_id=period.pk)


def as_resident(service: Callable[..., Appointment], person: Any, **facts: Any) -> Appointment:
    with intention(person, door="drill"):
        return service(actor=person, patient=person.patient, **facts)


def let_it_pass(booked: list[Appointment]) -> None:
    """As if that morning had been yesterday: its end is due at once."""
    back = timedelta(days=8)
    session = Session.objects.get(pk=booked[0].period.session_id)
    for one in booked:
        during = DateTimeTZRange(one.during.lower - back, one.during.upper - back)
        Appointment.objects.filter(pk=one.pk).update(day=one.day - back, during=during)
    Period.objects.filter(session=session).update(
        starts_at=F("starts_at") - back,
        ends_at=F("ends_at") - back,
        closes_at=F("closes_at") - back,
    )
    session.day -= back
    session.during = DateTimeTZRange(session.during.lower - back, session.during.upper - back)
    session.save(update_fields=["day", "during"])
    with intention(System("drill"), door="drill"):
        clock_rows.await_ends(organisation_id=session.organisation_id, sessions=[session])


def not_yet(*rows: Appointment) -> None:
    """None of their clocks fires before the drill says so."""
    running = Clock.objects.filter(about__in=[one.pk for one in rows], state=ClockState.RUNNING)
    running.update(due_at=timezone.now() + timedelta(hours=1))


def ids(rows: list[Any]) -> list[str]:
    return [str(row.pk) for row in rows]


def count_on(made: type[DjangoModelFactory[Any]] = DjangoModelFactory) -> None:
    """Every factory begins anew in each process, and an earlier story has the first numbers."""
    start = 500 * Organisation.objects.count()
    for one in made.__subclasses__():
        one.reset_sequence(start, force=True)
        count_on(one)


def tell(story: str) -> None:
    """One line of JSON: which rows it made."""
    count_on()
    stories = {one.__name__: one for one in (ends, waiting, stopped, night)}
    sys.stdout.write(json.dumps(stories[story]()))
