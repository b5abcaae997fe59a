"""The waitlist of a full day: joining it, leaving it, and how soon a doctor thinks it should be."""

from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from records.consent import access
from records.mpi.models import Patient
from scheduling.appointments import clock_rows, rules, waitlist
from scheduling.appointments.events import WaitlistJoined, WaitlistLeft
from scheduling.appointments.models import (
    LIVE,
    MOST_WAITS,
    WAITING,
    Appointment,
    Response,
    Status,
    Wait,
)
from scheduling.appointments.penalties import open_to
from scheduling.appointments.permissions import channel_of, is_clerk_of, pools_of
from scheduling.appointments.services.claiming import lock, same_day, where
from scheduling.appointments.services.offering import place_on
from scheduling.appointments.services.responding import answer
from scheduling.availability.queries import get_department
from scheduling.availability.services.places import lock_period
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.models import Clock
from telemed.people.models import CLINICAL, User


def join(
    *,
    actor: User,
    patient: Patient,
    department_id: UUID,
    day: date,
    clinician_id: UUID | None = None,
) -> Appointment:
    """
    Wait for a place of a full day, with one doctor or with anybody. Joining twice is joining once.

    Raises a Conflict that says what is in the way: a free place, a booking that day, three waits.
    """
    require_intention()
    patient = patient.merged_into or patient
    department = get_department(department_id)
    clerk = is_clerk_of(actor, department.organisation_id)
    may = clerk or access.decide(actor, "book", patient).allowed
    require(may, _("You may not book for this person."))
    require(patient.deceased_on is None, _("This person has died."))
    org = department.organisation_id
    pools = list(open_to(patient, org, pools_of(actor, department.organisation, patient)))
    periods = waitlist.open_periods_of(department, day, pools, clinician_id)
    if not periods:
        raise Conflict(_("That day cannot be booked any more; choose another."), path="day")
    if any(getattr(period, "free", 0) for period in periods):
        raise Conflict(_("A place is free that day; take it instead of waiting."), path="day")
    own = Appointment.objects.filter(person_key=patient.pk, department=department, day=day)
    if there := own.filter(status__in=WAITING).first():
        return there
    if own.filter(status__in=LIVE).exists():
        raise same_day()
    facts = where(periods[0])
    if clinician_id is None:
        facts["clinician"] = None
    with _one_wait():
        entry = Appointment.objects.create(
            patient=patient,
            person_key=patient.pk,
            pool=pools[-1],
            status=Status.WAITLISTED,
            holds_place=False,
            channel=channel_of(actor, department.organisation_id),
            booked_by=actor,
            day_rank=1,
            **facts,
        )
        Wait.objects.create(
            appointment=entry,
            person_key=patient.pk,
            rank=_free_rank(patient),
            clinician_id=clinician_id,
            pools=pools,
            far=rules.is_far(patient, department.organisation),
            since=moments.now(),
        )
    clock_rows.start_wait_end(entry, periods[-1].starts_at)
    _note(entry, "waitlist.join")
    outbox.announce(WaitlistJoined(appointment_id=entry.pk))
    return entry


def leave(*, actor: User, appointment_id: UUID) -> Appointment:
    """Not waiting any more; a place that was offered goes to the next."""
    require_intention()
    entry = lock(actor, appointment_id)
    require(waitlist.may_answer(actor, entry), _("You may not book for this person."))
    if entry.status == Status.CANCELLED:
        return entry
    if entry.status not in WAITING:
        raise entry.out_of_turn()
    drop_wait(entry, by=actor)
    return entry


def drop_wait(entry: Appointment, *, by: User | None = None) -> None:
    """Whoever wanted that; the caller holds its period and its row."""
    offered = entry.status == Status.OFFERED
    if offered:
        answer(entry, Response.About.OFFER, Response.Status.DECLINED, by)
    _end(entry, Status.CANCELLED)
    outbox.announce(WaitlistLeft(appointment_id=entry.pk))
    if offered:
        place_on(entry)


def end_wait(*, clock: Clock) -> None:
    """The last hour of the wished day has begun: there is nothing left to wait for."""
    require_intention()
    rows = Appointment.objects.filter(pk=clock.about)
    period_id = rows.values_list("period", flat=True).first()
    if period_id is None:
        return
    lock_period(period_id)
    entry = rows.filter(status=Status.WAITLISTED).select_for_update(no_key=True).first()
    if entry:
        _end(entry, Status.EXPIRED)


def grade(*, actor: User, appointment_id: UUID, grade: int) -> Wait:
    """A doctor says that somebody should be seen before others."""
    require_intention()
    entry = lock(actor, appointment_id)
    require(actor.role in CLINICAL, _("Only a doctor says how soon it should be."))
    if grade not in Wait.Grade.values:
        raise Invalid(_("Choose how soon it should be."), path="grade")
    if entry.status not in WAITING:
        raise entry.out_of_turn()
    wait = Wait.objects.select_for_update(no_key=True).get(pk=entry.pk)
    wait.grade, wait.graded_by = grade, actor if grade else None
    wait.save(update_fields=["grade", "graded_by"])
    audit.record(action="waitlist.grade", target=entry, patient_id=entry.patient_id)
    return wait


def _end(entry: Appointment, status: Status) -> None:
    entry.become(status)
    entry.ended_at, entry.held_until = moments.now(), None
    entry.save(update_fields=["status", "ended_at", "held_until"])
    Wait.objects.filter(pk=entry.pk).update(rank=None)
    clock_rows.stop(entry, clock_rows.OFFER, clock_rows.WAIT_END)
    _note(entry, "waitlist.leave")


def _free_rank(patient: Patient) -> int:
    """The first, second or third wait of this person."""
    taken = set(
        Wait.objects.filter(person_key=patient.pk, rank__isnull=False).values_list(
            "rank", flat=True
        )
    )
    free = [rank for rank in range(1, MOST_WAITS + 1) if rank not in taken]
    if not free:
        raise _three_waits()
    return free[0]


def _one_wait() -> AbstractContextManager[None]:
    """Two windows of one person at once: the database's refusals, in words."""
    sentence = _("You are on this list already.")
    return refusing(
        one_wait_a_department_and_day=Conflict(sentence, path="day"),
        three_waits_a_person=_three_waits(),
    )


def _three_waits() -> Conflict:
    sentence = _("One person waits on at most {n} lists; leave one of them first.")
    return Conflict(sentence.format(n=MOST_WAITS), path="day")


def _note(entry: Appointment, action: str) -> None:
    audit.record(action=action, target=entry, patient_id=entry.patient_id)
    publication.publish(entry)
