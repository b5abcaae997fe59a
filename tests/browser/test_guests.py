"""A third person in the room: asked in, waiting, let in, heard by both; and the hold."""

import pytest
from playwright.sync_api import expect

from consult.rooms.models import Room
from telemed.people.models import Role
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.room_server import await_media
from tests.browser.test_room import enter, prepare, say
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed


@pytest.fixture
def who(transactional_db):
    made = scene()
    for user in (made.asking, made.answering):
        user.language = "en"
        user.save()
    return made


def test_an_interpreter_comes_in_through_the_waiting_page_and_speaks_with_both(page_as, who):
    guest = StaffFactory(
        role=Role.SPECIALIST, organisation=who.room.case.asked, name="潘译", language="en"
    )
    a = enter(prepare(page_as(who.asking)), who)
    b = enter(prepare(page_as(who.answering)), who)
    b.locator("[data-opens=invite]").click()
    b.fill("#invite [name=q]", "潘")
    expect(b.locator("#invite [data-found] input")).to_be_checked()
    assert_accessible(b)
    b.locator("#invite .btn--p").click()
    expect(b.locator("[data-room=guests]")).to_contain_text("潘译")

    c = prepare(page_as(guest))
    c.goto(f"/rooms/{who.room.case_id}/")
    expect(c.locator("[data-title]")).to_have_text("Wait until somebody lets you in")
    assert_accessible(c)
    assert_fits(c)
    expect(a.locator("[data-room=guests]")).to_contain_text("asks to come in")
    # Somebody else turned them away meanwhile and the invitation is gone: it is said
    a.route("**/admit/", lambda route: route.fulfill(status=422, json={"text": "Too late"}))
    a.locator("[data-door=admit]").click()
    expect(a.locator('[data-room="log"]')).to_contain_text("Too late")
    a.unroute("**/admit/")
    a.locator("[data-door=admit]").click()
    c.locator('[data-room="enter"]').click(timeout=15_000)
    expect(c.locator("html")).to_have_attribute("data-connection", "open", timeout=10_000)

    await_media(c, 15)
    for page in (a, b, c):
        expect(page.locator(".tile")).to_have_count(3)
        expect(page.locator("[data-room=count]")).to_have_text("3")
    expect(a.locator("[data-room=guests]")).to_be_hidden()
    say(c, "他说胸口痛")
    expect(a.locator('[data-room="log"]')).to_contain_text("他说胸口痛")
    b.locator(f'.tile[data-user="{guest.pk}"] button[data-remove]').click()
    expect(c.locator('[data-room="banner"]')).to_contain_text("removed", timeout=5_000)


def test_a_host_holds_the_consult_and_goes_on(page_as, who):
    a = enter(prepare(page_as(who.asking)), who)
    b = enter(prepare(page_as(who.answering)), who)
    a.locator('[data-room="hold"]').click()
    a.fill("#hold-room [name=reason]", "转运病人")
    a.locator("#hold-room .btn--p").click()
    for page in (a, b):
        expect(page.locator('[data-room="held"]')).to_contain_text("转运病人")
        assert_accessible(page)
    assert Room.objects.get().status == Room.Status.HELD
    b.locator('[data-room="hold"]').click()
    for page in (a, b):
        expect(page.locator('[data-room="held"]')).to_be_hidden()
    assert Room.objects.get().status == Room.Status.LIVE
