"""
A clinic that stops: whoever booked keeps the ticket, is kept a place by the stop's plan, is told,
and chooses. Periods are locked in one order, then the bookings in them.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows, queries, timing, trip_orders
from scheduling.appointments.displaced import QUESTIONS
from scheduling.appointments.events import AppointmentCancelled, AppointmentPlanLost
from scheduling.appointments.models import Appointment, Response, Status
from scheduling.appointments.services.claiming import free_rank, lock, lock_periods
from scheduling.appointments.services.offering import give_on
from scheduling.appointments.services.opening import close_record
from scheduling.appointments.services.responding import answer, ask, withdraw
from scheduling.appointments.services.seating import Kept, drop_plan, end_stay, seat
from scheduling.appointments.waitlist import may_answer
from scheduling.availability import services as availability
from scheduling.availability.models import BOOKABLE, Period, Pool, Stop
from scheduling.availability.queries import get_period
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, require
from telemed.core.intentions import require_intention
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from telemed.notifications.persons import Voice
from telemed.notifications.services import settle, to_phone_list

STOP = Response.About.STOP
AT_LEAST = timedelta(minutes=15)  # however near the kept place is


def displace(*, stop: Stop) -> list[Appointment]:
    """Everybody booked in a stopped session waits for another time; nothing counts against them."""
    require_intention()
    if stop.undone_at:
        return []
    kept = _plan_of(stop)
    stopped = Appointment.objects.filter(period__session=stop.session_id)
    lock_periods([*stopped.values_list("period", flat=True), *(period.pk for period in kept)])
    _lose_plans(stop.session_id)
    moved = _locked(stopped.filter(status=Status.BOOKED))
    for appointment in sorted(moved, key=lambda one: (one.during.lower, one.ticket)):
        appointment.become(Status.DISPLACED)
        appointment.displaced_by = stop
        keep_a_place(appointment, kept)
        appointment.save(update_fields=["status", "displaced_by", "plan_period", "plan_pool"])
        clock_rows.stop(appointment, clock_rows.REMIND)
        _note(appointment, "appointment.displace")
    return moved


def restore(*, stop: Stop) -> list[Appointment]:
    """The clinic takes place after all: the same ticket, the same time; what was kept is free."""
    require_intention()
    # Whom the desk called off alone was displaced by no stop.
    there = Appointment.objects.filter(
        period__session=stop.session_id, status=Status.DISPLACED, displaced_by__isnull=False
    )
    lock_periods([*there.values_list("period", flat=True), *_plans(there)])
    back = _locked(there)
    for appointment in list(back):
        if not appointment.holds_place and not _take_again(appointment):
            back.remove(appointment)  # stays with the doctor, and keeps waiting
            continue
        appointment.become(Status.BOOKED)
        withdraw(appointment)
        kept = drop_plan(appointment)
        end_stay(appointment)
        appointment.displaced_by = None
        appointment.save(update_fields=["status", "displaced_by", "holds_place", "pool", *PLANNED])
        clock_rows.stop(appointment, clock_rows.CHOICE)
        settle(about=appointment.pk)
        clock_rows.start_reminders(appointment)
        _note(appointment, "appointment.restore")
        if kept:
            give_on(**kept)
    return back


def await_answers(*, session_id: UUID) -> list[Appointment]:
    """Whoever is told now has so long to answer. Those who were told before keep their time."""
    require_intention()
    asked = Appointment.objects.filter(
        period__session=session_id, status=Status.DISPLACED, answer_by=None
    ).exclude(wait__stays=True)
    now, told = moments.now(), []
    for appointment in _locked(asked):
        appointment.answer_by = until_when(appointment, now)
        appointment.save(update_fields=["answer_by"])
        clock_rows.start_choice(appointment)
        ask(appointment, STOP)
        told.append(appointment)
    return told


def rebook(*, actor: Voice, appointment_id: UUID) -> Appointment:
    """The place that was kept is taken. Doing it twice is done once."""
    require_intention()
    appointment = lock(actor, appointment_id)
    require(may_answer(actor, appointment), _("You may not book for this person."))
    if appointment.status == Status.BOOKED:
        return appointment
    if appointment.status != Status.DISPLACED:
        raise appointment.out_of_turn()
    if appointment.plan_period_id is None:
        raise Conflict(_("No place is kept for you; choose another time."), path="plan")
    answer(appointment, STOP, Response.Status.ACCEPTED, actor)
    old = Kept(period_id=appointment.period_id, pool=appointment.pool)
    seat(appointment, get_period(appointment.plan_period_id), appointment.plan_pool)
    availability.give_back(**old)
    return appointment


def choice_due(*, clock: Clock) -> None:
    """Somebody phones; at the end the clinic cancels, and it never counts."""
    require_intention()
    if clock.rung == clock_rows.PHONE_RUNG:
        ring_now(appointment_id=clock.about)
        return
    rows = Appointment.objects.filter(pk=clock.about)
    lock_periods([*rows.values_list("period", flat=True), *_plans(rows)])
    for appointment in _locked(rows.filter(status=Status.DISPLACED)):
        sentence = _("the clinic did not take place, and no answer came")
        end_displaced(appointment, sentence, by=None)
        _note(appointment, "appointment.cancel")
        outbox.announce(AppointmentCancelled(appointment_id=appointment.pk))


def ring_now(*, appointment_id: UUID) -> None:
    """The question is on the phone list; the desk rings."""
    require_intention()
    for question in Notification.objects.filter(about=appointment_id, template__in=QUESTIONS):
        to_phone_list(question)


def is_rung_later(appointment: Appointment) -> bool:
    """Whether there is time enough for the rung at which somebody phones."""
    by = appointment.answer_by
    after = timing.span(timing.PHONE, appointment.organisation_id)
    return by is not None and by - moments.now() > after


def end_displaced(appointment: Appointment, because: str, *, by: Voice | None) -> None:
    """Cancelled: its old place is nobody's, and the one that was kept goes on."""
    appointment.become(Status.CANCELLED)
    held, appointment.holds_place = appointment.holds_place, False
    if held and (by or appointment.answer_by):  # else they answered by staying
        answer(appointment, STOP, Response.Status.DECLINED, by)
    appointment.ended_at, appointment.ended_because = moments.now(), because
    kept = drop_plan(appointment)
    appointment.save()
    if held:
        availability.give_back(period_id=appointment.period_id, pool=appointment.pool)
    end_stay(appointment)
    clock_rows.stop(appointment, clock_rows.CHOICE)
    settle(about=appointment.pk)
    close_record(appointment)
    if kept:
        give_on(**kept)


PLANNED = ("plan_period", "plan_pool", "answer_by")


def _plan_of(stop: Stop) -> list[Period]:
    """Where they are sent: the open periods of the session that stands in."""
    return open_periods_in(stop.instead_id, stop.session.kind) if stop.instead_id else []


def open_periods_in(session_id: UUID, kind: str) -> list[Period]:
    """What is ahead there, of that kind: who comes by video is kept such a place."""
    there = Period.objects.filter(session=session_id, state__in=BOOKABLE, session__kind=kind)
    return list(there.filter(starts_at__gt=moments.now()).order_by("starts_at", "pk"))


def keep_a_place(appointment: Appointment, periods: list[Period]) -> None:
    """
    In memory: the one nearest to the same time of day; of the own pool, else of one that is open to
    all. The caller has locked the periods.
    """
    pools = _pools_for(appointment)
    begin = timezone.localtime(appointment.during.lower)

    def off(period: Period) -> timedelta:
        start = timezone.localtime(period.starts_at)
        same = begin.replace(year=start.year, month=start.month, day=start.day)
        return abs(start - same)

    fitting = [period for period in periods if trip_orders.keeps_order(appointment, period)]
    for period in sorted(fitting, key=off):
        try:
            free_rank(
                appointment.patient,
                period,
                leaving=appointment.pk,
                examination=appointment.examination,
            )
            there, pool = availability.take_place(period_id=period.pk, pools=pools)
        except Conflict:
            continue
        appointment.plan_period, appointment.plan_pool = there, pool
        return


def _take_again(appointment: Appointment) -> bool:
    """In memory: the place in the old period that was given back while they waited."""
    try:
        _period, appointment.pool = availability.take_place(
            period_id=appointment.period_id, pools=_pools_for(appointment)
        )
    except Conflict:
        return False
    appointment.holds_place = True
    return True


def _pools_for(appointment: Appointment) -> list[str]:
    """The own pool, else one that is open to all."""
    return list(dict.fromkeys([appointment.pool, Pool.PUBLIC, Pool.PHONE, Pool.WALK_IN]))


def _lose_plans(session_id: UUID) -> None:
    """
    The session that was to stand in is stopped itself: nothing is kept in it any more. Whoever was
    asked is told so, and has as long to choose as at first.
    """
    there = Appointment.objects.filter(plan_period__session=session_id, status=Status.DISPLACED)
    for appointment in _locked(there):
        asked = appointment.answer_by is not None
        kept = drop_plan(appointment)
        appointment.answer_by = until_when(appointment, moments.now()) if asked else None
        appointment.save(update_fields=[*PLANNED])
        clock_rows.stop(appointment, clock_rows.CHOICE)
        if asked:
            settle(about=appointment.pk)
            clock_rows.start_choice(appointment)
            ask(appointment, STOP)  # the same question, without a time
            outbox.announce(AppointmentPlanLost(appointment_id=appointment.pk))
        _note(appointment, "appointment.displace")
        if kept:
            give_on(**kept)


def until_when(appointment: Appointment, now: datetime) -> datetime:
    organisation_id = appointment.organisation_id
    end = now + timing.span(timing.CHOICE, organisation_id)
    if appointment.plan_period:
        before = timing.span(timing.BEFORE, organisation_id)
        end = min(end, appointment.plan_period.starts_at - before)
    return max(end, now + AT_LEAST)


def _plans(rows: QuerySet[Appointment]) -> Iterable[UUID]:
    kept = rows.filter(plan_period__isnull=False).values_list("plan_period", flat=True)
    return [period_id for period_id in kept if period_id]


def _locked(rows: QuerySet[Appointment]) -> list[Appointment]:
    locked = rows.select_for_update(of=["self"], no_key=True).select_related(
        *queries.SHOWN, "plan_period"
    )
    return list(locked.order_by("pk"))


def _note(appointment: Appointment, action: str) -> None:
    audit.record(action=action, target=appointment, patient_id=appointment.patient_id)
    publication.publish(appointment)
