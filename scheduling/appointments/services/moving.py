"""Another time for the same booking: one row, which never stands without a place."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows, queries, video
from scheduling.appointments.events import AppointmentMoved
from scheduling.appointments.gates import take_in_turn
from scheduling.appointments.given_back import is_held_to_it, require_others
from scheduling.appointments.models import (
    COMING,
    TICKETED,
    Appointment,
    Move,
    Response,
    Status,
    Strike,
)
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
from scheduling.appointments.services.penalising import note_strike, take_back
from scheduling.appointments.services.responding import answer
from scheduling.appointments.services.seating import Kept, drop_plan, end_stay
from scheduling.availability import services as availability
from scheduling.availability.models import Period
from scheduling.availability.queries import examination_of, get_period
from scheduling.availability.services.places import PeriodClosed, PeriodFull, home_of
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
    counts, stood = is_late_move(actor, appointment), _place_of(appointment)

    if appointment.status == Status.DISPLACED:
        _choose_otherwise(actor, appointment)
    appointment.pool = _take(actor, appointment, wanted)
    _put(appointment, wanted, queries.free_ticket(wanted.pk))
    kept = drop_plan(appointment)
    with one_at_a_time():
        appointment.save()
    if held:
        give_on(period_id=old_period, pool=old_pool)
    if kept:
        give_on(**kept)

    noted = counts and _note_late(appointment)
    if stood and not in_trip:
        _keep_the_way_back(appointment, stood, noted=noted)
    _follow(appointment, "appointment.move", in_trip=in_trip)
    return appointment


def undo_move(*, actor: User, appointment_id: UUID) -> Appointment:
    """
    Within two minutes: the place that was left, and its number where nobody else has it. Where the
    place is taken meanwhile, that is said and the booking stays as it is.
    """
    require_intention()
    seen = queries.get_appointment(actor, appointment_id)
    last = queries.last_move_of(seen)
    if last is None:
        raise _over()
    lock_periods([seen.period_id, last.left_id])
    appointment = queries.get_appointment(actor, appointment_id, lock=True)
    in_time = moments.now() - last.moved_at <= UNDO
    if appointment.period_id != last.took_id or appointment.status != Status.BOOKED or not in_time:
        raise _over()
    given_up = Kept(period_id=appointment.period_id, pool=appointment.pool)

    left = get_period(last.left_id)
    appointment.pool = _take_again(appointment, last)
    _put(appointment, left, _number(last))
    with one_at_a_time():
        appointment.save()
    give_on(**given_up)

    if last.noted:
        clock_rows.stop(appointment, clock_rows.NO_SHOW)
        take_back(appointment=appointment, kind=Strike.Kind.LATE)
    last.delete()
    _follow(appointment, "appointment.undo_move")
    return appointment


def _over() -> Conflict:
    return Conflict(_("The move can no longer be undone; choose another time."), path="status")


def _put(appointment: Appointment, period: Period, ticket: int) -> None:
    """In memory: it stands there, under that number."""
    appointment.day_rank = free_rank(
        appointment.patient, period, leaving=appointment.pk, examination=appointment.examination
    )
    for name, value in where(period).items():
        setattr(appointment, name, value)
    appointment.ticket, appointment.holds_place = ticket, True


def _take_again(appointment: Appointment, last: Move) -> str:
    """From where the place that was left went home to."""
    home = home_of(last.left, last.left_pool, moments.now())
    try:
        _there, pool = availability.take_place(period_id=last.left_id, pools=[last.left_pool, home])
    except (PeriodFull, PeriodClosed):
        begin = timezone.localtime(appointment.during.lower)
        time = f"{date_format(begin, 'MONTH_DAY_FORMAT')} {begin:%H:%M}"
        sentence = _("The earlier place is taken meanwhile; the booking stays at {time}.")
        raise Conflict(sentence.format(time=time), path="period") from None
    return pool


def _number(last: Move) -> int:
    """The old one, as long as nobody else was given it."""
    taken = Appointment.objects.filter(
        period=last.left_id, ticket=last.left_ticket, status__in=TICKETED
    )
    return queries.free_ticket(last.left_id) if taken.exists() else last.left_ticket


def _note_late(appointment: Appointment) -> bool:
    """Whether it is noted by this move, and was not before."""
    noted = Strike.objects.filter(appointment=appointment, state__in=Strike.STANDING).exists()
    if not note_strike(appointment=appointment, kind=Strike.Kind.LATE):
        return False
    clock_rows.start_no_show(appointment, moments.now() + UNDO)
    return not noted


def _keep_the_way_back(appointment: Appointment, left: dict[str, Any], *, noted: bool) -> None:
    facts = left | {"took": appointment.period, "noted": noted, "moved_at": moments.now()}
    Move.objects.update_or_create(appointment=appointment, defaults=facts)


def _follow(appointment: Appointment, action: str, *, in_trip: bool = False) -> None:
    """What goes by the time of a booking is set anew."""
    clock_rows.stop(appointment, clock_rows.REMIND, clock_rows.CHOICE)
    clock_rows.start_reminders(appointment)
    close_record(appointment)
    open_record(appointment)
    audit.record(action=action, target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
    turn = int(moments.now().timestamp()) % 2**15
    outbox.announce(AppointmentMoved(appointment_id=appointment.pk, in_trip=in_trip, turn=turn))


def _place_of(appointment: Appointment) -> dict[str, Any]:
    """What could be gone back to; nothing for whom a stop displaced."""
    if appointment.status != Status.BOOKED:
        return {}
    return {
        "left_id": appointment.period_id,
        "left_pool": appointment.pool,
        "left_ticket": appointment.ticket,
    }


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
