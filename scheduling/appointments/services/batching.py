"""
Booking for several people in one go: the batch first, then each person in a transaction of its own.

A person is booked by the service that books one. The row of the batch is locked before the period,
and what became of it is written with the booking: a batch that is sent again changes nothing.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import Patient
from scheduling.appointments import batches
from scheduling.appointments.events import BatchBooked
from scheduling.appointments.models import MOST_IN_BATCH, Batch, BatchRow
from scheduling.appointments.permissions import BATCHERS
from scheduling.appointments.services.booking import book
from scheduling.appointments.services.leaving import cancel, undo_cancel
from scheduling.availability.models import Period
from scheduling.availability.queries import get_department, get_period
from telemed.audit import services as audit
from telemed.core import moments, outbox
from telemed.core.errors import Conflict, DomainError, Invalid, NotFound, require
from telemed.core.intentions import attempt, refusing, require_intention
from telemed.people.models import User

DECIDED = ["state", "said", "appointment", "period", "decided_at"]
State = BatchRow.State
Wanted = Sequence[tuple[UUID, UUID]]  # person and period, in order


def only_batchers(actor: User) -> None:
    require(
        actor.role in BATCHERS and actor.organisation_id is not None,
        _("Booking for several people is for the doctors of clinics."),
    )


def open_batch(*, actor: User, key: UUID, department_id: UUID, day: date, wanted: Wanted) -> Batch:
    """
    Who is to be booked, and where. Nobody has a place by it yet.

    Raises Invalid or NotFound about the first thing that is wrong with it; then there is none.
    """
    require_intention()
    only_batchers(actor)
    department = get_department(department_id)
    _check_people(actor, [person for person, _period in wanted])
    if day < timezone.localdate():
        raise Invalid(_("That day is over; choose one of the days ahead."), path="day")
    for _person, period_id in wanted:
        period = get_period(period_id)
        if (period.department_id, _day_of(period)) != (department.pk, day):
            raise Invalid(_("A time is not of this department and day."), path="row")
    sent_before = Conflict(_("This batch was sent before; see what became of it."), path="key")
    with refusing(a_page_sends_one_batch=sent_before):
        batch = Batch.objects.create(
            made_by=actor,
            organisation=actor.acting_organisation,
            department=department,
            day=day,
            key=key,
        )
    BatchRow.objects.bulk_create(
        BatchRow(batch=batch, patient_id=person, position=position, period_id=period)
        for position, (person, period) in enumerate(wanted, start=1)
    )
    audit.record(action="batch.open", target=batch)
    return batch


def book_row(*, actor: User, row_id: UUID) -> BatchRow:
    """One person of a batch. Whoever was tried before keeps what became of it."""
    require_intention()
    only_batchers(actor)
    row = batches.lock_row(actor, row_id)
    if row.state == State.WAITING:
        _try(actor, row, row.period_id, in_batch=True)
        # Whoever decides the last one sees the others decided: one after the other from here.
        batches.lock_batch(row.batch_id)
        if not batches.waiting_rows(row.batch):
            outbox.announce(BatchBooked(batch_id=row.batch_id))
    return row


def book_instead(*, actor: User, row_id: UUID, period_id: UUID) -> BatchRow:
    """Another time in the same department for whoever was not booked."""
    require_intention()
    only_batchers(actor)
    row = batches.lock_row(actor, row_id)
    if row.state != State.BOOKED:
        if get_period(period_id).department_id != row.batch.department_id:
            raise Invalid(_("A time is not of this department and day."), path="period")
        _try(actor, row, period_id)
    return row


def cancel_row(*, actor: User, row_id: UUID) -> BatchRow:
    require_intention()
    row = batches.lock_row(actor, row_id)
    cancel(actor=actor, appointment_id=_booked(row))
    return row


def undo_row(*, actor: User, row_id: UUID) -> BatchRow:
    require_intention()
    row = batches.lock_row(actor, row_id)
    undo_cancel(actor=actor, appointment_id=_booked(row))
    return row


def read_batch(*, actor: User, batch_id: UUID) -> Batch:
    """What became of a batch; the look is traced for each person who is in it."""
    require_intention()
    batch = batches.get_batch(actor, batch_id)
    trace_look([row.patient for row in batches.rows_of(batch)])
    return batch


def trace_look(people: Sequence[Patient]) -> None:
    for person in people:
        audit.record(action="appointment.list", target=person, patient_id=person.pk)


def _booked(row: BatchRow) -> UUID:
    if row.appointment_id is None:
        raise NotFound(_("This person was not booked."), path="row")
    return row.appointment_id


def _try(actor: User, row: BatchRow, period_id: UUID, *, in_batch: bool = False) -> None:
    row.period_id, row.decided_at = period_id, moments.now()
    try:
        with attempt():
            row.appointment = book(
                actor=actor, patient=row.patient, period_id=period_id, in_batch=in_batch
            )
    except DomainError as refusal:
        row.state, row.said = State.REFUSED, refusal.message[:300]
        audit.record(
            action="appointment.book",
            target=row,
            patient_id=row.patient_id,
            refused=refusal.kind,
        )
    else:
        row.state, row.said = State.BOOKED, ""
    row.save(update_fields=DECIDED)


def _check_people(actor: User, wanted: Sequence[UUID]) -> None:
    if not wanted:
        raise Invalid(_("Nobody on the list can be booked; choose somebody first."), path="row")
    if len(wanted) > MOST_IN_BATCH:
        sentence = _("At most {n} people in one go; these are {many}.")
        raise Invalid(sentence.format(n=MOST_IN_BATCH, many=len(wanted)), path="row")
    people = batches.people_for(actor, wanted)
    if len(people) < len(wanted):
        raise NotFound(
            _("Somebody on the list was not found, or is not yours to book for."), path="row"
        )
    for person in people:
        if list(wanted).count(person.pk) > 1:
            sentence = _("{name} is on the list twice.")
            raise Invalid(sentence.format(name=person.name), path="row")
        if person.merged_into:
            sentence = _("{name}'s record was joined with another; choose the one that stays.")
            raise Invalid(sentence.format(name=person.name), path="row")
        if person.deceased_on:
            sentence = _("{name} has died; take the name off the list.")
            raise Invalid(sentence.format(name=person.name), path="row")


def _day_of(period: Period) -> date:
    return timezone.localdate(period.starts_at)
