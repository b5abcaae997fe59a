"""
One trip: a visit and its examinations, booked, moved and cancelled as one.

All of it or nothing, in the one intention of the door: each stop is claimed, moved and cancelled by
the services of single bookings, once the periods of all of them are locked in one order.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.appointments import queries
from scheduling.appointments.events import TripBooked, TripCancelled, TripMoved
from scheduling.appointments.models import (
    COMING,
    LIVE,
    MOST_EXAMINATIONS,
    Appointment,
    Status,
    Trip,
)
from scheduling.appointments.services.booking import book
from scheduling.appointments.services.claiming import (
    lock_periods,
    places_of,
    require_booker,
)
from scheduling.appointments.services.leaving import UNDO, cancel, undo_cancel
from scheduling.appointments.services.moving import move
from scheduling.availability.models import Kind, Period
from scheduling.availability.queries import examination_of, find_periods
from scheduling.availability.services.places import PeriodClosed, PeriodFull
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.intentions import require_intention
from telemed.people.models import User


def book_trip(
    *,
    actor: User,
    patient: Patient,
    visit_id: UUID,
    examination_ids: Sequence[UUID],
    order: str = Trip.Order.VISIT_LAST,
) -> list[Appointment]:
    """
    A visit and its examinations on one day. Doing it twice is done once.

    Raises a Conflict that names the stop whose place was lost; then nothing is booked.
    """
    require_intention()
    patient = patient.merged_into or patient
    visit = _periods([visit_id])[0]
    examinations = _periods(examination_ids)
    _require_order(order)
    if visit.session.kind != Kind.CLINIC:
        raise Invalid(_("A trip is made around a visit in person."), path="visit")
    _require_together(visit, examinations)
    require_booker(actor, patient, visit.organisation_id)
    lock_periods(one.pk for one in (visit, *examinations))
    if there := _booked_already(patient, [visit, *examinations]):
        return there
    trip = Trip.objects.create(order=order)
    stops = [
        _claim(actor, patient, one, trip)
        for one in sorted([visit, *examinations], key=lambda one: one.starts_at)
    ]
    outbox.announce(TripBooked(trip_id=trip.pk, turn=len(stops)))
    return stops


def add_examinations(
    *,
    actor: User,
    appointment_id: UUID,
    examination_ids: Sequence[UUID],
    order: str = Trip.Order.VISIT_LAST,
) -> list[Appointment]:
    """To a visit that is booked, on its day. Raises as book_trip()."""
    require_intention()
    seen = _get(actor, appointment_id)
    examinations = _periods(examination_ids)
    _require_order(order)
    lock_periods([seen.period_id, seen.plan_period_id, *(one.pk for one in examinations)])
    visit = queries.get_appointment(actor, appointment_id, lock=True)
    if places_of(visit) != places_of(seen):
        raise Conflict(_("This booking was just moved; look again."), path="period")
    _require_extendable(visit)
    there = queries.stops_of(actor, visit)
    mine = {one.period_id for one in there}
    if examinations and mine.issuperset(one.pk for one in examinations):
        return there
    _require_together(visit.period, examinations, len(there) - 1 if there else 0)
    trip = visit.trip or Trip.objects.create(order=order)
    if visit.trip is None:
        visit.trip = trip
        visit.save(update_fields=["trip"])
        audit.record(action="appointment.extend", target=visit, patient_id=visit.patient_id)
        publication.publish(visit)
    added = [_claim(actor, visit.patient, one, trip) for one in examinations]
    stops = sorted([*(there or [visit]), *added], key=lambda one: one.during.lower)
    outbox.announce(TripBooked(trip_id=trip.pk, turn=len(stops)))
    return stops


def move_trip(
    *, actor: User, appointment_id: UUID, period_ids: Sequence[UUID]
) -> list[Appointment]:
    """All of it to another day; on the same day each stop is moved by itself."""
    require_intention()
    stops = open_trip(actor=actor, appointment_id=appointment_id)
    wanted = _periods(period_ids)
    if {one.pk for one in wanted} == {one.period_id for one in stops}:
        return stops
    if any(one.status not in COMING for one in stops):
        raise Conflict(_("The trip has begun; what is left is moved one by one."), path="status")
    there = {examination_of(one): one for one in wanted}
    if sorted(there) != sorted(one.examination for one in stops) or len(there) != len(wanted):
        raise Invalid(_("Choose one of the days: a time for each stop of the trip."), path="stop")
    _require_one_day(wanted)
    days = {one.day for one in stops}
    if timezone.localdate(wanted[0].starts_at) in days:
        sentence = _("Choose another day; on the same day each stop is moved by itself.")
        raise Invalid(sentence, path="stop")
    lock_periods([*(period for one in stops for period in places_of(one)), *_keys(wanted)])
    moved = []
    for stop in stops:
        period = there[stop.examination]
        with _says_which(period):
            moved.append(
                move(actor=actor, appointment_id=stop.pk, period_id=period.pk, in_trip=True)
            )
    moved.sort(key=lambda one: one.during.lower)
    day = moved[0].day.toordinal() % 2**15
    assert moved[0].trip_id  # noqa: S101  open_trip() finds nothing else
    outbox.announce(TripMoved(trip_id=moved[0].trip_id, turn=day))
    return moved


def cancel_trip(*, actor: User, appointment_id: UUID) -> list[Appointment]:
    """What has not begun of it. Late, it counts once. Doing it twice is done once."""
    require_intention()
    seen = _get(actor, appointment_id)
    if seen.trip_id is None:
        raise Conflict(_("This booking is no trip; cancel it alone."), path="status")
    now = moments.now()
    left = [
        one
        for one in queries.stops_of(actor, seen)
        if one.status in COMING and one.during.lower > now
    ]
    if not left:
        if seen.status == Status.CANCELLED:
            return [seen]
        raise Conflict(_("The visit has begun; it cannot be cancelled."), path="status")
    lock_periods(period for one in left for period in places_of(one))
    gone = [cancel(actor=actor, appointment_id=one.pk, in_trip=True) for one in left]
    outbox.announce(TripCancelled(trip_id=seen.trip_id, turn=len(gone)))
    return gone


def undo_cancel_trip(*, actor: User, appointment_id: UUID) -> list[Appointment]:
    """What was cancelled of it in the last two minutes stands again: all of that, or nothing."""
    require_intention()
    seen = _get(actor, appointment_id)
    since = moments.now() - UNDO
    rows = queries.visible_to(actor).filter(trip=seen.trip_id, trip__isnull=False)
    gone = rows.filter(status=Status.CANCELLED, ended_because="", ended_at__gte=since)
    left = list(gone.order_by("pk"))
    if not left:
        raise Conflict(_("This can no longer be undone; book anew."), path="status")
    lock_periods(one.period_id for one in left)
    return [undo_cancel(actor=actor, appointment_id=one.pk) for one in left]


def open_trip(*, actor: User, appointment_id: UUID) -> list[Appointment]:
    """The stops of a trip that still stands, in order. Raises Conflict for what is none."""
    require_intention()
    seen = _get(actor, appointment_id)
    stops = queries.stops_of(actor, seen)
    if len(stops) < 2:
        raise Conflict(_("This booking is no trip; move it alone."), path="status")
    return stops


def open_extendable(*, actor: User, appointment_id: UUID) -> Appointment:
    """A visit in person that is ahead, to which examinations may be added."""
    require_intention()
    visit = _get(actor, appointment_id)
    _require_extendable(visit)
    return visit


def _get(actor: User, appointment_id: UUID) -> Appointment:
    """One that the actor could have booked: whoever only sees it changes nothing."""
    seen = queries.get_appointment(actor, appointment_id)
    require_booker(actor, seen.patient, seen.organisation_id)
    return seen


def _require_extendable(visit: Appointment) -> None:
    if visit.status != Status.BOOKED:
        raise visit.out_of_turn()
    if visit.during.lower <= moments.now():
        raise Conflict(_("That time has passed."), path="visit")
    if visit.examination or visit.period.session.kind != Kind.CLINIC:
        raise Invalid(_("A trip is made around a visit in person."), path="visit")


def _periods(wanted: Collection[UUID]) -> list[Period]:
    found = find_periods(wanted)
    if len(found) != len(set(wanted)):
        raise NotFound(_("This time does not exist."), path="period")
    return found


def _keys(periods: Iterable[Period]) -> list[UUID]:
    return [one.pk for one in periods]


def _require_order(order: str) -> None:
    if order not in Trip.Order.values:
        raise Invalid(_("Choose what comes first, the examinations or the doctor."), path="order")


def _require_together(visit: Period, examinations: Sequence[Period], before: int = 0) -> None:
    """One hospital, one day, each examination once. `before`: so many it has already."""
    if not examinations:
        raise Invalid(_("Choose at least one examination."), path="x")
    if len(examinations) + before > MOST_EXAMINATIONS:
        sentence = _("At most {n} examinations on one trip.").format(n=MOST_EXAMINATIONS)
        raise Invalid(sentence, path="x")
    kinds = [examination_of(one) for one in examinations]
    if not all(kinds):
        raise Invalid(_("That is no examination; book it by itself."), path="x")
    if len(set(kinds)) != len(kinds):
        raise Invalid(_("Choose each examination once."), path="x")
    if any(one.organisation_id != visit.organisation_id for one in examinations):
        raise Invalid(_("All of a trip is at one hospital."), path="x")
    _require_one_day([visit, *examinations])


def _require_one_day(periods: Sequence[Period]) -> None:
    if len({timezone.localdate(one.starts_at) for one in periods}) != 1:
        raise Invalid(_("All of a trip is on one day."), path="x")
    if any(one.starts_at <= moments.now() for one in periods):
        raise Conflict(_("That time has passed."), path="x")


def _claim(actor: User, patient: Patient, period: Period, trip: Trip) -> Appointment:
    with _says_which(period):
        return book(
            actor=actor,
            patient=patient,
            period_id=period.pk,
            trip=trip,
            examination=examination_of(period),
        )


@contextmanager
def _says_which(period: Period) -> Iterator[None]:
    """A place that was lost: which of them, and that nothing is booked."""
    try:
        yield
    except (PeriodFull, PeriodClosed) as error:
        sentence = _(
            "{what} at {time} was just taken, so nothing was changed. Here is what fits now."
        )
        what = examination_of(period) or period.department.name
        time = f"{timezone.localtime(period.starts_at):%H:%M}"
        raise Conflict(sentence.format(what=what, time=time), path="stop") from error


def _booked_already(patient: Patient, periods: Sequence[Period]) -> list[Appointment]:
    """The same trip, booked by the click before this one."""
    rows = Appointment.objects.filter(
        person_key=patient.pk, period__in=periods, status__in=LIVE, trip__isnull=False
    )
    there = list(rows.select_related(*queries.SHOWN).order_by("during"))
    same = len(there) == len(periods) and len({one.trip_id for one in there}) == 1
    return there if same else []
