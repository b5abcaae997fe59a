"""Months of duty and their shifts."""

from datetime import date, datetime, time, timedelta

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from telemed.organisations.models import Organisation, Specialty
from telemed.people.models import User
from telemed.rota.models import Rota, Shift, month_of
from tests.factories.people import OrganisationFactory

MONTH = date(2027, 3, 1)


def at(day: int, hour: int = 8, month: date = MONTH) -> datetime:
    """A moment in China of the month of these tests."""
    return timezone.make_aware(datetime.combine(month + timedelta(days=day - 1), time(hour)))


class RotaFactory(factory.django.DjangoModelFactory[Rota]):
    """A published month."""

    organisation = factory.SubFactory(OrganisationFactory)
    month = MONTH
    version = 1
    state = Rota.State.PUBLISHED
    published_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Rota


def on(
    user: User,
    organisation: Organisation,
    start: datetime,
    hours: int = 24,
    *,
    kind: str = Shift.Kind.FIRST_CALL,
    specialty: str = Specialty.NEUROLOGY,
    phone: str = "",
) -> Shift:
    """A shift in force."""
    month = month_of(start)
    rota = Rota.objects.filter(organisation=organisation, month=month, state="published").first()
    return Shift.objects.create(
        rota=rota or RotaFactory(organisation=organisation, month=month),
        user=user,
        kind=kind,
        specialty="" if kind == Shift.Kind.DIRECTOR else specialty,
        during=DateTimeTZRange(start, start + timedelta(hours=hours)),
        phone=phone,
        in_force=True,
    )
