"""Four who come and go: everybody knows at once who is there, and nobody stays as a ghost."""

import random
import time
from types import SimpleNamespace
from urllib.parse import urlsplit

from consult.rooms import services
from consult.rooms.models import Participant
from telemed.core.intentions import intention
from tests.browser.conftest import signed_in
from tests.browser.limits import SPARE
from tests.browser.room_server import measured
from tests.browser.test_desk import SILENT
from tests.browser.test_room import enter, prepare
from tests.drills.in_the_room import Seat
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene
from tests.marks import committed

pytestmark = committed
CHANGES = 20
KNOWN = 2.0  # seconds until all have the same list
TILES = '() => [...document.querySelectorAll(".tile")].map((tile) => tile.dataset.user)'


def roster(seat: Seat) -> set[str]:
    """Who is there, as that page's log tells it."""
    there: set[str] = set()
    for event in seat.log:
        match event["is"]:
            case "participant.joined" | "participant.returned":
                there.add(event["from"])
            case "participant.left" | "participant.away" | "participant.removed":
                there.discard(event["participant"])
    return there


def test_twenty_times_somebody_comes_or_goes_and_all_have_the_same_list(page_as, served):
    who = scene()
    guest = StaffFactory(organisation=who.room.case.asked, name="潘译")
    with intention(who.asking, door="test"):
        Participant.objects.create(
            room=who.room, user=who.asking, role="requester", seen_at=who.room.created_at
        )
        them = {"actor": who.asking, "room_id": who.room.pk, "user_id": guest.pk}
        services.invite_guest(**them, role="interpreter")
        services.admit_guest(**them)
    page = prepare(page_as(who.asking))
    page.add_init_script(SILENT)
    enter(page, who)
    port = urlsplit(served.url).port
    browsers = {}
    for user in (who.answering, who.coordinator, guest):
        cookie = signed_in(user, served.url)
        held = f"{cookie['name']}={cookie['value']}"
        browsers[str(user.pk)] = SimpleNamespace(cookie=held, port=port)

    seats: dict[str, Seat] = {}
    chosen = random.Random(11)  # noqa: S311 - the same comings and goings each time
    slowest = 0.0
    try:
        for _ in range(CHANGES):
            user = chosen.choice(sorted(browsers))
            if user in seats:
                seats.pop(user).__exit__()
            else:
                seats[user] = Seat(browsers[user], str(who.room.pk)).__enter__()
            changed = time.monotonic()
            there = {str(who.asking.pk), *seats}
            while set(page.evaluate(TILES)) != there or any(
                roster(seat) != there for seat in seats.values()
            ):
                assert time.monotonic() - changed < KNOWN * SPARE, there
                page.wait_for_timeout(20)
            slowest = max(slowest, time.monotonic() - changed)
    finally:
        for seat in seats.values():
            seat.__exit__()
    measured(
        11, f"after each of {CHANGES} changes all had the same list in {slowest:.2f} s at most"
    )
    assert not any(seat.gaps for seat in seats.values())
