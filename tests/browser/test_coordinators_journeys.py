"""Coordinators: an overdue request, the rota of a month, the live rooms. The MDT: test_mdt.py."""

from datetime import date
from uuid import uuid4

from django.utils import timezone
from playwright.sync_api import expect

from consult.requests.models import Offer
from consult.requests.rungs import PROMISE
from consult.rooms import services as rooms
from telemed.core.clocks import fire_due
from telemed.core.intentions import intention
from telemed.core.models import Clock
from telemed.organisations.models import Specialty
from telemed.people.models import Role
from telemed.rota.coverage import next_month
from telemed.rota.models import Rota, Shift, month_of
from telemed.rota.queries import on_duty
from tests.factories.consult import sent_case
from tests.factories.people import OrganisationFactory, PractitionerFactory, StaffFactory
from tests.factories.rooms import scene as room_scene
from tests.factories.rota import at, on
from tests.marks import committed

pytestmark = committed


def test_an_overdue_request_gets_a_doctor(hand_of):
    scene = sent_case()
    other = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital, name="韦正义")
    PractitionerFactory(user=other)
    promise = Clock.objects.filter(about=scene.case.pk, kind="case.accept", rung=PROMISE)
    promise.update(due_at=timezone.now())
    fire_due()
    hand = hand_of(scene.coordinator)
    page = hand.page
    expect(page.locator("article .chip--r")).to_be_visible()  # past its time
    hand.sees("coordinator-1-board")
    hand.do("article a.btn--p")
    hand.do(f"input[name=doctor][value='{other.pk}']")
    hand.sees("coordinator-1-whom", "form[action$='/assign/']")
    hand.do("form[action$='/assign/'] button:not([formaction])")
    expect(page.locator(".toasts")).to_be_visible()
    page.wait_for_load_state()
    hand.arrived("coordinator 1")
    assert scene.case.offers.get(doctor=other).status == Offer.Status.OFFERED

    hand.sees("coordinator-1-assigned")


def test_the_rota_of_the_next_month(hand_of):
    hospital = OrganisationFactory()
    coordinator = StaffFactory(role=Role.COORDINATOR, organisation=hospital)
    director = StaffFactory(role=Role.DIRECTOR, organisation=hospital)
    doctor = StaffFactory(role=Role.SPECIALIST, organisation=hospital, name="罗晓岚")
    PractitionerFactory(user=doctor)
    this = month_of(timezone.now())
    for day in range(1, 29):
        on(director, hospital, at(day, month=this), kind=Shift.Kind.DIRECTOR)
        if day not in {5, 6}:
            on(doctor, hospital, at(day, month=this))
    ahead = next_month(this)
    hand = hand_of(coordinator)
    page = hand.page
    hand.do("nav a[href='/rota/']")
    hand.do("button[name=copy]")
    expect(page.locator("a.is-gap").first).to_be_visible()
    hand.sees("coordinator-4-copied")
    empty = "a.is-gap[href$='/neurology/']:not(:has(b))"
    day = date.fromisoformat(str(page.locator(empty).first.get_attribute("href")).split("/")[3])
    hand.do(f"a.is-gap[href*='/{day}/neurology/']")
    expect(page.locator("input[name=user]:checked")).to_have_count(1)  # who has the fewest shifts
    hand.sees("coordinator-4-gap")
    hand.do("main form:has([name=user]) button.btn--p")

    # An hour that stays uncovered is published with the reason for it, never without
    hand.type("#gap", "月底外出培训，电话请上级医院")
    hand.do("form[action$='/publish/'] button")
    expect(page.locator(".chip--g")).to_be_visible()
    hand.sees("coordinator-4-published")
    hand.arrived("coordinator 4")
    assert Rota.objects.get(month=ahead).state == Rota.State.PUBLISHED
    assert on_duty(hospital, Specialty.NEUROLOGY, at(day.day, 12, month=ahead))


def test_the_live_rooms(hand_of):
    who = room_scene()
    with intention(who.asking, door="test"):
        rooms.join_room(actor=who.asking, room_id=who.room.pk, connection=uuid4())
    hand = hand_of(who.coordinator)
    page = hand.page
    hand.do("nav a[href='/rooms/']")
    expect(page.locator(".rb__x")).to_have_count(1)  # no doctor here
    hand.sees("coordinator-5-rooms")
    hand.arrived("coordinator 5")

    # And both sides are told that a doctor is missing
    hand.do("form[action$='/call/'] button")
    expect(page.locator(".rb__m .chip")).to_be_visible()
    hand.sees("coordinator-5-told")
