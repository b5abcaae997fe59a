"""A thin uplink in a room of three: the picture goes to one, and everybody is told."""

import pytest
from playwright.sync_api import Page, expect

from consult.rooms import services
from consult.rooms.models import RoomEvent
from telemed.core.intentions import intention
from telemed.people.models import Role as StaffRole
from tests.browser.room_server import WATCH, await_media, count
from tests.browser.test_room import enter
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed

SHARING = """async (moments) => {
  const { start, step } = await import("/static/rooms/sharing.js");
  let share = start();
  return moments.map((now) => (share = step(share, now)).to);
}"""
SPECIALIST, CHAIR, DOCTOR, GUEST = (
    {"user": user, "role": role}
    for user, role in (
        ("s", "specialist"),
        ("c", "specialist"),
        ("d", "requester"),
        ("g", "interpreter"),
    )
)


def moments(seconds: int, since: int = 0, **facts) -> list[dict]:
    """One a second of a room of four on a thin line."""
    now = {"others": [GUEST, DOCTOR, SPECIALIST, CHAIR], "uplink": 300_000}
    now |= {"leader": None, "speaker": None}
    return [{"at": (since + n) * 1000, **now, **facts} for n in range(seconds)]


@pytest.fixture
def shared(page_as):
    page = page_as(None)
    page.goto("/accounts/login/")
    return lambda told: page.evaluate(SHARING, told)


def test_the_specialist_comes_first_then_who_leads_then_who_speaks(shared):
    assert shared(moments(8))[-1] == "s"
    assert shared(moments(8, others=[GUEST, DOCTOR]))[-1] == "d"
    assert shared(moments(8, leader="c"))[-1] == "c"
    assert shared(moments(8, leader="d"))[-1] == "s"  # a specialist is before any other leader
    assert shared(moments(8, speaker="c"))[-1] == "c"
    assert shared(moments(8, speaker="g"))[-1] == "s"
    assert shared(moments(8, leader="s", speaker="c"))[-1] == "s"


def test_who_has_it_keeps_it_while_voices_take_turns_and_gives_it_up_to_a_leader(shared):
    turns = moments(8, speaker="c") + moments(5, 8, speaker="s") + moments(5, 13, speaker="c")
    assert set(shared(turns)[7:]) == {"c"}
    assert shared(turns + moments(2, 18, leader="s"))[-1] == "s"
    gone = moments(2, 18, others=[GUEST, DOCTOR, SPECIALIST])
    assert shared(turns + gone)[-1] == "s"


def test_a_call_that_begins_or_swings_does_not_flap(shared):
    begins = moments(4, uplink=300_000) + moments(10, 4, uplink=900_000)
    assert set(shared(begins)) == {""}
    swings = moments(8)
    while len(swings) < 120:
        swings += moments(15, len(swings), uplink=700_000) + moments(3, len(swings) + 15)
    assert set(shared(swings)[7:]) == {"s"}
    middling = moments(8) + moments(60, 8, uplink=500_000)
    assert set(shared(middling)[7:]) == {"s"}


def test_it_goes_to_all_again_after_twenty_wide_seconds_and_in_a_room_of_two(shared):
    back = shared(moments(8) + moments(25, 8, uplink=700_000))
    assert back[27] == "s"
    assert back[-1] == ""
    assert shared(moments(8) + moments(1, 8, others=[SPECIALIST]))[-1] == ""
    assert shared(moments(20, others=[SPECIALIST]))[-1] == ""
    assert set(shared(moments(20, uplink=None))) == {""}


CROWD = """async ([people, me]) => {
  const { Call } = await import("/static/rooms/call.js");
  const socket = { send: () => true, connection: me, open: true };
  const call = new Call({ socket, local: new MediaStream(), still: () => "" });
  call.follow(people, me);
  const found = [call.left, [...call.peers.values()].map(({ user }) => user)];
  call.close();
  return found;
}"""


def test_of_more_than_four_the_doctors_are_the_mesh_on_every_page(page_as):
    page = page_as(None)
    page.goto("/accounts/login/")
    expert = {"user": "e", "role": "specialist"}
    people = [
        {**one, "connection": one["user"], "status": "admitted"}
        for one in (GUEST, DOCTOR, SPECIALIST, CHAIR, expert)
    ]
    mesh = {"d", "s", "c", "e"}
    for me in mesh:
        left, others = page.evaluate(CROWD, [people, me])
        assert (left, set(others)) == (False, mesh - {me})
    assert page.evaluate(CROWD, [people, "g"]) == [True, []]
    assert page.evaluate(CROWD, [people[:4], "g"]) == [False, ["d", "s", "c"]]


# The line says what the test wants it to: good, and `uplink` wide. A busy machine is no bad line.
LINE = """
  const real = RTCPeerConnection.prototype.getStats;
  RTCPeerConnection.prototype.getStats = async function (...args) {
    const found = new Map();
    const good = {
      "candidate-pair": { availableOutgoingBitrate: window.uplink || 900_000 },
      "inbound-rtp": { concealedSamples: 0, packetsLost: 0 },
      "remote-inbound-rtp": { fractionLost: 0, roundTripTime: 0.05 },
    };
    (await real.apply(this, args)).forEach((one) => {
      found.set(one.id, good[one.type] ? { ...one, ...good[one.type] } : one);
    });
    return found;
  };
"""


def frames_from(page: Page, user) -> int:
    """Pictures that came from one person so far."""
    shown = f'.tile[data-user="{user.pk}"] video'
    return page.locator(shown).evaluate("(v) => v.getVideoPlaybackQuality().totalVideoFrames")


def test_on_a_thin_uplink_the_specialist_alone_gets_the_picture_and_all_are_told(page_as):
    who = scene()
    guest = StaffFactory(
        role=StaffRole.SPECIALIST, organisation=who.room.case.asked, name="何译", language="en"
    )
    who.asking.language = "en"
    who.asking.save()
    town = page_as(who.asking)
    pages = [town, page_as(who.answering), page_as(guest)]
    for page in pages:
        page.add_init_script(LINE)
        page.add_init_script(WATCH)
    town, hub, third = pages
    enter(town, who)
    enter(hub, who)
    them = {"actor": who.answering, "room_id": who.room.pk, "user_id": guest.pk}
    with intention(who.answering, door="test"):
        services.invite_guest(**them, role="interpreter")
    with intention(who.answering, door="test"):
        services.admit_guest(**them)
    enter(third, who)
    for page in pages:
        await_media(page, 20)

    town.evaluate("window.uplink = 180_000")  # to each of two: less than 400 kbit/s in all

    banner = town.locator('[data-room="shared"]')
    expect(banner).to_be_visible(timeout=20_000)
    expect(banner).to_contain_text(who.answering.name)
    tile = third.locator(f'.tile[data-user="{who.asking.pk}"]')
    expect(tile.locator('[data-tile="line"]')).to_contain_text("Thin line", timeout=5000)
    expect(tile.locator("img")).to_be_visible(timeout=10_000)  # a still
    for page in (hub, third):
        expect(page.locator('[data-room="log"]')).to_contain_text(who.answering.name)
    before = frames_from(third, who.asking), count(hub)["frames"]
    hub.wait_for_timeout(3000)
    assert frames_from(third, who.asking) - before[0] <= 1
    assert count(hub)["frames"] > before[1] + 10
    told = RoomEvent.objects.filter(kind="quality.changed", sender=who.asking)
    assert told.filter(body__mode="video", body__to=str(who.answering.pk)).exists()
