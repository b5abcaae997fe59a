"""
The desk with the keyboard alone: less than ten seconds a person.

The hands are counted, never timed: each key, and each page that is looked at, by the
keystroke-level model (Card, Moran and Newell 1980: 0.2 s a key for who types all day, 1.35 s to
make up one's mind). What is left of the ten seconds is the pages', from the key that asks for one
to the end of its loading; with --all-drills they have to keep to it. Printed with -rP.
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
LIMIT = 10.0  # s a person
KEY, LOOK = 0.2, 1.35  # s
PAGES = 1.5  # s that the hands leave to the pages, at least
COUNTS = """
addEventListener("keydown", () => window.keyDown(), true);
addEventListener("load", () => setTimeout(() =>
  window.pageTook(performance.getEntriesByType("navigation")[0].duration), 0));
"""


class Desk(Keys):
    """Counts keys, and sums up what each page took."""

    def __init__(self, page, timed):
        super().__init__(page)
        self.pressed, self.timed = 0, timed
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

    def type(self, selector, text):
        """The field is empty: nothing has to be marked first."""
        self.to(selector)
        self.keys.type(text)

    def finish(self, what):
        self.page.wait_for_function("() => document.readyState === 'complete'")
        self.page.wait_for_timeout(100)
        looks = len(self.took) - 1  # at the last there is nothing to decide
        hands, pages = self.pressed * KEY + looks * LOOK, sum(self.took) / 1000
        print(  # noqa: T201 - read with -rP
            f"{what}: {self.pressed} keys, {len(NUMBER)} of them the ID card, and {looks} looks: "
            f"{hands:.1f} s; the pages {pages:.2f} s; together {hands + pages:.1f} of {LIMIT:.0f} s"
        )
        assert not self.used, "a pointer went down"
        assert self.took, "no page was measured"
        assert hands + PAGES <= LIMIT
        assert not self.timed or hands + pages <= LIMIT


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.long)], ids=["keys", "timed"])
def desk_of(request, page_as):
    """desk_of(clerk): the keyboard; timed where the machine has nothing else to do."""
    return lambda clerk: Desk(page_as(clerk), request.param)


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


def test_a_card_checks_in(desk_of, clerk, period):
    number = parse_id_card(NUMBER).number
    patient = PatientFactory(
        name="王桂芳",
        id_card_hash=secrecy.keyed_hash(number, purpose="mpi.id_card"),
        id_card_tail=number[-4:],
    )
    with intention(clerk, door="test"):
        booked = services.book(actor=clerk, patient=patient, period_id=period.pk)
    desk = desk_of(clerk)
    desk.begin("/booking/day/")
    desk.type("#dn", NUMBER)
    desk.keys.press("Enter")
    expect(desk.page.locator("main form button[autofocus]")).to_be_focused()
    desk.keys.press("Enter")
    expect(desk.page.locator(".toasts")).to_be_visible()
    desk.finish("check in")
    booked.refresh_from_db()
    assert booked.status == "arrived"


def test_whoever_shows_a_card_is_booked(desk_of, clerk, department):
    PeriodFactory(session=SessionFactory(department=department), public=3, walk_in=1)
    doctor = StaffFactory()
    with intention(doctor, door="test"):
        register_and_treat(
            actor=doctor, name="王小明", organisation=doctor.organisation, id_card=NUMBER
        )
    desk = desk_of(clerk)
    desk.begin("/booking/day/")
    desk.type("#dn", NUMBER)
    desk.keys.press("Enter")
    desk.do("main a.slot")
    desk.do("main button.slot")
    desk.do("main .btn--p")
    expect(desk.page.locator(".tk__h .no")).to_have_text("1号")
    desk.finish("book")
    assert Appointment.objects.get().pool == "walk_in"
