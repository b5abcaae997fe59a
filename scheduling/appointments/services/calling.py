"""Calling in, calling again, not there, and the visit."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments.events import AppointmentFulfilled
from scheduling.appointments.models import MOST_CALLS, Appointment, Arrival, Status
from scheduling.appointments.permissions import is_clerk_of, may_see_visit
from scheduling.appointments.queries import find_arrival, waiting_for
from scheduling.appointments.services.claiming import lock
from scheduling.appointments.services.ringing import ring_boards
from scheduling.appointments.services.seeing import note_begin, note_end
from scheduling.appointments.services.turns import move_down
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.people.models import CLINICAL, User

BETWEEN_CALLS = timedelta(seconds=15)


def call(*, actor: User, appointment_id: UUID) -> Appointment:
    """Shown on the board of the waiting room. Of two doctors who call one person, one is told."""
    appointment = _lock(actor, appointment_id)
    arrival = find_arrival(appointment)
    if appointment.status == Status.CALLED:
        if arrival and arrival.called_by and arrival.called_by_id != actor.pk:
            sentence = _("{who} has just called this number; call the next one.")
            raise Conflict(sentence.format(who=arrival.called_by.name), path="status")
        return appointment
    if appointment.status != Status.ARRIVED:
        raise appointment.out_of_turn()
    return _call(actor, appointment, arrival)


def call_next(*, actor: User) -> Appointment:
    """Whoever comes first of those who wait for this doctor today. Raises where nobody does."""
    require_intention()
    require(actor.role in CLINICAL, _("A doctor calls the next one in."))
    for appointment_id in waiting_for(actor, timezone.localdate()):
        appointment = _lock(actor, appointment_id)
        if appointment.status == Status.ARRIVED:  # else somebody called them meanwhile
            return _call(actor, appointment, find_arrival(appointment))
    raise Conflict(_("Nobody is waiting."), path="status")


def call_again(*, actor: User, appointment_id: UUID) -> Appointment:
    """For who did not answer: three times at most, and never twice by a slip of the finger."""
    appointment = _lock(actor, appointment_id)
    arrival = find_arrival(appointment)
    if appointment.status != Status.CALLED or arrival is None:
        raise appointment.out_of_turn()
    since = moments.now() - (arrival.called_at or arrival.arrived_at)
    if since < BETWEEN_CALLS:
        raise Conflict(_("Just called; give them a moment to come."), path="status")
    if arrival.calls >= MOST_CALLS:
        raise Conflict(_("Called three times; let the next ones in first."), path="status")
    _count(actor, arrival)
    audit.record(action="appointment.call", target=appointment, patient_id=appointment.patient_id)
    ring_boards(appointment)
    return appointment


def skip(*, actor: User, appointment_id: UUID) -> Appointment:
    """A call is taken back; after three that nobody answered, three others come first."""
    appointment = _lock(actor, appointment_id)
    if appointment.status == Status.ARRIVED:
        return appointment
    arrival = find_arrival(appointment)
    if appointment.status != Status.CALLED:
        raise appointment.out_of_turn()
    if arrival:
        if arrival.calls >= MOST_CALLS:
            move_down(arrival)
        arrival.calls, arrival.called_at, arrival.called_by = 0, None, None
        arrival.save(update_fields=["turn", "calls", "called_at", "called_by"])
    return _become(appointment, Status.ARRIVED, "appointment.skip")


def begin(*, actor: User, appointment_id: UUID) -> Appointment:
    appointment, new = _step(
        actor, appointment_id, Status.CALLED, Status.IN_VISIT, "appointment.begin"
    )
    if new:
        note_begin(appointment, by=actor)
    return appointment


def fulfil(*, actor: User, appointment_id: UUID) -> Appointment:
    seen, new = _step(
        actor, appointment_id, Status.IN_VISIT, Status.FULFILLED, "appointment.fulfil"
    )
    if new:
        note_end(seen)
    outbox.announce(AppointmentFulfilled(appointment_id=seen.pk))
    return seen


def _lock(actor: User, appointment_id: UUID) -> Appointment:
    require_intention()
    appointment = lock(actor, appointment_id)
    mine = may_see_visit(actor, appointment) or is_clerk_of(actor, appointment.organisation_id)
    require(mine, _("The doctor or the desk does that."))
    return appointment


def _call(actor: User, appointment: Appointment, arrival: Arrival | None) -> Appointment:
    if arrival:
        _count(actor, arrival)
    return _become(appointment, Status.CALLED, "appointment.call")


def _count(actor: User, arrival: Arrival) -> None:
    arrival.calls += 1
    arrival.called_at, arrival.called_by = moments.now(), actor
    arrival.save(update_fields=["calls", "called_at", "called_by"])


def _step(
    actor: User, appointment_id: UUID, before: Status, status: Status, action: str
) -> tuple[Appointment, bool]:
    """The booking, and whether the step was taken now: twice is once."""
    appointment = _lock(actor, appointment_id)
    if appointment.status == status:
        return appointment, False
    if appointment.status != before:
        raise appointment.out_of_turn()
    return _become(appointment, status, action), True


def _become(appointment: Appointment, status: Status, action: str) -> Appointment:
    appointment.become(status)
    appointment.save(update_fields=["status"])
    audit.record(action=action, target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
    ring_boards(appointment)
    return appointment
