"""Trips that are booked and missed at the same moment."""

import time_machine

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status, Strike, Trip
from telemed.core.intentions import System, intention
from tests.factories.people import PatientFactory, UserFactory
from tests.factories.scheduling import (
    PeriodFactory,
    at,
    examined,
    in_days,
    places_of,
)
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def resident():
    return PatientFactory(user=UserFactory()).user


def trip(actor, visit, *examinations):
    def call():
        with intention(actor, door="test"):
            services.book_trip(
                actor=actor,
                patient=actor.patient,
                visit_id=visit.pk,
                examination_ids=[one.pk for one in examinations],
            )

    return call


def test_many_trips_race_for_the_same_places_and_each_has_all_or_nothing():
    visit = PeriodFactory(public=6, starts_at=at(in_days(7), 10))
    ecg, blood = examined(visit, "心电图", 8, public=3), examined(visit, "抽血化验", 9, public=8)
    # Half of them ask the other way round: the periods are locked in one order all the same.
    ways = [(ecg, blood), (blood, ecg)]
    ended = race([trip(resident(), visit, *ways[n % 2]) for n in range(8)])
    assert ended == {"won": 3, "Conflict": 5}
    taken = [places_of(period)["public"][0] for period in (visit, ecg, blood)]
    assert taken == [3, 3, 3]
    stops = Appointment.objects.filter(status=Status.BOOKED)
    assert stops.count() == 9
    assert stops.values("trip").distinct().count() == 3


def test_a_trip_that_is_clicked_four_times_is_booked_once():
    actor, visit = resident(), PeriodFactory(public=4, starts_at=at(in_days(7), 10))
    ecg = examined(visit, "心电图", 8, public=4)
    assert race([trip(actor, visit, ecg)] * 4) == {"won": 4}
    assert Appointment.objects.filter(status=Status.BOOKED).count() == 2
    assert Trip.objects.count() == 1


def test_a_trip_that_two_sessions_miss_at_once_counts_once():
    visit = PeriodFactory(public=4, starts_at=at(in_days(7), 10))
    ecg = examined(visit, "心电图", 8, public=4)
    for _ in range(3):
        trip(resident(), visit, ecg)()

    def miss(period):
        def call():
            with intention(System("worker"), door="test"):
                services.miss(session_id=period.session_id)

        return call

    with time_machine.travel(at(in_days(7), 12, 30)):
        assert race([miss(visit), miss(ecg)]) == {"won": 2}
    standing = Strike.objects.filter(state__in=Strike.STANDING)
    assert (standing.count(), Strike.objects.values("appointment__trip").distinct().count()) == (
        3,
        3,
    )
