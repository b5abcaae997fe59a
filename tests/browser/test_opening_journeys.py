"""Residents on a phone in the opening minute: a ticket, the draw, the turn; or nothing left."""

import pytest
import redis
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from scheduling.opening import line, tasks
from telemed.core.intentions import intention
from tests.browser.conftest import sign_in
from tests.factories.people import ClinicFactory, PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, places_of
from tests.marks import committed
from tests.scheduling.opening.conftest import later, opening_of

pytestmark = committed
PHONE = 390


@pytest.fixture
def valkey():
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as server:
        yield server
        for key in server.scan_iter("opening:*"):
            server.delete(key)


@pytest.fixture
def resident():
    return PatientFactory(
        user=UserFactory(), name="石美凤", managing_organisation=ClinicFactory()
    ).user


@pytest.fixture
def period():
    return PeriodFactory(public=2)


@pytest.fixture
def opening(valkey, period):
    """Just now the places came out; the worker has counted them."""
    opening = opening_of(period.organisation, since=1, days=[period.session.day])
    type(period.session).objects.filter(pk=period.session_id).update(release_at=opening.opens_at)
    tasks.steer_openings_task()
    return opening


def ticket(hand):
    hand.do(".tileb[href='/booking/']")
    hand.do("main a.slot")
    hand.sees("opening-notice")
    hand.do("a[href^='/booking/opening/']")
    expect(hand.page.locator("#line")).to_have_attribute("data-kind", "waiting")


def taken(period):
    """By the desk of the hospital, say."""
    for _turn in range(2):
        other = PatientFactory(user=UserFactory()).user
        with intention(other, door="test"):
            services.book(actor=other, patient=other.patient, period_id=period.pk, pools=["public"])
    tasks.steer_openings_task()


def test_drawn_in_turn_and_booked(hand_of, resident, period, opening, valkey):
    hand = hand_of(resident, width=PHONE)
    ticket(hand)
    hand.sees("opening-ticket")
    later(valkey, opening, 70)
    number = opening.organisation.number
    valkey.hset(line.keys_of(number)[0], "rate", "0.0001")
    hand.page.reload()
    expect(hand.page.locator("#line")).to_have_attribute("data-kind", "line")
    hand.sees("opening-line")
    valkey.hset(line.keys_of(number)[0], "rate", "100")
    hand.page.reload()
    expect(hand.page.locator("#line")).to_have_attribute("data-kind", "turn")
    hand.sees("opening-turn")
    hand.do("#line li a")
    hand.do("main button.slot")
    hand.do("main .btn--p")
    expect(hand.page.locator(".tk__h .no")).to_have_text("1号")
    hand.arrived("resident 8")
    assert Appointment.objects.get().status == Status.BOOKED
    assert places_of(period) == {"public": (1, 2)}


def test_nothing_is_left_so_the_waitlist(hand_of, resident, period, opening, valkey):
    hand = hand_of(resident, width=PHONE)
    ticket(hand)
    taken(period)
    later(valkey, opening, 70)
    valkey.hset(line.keys_of(opening.organisation.number)[0], "rate", "0.0001")
    hand.page.reload()
    expect(hand.page.locator("#line .none")).to_be_visible()
    hand.sees("opening-none-left")
    hand.do("#line li a")
    hand.do("form[action$='/wait/'] button")
    expect(hand.page.locator(".tk__h .no")).to_have_text("1")
    hand.arrived("resident 9")
    waiting = Appointment.objects.get(patient=resident.patient)
    assert waiting.status == Status.WAITLISTED


def test_the_page_goes_on_by_itself_and_keeps_what_it_said_while_the_line_is_down(
    page_as, resident, period, opening, valkey
):
    page = page_as(resident, width=PHONE)
    number = opening.organisation.number
    page.goto(f"/opening/{number}/")
    expect(page.locator("#line")).to_have_attribute("data-kind", "waiting")
    expect(page.locator("[data-left]")).to_have_text("0:30", timeout=60_000)
    later(valkey, opening, 70)
    page.context.set_offline(True)
    expect(page.locator("#said")).to_be_visible(timeout=60_000)
    expect(page.locator("#line")).to_have_attribute("data-kind", "waiting")
    page.context.set_offline(False)
    expect(page.locator("#line")).to_have_attribute("data-kind", "turn", timeout=60_000)
    expect(page.locator("#said")).to_be_hidden()
    assert timezone.now() < opening.ends_at


def test_without_script_the_page_renews_itself(browser, served, resident, opening):
    context = browser.new_context(base_url=served.url, java_script_enabled=False)
    sign_in(context, resident, served.url)
    page = context.new_page()
    page.goto(f"/opening/{opening.organisation.number}/")
    assert page.locator("meta[http-equiv=refresh]").count() == 1
    assert page.locator("#line").get_attribute("data-kind") == "waiting"
    context.close()
