"""A message that is taken back, a guest whose part changes, and what stays to be read of a room."""

from uuid import uuid4

from playwright.sync_api import expect

from consult.rooms import services
from consult.rooms.models import Role
from telemed.core.intentions import intention
from telemed.people.models import Role as StaffRole
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.test_room import enter, prepare, say
from tests.factories.people import StaffFactory
from tests.marks import committed

pytestmark = committed
WORDS = "右肺结节，建议增强 CT"


def act(service, actor, who, **more):
    with intention(actor, door="test"):
        return service(actor=actor, room_id=who.room.pk, **more)


def test_a_message_is_taken_back_before_everybodys_eyes(page_as, who):
    a = enter(prepare(page_as(who.asking)), who)
    b = enter(prepare(page_as(who.answering)), who)
    say(a, "写错了")
    line = b.locator('[data-room="log"] .msg').filter(has_text="写错了")
    expect(line).to_have_count(1)
    expect(b.get_by_role("button", name="Take back")).to_have_count(0)

    a.get_by_role("button", name="Take back").click()

    for page in (a, b):
        log = page.locator('[data-room="log"]')
        expect(log).to_contain_text("Taken back")
        expect(log).not_to_contain_text("写错了")
    assert_accessible(a)
    b.reload()
    expect(b.locator('[data-room="log"]')).to_contain_text("Taken back")
    expect(b.locator('[data-room="log"]')).not_to_contain_text("写错了")


def test_a_host_lets_an_interpreter_observe_and_the_page_of_the_guest_follows(page_as, who):
    guest = StaffFactory(
        role=StaffRole.SPECIALIST,
        organisation=who.room.case.asked,
        name="潘译",
        language="en",
    )
    a = enter(prepare(page_as(who.asking)), who)
    act(services.invite_guest, who.asking, who, user_id=guest.pk, role=Role.INTERPRETER)
    act(services.admit_guest, who.asking, who, user_id=guest.pk)
    c = enter(prepare(page_as(guest)), who)
    expect(c.locator('[data-room="say"]')).to_be_visible()
    row = a.locator('[data-room="roles"] li')
    expect(row).to_contain_text("潘译")

    row.get_by_role("button").click()
    expect(a.locator("#set-role")).to_contain_text("潘译")
    assert_accessible(a)
    a.locator("#set-role [name=agreed]").check()
    a.locator("#set-role .btn--p").click()

    expect(c.locator("html")).to_have_attribute("data-connection", "open", timeout=15_000)
    expect(c.locator('[data-room="say"]')).to_have_count(0, timeout=15_000)
    expect(row.get_by_role("button")).to_have_text("Let interpret")
    row.get_by_role("button").click()
    expect(c.locator('[data-room="say"]')).to_be_visible(timeout=15_000)


def test_what_was_said_is_read_after_the_end_and_put_on_paper(page_as, who):
    for user in (who.asking, who.answering):
        act(services.join_room, user, who, connection=uuid4())
    act(services.say, who.asking, who, text=WORDS, client_id=uuid4())
    act(services.end_room, who.answering, who)
    page = page_as(who.asking)
    page.goto(f"/rooms/{who.room.case_id}/")

    page.get_by_role("link", name="What happened").click()

    expect(page.locator(".rlog")).to_contain_text(WORDS)
    expect(page.locator(".rrec")).to_contain_text(who.answering.name)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="People").click()
    expect(page.locator(".rlog")).not_to_contain_text(WORDS)
    page.get_by_role("link", name="Print").click()
    expect(page.locator(".a4")).to_contain_text(WORDS)
    assert_accessible(page)
