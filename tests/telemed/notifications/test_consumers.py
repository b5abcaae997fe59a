"""The badge, and the sign of life."""

import asyncio
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.test import Client

from telemed.core.intentions import intention
from telemed.core.rounds import Rounds
from telemed.core.sockets import Close
from telemed.core.threads import off_loop
from telemed.notifications import services
from telemed.people import presence
from tests.factories.people import UserFactory
from tests.marks import committed
from tests.sockets import closed, knock, sign_in

pytestmark = [committed, pytest.mark.asyncio]
PATH = "/ws/inbox/"

make_user = off_loop(UserFactory)


@off_loop
def tell(user, about=None):
    with intention(user, door="test"):
        services.notify(
            recipient=user, template="case.closed", about=about or uuid4(), url="/", no="HZ-1"
        )


@off_loop
def read_all(user):
    with intention(user, door="test"):
        services.mark_read(actor=user)


async def test_the_badge_counts_up_when_told_and_down_when_read():
    user = await make_user(language="en")
    async with knock(PATH, await sign_in(user)) as page:
        assert await page.receive_json_from() == {"is": "inbox", "count": 0, "latest": ""}
        await tell(user)
        told = {"is": "inbox", "count": 1, "latest": "Consult HZ-1 is closed"}
        assert await page.receive_json_from(timeout=2) == told
        await read_all(user)
        assert (await page.receive_json_from(timeout=2))["count"] == 0


async def test_what_is_told_to_another_rings_nobody_else():
    user, other = await make_user(), await make_user()
    async with knock(PATH, await sign_in(user)) as page:
        await page.receive_json_from()
        await tell(other)
        assert await page.receive_nothing()


async def test_a_heartbeat_makes_present(monkeypatch):
    monkeypatch.setattr(Rounds, "EVERY", 0.05)
    user = await make_user()
    async with knock(PATH, await sign_in(user)) as page:
        await page.receive_json_from()
        assert not await off_loop(presence.is_present)(user)
        await page.send_json_to({"do": "heartbeat"})
        for _ in range(100):
            if await off_loop(presence.is_present)(user):
                return
            await asyncio.sleep(0.05)
        pytest.fail("Nobody noticed.")


async def test_nobody_in_particular_has_no_inbox():
    async with knock(PATH) as page:
        assert page.code is not None


async def test_signing_out_rings_the_account(client):
    user = await make_user()
    await off_loop(client.force_login)(user)
    key = client.cookies["sessionid"].value
    async with knock(PATH, key) as page:
        await page.receive_json_from()
        await off_loop(client.post)("/accounts/logout/")
        assert await closed(page) == Close.UNAUTHENTICATED


async def test_ending_the_other_sessions_closes_what_is_open_under_them(client):
    await off_loop(UserFactory)(username="wang", password=make_password("a long phrase"))
    elsewhere = Client()
    for window in (client, elsewhere):
        signed_in = {"login": "wang", "password": "a long phrase"}
        await off_loop(window.post)("/accounts/login/", signed_in)
    keys = [window.cookies["sessionid"].value for window in (client, elsewhere)]
    async with knock(PATH, keys[0]) as here, knock(PATH, keys[1]) as there:
        for page in (here, there):
            await page.receive_json_from()
        await off_loop(client.post)("/accounts/sessions/")
        assert await closed(there) == Close.UNAUTHENTICATED
        assert await here.receive_nothing()


async def test_disabling_an_account_closes_what_is_open_under_it():
    user, other = await make_user(), await make_user()
    async with (
        knock(PATH, await sign_in(user)) as page,
        knock(PATH, await sign_in(other)) as spared,
    ):
        await page.receive_json_from()
        await spared.receive_json_from()
        await off_loop(call_command)("disable_account", user.username)
        assert await closed(page) == Close.UNAUTHENTICATED
        assert await spared.receive_nothing()
