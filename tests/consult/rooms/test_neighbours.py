"""Passing frames between processes: each is one `Neighbours` here, on the real channel layer."""

import asyncio
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer

from consult.rooms.neighbours import Neighbours

pytestmark = pytest.mark.asyncio
ROOM, OTHER = uuid4(), uuid4()


class Page:
    """Keeps what it was given."""

    def __init__(self):
        self.taken = []

    def take(self, frame):
        self.taken.append(frame["n"])


async def come(process, room=ROOM):
    page = Page()
    await process.come(room, page)
    return page


async def until_taken(page, count):
    for _ in range(100):
        if len(page.taken) >= count:
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)  # for what should not come


async def test_each_frame_comes_once_and_in_order_in_every_process():
    here, there = Neighbours(), Neighbours()
    near, far, elsewhere = await come(here), await come(there), await come(there, OTHER)

    for number in range(200):
        here.pass_on(ROOM, {"n": number})
        if number % 50 == 0:
            await asyncio.sleep(0.03)  # several messages, not one
    assert near.taken == list(range(200))  # without waiting
    await until_taken(far, 200)

    assert near.taken == far.taken == list(range(200))
    assert elsewhere.taken == []


async def test_many_who_come_at_once_hear_each_frame_once():
    here, there = Neighbours(), Neighbours()
    pages = await asyncio.gather(*[come(there) for _ in range(20)])
    await come(here)

    here.pass_on(ROOM, {"n": 1})
    await until_taken(pages[0], 1)

    assert all(page.taken == [1] for page in pages)


async def test_who_went_hears_no_more():
    here, there = Neighbours(), Neighbours()
    gone, stays = await come(there), await come(there)
    there.go(ROOM, gone)

    here.pass_on(ROOM, {"n": 1})
    await until_taken(stays, 1)

    assert (gone.taken, stays.taken) == ([], [1])
    there.go(ROOM, stays)
    assert not there.rooms


async def test_what_cannot_be_read_or_sent_does_not_end_the_traffic():
    here, there = Neighbours(), Neighbours()
    far = await come(there)

    await get_channel_layer().group_send(Neighbours.GROUP, {"process": "a newer release"})
    here.pass_on(ROOM, {"n": object()})  # the channel layer refuses it
    await asyncio.sleep(2 * Neighbours.TOGETHER)
    here.pass_on(ROOM, {"n": 1})
    await until_taken(far, 1)

    assert far.taken == [1]


async def test_what_waits_for_the_channel_layer_is_bounded():
    here = Neighbours()
    for number in range(Neighbours.WAITING + 5):
        here.pass_on(ROOM, {"n": number})
    assert len(here.waiting) == Neighbours.WAITING
    assert here.waiting[-1][1]["n"] == Neighbours.WAITING + 4
    here.waiting.clear()
