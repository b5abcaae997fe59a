"""Somebody without an account in a consult: asked in by number, let in, heard and seen by all."""

from pathlib import Path

from playwright.sync_api import expect

from consult.guests.models import Link
from consult.guests.secrets import path_of
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.hands import Keys, Mouse
from tests.browser.room_server import WATCH, await_media
from tests.factories.guests import PHONE
from tests.marks import committed

pytestmark = committed
WIDTH = 390
OPEN = ("data-connection", "open")


def pictures(request):
    folder = request.config.getoption("--pictures")
    return Path(folder) if folder else None


def ask_in(hand, who):
    """From the room's page to the link that is read out."""
    hand.page.goto(f"/rooms/{who.room.case_id}/")
    hand.do("[data-room=enter]")
    expect(hand.page.locator("html")).to_have_attribute(*OPEN, timeout=10_000)
    hand.do("[data-opens=invite]")
    hand.type("#invite [data-inviting] [name=name]", "龙阿妹")
    hand.type("#invite [data-inviting] [name=phone]", PHONE)
    hand.do("#invite [data-inviting] button")
    address = hand.page.locator("#invite [data-address]")
    expect(address).to_contain_text("/g/")
    expect(hand.page.locator("#invite [data-invited]")).to_contain_text("龙阿妹")
    return str(address.text_content())


def test_an_interpreter_is_asked_in_by_number_and_comes_by_the_link(page_as, who, request):
    # Given the asking doctor in the room
    doctor = page_as(who.asking)
    doctor.add_init_script(WATCH)
    hand = Mouse(doctor, pictures(request))

    # When an interpreter is asked in by name and number
    address = ask_in(hand, who)
    hand.sees("specialist-7-link", "#invite [data-address]")
    doctor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    doctor.locator("#invite [data-copy]").click()
    expect(doctor.locator("#invite [data-text]")).to_have_text("Copied")
    assert doctor.evaluate("navigator.clipboard.readText()") == address
    hand.do("#invite [data-made] [data-closes]")
    assert address.endswith(path_of(Link.objects.get().pk))

    # And the message is opened on a phone that nobody is signed in to: two taps
    phone = page_as(None, width=WIDTH)
    phone.add_init_script(WATCH)
    taps = Mouse(phone, pictures(request))
    phone.goto(path_of(Link.objects.get().pk))
    taps.clicks += 1  # the link in the message
    taps.sees("guest-1-door")
    taps.do("main form button")
    expect(phone.locator("[data-waiting]")).to_be_visible()
    taps.arrived("guest 1")
    taps.sees("guest-1-waiting", "[data-waiting]")

    # And the doctor lets in whom the page says knocks
    hand.do("[data-door=admit]")
    hand.arrived("specialist 7")

    # Then the phone goes on by itself, and both see each other
    expect(phone.locator("html")).to_have_attribute(*OPEN, timeout=15_000)
    for one in (phone, doctor):
        await_media(one, 15.0)
        expect(one.locator(".tile")).to_have_count(2)
        expect(one.locator("[data-room=count]")).to_have_text("2")
        assert_accessible(one)
        assert_fits(one)
    expect(doctor.locator("[data-room=tiles]")).to_contain_text("龙阿妹")
    expect(phone.locator("[data-room=tiles]")).to_contain_text(who.asking.name)
    expect(phone.locator("body")).not_to_contain_text(who.room.case.patient.name)

    # When the link is taken back, the phone is told so and opens nothing any more
    doctor.locator("[data-opens=invite]").click()
    doctor.locator("#invite [data-invited] button").nth(1).click()
    expect(doctor.locator("#invite [data-invited]")).to_be_hidden()
    expect(phone.locator("[data-room=banner]")).to_be_visible(timeout=15_000)
    phone.goto(path_of(Link.objects.get().pk))
    expect(phone.locator("main [role=alert]")).to_be_visible()
    taps.sees("guest-1-over", "main")


def test_the_same_without_a_mouse(page_as, who):
    page, phone = page_as(who.asking), page_as(None, width=WIDTH)
    hand = Keys(page)
    ask_in(hand, who)
    hand.do("#invite [data-made] [data-closes]")
    phone.goto(path_of(Link.objects.get().pk))
    phone.locator("main form button").click()
    expect(phone.locator("[data-waiting]")).to_be_visible()
    hand.do("[data-door=admit]")
    expect(phone.locator("html")).to_have_attribute(*OPEN, timeout=15_000)
    expect(page.locator("[data-room=count]")).to_have_text("2")
    hand.arrived("specialist 7")
