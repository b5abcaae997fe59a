"""Reminding whoever booked: the evening before, and two hours before."""

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
    if appointment:
        tell(appointment, "appointment.remind", turn=10 * clock.turn + clock.rung)


def tell(appointment: Appointment, template: str, *, turn: int = 0, **facts: Any) -> None:
    """The person's own account, and whoever booked for them from afar."""
    require_intention()
    for recipient in audience(appointment):
        notify(
            recipient=recipient,
            template=template,
            about=appointment.pk,
            url=f"/booking/{appointment.pk}/",
            turn=turn,
            pressing=False,
            desk=appointment.organisation_id,
            time=time_words(appointment),
            org=appointment.organisation.name,
            n=appointment.ticket or "",
            place=appointment.department.name,
            **facts,
        )


def audience(appointment: Appointment) -> list[User]:
    own = appointment.patient.user
    people = [own] if own else []
    booker = appointment.booked_by
    if booker != own and booker.organisation_id != appointment.organisation_id:
        people.append(booker)
    return people


def time_words(appointment: Appointment) -> str:
    begin = timezone.localtime(appointment.during.lower)
    return f"{date_format(begin, 'MONTH_DAY_FORMAT')} {begin:%H:%M}"
