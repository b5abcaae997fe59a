"""The bookings of the house that the tables of refusals are played in."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from scheduling.appointments import services as appointments
from scheduling.appointments.boards import token_of
from scheduling.appointments.codes import code_of
from scheduling.appointments.models import Appointment, Strike
from scheduling.appointments.services.penalising import note_strike
from telemed.people.models import Role
from tests.factories.people import (
    PatientFactory,
    treated,
)
from tests.factories.scheduling import PeriodFactory, SessionFactory, examined, in_days
from tests.factories.visits import booked_visit

REASON = "病情有变化，需要调整"


class Bookings:
    """What House.__init__ fills with visits, waits, trips and batches."""

    def _add_visits(self) -> None:
        """The patient booked by the clinic, held by the resident, and cancelled; on three days."""
        self.clerk = self._at(Role.DESK)
        free, taken, kept, gone = (self._period(days) for days in range(6, 10))
        self.free_period = free
        self.visit = self._book(taken)
        self.code = code_of(self.visit)
        self.desk_key = appointments.key_of(self.clerk, self.patient)
        with self._by(self.clerk):
            self.board = appointments.open_board(actor=self.clerk, department_id=None)
        self.screen = token_of(self.board.pk)
        self.cancelled_visit = self._book(gone)
        with self._by(self.asker):
            appointments.cancel(actor=self.asker, appointment_id=self.cancelled_visit.pk)
        with self._by(self.resident):
            self.held_visit = appointments.hold(
                actor=self.resident, patient=self.patient, period_id=kept.pk
            )

        self.video = booked_visit()  # at a hospital of its own
        self.video_patient, self.video_doctor = self.video.resident, self.video.doctor
        self.video_desk = self.video.desk
        self._add_batch()
        self._add_waits()
        self._add_trips()
        self._add_stopped_visit()
        self._add_moved_visit()
        self._add_strikes()

    def _add_batch(self) -> None:
        """Two people for one place: one is booked, one lost it; and a list that was not sent."""
        period = self._period(20, public=1)
        people = [treated(PatientFactory(), self.clinic) for _ in range(2)]
        with self._by(self.asker):
            self.batch = appointments.open_batch(
                actor=self.asker,
                key=uuid4(),
                department_id=self.department.pk,
                day=period.session.day,
                wanted=[(one.pk, period.pk) for one in people],
            )
        self.booked_row, self.lost_row = self.batch.rows.order_by("position")
        for row in (self.booked_row, self.lost_row):
            with self._by(self.asker):
                appointments.book_row(actor=self.asker, row_id=row.pk)
        self.batch_key, self.batch_sent = uuid4(), f"{people[1].pk}:{self.free_period.pk}"

    def _add_stopped_visit(self) -> None:
        """A visit whose clinic stopped, with a place kept the day after."""
        stopped, kept = self._period(13), self._period(14)
        self.stopped_visit = self._book(stopped)
        kept.pools.update(taken=1)
        Appointment.objects.filter(pk=self.stopped_visit.pk).update(
            status="displaced", plan_period=kept, plan_pool="public"
        )

    def _add_moved_visit(self) -> None:
        """A visit that was moved just now."""
        self.moved_visit = self._book(self._period(36))
        later = self._period(37)
        with self._by(self.asker):
            appointments.move(
                actor=self.asker, appointment_id=self.moved_visit.pk, period_id=later.pk
            )

    def _add_trips(self) -> None:
        """A trip, one that was cancelled, and the places to which the first can go."""
        self.free_ecg = examined(self.free_period, "心电图", 9)
        self.added_ecg = examined(self.visit.period, "心电图", 9)
        self.trip = self._trip(17)
        self.cancelled_trip = self._trip(18)
        with self._by(self.asker):
            appointments.cancel_trip(actor=self.asker, appointment_id=self.cancelled_trip.pk)
        self.later_visit = self._period(19)
        self.later_ecg = examined(self.later_visit, "心电图", 9)
        self.later_places = [self.later_visit.pk, self.later_ecg.pk]

    def _trip(self, days: int):
        visit = self._period(days)
        ecg = examined(visit, "心电图", 9)
        with self._by(self.asker):
            return appointments.book_trip(
                actor=self.asker,
                patient=self.patient,
                visit_id=visit.pk,
                examination_ids=[ecg.pk],
            )[0]

    def _add_waits(self) -> None:
        """Two full days for which the patient waits, a place of one just offered; and one more."""
        self.full_day = in_days(10)
        self._full(10)
        self.wait, self.offer = self._wait(self._full(11)), self._wait(self._full(12))
        with self._by(self.clerk):
            appointments.cancel(actor=self.clerk, appointment_id=self.holder.pk)
        Appointment.objects.filter(pk=self.holder.pk).update(holds_place=False)
        Appointment.objects.filter(pk=self.offer.pk).update(
            status="offered",
            holds_place=True,
            held_until=timezone.now() + timedelta(minutes=20),
        )

    def _add_strikes(self) -> None:
        """Two visits that the patient missed, of which one is appealed."""
        self.missed_visit, self.strike = self._missed(15)
        _visit, against = self._missed(16)
        with self._by(self.resident):
            self.appeal = appointments.appeal(
                actor=self.resident, strike_id=against.pk, reason=REASON
            )

    def _missed(self, days: int):
        visit = self._book(self._period(days))
        Appointment.objects.filter(pk=visit.pk).update(status="noshow")
        with self._by(self.asker):
            return visit, note_strike(appointment=visit, kind=Strike.Kind.MISSED)

    def _full(self, days: int):
        """A day with one place, which somebody else holds."""
        period = self._period(days, public=1)
        with self._by(self.clerk):
            self.holder = appointments.book(
                actor=self.clerk, patient=PatientFactory(), period_id=period.pk
            )
        return period

    def _wait(self, period):
        with self._by(self.asker):
            return appointments.join(
                actor=self.asker,
                patient=self.patient,
                department_id=self.department.pk,
                day=period.session.day,
                clinician_id=self.colleague.pk,
            )

    def _period(self, days: int, **places: int):
        session = SessionFactory(
            department=self.department, clinician=self.colleague, day=in_days(days)
        )
        return PeriodFactory(session=session, **places)

    def _book(self, period):
        with self._by(self.asker):
            return appointments.book(actor=self.asker, patient=self.patient, period_id=period.pk)
