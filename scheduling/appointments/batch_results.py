"""How each person of a batch stands now, as its page and its papers show it."""

from dataclasses import dataclass
from datetime import datetime

from scheduling.appointments import batches
from scheduling.appointments.batch_plans import Candidate, Wish, candidates, next_for
from scheduling.appointments.models import Appointment, Batch, BatchRow, Status
from scheduling.appointments.services.leaving import UNDO
from scheduling.availability.models import Period
from telemed.core import moments
from telemed.people.models import User

State = BatchRow.State


@dataclass(frozen=True)
class Result:
    """One person on the page of the batch: what became of them, and what can be done now."""

    row: BatchRow
    known: bool  # whether the person is still this doctor's to book for
    appointment: Appointment | None = None
    why_not: str = ""
    instead: Period | None = None  # what is free and would be taken by one tap
    may_cancel: bool = False
    is_late: bool = False  # cancelling would count
    undo_until: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        return self.row.state == State.WAITING

    @property
    def needs_paper(self) -> bool:
        """No message reaches this person."""
        return self.is_booked and self.known and not batches.is_told(self.row.patient)

    @property
    def is_booked(self) -> bool:
        return self.appointment is not None and self.appointment.is_coming


def results_of(actor: User, batch: Batch) -> list[Result]:
    """In the order of the batch; what stands in the way is asked again, in the reader's words."""
    rows = batches.rows_of(batch)
    known = {person.pk for person in batches.people_for(actor, [row.patient_id for row in rows])}
    wish = Wish(batch.department, batch.day)
    refused = [
        row.patient for row in rows if row.state == State.REFUSED and row.patient_id in known
    ]
    now_of = {one.patient.pk: one for one in candidates(actor, refused, wish)} if refused else {}
    return [_result(row, row.patient_id in known, now_of.get(row.patient_id), wish) for row in rows]


def _result(row: BatchRow, known: bool, now: Candidate | None, wish: Wish) -> Result:
    appointment = row.appointment
    if appointment is None:
        if now is None:
            return Result(row=row, known=known, why_not=row.said)
        return Result(
            row=row,
            known=known,
            why_not=now.why_not or row.said,
            instead=next_for(now, wish),
        )
    moment = moments.now()
    undo = None
    if appointment.status == Status.CANCELLED and not appointment.ended_because:
        undo = (appointment.ended_at or moment) + UNDO
    return Result(
        row=row,
        known=known,
        appointment=appointment,
        may_cancel=appointment.is_coming and appointment.during.lower > moment,
        is_late=moment >= appointment.period.closes_at,
        undo_until=undo if undo and undo > moment else None,
    )
