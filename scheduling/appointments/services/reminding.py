"""Reminding whoever booked: the evening before, and two hours before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.queries import SHOWN
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.notifications.services import notify
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
    **facts: Any,
) -> None:
    """The person's own account, and whoever booked for them from afar."""
    require_intention()
    known = {
        "time": time_words(appointment.during.lower),
        "org": appointment.organisation.name,
        "n": appointment.ticket or "",
        "place": appointment.department.name,
    }
    for recipient in audience(appointment):
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


def audience(appointment: Appointment) -> list[User]:
    own = appointment.patient.user
    people = [own] if own else []
    booker = appointment.booked_by
    from_afar = booker.organisation_id != appointment.organisation_id
    if booker != own and from_afar and not appointment.by_system:  # a system reads no messages
        people.append(booker)
    return people


def time_words(moment: datetime) -> str:
    begin = timezone.localtime(moment)
    return f"{date_format(begin, 'MONTH_DAY_FORMAT')} {begin:%H:%M}"
