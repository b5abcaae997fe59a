"""The county hospital's own system, which keeps a Saturday and says otherwise twice: synthetic."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.utils import timezone

from records.mpi.models import Patient
from scheduling.appointments import services as appointments
from scheduling.availability import services as availability
from scheduling.availability.models import Session
from telemed.people import services as people
from telemed.people.models import Application, User

NAME = "县医院信息系统"
SCOPES = "system/Schedule.cruds system/Slot.cruds system/Appointment.cruds system/Basic.rs"
SYSTEM = "urn:his:kyx"
Act = tuple[User, Callable[[], object]]


def story(desk: User, doctors: list[Session], day: date, patient: Patient | None) -> Iterator[Act]:
    """Two mornings of doctors who are free that day; one of them is booked and then dropped."""
    if patient is None or len(doctors) < 2:
        return
    for number, like in enumerate(doctors[:2], start=1):
        yield desk, partial(_say, desk, like, day, number)
    yield desk, partial(_book, desk, patient, day)
    yield desk, partial(_contradict, desk, doctors, day)


def _account(desk: User) -> User:
    application, _new = Application.objects.get_or_create(
        name=NAME, defaults={"organisation": desk.acting_organisation, "scopes": SCOPES}
    )
    return people.account_of(application=application)


def _wanted(like: Session, day: date, number: int, **more: Any) -> availability.WantedSession:
    begin, end = (timezone.make_aware(datetime.combine(day, time(hour))) for hour in (9, 11))
    offer = availability.Offer(
        department_id=like.department_id, clinician_id=like.clinician_id, capacity=3
    )
    identifier = _identifier(day, number)
    return availability.WantedSession(
        identifier=identifier, offer=offer, starts_at=begin, ends_at=end, **more
    )


def _identifier(day: date, number: int) -> str:
    return f"{SYSTEM}|{day:%Y%m%d}-{number}"


def _say(desk: User, like: Session, day: date, number: int) -> None:
    account = _account(desk)
    wanted = _wanted(like, day, number)
    availability.keep_session(actor=account, wanted=wanted)


def _kept(day: date, number: int) -> Session:
    return Session.objects.get(identifier=_identifier(day, number))


def _book(desk: User, patient: Patient, day: date) -> None:
    period = _kept(day, 1).periods.order_by("starts_at")[0]
    appointments.book(actor=desk, patient=patient, period_id=period.pk, reason="复诊")


def _contradict(desk: User, doctors: list[Session], day: date) -> None:
    """The first morning is not held there; of the second's first half hour one is left there."""
    account = _account(desk)
    period = _kept(day, 2).periods.order_by("starts_at")[0]
    slot = availability.WantedPeriod(
        identifier=f"{SYSTEM}|s-{day:%Y%m%d}",
        session_id=period.session_id,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        capacity=3,
        free=1,
    )
    dropped = _wanted(doctors[0], day, 1, is_held=False)
    for send in (
        partial(availability.keep_session, actor=account, wanted=dropped),
        partial(availability.keep_period, actor=account, wanted=slot),
    ):
        try:
            send()
        except availability.Differs as error:
            availability.remember(error)
