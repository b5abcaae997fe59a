"""
Many open pages in one process: python -m tests.drills.crowd PORT COUNT COOKIE…

Says one line of JSON when all are open, and one when all have been told to go and have come back:
the codes they were closed with, and how long each was away.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from contextlib import suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

RESTARTS, SPREAD = 1012, 5.0  # as socket.js has them
QUICK = 1.2  # seconds between tries
PATIENCE = 90.0  # seconds; never a measurement


async def open_page(port: int, cookie: str) -> ClientConnection:
    where = f"127.0.0.1:{port}"
    page = await connect(
        f"ws://{where}/ws/inbox/",
        additional_headers={"Cookie": cookie},
        origin=f"http://{where}",  # type: ignore[arg-type]
        open_timeout=30,
        ping_interval=None,
    )
    await page.recv()  # what the badge shows
    return page


async def stay(page: ClientConnection, port: int, cookie: str) -> tuple[int, float]:
    with suppress(WebSocketException):
        while True:
            await page.recv()
    code, gone_at = page.close_code or 0, time.monotonic()
    pause = random.uniform(0, SPREAD) if code == RESTARTS else QUICK  # noqa: S311
    while True:
        await asyncio.sleep(pause)
        with suppress(OSError, WebSocketException, TimeoutError):
            again = await open_page(port, cookie)
            away = time.monotonic() - gone_at
            await again.close()
            return code, away
        pause = random.uniform(QUICK / 2, QUICK)  # noqa: S311


async def main(port: int, count: int, cookies: list[str]) -> None:
    few = asyncio.Semaphore(20)

    async def begin(number: int) -> tuple[ClientConnection, str]:
        cookie = cookies[number % len(cookies)]
        async with few:
            return await open_page(port, cookie), cookie

    pages = await asyncio.gather(*(begin(number) for number in range(count)))
    print(json.dumps({"open": len(pages)}), flush=True)
    ended = asyncio.gather(*(stay(page, port, cookie) for page, cookie in pages))
    told = await asyncio.wait_for(ended, PATIENCE)
    codes = Counter(str(code) for code, _away in told)
    print(json.dumps({"codes": codes, "away": sorted(away for _code, away in told)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
