"""A displaced booking comes to its new place, and what was kept for it meanwhile is let go."""

from typing import TypedDict
from uuid import UUID

from scheduling.appointments import clock_rows, queries
from scheduling.appointments.events import AppointmentRebooked
from scheduling.appointments.models import Appointment, Status, Wait
from scheduling.appointments.services.claiming import free_rank, one_at_a_time, where
from scheduling.appointments.services.opening import close_record, open_record
from scheduling.availability.models import Period
from telemed.audit import services as audit
from telemed.core import outbox, publication
from telemed.core.intentions import require_intention
from telemed.notifications.services import settle


class Kept(TypedDict):
    """A place that is counted, and that no row holds any more: for give_on()."""

    period_id: UUID
    pool: str


def seat(appointment: Appointment, wanted: Period, pool: str) -> None:
    """
    Of a locked booking whose new place is counted. The old one, if it held one, is given back by
    the caller.
    """
    require_intention()
    appointment.day_rank = free_rank(
        appointment.patient, wanted, leaving=appointment.pk, examination=appointment.examination
    )
    for name, value in where(wanted).items():
        setattr(appointment, name, value)
    appointment.become(Status.BOOKED)
    appointment.pool, appointment.holds_place = pool, True
    appointment.ended_because = ""
    drop_plan(appointment)
    appointment.ticket = queries.free_ticket(wanted.pk)
    with one_at_a_time():
        appointment.save()
    end_stay(appointment)
    clock_rows.stop(appointment, clock_rows.CHOICE)
    settle(about=appointment.pk)
    clock_rows.start_reminders(appointment)
    close_record(appointment)
    open_record(appointment)
    audit.record(action="appointment.rebook", target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
    outbox.announce(AppointmentRebooked(appointment_id=appointment.pk))


def drop_plan(appointment: Appointment) -> Kept | None:
    """In memory; the caller saves, and gives on what this returns."""
    kept = None
    if appointment.plan_period_id:
        kept = Kept(period_id=appointment.plan_period_id, pool=appointment.plan_pool)
    appointment.plan_period, appointment.plan_pool, appointment.answer_by = None, "", None
    return kept


def end_stay(appointment: Appointment) -> None:
    """Nobody waits for the doctor any more; of a locked booking."""
    Wait.objects.filter(pk=appointment.pk, stays=True).update(stays=False)
    clock_rows.stop(appointment, clock_rows.STAY)
