"""Which days are proposed for a trip, and what is said where none fits."""

from datetime import time, timedelta

import pytest

from scheduling.appointments import rules, services, trip_proposals
from scheduling.appointments.models import Trip
from scheduling.appointments.trip_proposals import Wish, find_trips
from tests.factories.people import ClinicFactory, PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, at, examined, in_days

pytestmark = pytest.mark.django_db
ECG, BLOOD, SCAN = "心电图", "抽血化验", "超声"


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory(), managing_organisation=ClinicFactory()).user


@pytest.fixture
def visit():
    return PeriodFactory(session=SessionFactory(), starts_at=at(in_days(7), 10), public=2)


def again(visit, days, hour, **facts):
    """The same doctor on another day."""
    day = visit.session.day + timedelta(days=days)
    there = visit.session if not days else None
    session = there or SessionFactory(
        department=visit.department, clinician=visit.clinician, day=day
    )
    return PeriodFactory(session=session, starts_at=at(day, hour), **({"public": 2} | facts))


def find(by, resident, there, *examinations, **facts):
    wish = Wish(
        examinations=examinations,
        **{
            name: facts.pop(name) for name in ("order", "since", "arrive", "leave") if name in facts
        },
    )
    with by(resident):
        return find_trips(resident, resident.patient, there.department, wish, **facts)


def times(proposal):
    return [(name, period.starts_at) for name, period in proposal.stops]


def test_the_soonest_days_are_proposed_and_no_more_than_three(by, resident, visit):
    examined(visit, ECG, 8)
    for days in (1, 2, 3, 4):
        examined(again(visit, days, 10), ECG, 9)
    found = find(by, resident, visit, ECG)
    assert [one.day for one in found.proposals] == [in_days(n) for n in (7, 8, 9)]
    assert times(found.proposals[0]) == [(ECG, at(in_days(7), 8)), ("", at(in_days(7), 10))]
    assert found.left_out == ()


def test_a_later_day_is_asked_for(by, resident, visit):
    examined(visit, ECG, 8)
    examined(again(visit, 2, 10), ECG, 9)
    assert [one.day for one in find(by, resident, visit, ECG, since=in_days(8)).proposals] == [
        in_days(9)
    ]


def test_who_comes_by_bus_is_done_between_two_of_them(by, resident, visit):
    examined(visit, ECG, 8)
    examined(visit, ECG, 9)
    examined(again(visit, 1, 11), ECG, 10)
    found = find(by, resident, visit, ECG, arrive=time(8, 30))
    assert times(found.proposals[0])[0] == (ECG, at(in_days(7), 9))
    found = find(by, resident, visit, ECG, leave=time(10, 40))
    assert found.proposals == []


def test_the_laboratory_is_in_the_morning_and_its_result_takes_a_while(by, resident, visit):
    later = again(visit, 0, 16)
    examined(visit, BLOOD, 14)
    assert find(by, resident, visit, BLOOD).proposals == []
    examined(visit, BLOOD, 9, 15)
    found = find(by, resident, visit, BLOOD)
    assert times(found.proposals[0]) == [
        (BLOOD, at(in_days(7), 9, 15)),
        ("", later.starts_at),
    ]


def test_the_doctor_comes_first_where_that_is_wished(by, resident, visit):
    examined(visit, ECG, 11)
    assert find(by, resident, visit, ECG).proposals == []
    found = find(by, resident, visit, ECG, order=Trip.Order.VISIT_FIRST)
    assert [name for name, _period in found.proposals[0].stops] == ["", ECG]


def test_what_does_not_fit_is_named_and_the_first_day_without_it_offered(by, resident, visit):
    examined(visit, ECG, 8)
    examined(again(visit, 1, 10), ECG, 8)
    full = examined(visit, SCAN, 9, public=1)
    other = PatientFactory(user=UserFactory()).user
    with by(other):
        services.book(actor=other, patient=other.patient, period_id=full.pk)
    found = find(by, resident, visit, ECG, SCAN)
    assert found.left_out == (SCAN,)
    assert found.proposals[0].day == in_days(7)
    assert [name for name, _period in found.proposals[0].stops] == [ECG, ""]


def test_where_no_examination_fits_the_first_day_with_the_doctor_is_said(by, resident, visit):
    found = find(by, resident, visit, ECG)
    assert (found.proposals, found.visit_on) == ([], in_days(7))
    assert find(by, resident, visit, ECG, since=in_days(9)).visit_on is None


def test_what_the_person_has_already_is_not_in_the_way(by, resident, visit):
    ecg = examined(visit, ECG, 8)
    examined(visit, ECG, 9)
    other = PeriodFactory(session=SessionFactory(), starts_at=ecg.starts_at)
    with by(resident):
        services.book(actor=resident, patient=resident.patient, period_id=other.pk)
    assert times(find(by, resident, visit, ECG).proposals[0])[0] == (ECG, at(in_days(7), 9))
    with by(resident):
        services.book(actor=resident, patient=resident.patient, period_id=visit.pk)
    assert find(by, resident, visit, ECG).proposals == []


def test_to_a_visit_that_is_booked_its_own_day_is_proposed(by, resident, visit):
    examined(visit, ECG, 8)
    with by(resident):
        booked = services.book(actor=resident, patient=resident.patient, period_id=visit.pk)
    found = find(by, resident, visit, ECG, visit=booked)
    assert times(found.proposals[0]) == [(ECG, at(in_days(7), 8)), ("", visit.starts_at)]


def test_a_trip_that_moves_goes_to_another_day(by, resident, visit):
    ecg = examined(visit, ECG, 8)
    examined(again(visit, 2, 10), ECG, 8)
    with by(resident):
        stops = services.book_trip(
            actor=resident, patient=resident.patient, visit_id=visit.pk, examination_ids=[ecg.pk]
        )
    found = find(by, resident, visit, ECG, moving=stops)
    assert [one.day for one in found.proposals] == [in_days(9)]


def test_one_leaves_home_in_time(by, resident, visit, monkeypatch):
    examined(visit, ECG, 8)
    monkeypatch.setattr(rules, "is_far", lambda *_: True)
    assert find(by, resident, visit, ECG).proposals[0].leave_home == at(in_days(7), 6)


def test_what_a_hospital_examines_is_named_once(visit):
    examined(visit, ECG, 8)
    examined(visit, ECG, 9)
    examined(visit, SCAN, 9)
    assert trip_proposals.examinations_at(visit.organisation_id) == sorted([ECG, SCAN])


def test_many_sessions_are_read_in_as_many_statements(
    by, resident, visit, django_assert_max_num_queries
):
    """A hospital of many sessions costs no statement more."""
    for days in range(6):
        there = again(visit, days, 11)
        for service in (ECG, BLOOD, SCAN):
            for hour in (8, 9):
                examined(there, service, hour)
    wish = Wish(examinations=(ECG, BLOOD, SCAN))
    with by(resident), django_assert_max_num_queries(9):
        found = find_trips(resident, resident.patient, visit.department, wish)
    assert len(found.proposals) == 3
