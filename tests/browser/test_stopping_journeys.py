"""Stopping a doctor's clinic: by the coordinator for a week, by the desk for whom it displaced."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from playwright.sync_api import expect

from records.mpi.identity import parse_id_card
from scheduling.appointments import services
from scheduling.availability import services as availability
from scheduling.availability.models import Session, Stop
from telemed.core import clocks, outbox, secrecy
from telemed.core.intentions import intention
from telemed.core.models import Clock
from tests.factories.people import DepartmentFactory, PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, at, doctor_of
from tests.marks import committed

pytestmark = committed
NUMBER = "520121195804095511"


@pytest.fixture
def department():
    return DepartmentFactory(name="骨科")


@pytest.fixture
def clerk(department):
    return StaffFactory(role="desk", organisation=department.organisation)


@pytest.fixture
def monday():
    """Of a week that is wholly ahead."""
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday())


@pytest.fixture
def periods(department, monday):
    """One doctor: a clinic of this week, three mornings of that one, and one in the week after."""
    doctor = doctor_of(department)
    first = monday - timedelta(days=7)
    over = DateTimeTZRange(at(first, 0), at(first, 0) + timedelta(minutes=30))  # at any hour
    SessionFactory(department=department, clinician=doctor, day=first, during=over)
    days = [monday + timedelta(days=n) for n in (1, 2, 3, 8)]
    sessions = [SessionFactory(department=department, clinician=doctor, day=day) for day in days]
    return [PeriodFactory(session=one, public=3, walk_in=3) for one in sessions]


def book(clerk, period, **facts):
    with intention(clerk, door="test"):
        return services.book(actor=clerk, patient=PatientFactory(**facts), period_id=period.pk)


def test_a_doctors_week_is_stopped_in_one_go(hand_of, department, periods, clerk, monday):
    for n, name in enumerate(("王桂芳", "李有田", "陈阿婆")):
        book(clerk, periods[n], name=name, phone="" if n else "13812345678")
    coordinator = StaffFactory(role="coordinator", organisation=department.organisation)
    hand = hand_of(coordinator)
    page = hand.page
    hand.do("nav a[href='/sessions/']")
    hand.do(f"main th a[href*='doctor={periods[0].clinician_id}']")
    hand.type("#sd-f", f"{monday:%Y-%m-%d}")
    hand.type("#sd-l", f"{monday + timedelta(days=6):%Y-%m-%d}")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=session]:checked")).to_have_count(3)
    hand.sees("coordinator-3-plan")
    reason = page.locator("input[name=reason]").first.get_attribute("value")
    hand.do(f"input[name=reason][value='{reason}']")
    hand.do("main form button[data-key=s]")
    expect(page.locator("main form[action$='/restore/'] button")).to_be_visible()
    hand.arrived("coordinator 3")
    assert Session.objects.filter(state="stopped").count() == 3
    assert {one.instead_id for one in Stop.objects.all()} == {periods[3].session_id}
    hand.sees("coordinator-3-stopped")
    hand.do("main form[action$='/restore/'] button")
    expect(page.locator("main form[action$='/restore/']")).to_have_count(0)
    assert Session.objects.filter(state="published").count() == 5


def test_the_desk_rings_whom_a_stop_displaced(hand_of, periods, clerk):
    booked = [book(clerk, periods[0], name=name) for name in ("王桂芳", "李有田")]
    with intention(clerk, door="test"):
        stop = availability.stop_session(
            actor=clerk,
            session_id=periods[0].session_id,
            reason="医生外出开会",
            plan=Stop.Plan.ANOTHER_DAY,
        )
    outbox.deliver_waiting()
    Clock.objects.filter(about=stop.pk).update(due_at=timezone.now())
    clocks.fire_due()
    outbox.deliver_waiting()
    hand = hand_of(clerk)
    page = hand.page
    page.goto(f"{page.url.rstrip('/').split('/booking')[0]}/sessions/{periods[0].session_id}/")
    expect(page.locator(".dsp__i")).to_have_count(2)
    hand.sees("desk-displaced")
    hand.do(f"#d-{booked[0].pk} details:has(form[action$='/phoned/']) summary")
    hand.do(f"#d-{booked[0].pk} form[action$='/phoned/'] button")
    page.wait_for_load_state()
    expect(page.locator(f"#d-{booked[0].pk} .is-done")).to_have_count(2)
    hand.do(f"#d-{booked[0].pk} form[action$='/rebook/'] button")
    page.wait_for_url(f"**/booking/{booked[0].pk}/")
    booked[0].refresh_from_db()
    assert booked[0].status == "booked"


def test_the_hospital_calls_one_visit_off(hand_of, periods, clerk):
    booked = book(clerk, periods[0], name="王桂芳")
    hand = hand_of(clerk)
    page = hand.page
    page.goto(f"{page.url.rstrip('/').split('/booking')[0]}/booking/{booked.pk}/")
    hand.do("details:has(form[action$='/call-off/']) summary")
    hand.type("#co-r", "设备故障无法检查")
    hand.sees("desk-call-off")
    hand.do("form[action$='/call-off/'] button")
    expect(page.locator(".toasts")).to_be_visible()
    booked.refresh_from_db()
    assert (booked.status, booked.plan_period_id) == ("displaced", periods[1].pk)
    hand.sees("desk-called-off")


def test_the_list_of_the_day_stands_beside_the_record(hand_of, department, clerk):
    session = SessionFactory(department=department, day=timezone.localdate())
    period = PeriodFactory(
        session=session, starts_at=timezone.now() + timedelta(minutes=20), public=2, walk_in=2
    )
    for name in ("王桂芳", "李有田"):
        book(clerk, period, name=name)
    hand = hand_of(session.clinician)
    page = hand.page
    page.goto(f"{page.url.rstrip('/').split('/booking')[0]}/booking/day/")
    hand.do("main td a[href*='/patients/']")
    expect(page.locator(".tdl li")).to_have_count(2)
    hand.sees("doctor-beside")
    hand.do(".tdl a")
    expect(page.locator(".tdl [aria-current]")).to_contain_text("李有田")


def test_a_card_checks_in_by_enter_alone(hand_of, department, clerk):
    now = timezone.localtime()
    session = SessionFactory(department=department, day=now.date())
    start = timezone.now() + timedelta(minutes=20)
    session.during = (timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=2))
    session.save()
    period = PeriodFactory(session=session, starts_at=start, public=2, walk_in=2)
    number = parse_id_card(NUMBER).number
    patient = PatientFactory(
        user=UserFactory(),
        name="王桂芳",
        id_card_hash=secrecy.keyed_hash(number, purpose="mpi.id_card"),
        id_card_tail=number[-4:],
    )
    with intention(clerk, door="test"):
        booked = services.book(actor=clerk, patient=patient, period_id=period.pk)
    hand = hand_of(clerk)
    page = hand.page
    hand.type("#dn", NUMBER)
    page.keyboard.press("Enter")
    expect(page.locator("main form button[autofocus]")).to_be_focused()
    hand.sees("desk-2-here")
    page.keyboard.press("Enter")
    expect(page.locator(".toasts")).to_be_visible()
    hand.arrived("desk 2")
    booked.refresh_from_db()
    assert booked.status == "arrived"
