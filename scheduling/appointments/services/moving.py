"""Another time for the same booking: one row, which never stands without a place."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows, queries, video
from scheduling.appointments.events import AppointmentMoved
from scheduling.appointments.gates import take_in_turn
from scheduling.appointments.given_back import is_held_to_it, require_others
from scheduling.appointments.models import COMING, Appointment, Response, Status, Strike
from scheduling.appointments.permissions import is_clerk_of, pools_of
from scheduling.appointments.services.claiming import (
    free_rank,
    lock_periods,
    one_at_a_time,
    places_of,
    where,
)
from scheduling.appointments.services.displacing import rebook
from scheduling.appointments.services.leaving import UNDO, is_late
from scheduling.appointments.services.offering import give_on
from scheduling.appointments.services.opening import close_record, open_record
from scheduling.appointments.services.penalising import note_strike
from scheduling.appointments.services.responding import answer
from scheduling.appointments.services.seating import drop_plan, end_stay
from scheduling.availability.models import Period
from scheduling.availability.queries import examination_of, get_period
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, Invalid
from telemed.core.intentions import require_intention
from telemed.notifications.services import settle
from telemed.people.models import User


def move(
    *, actor: User, appointment_id: UUID, period_id: UUID, in_trip: bool = False
) -> Appointment:
    """
    The new place is taken first, then the old one goes back. `in_trip`: with all of its trip.

    Within the same department, or of the same examination: anything else is another booking. After
    the limit it counts as cancelling late, unless the desk of the hospital moves it.
    """
    require_intention()
    seen = queries.get_appointment(actor, appointment_id)
    wanted = get_period(period_id)
    if wanted.pk == seen.period_id:
        return seen
    _require_same_errand(seen, wanted)
    video.require_known(seen.patient, wanted)
    if wanted.pk == seen.plan_period_id:
        return rebook(actor=actor, appointment_id=appointment_id)
    lock_periods([seen.period_id, wanted.pk, seen.plan_period_id])
    appointment = queries.get_appointment(actor, appointment_id, lock=True)
    _require_movable(appointment)
    if places_of(appointment) != places_of(seen):
        raise Conflict(_("This booking was just moved; look again."), path="period")
    old_period, old_pool, held = appointment.period_id, appointment.pool, appointment.holds_place
    counts = is_late_move(actor, appointment)

    if appointment.status == Status.DISPLACED:
        _choose_otherwise(actor, appointment)
    appointment.pool = _take(actor, appointment, wanted)
    appointment.day_rank = free_rank(
        appointment.patient, wanted, leaving=appointment.pk, examination=appointment.examination
    )
    for name, value in where(wanted).items():
        setattr(appointment, name, value)
    appointment.ticket = queries.free_ticket(wanted.pk)
    appointment.holds_place = True
    kept = drop_plan(appointment)
    with one_at_a_time():
        appointment.save()
    if held:
        give_on(period_id=old_period, pool=old_pool)
    if kept:
        give_on(**kept)

    clock_rows.stop(appointment, clock_rows.REMIND, clock_rows.CHOICE)
    clock_rows.start_reminders(appointment)
    if counts and note_strike(appointment=appointment, kind=Strike.Kind.LATE):
        clock_rows.start_no_show(appointment, moments.now() + UNDO)
    close_record(appointment)
    open_record(appointment)
    audit.record(action="appointment.move", target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
    outbox.announce(AppointmentMoved(appointment_id=appointment.pk, in_trip=in_trip))
    return appointment


def _choose_otherwise(actor: User, appointment: Appointment) -> None:
    """In memory: whom a stop displaced is booked again, and asked no more."""
    if appointment.holds_place:  # else they answered by staying
        answer(appointment, Response.About.STOP, Response.Status.DECLINED, actor)
    settle(about=appointment.pk)
    end_stay(appointment)
    appointment.become(Status.BOOKED)
    appointment.ended_because = ""


def _take(actor: User, appointment: Appointment, wanted: Period) -> str:
    pools = pools_of(actor, wanted.organisation, appointment.patient)
    pool = take_in_turn(actor, wanted, pools)
    if is_held_to_it(actor):
        require_others(actor, wanted, pool, appointment.device)
    return pool


def is_late_move(actor: User, appointment: Appointment) -> bool:
    """Whether moving it now is noted; never of whom a stop displaced."""
    mine = is_clerk_of(actor, appointment.organisation_id)
    return appointment.status == Status.BOOKED and not mine and is_late(appointment)


def _require_same_errand(seen: Appointment, wanted: Period) -> None:
    """An examination goes wherever the hospital does it; a visit stays in its department."""
    examined = examination_of(wanted)
    if seen.examination and wanted.organisation_id == seen.organisation_id:
        if examined != seen.examination:
            sentence = _("That is another examination; book it there.")
            raise Invalid(sentence, path="period")
    elif wanted.department_id != seen.department_id:
        raise Invalid(_("Another department is another booking; book it there."), path="period")
    elif examined != examination_of(seen.period):
        raise Invalid(_("That is another examination; book it there."), path="period")


def _require_movable(appointment: Appointment) -> None:
    if appointment.status not in COMING:
        raise appointment.out_of_turn()
    over = appointment.during.lower <= moments.now()
    if over and appointment.status != Status.DISPLACED:  # they choose, however long that takes
        raise Conflict(_("That time has passed."), path="period")
