"""Smallest valid templates, sessions and periods."""

from datetime import date, datetime, time, timedelta

import factory
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from scheduling.availability.models import (
    Period,
    PeriodPool,
    PeriodState,
    Pool,
    Session,
    State,
    Template,
)
from tests.factories.people import DepartmentFactory, PractitionerFactory, StaffFactory


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of that day in China."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def doctor_of(department) -> object:
    """A specialist with a licence, working there."""
    user = StaffFactory(
        role="specialist", organisation=department.organisation, department=department
    )
    PractitionerFactory(user=user, specialty=department.specialty)
    return user


class TemplateFactory(factory.django.DjangoModelFactory[Template]):
    department = factory.SubFactory(DepartmentFactory)
    organisation = factory.SelfAttribute("department.organisation")
    clinician = factory.LazyAttribute(lambda one: doctor_of(one.department))
    weekday = 1
    starts = time(8)
    ends = time(12)
    capacity = 4
    since = date(2026, 1, 1)

    class Meta:
        model = Template


class SessionFactory(factory.django.DjangoModelFactory[Session]):
    """A published morning a week ahead."""

    department = factory.SubFactory(DepartmentFactory)
    organisation = factory.SelfAttribute("department.organisation")
    clinician = factory.LazyAttribute(lambda one: doctor_of(one.department))
    day = factory.LazyFunction(lambda: in_days(7))
    during = factory.LazyAttribute(lambda one: DateTimeTZRange(at(one.day, 8), at(one.day, 12)))
    capacity = 4
    state = State.PUBLISHED
    release_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=7))

    class Meta:
        model = Session


class PeriodFactory(factory.django.DjangoModelFactory[Period]):
    """The first half hour of a session, open: PeriodFactory(public=2, referral=1)."""

    session = factory.SubFactory(SessionFactory)
    organisation = factory.SelfAttribute("session.organisation")
    department = factory.SelfAttribute("session.department")
    clinician = factory.SelfAttribute("session.clinician")
    starts_at = factory.LazyAttribute(lambda one: one.session.starts_at)
    ends_at = factory.LazyAttribute(lambda one: one.starts_at + timedelta(minutes=30))
    closes_at = factory.LazyAttribute(
        lambda one: at(timezone.localdate(one.starts_at) - timedelta(days=1), 16)
    )
    state = PeriodState.OPEN

    class Meta:
        model = Period
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        places = {pool: kwargs.pop(pool) for pool in Pool.values if pool in kwargs}
        places = places or {"public": kwargs.get("capacity", 4)}
        kwargs["capacity"] = sum(places.values())
        with transaction.atomic():  # noqa: TID251  its pools are checked at the end
            period = super()._create(model_class, *args, **kwargs)
            PeriodPool.objects.bulk_create(
                PeriodPool(period=period, pool=pool, places=n) for pool, n in places.items()
            )
        return period


def examined(visit: Period, service: str, hour: int, minute: int = 0, **facts) -> Period:
    """Half an hour of an examination at the hospital and on the day of a visit."""
    day = facts.pop("day", timezone.localdate(visit.starts_at))
    session = SessionFactory(
        department=facts.pop("department", None) or _laboratory(visit),
        clinician=None,
        kind="examination",
        service=service,
        day=day,
    )
    start = at(day, hour, minute)
    return PeriodFactory(session=session, starts_at=start, **({"public": 2} | facts))


def _laboratory(visit: Period) -> object:
    known = visit.organisation.departments.filter(name="医学检验科").first()
    return known or DepartmentFactory(organisation=visit.organisation, name="医学检验科")


def places_of(period: Period) -> dict[str, tuple[int, int]]:
    """Taken and places, by pool."""
    rows = PeriodPool.objects.filter(period=period)
    return {row.pool: (row.taken, row.places) for row in rows}


def at_once(change):
    """With what is checked at the end of a transaction, which no test comes to."""
    change()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
