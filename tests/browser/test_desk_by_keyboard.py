"""
The desk with the keyboard alone: how many keys for a person, and how long the product takes of it.

Printed with -rP. Typing and thinking are the person's; what is summed up is each page, from the key
that asks for it to the end of its loading.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from records.consent.registration import register_and_treat
from records.mpi.identity import parse_id_card
from scheduling.appointments import services
from scheduling.appointments.models import Appointment
from telemed.core import secrecy
from telemed.core.intentions import intention
from tests.browser.hands import Keys
from tests.factories.people import DepartmentFactory, PatientFactory, StaffFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory
from tests.marks import committed

pytestmark = committed
NUMBER = "520121195804095511"
BOUND = 20_000  # ms: generous, for a machine with other things to do
COUNTS = """
addEventListener("keydown", () => window.keyDown(), true);
addEventListener("load", () => setTimeout(() =>
  window.pageTook(performance.getEntriesByType("navigation")[0].duration), 0));
"""


class Desk(Keys):
    """Counts keys, and sums up what each page took."""

    def __init__(self, page):
        super().__init__(page)
        self.pressed = 0
        self.took: list[float] = []
        page.expose_function("keyDown", self._count)
        page.expose_function("pageTook", self._load)
        page.add_init_script(COUNTS)

    def _count(self):
        self.pressed += 1

    def _load(self, took):
        self.took.append(took)

    def begin(self, path):
        """The list of the day is open; the next person comes."""
        self.page.goto(path)
        self.page.wait_for_function("() => document.readyState === 'complete'")
        self.page.wait_for_timeout(100)
        self.pressed, self.took[:] = 0, []

    def finish(self, what):
        self.page.wait_for_function("() => document.readyState === 'complete'")
        self.page.wait_for_timeout(100)
        took = sum(self.took)
        typed = len(NUMBER)
        print(  # noqa: T201 - read with -rP
            f"{what}: {self.pressed} keys, {typed} of them the ID card; "
            f"{len(self.took)} pages in {took:.0f} ms"
        )
        assert not self.used, "a pointer went down"
        assert self.took, "no page was measured"
        assert took < BOUND


@pytest.fixture
def department():
    return DepartmentFactory(name="骨科")


@pytest.fixture
def clerk(department):
    return StaffFactory(role="desk", organisation=department.organisation)


@pytest.fixture
def period(department):
    """Now, with places for whoever comes to the desk."""
    now = timezone.now()
    session = SessionFactory(department=department, day=timezone.localdate())
    session.during = (now - timedelta(hours=1), now + timedelta(hours=2))
    session.save()
    return PeriodFactory(
        session=session, starts_at=now + timedelta(minutes=20), public=2, walk_in=2
    )


def test_a_card_checks_in(page_as, clerk, period):
    number = parse_id_card(NUMBER).number
    patient = PatientFactory(
        name="王桂芳",
        id_card_hash=secrecy.keyed_hash(number, purpose="mpi.id_card"),
        id_card_tail=number[-4:],
    )
    with intention(clerk, door="test"):
        booked = services.book(actor=clerk, patient=patient, period_id=period.pk)
    desk = Desk(page_as(clerk))
    desk.begin("/booking/day/")
    desk.type("#dn", NUMBER)
    desk.keys.press("Enter")
    expect(desk.page.locator("main form button[autofocus]")).to_be_focused()
    desk.keys.press("Enter")
    expect(desk.page.locator(".toasts")).to_be_visible()
    desk.finish("check in")
    booked.refresh_from_db()
    assert booked.status == "arrived"


def test_whoever_shows_a_card_is_booked(page_as, clerk, department):
    PeriodFactory(session=SessionFactory(department=department), public=3, walk_in=1)
    doctor = StaffFactory()
    with intention(doctor, door="test"):
        register_and_treat(
            actor=doctor, name="王小明", organisation=doctor.organisation, id_card=NUMBER
        )
    desk = Desk(page_as(clerk))
    desk.begin("/booking/day/")
    desk.type("#dn", NUMBER)
    desk.keys.press("Enter")
    desk.do("main a.slot")
    desk.do("main button.slot")
    desk.do("main .btn--p")
    expect(desk.page.locator(".tk__h .no")).to_have_text("1号")
    desk.finish("book")
    assert Appointment.objects.get().pool == "walk_in"
