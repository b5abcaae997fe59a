"""A line that is cut, for ten seconds and for a minute: nothing is lost and all go on."""

import time

import pytest
from playwright.sync_api import Page, expect

from consult.keyimages.models import KeyImage
from consult.opinions.models import Draft
from consult.rooms.models import Participant, RoomEvent
from consult.rooms.services import invite_guest
from consult.rooms.tasks import sweep_rooms_task
from telemed.core.intentions import intention
from tests.browser.limits import SPARE
from tests.browser.room_server import await_media, count, measured
from tests.browser.test_desk import DESK, laid, thorax
from tests.factories.people import StaffFactory
from tests.line.conftest import meet
from tests.line.needs import pytestmark

__all__ = ["pytestmark"]
BACK_SHORT, BACK_LONG = 5, 10  # seconds after the line, until sound and picture move
KNOCKS = 2  # seconds until the hosts see it
NO_GHOST, SWEEPS = 35 + 10, 5000  # seconds, ms: beat looks every five seconds
MESSAGES = 5
UNSENT = '[data-room="log"] [data-waiting]'


def say(page: Page, text: str) -> None:
    page.locator('[data-room="say"] input').fill(text)
    page.locator('[data-room="say"] button').click()


def said(page: Page) -> list[str]:
    return page.locator('[data-room="log"] .msg:not([data-waiting]) p').all_inner_texts()


def fresh(page: Page, before: dict) -> dict:
    """The count to compare with: a call that was built anew counts from nothing."""
    now = count(page)
    return before if now["packets"] >= before["packets"] else {"frames": 0, "packets": 0}


def comes_back(number: int, limit: float, *pages: Page) -> None:
    """Sound and picture move again, both ways."""
    before = [count(page) for page in pages]
    back = time.monotonic()
    for page, then in zip(pages, before, strict=True):
        left = max(limit * SPARE - (time.monotonic() - back), 0.1)
        await_media(page, left, fresh(page, then))
    measured(number, f"sound and picture move again after {time.monotonic() - back:.1f} s")


@pytest.fixture
def guests(who):
    """Two interpreters who were asked in."""
    made = [StaffFactory(organisation=who.room.case.asked, name=name) for name in ("潘译", "石译")]
    with intention(who.asking, door="test"):
        Participant.objects.create(
            room=who.room, user=who.asking, role="requester", seen_at=who.room.created_at
        )
        for guest in made:
            invite_guest(
                actor=who.asking, room_id=who.room.pk, user_id=guest.pk, role="interpreter"
            )
    return made


def test_a_cut_of_ten_seconds_and_one_of_a_minute_lose_nothing(country, line, window, who, guests):
    case = who.room.case
    case.studies.add(laid(case.patient, who.asking, "now", thorax(case.patient, "now")))
    town, hub = window(country.town, who.answering), window(country.hub, who.asking)
    meet(who, town, hub)
    place = Participant.objects.get(user=who.answering)
    town.wait_for_function(f"() => !!{DESK}?.board?.frames.find({DESK}.board.slice)")

    waiting = window(country.town, guests[0])
    waiting.goto(f"/rooms/{case.pk}/")
    knocked = time.monotonic()
    knocks = hub.locator('[data-room="guests"] li', has_text="申请进入")
    expect(knocks).to_have_count(1, timeout=KNOCKS * SPARE * 1000)
    measured(9, f"a knock is seen after {time.monotonic() - knocked:.1f} s")
    first_in_line = Participant.objects.get(user=guests[0]).knocked_at

    line.down = True
    hub.wait_for_timeout(10_000)
    line.down = False
    comes_back(5, BACK_SHORT, town, hub)
    for page in (town, hub):
        expect(page.locator(".tile")).to_have_count(2)
        expect(page.locator("dialog[open]")).to_have_count(0)

    line.down = True
    cut = time.monotonic()
    expect(town.locator('[data-room="banner"]')).to_be_visible(timeout=20_000)
    for number in range(MESSAGES):
        say(town, f"town {number}")
        say(hub, f"hub {number}")
        hub.wait_for_timeout(2000)
    town.locator("[data-desk-do=keyImage]").click()
    town.fill("[name=findings]", "右肺上叶结节")
    expect(town.locator(UNSENT)).to_have_count(MESSAGES)
    away = hub.locator(f'.tile[data-user="{who.answering.pk}"]', has_text="暂时离开")
    while not away.count():
        assert time.monotonic() - cut < NO_GHOST, "a ghost in the room"
        sweep_rooms_task()  # as beat does
        hub.wait_for_timeout(SWEEPS)
    measured(11, f"whose line is gone is away after {time.monotonic() - cut:.1f} s")
    expect(hub.locator("[data-room=count]")).to_have_text("1")
    hub.wait_for_timeout(max(60 - (time.monotonic() - cut), 0) * 1000)
    line.down, back = False, time.monotonic()
    comes_back(6, BACK_LONG, town, hub)

    everything = 2 * MESSAGES
    for page in (town, hub):
        messages = page.locator('[data-room="log"] .msg:not([data-waiting])')
        expect(messages).to_have_count(everything, timeout=10_000)
        expect(page.locator(".kstrip li")).to_have_count(1, timeout=30_000)
    expect(town.locator(UNSENT)).to_have_count(0)
    expect(town.locator("[data-draft] [data-state]")).to_contain_text("已保存", timeout=30_000)
    measured(4, f"messages, key image and draft are there after {time.monotonic() - back:.1f} s")
    kept = RoomEvent.objects.filter(kind="chat.posted").order_by("seq")
    order = [event.body["text"] for event in kept]
    assert said(town) == said(hub) == order
    for side in ("town", "hub"):
        assert [t for t in order if t.startswith(side)] == [f"{side} {n}" for n in range(MESSAGES)]
    assert KeyImage.objects.count() == 1
    assert Draft.objects.get().findings == "右肺上叶结节"
    now = Participant.objects.get(user=who.answering)
    assert (now.pk, now.connection) == (place.pk, place.connection)
    for page in (town, hub):
        expect(page.locator(".tile")).to_have_count(2)

    waiting.reload()
    second = window(country.hub, guests[1])
    second.goto(f"/rooms/{case.pk}/")
    expect(knocks).to_have_count(2, timeout=KNOCKS * SPARE * 1000)
    assert [li.split()[0] for li in knocks.all_inner_texts()] == ["潘译", "石译"]
    assert Participant.objects.get(user=guests[0]).knocked_at == first_in_line

    log = country.server.log.read_text()
    told = [case.patient.name, who.asking.name, guests[0].name, "town 0", "右肺上叶结节"]
    assert not [one for one in told if one in log], "no log names anybody"
