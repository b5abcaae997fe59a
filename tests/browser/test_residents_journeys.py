"""Residents on a phone: book a visit, cancel it; and the desk that books without a mouse."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from playwright.sync_api import expect

from records.consent.registration import register_and_treat
from scheduling.appointments import rules, services
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.services.offering import place_on
from scheduling.availability import services as availability
from telemed.core.intentions import intention
from tests.factories.consult import TEXTS, signed_case
from tests.factories.people import ClinicFactory, PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days, places_of
from tests.marks import committed

pytestmark = committed
PHONE = 390
NUMBER = "520121195804095511"


@pytest.fixture
def resident():
    return PatientFactory(
        user=UserFactory(), name="石美凤", managing_organisation=ClinicFactory()
    ).user


def test_a_visit_is_booked(hand_of, resident):
    period = PeriodFactory(public=3)
    hand = hand_of(resident, width=PHONE)
    hand.do(".tileb[href='/booking/']")
    hand.sees("resident-1-where")
    hand.do("main a.slot")
    hand.sees("resident-1-when")
    hand.do("main button.slot")
    hand.sees("resident-1-held")
    hand.do("main .btn--p")
    expect(hand.page.locator(".tk__h .no")).to_have_text("1号")
    hand.arrived("resident 1")
    hand.sees("resident-1-ticket")
    assert Appointment.objects.get().status == Status.BOOKED
    assert places_of(period) == {"public": (1, 3)}


def test_a_visit_is_cancelled(hand_of, resident):
    period = PeriodFactory(public=3)
    with intention(resident, door="test"):
        services.book(actor=resident, patient=resident.patient, period_id=period.pk)
    hand = hand_of(resident, width=PHONE)
    hand.sees("resident-3-home")
    hand.do(".next a[href^='/booking/']:first-child")
    hand.do("details.why > summary")
    hand.do("details.why form button")
    expect(hand.page.locator("form[action$='/undo/']")).to_be_visible()
    hand.arrived("resident 3")
    hand.sees("resident-3-cancelled")
    assert Appointment.objects.get().status == Status.CANCELLED


@pytest.fixture
def by_day():
    """Nobody is asked in the night, whatever the hour of the run."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rules, "is_night", lambda _organisation, _moment: False)
        yield


def book_for(actor, period):
    with intention(actor, door="test"):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


def test_an_offer_from_the_waitlist_is_taken(hand_of, resident, by_day):
    period = PeriodFactory(public=1)
    gone = book_for(PatientFactory(user=UserFactory()).user, period)
    hand = hand_of(resident, width=PHONE)
    hand.page.goto(
        hand.page.url.rstrip("/") + f"/booking/departments/{period.department_id}/"
        f"?day={period.session.day}"
    )
    hand.sees("resident-2-full")
    hand.do("form[action$='/wait/'] button")
    expect(hand.page.locator(".tk__h .no")).to_have_text("1")
    hand.sees("resident-2-line")
    Appointment.objects.filter(pk=gone.pk).update(status="cancelled", ended_at=timezone.now())
    with intention(resident, door="test"):
        place_on(Appointment.objects.get(pk=gone.pk))
    hand.page.reload()
    expect(hand.page.locator("[role=timer]")).to_be_visible()
    hand.sees("resident-2-offer")
    hand.do("form[action$='/accept/'] button")
    expect(hand.page.locator(".tk__h .no")).to_have_text("1号")
    hand.arrived("resident 2")
    assert places_of(period) == {"public": (1, 1)}
    assert Appointment.objects.get(patient=resident.patient).status == Status.BOOKED


def test_a_late_cancellation_says_what_it_means_first(hand_of, resident):
    now = timezone.localtime()
    session = SessionFactory(
        day=now.date(), during=DateTimeTZRange(now + timedelta(hours=1), now + timedelta(hours=3))
    )
    period = PeriodFactory(session=session, closes_at=now + timedelta(minutes=5))
    booked = book_for(resident, period)
    period.closes_at = now - timedelta(hours=1)
    period.save()
    hand = hand_of(resident, width=PHONE)
    hand.do(".next a[href^='/booking/']:first-child")
    hand.do("details.why > summary")
    expect(hand.page.locator("details.why form p")).to_contain_text("6")
    hand.sees("resident-4-late")
    hand.do("details.why form button")
    expect(hand.page.locator("form[action$='/undo/']")).to_be_visible()
    hand.arrived("resident 4")
    booked.refresh_from_db()
    assert (booked.status, booked.late) == (Status.CANCELLED, True)
    assert booked.strike.points == 1


def test_a_stopped_clinic_is_answered(hand_of, resident):
    period = PeriodFactory(public=1)
    later = PeriodFactory(
        session=SessionFactory(
            department=period.department, clinician=period.clinician, day=in_days(9)
        ),
        public=1,
    )
    booked = book_for(resident, period)
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    with intention(clerk, door="test"):
        stop = availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="医生外出", plan="another_day"
        )
        services.displace(stop=stop)
        services.await_answers(session_id=period.session_id)
    hand = hand_of(resident, width=PHONE)
    hand.do(".next a[href^='/booking/']:first-child")
    hand.sees("resident-5-stopped")
    hand.do("form[action$='/rebook/'] button")
    expect(hand.page.locator(".tk__h .no")).to_have_text("1号")
    hand.arrived("resident 5")
    booked.refresh_from_db()
    assert (booked.status, booked.period_id) == (Status.BOOKED, later.pk)


def test_who_looked_and_the_own_record(hand_of):
    scene = signed_case()
    hand = hand_of(scene.resident, width=PHONE)
    hand.do(".tileb[href='/my/who-looked/']")
    expect(hand.page.locator("main")).to_contain_text(scene.specialist.name)
    hand.sees("resident-14-who-looked")
    hand.do("a.tb[href='/']")
    hand.do(".next a[href^='/my/cases/']")
    expect(hand.page.locator("main")).to_contain_text(TEXTS["conclusion"])
    hand.arrived("resident 14")
    hand.sees("resident-14-record")


def test_the_desk_books_whoever_shows_a_card_with_the_keyboard(hand_of):
    period = PeriodFactory(public=3, walk_in=1)
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    doctor = StaffFactory()
    with intention(doctor, door="test"):
        register_and_treat(
            actor=doctor, name="王小明", organisation=doctor.organisation, id_card=NUMBER
        )
    hand = hand_of(clerk)
    hand.sees("desk-day")
    hand.type("#dn", NUMBER)
    hand.do("form[action$='/person/'] button")
    hand.sees("desk-whom")
    hand.do("main a.slot")
    hand.do("main button.slot")
    hand.do("main .btn--p")
    expect(hand.page.locator(".tk__h .no")).to_have_text("1号")
    assert Appointment.objects.get().pool == "walk_in"
