"""One trip on a phone: a doctor and two examinations on one day, by touch and by keyboard."""

import pytest
from playwright.sync_api import expect

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from telemed.core.intentions import intention
from tests.factories.people import ClinicFactory, PatientFactory, StaffFactory, UserFactory, treated
from tests.factories.scheduling import PeriodFactory, SessionFactory, at, examined, places_of
from tests.marks import committed

pytestmark = committed
PHONE = 390


@pytest.fixture
def resident():
    return PatientFactory(
        user=UserFactory(), name="石美凤", managing_organisation=ClinicFactory()
    ).user


@pytest.fixture
def visit(transactional_db):
    session = SessionFactory(room="3 诊室")
    return PeriodFactory(session=session, starts_at=at(session.day, 10), public=2)


@pytest.fixture
def ecg(visit):
    return examined(visit, "心电图", 8, 45)


@pytest.fixture
def blood(visit):
    return examined(visit, "抽血化验", 8)


def another_day(visit, days):
    """The same doctor and the same examinations some days later."""
    session = SessionFactory(
        department=visit.department,
        clinician=visit.clinician,
        day=visit.session.day.fromordinal(visit.session.day.toordinal() + days),
    )
    there = PeriodFactory(session=session, starts_at=at(session.day, 11), public=2)
    return [there, examined(there, "心电图", 8), examined(there, "抽血化验", 9)]


def test_a_trip_is_booked_on_the_phone(hand_of, resident, visit, ecg, blood):
    another_day(visit, 1)
    hand = hand_of(resident, width=PHONE)
    hand.do(".tileb[href='/booking/']")
    hand.do(f"main a.slot[href*='{visit.department_id}']")
    hand.sees("trip-1-times")
    hand.do("main a[href*='/trip/']")
    hand.do("input[value='心电图']")
    hand.do("input[value='抽血化验']")
    hand.sees("trip-2-which")
    hand.do("button[name=find]")
    expect(hand.page.locator("article .stops").first).to_contain_text("抽血化验")
    hand.sees("trip-3-days")
    hand.do("article .btn--p")
    expect(hand.page.locator(".stops > li")).to_have_count(3)
    hand.arrived("resident 10")
    hand.sees("trip-4-ticket")
    assert Appointment.objects.filter(status=Status.BOOKED).count() == 3
    assert places_of(visit) == places_of(ecg) == places_of(blood) == {"public": (1, 2)}
    hand.page.goto("/booking/mine/")
    hand.sees("trip-5-mine")


def book(actor, visit, *examinations):
    with intention(actor, door="test"):
        return services.book_trip(
            actor=actor,
            patient=actor.patient,
            visit_id=visit.pk,
            examination_ids=[one.pk for one in examinations],
        )


def test_a_place_that_is_lost_leads_to_the_next_day_that_fits(hand_of, resident, visit):
    scan = examined(visit, "超声", 8, public=1)
    examined(another_day(visit, 1)[0], "超声", 9)
    other = PatientFactory(user=UserFactory()).user
    hand = hand_of(
        resident, f"/booking/departments/{visit.department_id}/trip/?x=超声&find=1", width=PHONE
    )
    expect(hand.page.locator("article")).to_have_count(2)
    with intention(other, door="test"):
        services.book(actor=other, patient=other.patient, period_id=scan.pk)
    hand.do("article .btn--p")
    expect(hand.page.locator("main")).to_contain_text("08:00")
    expect(hand.page.locator("article")).to_have_count(1)
    hand.sees("trip-6-lost")
    assert not Appointment.objects.filter(patient=resident.patient).exists()


def test_all_of_it_is_cancelled_and_taken_back_and_moved(hand_of, resident, visit, ecg, blood):
    another_day(visit, 2)
    stops = book(resident, visit, ecg, blood)
    hand = hand_of(resident, f"/booking/{stops[0].pk}/", width=PHONE)
    hand.do("section[aria-labelledby=tr] details.why > summary")
    hand.sees("trip-7-cancel")
    hand.do("form[action$='/trip/cancel/'] button")
    expect(hand.page.locator("form[action$='/trip/undo/']")).to_be_visible()
    hand.sees("trip-8-cancelled")
    hand.do("form[action$='/trip/undo/'] button")
    expect(hand.page.locator(".stops > li")).to_have_count(3)
    hand.do("a[href$='/trip/move/']")
    hand.sees("trip-9-move")
    hand.do("article .btn--p")
    expect(hand.page.locator(".stops > li")).to_have_count(3)
    days = set(Appointment.objects.filter(status=Status.BOOKED).values_list("day", flat=True))
    assert [(day - visit.session.day).days for day in days] == [2]


def test_a_township_doctor_adds_examinations_to_a_booking(hand_of, visit, ecg):
    doctor = StaffFactory(role="township_doctor")
    patient = treated(PatientFactory(name="吴金花"), doctor.organisation)
    with intention(doctor, door="test"):
        booked = services.book(actor=doctor, patient=patient, period_id=visit.pk)
    hand = hand_of(doctor, f"/booking/{booked.pk}/")
    hand.do("a[href$='/trip/']")
    hand.do("input[value='心电图']")
    hand.do("button[name=find]")
    hand.sees("trip-a-added")
    hand.do("article .btn--p")
    expect(hand.page.locator(".stops > li")).to_have_count(2)
    hand.sees("trip-b-ticket")


def test_what_does_not_fit_is_said(page_as, resident, visit, ecg):
    examined(visit, "超声", 14)
    page = page_as(resident, width=PHONE)
    address = f"/booking/departments/{visit.department_id}/trip/"
    page.goto(f"{address}?find=1")
    expect(page.locator(".wrong")).to_be_visible()
    page.goto(f"{address}?find=1&x=心电图&x=超声")
    expect(page.locator("[role=note]")).to_contain_text("超声")
    expect(page.locator("article")).to_have_count(1)
