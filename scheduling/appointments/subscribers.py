"""What bookings do when something happens, here or at the sessions."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.formats import date_format

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.penalties import is_counted
from scheduling.appointments.queries import SHOWN, standing_with
from scheduling.appointments.services.reminding import tell, tell_trip, time_words
from scheduling.appointments.services.ringing import ring_boards
from scheduling.availability.models import Period, Stop
from telemed.core import moments

AT_ONCE = timedelta(hours=24)


def tell_booked(payload: dict[str, Any]) -> None:
    if not payload.get("in_trip"):
        tell(_get(payload), "appointment.booked", booker=not payload.get("in_batch"))


def tell_batch(payload: dict[str, Any]) -> None:
    services.tell_batch(batch_id=UUID(payload["batch_id"]))


def tell_trip_booked(payload: dict[str, Any]) -> None:
    tell_trip(_trip(payload, Status.BOOKED), "trip.booked", turn=payload["turn"])


def tell_trip_moved(payload: dict[str, Any]) -> None:
    tell_trip(_trip(payload, Status.BOOKED), "trip.moved", turn=payload["turn"])


def tell_trip_cancelled(payload: dict[str, Any]) -> None:
    tell_trip(_trip(payload, Status.CANCELLED)[: payload["turn"]], "trip.cancelled")


def tell_moved(payload: dict[str, Any]) -> None:
    if payload.get("in_trip"):
        return
    tell(_get(payload), "appointment.moved", turn=payload.get("turn", 0))


def tell_cancelled(payload: dict[str, Any]) -> None:
    if payload.get("in_trip"):
        return
    appointment = _get(payload)
    if appointment.ended_because:
        tell(appointment, "appointment.withdrawn", reason=appointment.ended_because)
    else:
        tell(appointment, "appointment.cancelled")


def tell_missed(payload: dict[str, Any]) -> None:
    """Of a trip only by the stop that counts."""
    appointment = _get(payload)
    if appointment.trip_id is None or is_counted(appointment):
        tell(appointment, "appointment.noshow")


def tell_waiting(payload: dict[str, Any]) -> None:
    entry = _get(payload)
    tell(entry, "waitlist.joined", date=date_format(entry.day, "MONTH_DAY_FORMAT"))


def tell_offered(payload: dict[str, Any]) -> None:
    """Only while it can still be answered."""
    entry = _get(payload)
    if entry.status == Status.OFFERED and entry.held_until and entry.wait.offers == payload["turn"]:
        left = -((moments.now() - entry.held_until) // timedelta(minutes=1))  # rounded up
        tell(entry, "waitlist.offer", turn=payload["turn"], pressing=True, n=left)


def tell_staying(payload: dict[str, Any]) -> None:
    """And once more whether a place came while they asked."""
    appointment = _get(payload)
    services.seat_staying(Period.objects.filter(department=appointment.department_id))
    appointment = _get(payload)
    if appointment.status == Status.DISPLACED and appointment.clinician:
        tell(appointment, "stop.stays", who=appointment.clinician.name)


def seat_staying(payload: dict[str, Any]) -> None:
    """Whoever asked to stay while the sessions were opened."""
    org = UUID(payload["organisation_id"])
    services.seat_staying(Period.objects.filter(organisation=org))


def offer_returned(payload: dict[str, Any]) -> None:
    """More places than before: first for who waits."""
    services.offer_free(Period.objects.filter(session=UUID(payload["session_id"])))


def displace(payload: dict[str, Any]) -> None:
    """Whoever would set out soon is told at once; the others when it cannot be undone any more."""
    stop = Stop.objects.select_related("session").get(pk=UUID(payload["stop_id"]))
    services.displace(stop=stop)
    ring_boards(stop.session)
    if stop.session.starts_at - moments.now() < AT_ONCE:
        tell_stopped(payload)


def tell_stopped(payload: dict[str, Any]) -> None:
    """Once each, however often: the time to answer begins with the message, and so may the call."""
    stop = Stop.objects.filter(session=UUID(payload["session_id"]), undone_at=None).first()
    for appointment in services.await_answers(session_id=UUID(payload["session_id"])):
        _tell_stopped(appointment)
        if stop and stop.is_rung:
            services.ring_now(appointment_id=appointment.pk)


def _tell_stopped(appointment: Appointment) -> None:
    if others := standing_with(appointment):
        facts = {"place": appointment.errand, "n": others}
        _tell_off(appointment, notice="trip.notice", choose="trip.stopped", **facts)
    elif appointment.clinician:
        facts = {"who": appointment.clinician.name}
        _tell_off(appointment, notice="stop.notice", choose="stop.stay", **facts)
    else:
        _tell_off(appointment, notice="stop.notice", choose="stop.choose")


def tell_called_off(payload: dict[str, Any]) -> None:
    """At once: there is nothing that could be taken back."""
    appointment = _get(payload)
    if appointment.status == Status.DISPLACED:
        _tell_called_off(appointment)


def _tell_called_off(appointment: Appointment) -> None:
    _tell_off(appointment, notice="clinic.notice", choose="clinic.choose")


def tell_plan_lost(payload: dict[str, Any]) -> None:
    """At once as well; nothing that was kept comes back. Only while they still have to choose."""
    appointment = _get(payload)
    if appointment.status != Status.DISPLACED or appointment.answer_by is None:
        return
    if appointment.ended_because:  # the hospital had called it off for them alone
        _tell_called_off(appointment)
    else:
        _tell_stopped(appointment)


def _tell_off(appointment: Appointment, *, notice: str, choose: str, **facts: Any) -> None:
    """`notice` where another time is kept for them, `choose` where they find one themselves."""
    begin = appointment.during.lower
    if plan := appointment.plan_period:
        facts["time"] = time_words(plan.starts_at)
        facts["date"] = date_format(appointment.day, "MONTH_DAY_FORMAT")
    tell(
        appointment,
        notice if plan else choose,
        turn=int(begin.timestamp()) % 2**15,
        pressing=begin - moments.now() < AT_ONCE,
        rings_later=services.is_rung_later(appointment),
        **facts,
    )


def tell_rebooked(payload: dict[str, Any]) -> None:
    appointment = _get(payload)
    turn = int(appointment.during.lower.timestamp()) % 2**15
    tell(appointment, "stop.rebooked", turn=turn)


def restore(payload: dict[str, Any]) -> None:
    stop = Stop.objects.select_related("session").get(pk=UUID(payload["stop_id"]))
    ring_boards(stop.session)
    for appointment in services.restore(stop=stop):
        tell(appointment, "stop.undone")


def miss(payload: dict[str, Any]) -> None:
    services.miss(session_id=UUID(payload["session_id"]))


def _trip(payload: dict[str, Any], status: Status) -> list[Appointment]:
    rows = Appointment.objects.filter(trip=UUID(payload["trip_id"]), status=status)
    return list(rows.select_related(*SHOWN, "patient__user").order_by("during", "pk"))


def end_for_death(payload: dict[str, Any]) -> None:
    """Seen twice, nothing is left to end."""
    services.end_for_death(person_key=UUID(payload["patient_id"]))


def _get(payload: dict[str, Any]) -> Appointment:
    rows = Appointment.objects.select_related(*SHOWN, "patient__user")
    return rows.get(pk=UUID(payload["appointment_id"]))
