"""Reminding whoever booked: the evening before, and shortly before."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from records.mpi.reaching import Audience, audience_of
from scheduling.appointments import batches
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.queries import SHOWN
from scheduling.availability.queries import specialists_in
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.notifications.queries import has_callers
from telemed.notifications.services import notify, notify_person
from telemed.people.models import User


def remind(*, clock: Clock) -> None:
    require_intention()
    rows = Appointment.objects.filter(pk=clock.about, status=Status.BOOKED)
    appointment = rows.select_related(*SHOWN).first()
    if appointment is None:
        return
    turn = 10 * clock.turn + clock.rung
    stops = booked_with(appointment)
    if len(stops) < 2:
        tell(appointment, "appointment.remind", turn=turn)
    elif stops[0] == appointment:  # a trip is reminded of once
        tell_trip(stops, "trip.remind", turn=turn)


def booked_with(appointment: Appointment) -> list[Appointment]:
    """What is booked of its trip on that day, in order."""
    if appointment.trip_id is None:
        return [appointment]
    rows = Appointment.objects.filter(trip=appointment.trip_id, day=appointment.day)
    booked = rows.filter(status=Status.BOOKED).select_related(*SHOWN, "patient__user")
    return list(booked.order_by("during", "pk"))


def tell_trip(stops: Sequence[Appointment], template: str, *, turn: int = 0) -> None:
    """By its first stop."""
    if stops:
        tell(stops[0], template, turn=turn, n=len(stops), place=stops[0].errand)


def tell(
    appointment: Appointment,
    template: str,
    *,
    turn: int = 0,
    pressing: bool = False,
    url: str = "",
    booker: bool = True,
    rings_later: bool = False,
    **facts: Any,
) -> None:
    """
    The person's own account, and whoever booked for them from afar, unless `booker` is off; who
    has no account is told by their number, and phoned by the desk that booked.
    """
    require_intention()
    known = {
        "time": time_words(appointment.during.lower),
        "org": appointment.organisation.name,
        "n": appointment.ticket or "",
        "place": appointment.department.name,
    }
    told = audience(appointment, booker=booker)
    for recipient in told.accounts:
        notify(
            recipient=recipient,
            template=template,
            about=appointment.pk,
            url=url or f"/booking/{appointment.pk}/",
            turn=turn,
            pressing=pressing,
            desk=appointment.organisation_id,
            **(known | facts),
        )
    if told.person:
        notify_person(
            person_id=told.person,
            template=template,
            about=appointment.pk,
            turn=turn,
            pressing=pressing,
            desk=desk_of(appointment),
            rings_later=rings_later,
            **(known | facts),
        )


def audience(appointment: Appointment, *, booker: bool = True) -> Audience:
    by = appointment.booked_by
    from_afar = by.organisation_id != appointment.organisation_id
    also = (
        [by] if booker and from_afar and not appointment.by_system else []
    )  # a system reads nothing
    return audience_of(appointment.patient, also)


def desk_of(appointment: Appointment) -> UUID:
    """Who phones a person without an account: the desk that booked, else the hospital's."""
    booked_at = None if appointment.by_system else appointment.booked_by.organisation_id
    if booked_at and booked_at != appointment.organisation_id and has_callers(booked_at):
        return booked_at
    return appointment.organisation_id


def tell_batch(*, batch_id: UUID) -> None:
    """
    One line for each doctor who will see them, or for the doctors of a department that names none;
    and one for whoever booked. The people themselves are told one by one.
    """
    require_intention()
    batch = batches.get_any_batch(batch_id)
    rows = batches.booked_on_day(batch)
    if not rows:
        return
    facts: dict[str, Any] = {"date": date_format(batch.day, "MONTH_DAY_FORMAT"), "about": batch.pk}
    for doctors, n in _by_doctor(rows):
        for doctor in doctors:
            notify(
                recipient=doctor,
                template="batch.received",
                url=f"{reverse('booking:day')}?day={batch.day}",
                n=n,
                who=batch.made_by.name,
                org=batch.organisation.name,
                **facts,
            )
    notify(
        recipient=batch.made_by,
        template="batch.booked",
        url=reverse("booking:batch_result", args=[batch.pk]),
        n=len(rows),
        org=batch.department.organisation.name,
        **facts,
    )


def _by_doctor(rows: Sequence[Appointment]) -> Iterator[tuple[list[User], int]]:
    named = Counter(one.clinician for one in rows if one.clinician)
    for doctor, n in named.items():
        yield [doctor], n
    if unnamed := [one for one in rows if not one.clinician]:
        yield specialists_in(unnamed[0].department), len(unnamed)


def time_words(moment: datetime) -> str:
    begin = timezone.localtime(moment)
    return f"{date_format(begin, 'MONTH_DAY_FORMAT')} {begin:%H:%M}"
