"""A trip moves and is cancelled as one, or stop by stop."""

import pytest

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from telemed.core.errors import Conflict, Invalid
from tests.factories.people import PatientFactory, UserFactory
from tests.factories.scheduling import (
    examined,
    places_of,
)
from tests.scheduling.appointments.trips.booking import (
    a_week_later,
    book,
)

pytestmark = pytest.mark.django_db


def test_all_of_it_moves_to_another_day_or_nothing_does(by, resident, visit, ecg):
    stops = book(by, resident, visit, ecg)
    later, ecg_later = a_week_later(visit, ecg)

    def move(*periods):
        with by(resident):
            return services.move_trip(
                actor=resident, appointment_id=stops[0].pk, period_ids=[one.pk for one in periods]
            )

    with pytest.raises(Invalid, match="a time for each stop"):
        move(later)
    same_day = examined(visit, "心电图", 9)
    with pytest.raises(Invalid, match="Choose another day"):
        move(visit, same_day)
    full = examined(later, "心电图", 9, public=1)
    other = PatientFactory(user=UserFactory()).user
    with by(other):
        services.book(actor=other, patient=other.patient, period_id=full.pk)
    with pytest.raises(Conflict, match="心电图 at 09:00 was just taken"):
        move(later, full)
    assert {one.day for one in Appointment.objects.filter(trip__isnull=False)} == {
        visit.session.day
    }
    moved = move(later, ecg_later)
    assert {one.day for one in moved} == {later.session.day}
    assert [one.pk for one in moved] == [one.pk for one in stops]
    assert places_of(visit) == places_of(ecg) == {"public": (0, 2)}
    assert move(later, ecg_later) == moved


def test_an_examination_moves_to_the_same_examination_only(by, resident, visit, ecg, blood):
    stops = book(by, resident, visit, ecg)
    later = examined(visit, "心电图", 9)
    with pytest.raises(Invalid, match="another examination"), by(resident):
        services.move(actor=resident, appointment_id=stops[0].pk, period_id=blood.pk)
    with by(resident):
        moved = services.move(actor=resident, appointment_id=stops[0].pk, period_id=later.pk)
    assert (moved.examination, moved.day_rank) == ("心电图", 0)
    own = examined(visit, "超声", 9, department=visit.department)
    with pytest.raises(Invalid, match="another examination"), by(resident):
        services.move(actor=resident, appointment_id=stops[1].pk, period_id=own.pk)


def test_cancelling_all_of_it_gives_every_place_back_and_is_undone_as_one(
    by, resident, visit, ecg, blood
):
    stops = book(by, resident, visit, ecg, blood)
    with by(resident):
        gone = services.cancel_trip(actor=resident, appointment_id=stops[1].pk)
    assert {one.status for one in gone} == {Status.CANCELLED}
    with by(resident):
        again = services.cancel_trip(actor=resident, appointment_id=stops[1].pk)
    assert {one.status for one in again} == {Status.CANCELLED}
    with by(resident):
        back = services.undo_cancel_trip(actor=resident, appointment_id=stops[0].pk)
    assert len(back) == 3
    assert {one.status for one in back} == {Status.BOOKED}
    with pytest.raises(Conflict, match="no longer be undone"), by(resident):
        services.undo_cancel_trip(actor=resident, appointment_id=stops[0].pk)


def test_one_stop_is_cancelled_and_the_rest_stands(by, resident, visit, ecg):
    stops = book(by, resident, visit, ecg)
    with by(resident):
        services.cancel(actor=resident, appointment_id=stops[0].pk)
    assert Appointment.objects.get(pk=stops[1].pk).status == Status.BOOKED
    with pytest.raises(Conflict, match="is no trip"), by(resident):
        services.move_trip(
            actor=resident, appointment_id=stops[1].pk, period_ids=[visit.pk, ecg.pk]
        )


def test_a_single_booking_is_no_trip(by, resident, visit):
    with by(resident):
        alone = services.book(actor=resident, patient=resident.patient, period_id=visit.pk)
    with pytest.raises(Conflict, match="is no trip"), by(resident):
        services.cancel_trip(actor=resident, appointment_id=alone.pk)
