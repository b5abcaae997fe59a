"""Where a room ends for somebody: devices are let go, and who was refused learns nothing."""

import re

import pytest
from playwright.sync_api import expect

from consult.rooms import services
from consult.rooms.models import Participant
from telemed.core.intentions import intention
from tests.browser.limits import SPARE
from tests.browser.room_server import await_media, measured
from tests.browser.test_room import enter, prepare, say
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed
SEEN = 2000  # ms until the hosts hear of a knock, and the guest of an answer

# Every track that the page was given; what they were when it went is kept for the next page.
TRACKS = """
  window.tracks = [];
  const media = navigator.mediaDevices;
  const ask = media && media.getUserMedia.bind(media);
  if (media) media.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
  addEventListener("pagehide", () =>
    sessionStorage.setItem("tracks", JSON.stringify(window.tracks.map((one) => one.readyState))));
"""
STATES = "() => window.tracks.map((one) => one.readyState)"
ON, OFF = ["live", "live"], ["ended", "ended"]

# A page that may not come in tries it with a socket of its own.
KNOCK = """(path) => new Promise((done) => {
  const heard = [];
  const socket = new WebSocket(`ws://${location.host}${path}`);
  socket.onmessage = ({ data }) => heard.push(data);
  socket.onclose = () => done(heard);
})"""


@pytest.fixture
def who(transactional_db):
    return scene()


@pytest.fixture
def guest(who):
    """An interpreter who was asked in and has not come yet."""
    made = StaffFactory(organisation=who.room.case.asked, name="潘译")
    with intention(who.asking, door="test"):
        Participant.objects.create(
            room=who.room, user=who.asking, role="requester", seen_at=who.room.created_at
        )
        services.invite_guest(
            actor=who.asking, room_id=who.room.pk, user_id=made.pk, role="interpreter"
        )
    return made


def act(who, do, guest):
    with intention(who.asking, door="test"):
        do(actor=who.asking, room_id=who.room.pk, user_id=guest.pk)


@pytest.fixture
def page_of(page_as):
    def page_of(user):
        page = prepare(page_as(user))
        page.add_init_script(TRACKS)
        return page

    return page_of


def test_microphone_and_camera_are_let_go_by_who_leaves_is_removed_or_takes_another_window(
    page_of, who, guest
):
    act(who, services.admit_guest, guest)
    a, c = enter(page_of(who.asking), who), enter(page_of(guest), who)
    b = enter(page_of(who.answering), who)
    await_media(b, 15)
    assert [page.evaluate(STATES) for page in (a, b, c)] == [ON, ON, ON]

    a.locator(f'.tile[data-user="{guest.pk}"] [data-remove]').click()
    a.locator('#remove-person [value="noise"]').check()
    a.locator("#remove-person .btn--p").click()
    expect(c.locator("html")).to_have_attribute("data-connection", "removed", timeout=SEEN * SPARE)
    assert c.evaluate(STATES) == OFF
    expect(a.locator(".tile")).to_have_count(2)

    second = b.context.new_page()
    prepare(second).add_init_script(TRACKS)
    enter(second, who)
    expect(b.locator("html")).to_have_attribute("data-connection", "replaced")
    assert (b.evaluate(STATES), second.evaluate(STATES)) == (OFF, ON)
    expect(a.locator(".tile")).to_have_count(2)

    second.locator('[data-room="leave"]').click()
    second.wait_for_url(f"**/cases/{who.room.case_id}/")
    assert second.evaluate("() => JSON.parse(sessionStorage.getItem('tracks'))") == OFF
    expect(a.locator(".tile")).to_have_count(1, timeout=3000)
    who.room.case.refresh_from_db()
    assert who.room.case.status == "in_progress"


def test_a_device_that_is_unplugged_is_said_and_the_rest_goes_on(page_of, who):
    who.asking.language = "en"
    who.asking.save()
    a = enter(page_of(who.asking), who)
    b = enter(page_of(who.answering), who)
    await_media(b, 15)
    # What a browser does when a plug is pulled; a track that a page stops itself says nothing.
    a.evaluate("""() => {
      const track = window.tracks.find((one) => one.kind === "video");
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }""")
    expect(a.locator('[data-room="log"]')).to_contain_text("The camera is gone")
    expect(a.locator('[data-room="camera"]')).to_have_attribute("aria-disabled", "true")
    expect(a.locator('[data-room="mic"]')).not_to_have_attribute("aria-disabled", "true")
    heard = b.evaluate("() => window.sockets.length")
    say(a, "go on")
    expect(b.locator('[data-room="log"] .msg p')).to_have_text("go on")
    assert b.evaluate("() => window.sockets.length") == heard


def test_who_was_refused_gets_no_frame_no_server_and_no_secret(page_of, who, guest):
    a = enter(page_of(who.asking), who)
    waiting = page_of(guest)
    opened: list[str] = []
    waiting.on("websocket", lambda socket: opened.append(socket.url))
    waiting.goto(f"/rooms/{who.room.case_id}/")
    knocks = a.locator("[data-door=refuse]")
    expect(knocks).to_be_visible(timeout=SEEN * SPARE)
    knocks.click()
    expect(waiting.locator("[data-title]")).to_have_text("未获准进入", timeout=10_000)

    socket = f"/ws/rooms/{who.room.pk}/"
    shown = waiting.content()
    assert socket not in shown
    assert who.room.case.patient.name not in shown
    assert not [url for url in opened if socket in url]
    assert waiting.evaluate(KNOCK, socket) == []
    waiting.reload()
    assert socket not in waiting.content()
    expect(a.locator(".tile")).to_have_count(1)
    measured(9, "who was refused heard no frame")


def test_an_address_of_the_room_names_nobody(page_of, who):
    opened: list[str] = []
    page = page_of(who.asking)
    page.on("websocket", lambda socket: opened.append(socket.url))
    enter(page, who)
    number = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    known = rf"ws://[\w.:]+/ws/(inbox/|rooms/{number}/\?after=\d+&connection={number})"
    assert opened
    assert all(re.fullmatch(known, url) for url in opened), opened
