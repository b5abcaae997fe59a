"""One room on two web processes."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager, suppress

import pytest
import pytest_asyncio
from django.conf import settings
from django.db import connections
from websockets.asyncio.client import unix_connect
from websockets.exceptions import ConnectionClosed

from consult.rooms import services
from telemed.core.sockets import Close
from tests.consult.rooms.talk import do, make_scene, say
from tests.marks import committed
from tests.sockets import sign_in

pytestmark = [committed, pytest.mark.asyncio]
COUNT = 40
START = 120  # seconds; a busy machine takes its time to import


@pytest_asyncio.fixture
async def processes(tmp_path):
    """The addresses of two Daphnes on the database of the test."""
    shown = {"dbname", "user", "password", "host", "port"}
    facts = connections["default"].get_connection_params()
    database = " ".join(f"{k}={v}" for k, v in facts.items() if k in shown and v)
    environment = ["/usr/bin/env", "DJANGO_SETTINGS_MODULE=telemed.settings"]
    environment += [f"TELEMED_DATABASE_URL={database}", f"TELEMED_REDIS_URL={settings.REDIS_URL}"]
    paths, started = [tmp_path / name for name in "ab"], []
    try:
        for path in paths:
            command = [sys.executable, "-m", "daphne", "-v", "0", "-u", str(path)]
            started.append(
                await asyncio.create_subprocess_exec(
                    *environment, *command, "telemed.asgi:application", cwd=settings.BASE_DIR
                )
            )
        async with asyncio.timeout(START):
            while not all(path.exists() for path in paths):
                await asyncio.sleep(0.1)
        yield [str(path) for path in paths]
    finally:
        for process in started:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


@asynccontextmanager
async def page(path, room, user):
    """Somebody in the room by that process, past the greeting."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={await sign_in(user)}"
    headers = {"Cookie": cookie}
    address = f"ws://localhost/ws/rooms/{room.pk}/"
    async with unix_connect(
        path, address, additional_headers=headers, origin="http://localhost", compression=None
    ) as line:
        line.hello = await hear(line, "hello")
        yield line


async def hear(line, *kinds):
    while True:
        frame = json.loads(await asyncio.wait_for(line.recv(), 5))
        if frame["is"] in kinds:
            return frame


async def everything(line, seconds):
    """What comes in that time."""
    heard = []
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                heard.append(json.loads(await line.recv()))
    return heard


async def test_two_processes_are_one_room(processes):
    who = await make_scene()
    a_path, b_path = processes
    async with page(a_path, who.room, who.asking) as a, page(b_path, who.room, who.answering) as b:
        await hear(a, "room.live")
        await hear(b, "room.live")
        theirs = b.hello["connection"]
        for number in range(COUNT):
            signal = {"do": "signal", "to": theirs, "generation": number}
            await a.send(json.dumps(signal))
            await a.send(json.dumps({"do": "point", "slice": number, "x": 0.5, "y": 0.5}))
            await asyncio.sleep(0.05)
        await a.send(json.dumps(say("now look")))

        to_b, to_a = await asyncio.gather(everything(b, 1.5), everything(a, 1.5))
        signals = [frame["generation"] for frame in to_b if frame["is"] == "signal"]
        assert signals == list(range(COUNT))  # each once, in order
        slices = [frame["slice"] for frame in to_b if frame["is"] == "point"]
        assert slices == sorted(set(slices))  # where two came at once the newer one stands
        assert slices[-1] == COUNT - 1
        assert [frame["text"] for frame in to_b if frame["is"] == "chat.posted"] == ["now look"]
        assert [frame["is"] for frame in to_a] == ["chat.posted"]


async def test_who_is_removed_at_one_process_is_out_at_the_other_within_two_seconds(processes):
    who = await make_scene()
    a_path, b_path = processes
    async with (
        page(a_path, who.room, who.asking) as a,
        page(b_path, who.room, who.coordinator) as c,
    ):
        typing = json.dumps({"do": "typing"})
        await a.send(typing)
        await hear(c, "typing")
        them = {"room_id": who.room.pk, "user_id": who.coordinator.pk}
        await do(services.remove_participant, who.asking, **them, reason="noise")
        await a.send(typing)

        with pytest.raises(ConnectionClosed) as ended:
            await asyncio.wait_for(hear(c, "typing"), 2)
        assert ended.value.rcvd.code == Close.REMOVED
