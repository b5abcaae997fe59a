"""
A place that came free: first to who waits for it, then to everybody.

Whoever stays with a doctor whose clinic was stopped is booked at once; whoever waits is asked.
A place keeps being counted while it goes from hand to hand: from whoever cancels to whoever is
asked, and on to the next when no answer comes. The period is locked first, then the entry.
"""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from scheduling.appointments import clock_rows, fees, queries, rules, trip_orders, waitlist
from scheduling.appointments.events import AppointmentBooked, WaitlistLapsed, WaitlistOffered
from scheduling.appointments.given_back import givers_of
from scheduling.appointments.models import Appointment, Response, Status, Wait
from scheduling.appointments.services.claiming import free_rank, lock, one_at_a_time, where
from scheduling.appointments.services.opening import open_record
from scheduling.appointments.services.responding import answer, ask
from scheduling.appointments.services.seating import seat
from scheduling.availability import services as availability
from scheduling.availability.models import Period, PeriodState, Pool
from scheduling.availability.queries import get_period
from scheduling.availability.services.places import home_of, lock_period
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, require
from telemed.core.intentions import attempt, require_intention
from telemed.core.models import Clock
from telemed.notifications.persons import Voice

OFFER = Response.About.OFFER


def place_on(appointment: Appointment) -> None:
    """What this one held goes on. In the night it is kept for whoever is asked in the morning."""
    require_intention()
    period = get_period(appointment.period_id)
    now = moments.now()
    if rules.is_night(period.organisation_id, now) and _would_do_in_the_morning(
        period, appointment.pool
    ):
        Appointment.objects.filter(pk=appointment.pk).update(holds_place=True)
        appointment.holds_place = True
        clock_rows.start_return_at(appointment, rules.next_morning(period.organisation_id, now))
        return
    appointment.returned_at = now if appointment.status == Status.CANCELLED else None
    gone = Appointment.objects.filter(pk=appointment.pk)
    gone.update(holds_place=False, returned_at=appointment.returned_at)
    appointment.holds_place = False
    give_on(period_id=period.pk, pool=appointment.pool)


def give_on(*, period_id: UUID, pool: str) -> None:
    """A place that nobody's row holds any more, and that is counted still."""
    require_intention()
    if not _offer_next(get_period(period_id), pool):
        availability.give_back(period_id=period_id, pool=pool)


def offer_free(periods: QuerySet[Period]) -> int:
    """Free public places of these periods, to who waits for them. How many were offered."""
    require_intention()
    offered = 0
    for period in waitlist.waited_for(periods):
        if rules.is_night(period.organisation_id, moments.now()):
            continue
        lock_period(period.pk)
        while waitlist.in_line_for(period, Pool.PUBLIC, moments.now()):
            try:
                availability.take_place(period_id=period.pk, pools=[Pool.PUBLIC])
            except Conflict:
                break
            if not _offer_next(period, Pool.PUBLIC):
                availability.give_back(period_id=period.pk, pool=Pool.PUBLIC)
                break
            offered += 1
    return offered


def seat_staying(periods: QuerySet[Period]) -> int:
    """
    Free places of these periods, to who stays with their doctors. How many were booked. By day and
    by night: nobody is asked.
    """
    require_intention()
    seated = 0
    for period in waitlist.stayed_for(periods):
        lock_period(period.pk)
        for entry_id in waitlist.staying_at(period):
            entry = _locked(Appointment.objects.filter(pk=entry_id))
            if entry is None:
                continue
            try:
                _there, pool = availability.take_place(period_id=period.pk, pools=entry.wait.pools)
            except Conflict:
                break
            if _seat(entry, period, pool):
                seated += 1
            else:
                availability.give_back(period_id=period.pk, pool=pool)
    return seated


def accept(*, actor: Voice, appointment_id: UUID) -> Appointment:
    """In time, an offer is a booking. Doing it twice is done once."""
    require_intention()
    entry = lock(actor, appointment_id)
    require(waitlist.may_answer(actor, entry), _("You may not book for this person."))
    if entry.status == Status.BOOKED:
        return entry
    now = moments.now()
    if entry.status == Status.WAITLISTED or (
        entry.status == Status.OFFERED and entry.held_until and entry.held_until <= now
    ):
        raise Conflict(_("The offer ended; you are still on the list."), path="offer")
    if entry.status != Status.OFFERED:
        raise entry.out_of_turn()
    entry.become(Status.BOOKED)
    answer(entry, OFFER, Response.Status.ACCEPTED, actor)
    entry.ticket = queries.free_ticket(entry.period_id)
    entry.booked_at, entry.held_until = now, None
    entry.save(update_fields=["status", "ticket", "booked_at", "held_until"])
    Wait.objects.filter(pk=entry.pk).update(rank=None)
    clock_rows.stop(entry, clock_rows.OFFER, clock_rows.WAIT_END)
    clock_rows.start_reminders(entry)
    open_record(entry)
    _note(entry, "appointment.book")
    outbox.announce(AppointmentBooked(appointment_id=entry.pk))
    return entry


def decline(*, actor: Voice, appointment_id: UUID) -> Appointment:
    """Not this place: back to the list, and the next one is asked."""
    require_intention()
    entry = lock(actor, appointment_id)
    require(waitlist.may_answer(actor, entry), _("You may not book for this person."))
    if entry.status == Status.WAITLISTED:
        return entry
    if entry.status != Status.OFFERED:
        raise entry.out_of_turn()
    _let_go(entry, actor)
    return entry


def lapse(*, clock: Clock) -> None:
    """Nobody answered in time."""
    require_intention()
    rows = Appointment.objects.filter(pk=clock.about)
    period_id = rows.values_list("period", flat=True).first()
    if period_id is None:
        return
    lock_period(period_id)
    still = rows.filter(status=Status.OFFERED, held_until__lte=moments.now(), period=period_id)
    entry = still.select_for_update(of=["self"], no_key=True).select_related(*queries.SHOWN).first()
    if entry:
        _let_go(entry, None)


def _let_go(entry: Appointment, by: Voice | None) -> None:
    """Back to the list; after the second time to its end. The same place is not offered again."""
    entry.become(Status.WAITLISTED)
    answer(entry, OFFER, Response.Status.DECLINED, by)
    entry.held_until, entry.holds_place = None, False
    entry.save(update_fields=["status", "held_until", "holds_place"])
    wait = Wait.objects.select_for_update(no_key=True).get(pk=entry.pk)
    wait.lapses += 1
    wait.let_go = [*wait.let_go, entry.period_id]
    if wait.lapses >= waitlist.LAPSES:
        wait.since = moments.now()
    wait.save(update_fields=["lapses", "let_go", "since"])
    clock_rows.stop(entry, clock_rows.OFFER)
    _note(entry, "waitlist.lapse")
    outbox.announce(WaitlistLapsed(appointment_id=entry.pk))
    give_on(period_id=entry.period_id, pool=entry.pool)


def _offer_next(period: Period, pool: str) -> bool:
    """The first in line who can still come. The caller holds the period and a place of it."""
    now = moments.now()
    if rules.is_night(period.organisation_id, now) or period.state == PeriodState.STOPPED:
        return False
    givers = givers_of(period.pk)
    for entry_id in waitlist.in_line_for(period, _for_whom(period, pool), now):
        entry = _locked(Appointment.objects.filter(pk=entry_id).exclude(booked_by__in=givers))
        if entry is None:
            continue
        give = _seat if entry.status == Status.DISPLACED else _offer
        if give(entry, period, pool):
            return True
    return False


def _locked(rows: QuerySet[Appointment]) -> Appointment | None:
    """Somebody who is just being asked, or just leaves, is not waited for."""
    waits = Q(status=Status.WAITLISTED) | Q(status=Status.DISPLACED, wait__stays=True)
    locked = rows.filter(waits).select_for_update(of=["self"], skip_locked=True, no_key=True)
    return locked.select_related(*queries.SHOWN, "patient__merged_into").first()


def _seat(entry: Appointment, period: Period, pool: str) -> bool:
    """False where another booking, or the order of their trip, is in the way."""
    if not trip_orders.keeps_order(entry, period):
        return False
    try:
        with attempt():
            seat(entry, get_period(period.pk), pool)
    except Conflict:
        return False
    return True


def _offer(entry: Appointment, period: Period, pool: str) -> bool:
    """False where another booking of that person is in the way."""
    wait = Wait.objects.select_for_update(no_key=True).get(pk=entry.pk)
    allowance = rules.answer_within(period.organisation_id, far=wait.far)
    person = entry.patient.merged_into or entry.patient
    try:
        with attempt(), one_at_a_time():
            entry.day_rank = free_rank(person, period, leaving=entry.pk)
            for name, value in (where(period) | fees.price(person, period)).items():
                setattr(entry, name, value)
            entry.become(Status.OFFERED)
            entry.pool, entry.holds_place = pool, True
            entry.held_until = moments.now() + allowance
            entry.save()
    except Conflict:
        return False
    wait.offers += 1
    wait.save(update_fields=["offers"])
    clock_rows.start_offer(entry, allowance)
    ask(entry, OFFER)
    _note(entry, "waitlist.offer")
    outbox.announce(WaitlistOffered(appointment_id=entry.pk, turn=wait.offers))
    return True


def _for_whom(period: Period, pool: str) -> str:
    """A place of a pool whose time has passed is everybody's; the desk's own stay the desk's."""
    if pool == Pool.WALK_IN:
        return pool
    home = home_of(period, pool, moments.now())
    return Pool.PUBLIC if home == Pool.WALK_IN else home


def _would_do_in_the_morning(period: Period, pool: str) -> bool:
    morning = rules.next_morning(period.organisation_id, moments.now())
    return bool(waitlist.in_line_for(period, _for_whom(period, pool), morning))


def _note(entry: Appointment, action: str) -> None:
    audit.record(action=action, target=entry, patient_id=entry.patient_id)
    publication.publish(entry)
