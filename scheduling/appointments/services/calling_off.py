"""The hospital cannot see somebody: cancelled for a reason, or offered what a stop would offer."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows, queries
from scheduling.appointments.events import AppointmentCalledOff
from scheduling.appointments.models import Appointment, Response, Status
from scheduling.appointments.permissions import is_clerk_of
from scheduling.appointments.services.claiming import lock_periods
from scheduling.appointments.services.displacing import (
    keep_a_place,
    open_periods_in,
    until_when,
)
from scheduling.appointments.services.leaving import cancel_by_clinic
from scheduling.appointments.services.responding import ask
from scheduling.availability.models import Stop
from scheduling.availability.queries import instead_of
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.core.reasons import checked_reason
from telemed.people.models import User


def call_off_at_desk(
    *,
    actor: User,
    appointment_id: UUID,
    reason: str,
    plan: str,
    instead_id: UUID | None = None,
) -> Appointment:
    """
    By the desk of the hospital, never against the person. With a plan they keep their number until
    they answer, and a place is kept for them; without one it is cancelled at once.
    """
    require_intention()
    seen = queries.get_appointment(actor, appointment_id)
    mine = is_clerk_of(actor, seen.organisation_id)
    require(mine, _("The desk of the hospital cancels for it."))
    because = checked_reason(reason, longest=200)
    if plan not in Stop.Plan.values:
        raise Invalid(_("Choose what whoever booked is offered."), path="plan")
    if plan == Stop.Plan.CANCEL:
        return cancel_by_clinic(actor=actor, appointment_id=appointment_id, reason=because)
    there = (one for one in instead_of(seen.period.session, plan) if instead_id in (None, one.pk))
    instead = next(there, None)
    if instead is None:
        raise Conflict(_("There is no other session that could stand in."), path="plan")
    kept = open_periods_in(instead.pk, seen.period.session.kind)
    lock_periods([seen.period_id, *(period.pk for period in kept)])
    appointment = queries.get_appointment(actor, appointment_id, lock=True)
    if appointment.status != Status.BOOKED or appointment.period_id != seen.period_id:
        raise appointment.out_of_turn()
    appointment.become(Status.DISPLACED)
    appointment.ended_because = because
    keep_a_place(appointment, kept)
    now = moments.now()
    appointment.answer_by = until_when(appointment, now)
    appointment.save()
    clock_rows.stop(appointment, clock_rows.REMIND)
    clock_rows.start_choice(appointment)
    ask(appointment, Response.About.STOP)
    audit.record(
        action="appointment.call_off",
        target=appointment,
        patient_id=appointment.patient_id,
        reason=because,
    )
    publication.publish(appointment)
    outbox.announce(AppointmentCalledOff(appointment_id=appointment.pk))
    return appointment
