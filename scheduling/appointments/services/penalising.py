"""Strikes and blocks: noted, counted, appealed, waived, taken back."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.consent import access
from scheduling.appointments import clock_rows, penalties
from scheduling.appointments.models import Appeal, Appointment, Block, Status, Strike, Trip
from scheduling.appointments.penalties import APPEAL, OVER, WARN
from scheduling.appointments.permissions import is_clerk_of
from scheduling.appointments.queries import SHOWN
from scheduling.appointments.services.opening import open_record
from scheduling.appointments.services.reminding import tell
from scheduling.availability.services.places import lock_period
from telemed.audit import services as audit
from telemed.core import clocks, moments, policies, publication
from telemed.core.errors import Conflict, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.models import Calendar, Clock
from telemed.core.reasons import checked_reason
from telemed.people.models import Role, User

LONGEST = 300  # characters
CORRECT_WITHIN = timedelta(days=7)
LONGEST_WAIVER = timedelta(days=31)
TO_CORRECT = timedelta(minutes=10)  # before the rest of a trip counts
POINTS = {Strike.Kind.MISSED: penalties.MISSED, Strike.Kind.LATE: penalties.LATE}


def note_strike(
    *, appointment: Appointment, kind: Strike.Kind, marked_by: User | None = None
) -> Strike | None:
    """
    It counts when its clock runs out: until then it can be undone without a trace of points. A
    trip counts once, by what weighs most; None where that is noted already.
    """
    require_intention()
    points = policies.value(POINTS[kind], appointment.organisation_id)
    if appointment.trip_id and _is_noted(appointment, points):
        return None
    strike, _new = Strike.objects.update_or_create(
        appointment=appointment,
        defaults={
            "patient": appointment.patient,
            "person_key": appointment.person_key,
            "organisation": appointment.organisation,
            "day": appointment.day,
            "kind": kind,
            "points": points,
            "state": Strike.State.NOTED,
            "marked_by": marked_by,
        },
    )
    return strike


def count_strike(*, clock: Clock) -> None:
    """Late enough that nobody takes it back in passing: it counts, and may limit booking."""
    require_intention()
    noted = Strike.objects.filter(appointment=clock.about, state=Strike.State.NOTED)
    strike = noted.select_for_update(no_key=True).first()
    if strike is None:
        return
    strike.state = Strike.State.COUNTED
    strike.save(update_fields=["state"])
    audit.record(action="penalty.count", target=strike, patient_id=strike.patient_id)
    org = strike.organisation_id
    if penalties.points_of(strike.person_key, org) >= policies.value(penalties.LIMIT, org):
        _block(
            _shown(strike.appointment_id), Block.Kind.POINTS, policies.value(penalties.BLOCK, org)
        )


def count_cancellation(*, appointment: Appointment) -> None:
    """Whoever books and cancels all the time keeps others from booking."""
    require_intention()
    org = appointment.organisation_id
    many = penalties.cancellations_of(appointment.person_key, org)
    if many >= policies.value(penalties.CANCELLATIONS, org):
        days = policies.value(penalties.CANCEL_BLOCK, org)
        _block(appointment, Block.Kind.CANCELLATIONS, days)


def take_back(*, appointment: Appointment, kind: Strike.Kind | None = None) -> None:
    """
    The visit took place, or its cancelling was undone: nothing stands of it. `kind`: of that alone,
    because whoever moved late and then comes has moved late all the same.
    """
    require_intention()
    strikes = Strike.objects.select_for_update(no_key=True).filter(appointment=appointment)
    strike = (strikes.filter(kind=kind) if kind else strikes).first()
    if strike and strike.state in Strike.STANDING:
        _end(strike, Strike.State.VOID)
        if appointment.trip_id:
            _note_the_rest(appointment)


def _is_noted(appointment: Appointment, points: int) -> bool:
    """Whether another stop of the trip weighs as much; what weighs less gives way."""
    Trip.objects.select_for_update(of=["self"], no_key=True).get(stops=appointment)  # in turns
    others = Strike.objects.filter(
        appointment__trip=appointment.trip_id, state__in=Strike.STANDING
    ).exclude(appointment=appointment)
    for other in others.select_for_update(of=["self"], no_key=True).order_by("pk"):
        if other.points >= points:
            return True
        _end(other, Strike.State.VOID)
    return False


def _note_the_rest(appointment: Appointment) -> None:
    """The stop by which the trip counted does not count any more; another may have been missed."""
    rest = Appointment.objects.filter(trip=appointment.trip_id).exclude(pk=appointment.pk)
    missed = rest.filter(Q(status=Status.NO_SHOW) | Q(status=Status.CANCELLED, late=True))
    for stop in missed.select_related(*SHOWN).order_by("during"):
        kind = Strike.Kind.MISSED if stop.status == Status.NO_SHOW else Strike.Kind.LATE
        if note_strike(appointment=stop, kind=kind):
            clock_rows.start_no_show(stop, moments.now() + TO_CORRECT)
            return


def correct(*, actor: User, appointment_id: UUID, reason: str) -> Appointment:
    """
    Marked as missed, and was there, or as not seen, and was: the desk or the medical office says so
    within a week.
    """
    require_intention()
    here = Appointment.objects.filter(pk=appointment_id, organisation=actor.organisation_id)
    seen = here.first() if actor.organisation_id else None
    if seen is None:
        raise NotFound(_("Not found, or not yours to know of."))
    may = is_clerk_of(actor, seen.organisation_id) or actor.role == Role.MEDICAL_OFFICE
    require(may, _("The desk or the medical office corrects that."))
    because = checked_reason(reason)
    lock_period(seen.period_id)
    appointment = here.select_for_update(of=["self"], no_key=True).select_related(*SHOWN).get()
    if appointment.status == Status.FULFILLED:
        return appointment
    missed = appointment.status == Status.NO_SHOW
    if not (missed or appointment.is_unseen):
        raise appointment.out_of_turn()
    if moments.now() - appointment.during.upper > CORRECT_WITHIN:
        raise Conflict(_("That can be corrected for seven days only."), path="status")
    appointment.become(Status.FULFILLED)
    appointment.save(update_fields=["status"])
    clock_rows.stop(appointment, clock_rows.NO_SHOW)
    take_back(appointment=appointment)
    audit.record(
        action="appointment.correct",
        target=appointment,
        patient_id=appointment.patient_id,
        reason=because,
    )
    publication.publish(appointment)
    if missed:
        tell(appointment, "penalty.lifted")
    else:
        open_record(appointment)  # closed when nobody seemed to have seen them
    return appointment


def appeal(*, actor: User, strike_id: UUID, reason: str) -> Appeal:
    """By the person, who acts for them, or the desk; while it is open the block is suspended."""
    require_intention()
    found = Strike.objects.select_for_update(of=["self"], no_key=True).select_related("patient")
    strike = found.filter(pk=strike_id).first()
    own = strike is not None and access.decide(actor, "book", strike.patient).allowed
    if strike is None or not (own or is_clerk_of(actor, strike.organisation_id)):
        raise NotFound(_("Not found, or not yours to know of."))
    because = checked_reason(reason)
    before = Appeal.objects.filter(strike=strike).first()
    if before:
        return before
    if strike.state not in Strike.STANDING:
        raise Conflict(_("This does not count against you."), path="strike")
    days = penalties.appeals_end_after(strike)
    if timezone.localdate() - strike.day > timedelta(days=days):
        sentence = ngettext(
            "An appeal is possible for {n} day.", "An appeal is possible for {n} days.", days
        )
        raise Conflict(sentence.format(n=days), path="strike")
    sentence = _("There is an appeal against this already.")
    with refusing(appointments_appeal_strike_id_key=Conflict(sentence, path="strike")):
        filed = Appeal.objects.create(strike=strike, filed_by=actor, reason=because)
    _points_blocks(strike).filter(state=Block.State.ACTIVE).update(state=Block.State.SUSPENDED)
    within = policies.value(penalties.DECIDE, strike.organisation_id)
    ladder = [
        clocks.Start(APPEAL, WARN, within * 3 / 4, Calendar.WORKING),
        clocks.Start(APPEAL, OVER, within, Calendar.WORKING),
    ]
    clocks.start_clocks(about=filed.pk, rungs=ladder, new=True)
    audit.record(action="penalty.appeal", target=strike, patient_id=strike.patient_id)
    return filed


def decide_appeal(*, actor: User, appeal_id: UUID, upheld: bool, reason: str = "") -> Appeal:
    """Of the hospital, and neither who marked it nor who appealed. A rejection says why."""
    require_intention()
    require(penalties.may_decide(actor), _("An administrator or coordinator decides appeals."))
    rows = penalties.appeals_before(actor).select_for_update(of=["self"], no_key=True)
    found = rows.filter(pk=appeal_id).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."))
    strike = found.strike
    other = actor.pk not in (strike.marked_by_id, found.filed_by_id)
    require(other, _("Somebody else decides this: you marked it, or filed the appeal."))
    because = reason.strip()[:LONGEST] if upheld else checked_reason(reason)
    found.decide(Appeal.State.UPHELD if upheld else Appeal.State.REJECTED)
    found.decided_by, found.decided_at, found.decision = actor, moments.now(), because
    found.save()
    clocks.stop_clocks(about=found.pk, kind=APPEAL)
    audit.record(
        action="penalty.decide",
        target=strike,
        patient_id=strike.patient_id,
        reason=str(found.state),
    )
    if upheld:
        _end(strike, Strike.State.VOID, by=actor)
        tell(_shown(strike.appointment_id), "penalty.lifted")
    elif not _open_appeals(strike):
        suspended = _points_blocks(strike).filter(state=Block.State.SUSPENDED)
        suspended.update(state=Block.State.ACTIVE)
    return found


def open_appeals(*, actor: User) -> list[tuple[Appeal, datetime | None]]:
    """What waits for this hospital's decision and until when; looking at it is traced."""
    require_intention()
    require(penalties.may_decide(actor), _("An administrator or coordinator decides appeals."))
    audit.record(action="penalty.read", target=f"Organisation/{actor.organisation_id}")
    rows = penalties.appeals_before(actor).filter(state=Appeal.State.FILED)
    waiting = list(rows.order_by("created_at")[: penalties.PAGE])
    due = _ends([one.pk for one in waiting])
    return [(one, due.get(one.pk)) for one in waiting]


def overdue_of_county(*, actor: User) -> list[tuple[Appeal, datetime]]:
    """
    What the hospitals of a county have not decided in time, the longest first, for the coordinator
    of its health authority: which hospital and since when, and nobody's name.
    """
    require_intention()
    late = penalties.appeals_of_county(actor).filter(penalties.past_its_time())
    undecided = list(late.order_by("created_at")[: penalties.PAGE])
    due = _ends([one.pk for one in undecided])
    return [(one, due[one.pk]) for one in undecided]


def _ends(appeals: list[UUID]) -> dict[UUID, datetime]:
    """Until when each has to be decided."""
    rows = Clock.objects.filter(about__in=appeals, kind=APPEAL, rung=OVER)
    return dict(rows.values_list("about", "due_at"))


def preview_waiver(*, actor: User, first: date, last: date) -> penalties.Waiver:
    """How many would be waived, and whose; looking at that is traced."""
    require_intention()
    _require_waiver(actor, first, last)
    audit.record(action="penalty.read", target=f"Organisation/{actor.organisation_id}")
    return penalties.waiver_of(actor, first, last)


def waive(*, actor: User, first: date, last: date, reason: str) -> int:
    """
    A landslide, a bus that did not go: nothing of these days counts, at the own hospital or at all
    those of the authority's county. Once for each strike; whose block falls is told.
    """
    require_intention()
    _require_waiver(actor, first, last)
    because = checked_reason(reason)
    standing = penalties.to_waive(actor, first, last)
    strikes = list(standing.select_for_update(of=["self"], no_key=True).order_by("pk"))
    for strike in strikes:
        if _end(strike, Strike.State.WAIVED, by=actor, because=because):
            tell(_shown(strike.appointment_id), "penalty.lifted")
    audit.record(
        action="penalty.waive", target=f"Organisation/{actor.organisation_id}", reason=because
    )
    return len(strikes)


def _require_waiver(actor: User, first: date, last: date) -> None:
    require(penalties.may_decide(actor), _("An administrator or coordinator waives strikes."))
    if not first <= last <= first + LONGEST_WAIVER:
        sentence = _("Give a first and a last day, at most {n} days apart.")
        raise Invalid(sentence.format(n=LONGEST_WAIVER.days), path="last")


def _end(strike: Strike, state: Strike.State, *, by: User | None = None, because: str = "") -> bool:
    """It does not count any more; a block that stood on it falls. Whether one did."""
    strike.state, strike.ended_by, strike.ended_because = state, by, because
    strike.save(update_fields=["state", "ended_by", "ended_because"])
    org = strike.organisation_id
    if penalties.points_of(strike.person_key, org) < policies.value(penalties.LIMIT, org):
        standing = _points_blocks(strike).filter(state__in=Block.STANDING)
        in_force = standing.filter(ends_at__gt=moments.now()).exists()
        standing.update(state=Block.State.LIFTED)
        return in_force
    return False


def _points_blocks(strike: Strike) -> QuerySet[Block]:
    return Block.objects.filter(
        person_key=strike.person_key,
        organisation=strike.organisation_id,
        kind=Block.Kind.POINTS,
    )


def _open_appeals(strike: Strike) -> bool:
    return Appeal.objects.filter(
        strike__person_key=strike.person_key,
        strike__organisation=strike.organisation_id,
        state=Appeal.State.FILED,
    ).exists()


def _block(appointment: Appointment, kind: Block.Kind, days: int) -> None:
    """From now on for so many days; a block that stands is not made twice."""
    now = moments.now()
    standing = Block.objects.filter(
        person_key=appointment.person_key,
        organisation=appointment.organisation_id,
        kind=kind,
        state__in=Block.STANDING,
        ends_at__gt=now,
    )
    if not days or standing.exists():
        return
    block = Block.objects.create(
        patient=appointment.patient,
        person_key=appointment.person_key,
        organisation=appointment.organisation,
        kind=kind,
        ends_at=now + timedelta(days=days),
    )
    audit.record(action="penalty.block", target=block, patient_id=block.patient_id)
    until = date_format(timezone.localdate(block.ends_at), "MONTH_DAY_FORMAT")
    tell(appointment, "penalty.blocked", url="/booking/points/", date=until)


def _shown(appointment_id: UUID) -> Appointment:
    rows = Appointment.objects.select_related(*SHOWN, "patient__user")
    return rows.get(pk=appointment_id)
