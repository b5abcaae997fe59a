"""A third person in the room: asked in, waiting, let in, heard by both; and the hold."""

from uuid import uuid4

from playwright.sync_api import expect

from consult.rooms import services
from consult.rooms.models import Room, RoomEvent
from telemed.core.intentions import intention
from telemed.people.models import Role
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.room_server import WATCH, await_media
from tests.browser.test_desk import DESK, SILENT, laid, state, thorax
from tests.browser.test_desk import enter as enter_with_images
from tests.browser.test_room import enter, prepare, say
from tests.factories.people import StaffFactory
from tests.marks import committed

pytestmark = committed


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
    b.locator(f'.tile[data-user="{guest.pk}"] [data-remove]').click()
    b.locator('#remove-person [value="noise"]').check()
    b.locator("#remove-person .btn--p").click()
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


def test_an_interpreter_sees_the_slice_that_the_leader_shows_and_cannot_draw(page_as, who):
    case = who.room.case
    case.studies.add(laid(case.patient, who.asking, "now", thorax(case.patient, "now")))
    guest = let_in(who, StaffFactory(organisation=case.asked, name="潘译", language="en"))
    a = enter_with_images(page_as(who.answering), who)
    a.locator('[data-room="lead"]').click()
    c = page_as(guest, width=390)
    c.add_init_script(WATCH)
    c.add_init_script(SILENT)
    c.goto(f"/rooms/{case.pk}/")
    c.locator('[data-room="enter"]').click()
    expect(c.locator('[data-room="leading"]')).to_contain_text(who.answering.name)
    c.wait_for_function(f"() => {DESK}?.boards[0]?.frames.kept.size", timeout=15_000)

    a.locator(".vp").click()
    a.keyboard.press("ArrowDown")
    wanted = state(a)["slice"]
    c.wait_for_function(f"(n) => {DESK}.boards[0].view.slice === n", arg=wanted)
    exact = f"{DESK}.boards[0].frames.find({DESK}.boards[0].slice)"
    c.wait_for_function(f"() => {exact}")
    value = "[...({}).values].reduce((sum, one) => sum + one, 0)"
    theirs = f"{DESK}.board.frames.find({DESK}.board.slice)"
    a.wait_for_function(f"() => {theirs}")
    seen = c.evaluate(f"() => {value.format(exact)}")
    assert seen == a.evaluate(f"() => {value.format(theirs)}")
    expect(c.locator(".vp .o--tl")).to_contain_text("The patient")
    assert case.patient.name not in c.content()
    assert_accessible(c)
    assert_fits(c)

    expect(c.locator(".tools")).to_be_hidden()
    port = c.locator(".vp")
    port.scroll_into_view_if_needed()
    box = port.bounding_box()
    c.mouse.move(box["x"] + 60, box["y"] + 60)
    c.keyboard.press("l")
    c.mouse.down()
    c.mouse.move(box["x"] + 160, box["y"] + 160, steps=4)
    c.mouse.up()
    c.keyboard.press("ArrowDown")
    assert c.evaluate(f"() => [{DESK}.boards[0].view.slice, {DESK}.marks.size]") == [wanted, 0]

    a.keyboard.press("l")
    box = a.locator(".vp").bounding_box()
    a.mouse.move(box["x"] + 80, box["y"] + 80)
    a.mouse.down()
    a.mouse.move(box["x"] + 180, box["y"] + 140, steps=4)
    a.mouse.up()
    c.wait_for_function(f"() => {DESK}.marks.size === 1")
    a.evaluate(f"() => {DESK}.keep()")
    expect(c.locator(".kstrip img")).to_have_js_property("complete", True, timeout=15_000)
    c.wait_for_function("() => document.querySelector('.kstrip img').naturalWidth > 0")
    assert_accessible(c)

    a.locator('[data-room="lead"]').click()
    expect(c.locator(".vp")).to_have_count(0, timeout=2_000)
    expect(c.locator('[data-room="leading"]')).to_have_text("Nobody shows images now")
    a.locator('[data-room="lead"]').click()
    expect(c.locator(".vp")).to_have_count(1, timeout=5_000)
    a.locator(f'.tile[data-user="{guest.pk}"] [data-remove]').click()
    a.locator('#remove-person [value="noise"]').check()
    a.locator("#remove-person .btn--p").click()
    expect(c.locator(".vp")).to_have_count(0, timeout=2_000)
    assert RoomEvent.objects.filter(sender=guest, kind="mark.saved").count() == 0


def let_in(who, guest):
    """Asked in as an interpreter and admitted; the page needs no waiting."""
    them = {"actor": who.asking, "room_id": who.room.pk, "user_id": guest.pk}
    with intention(who.asking, door="test"):
        services.join_room(actor=who.asking, room_id=who.room.pk, connection=uuid4())
    with intention(who.asking, door="test"):
        services.invite_guest(**them, role="interpreter")
        services.admit_guest(**them)
    return guest
