"""One line on two web processes."""

import subprocess
import sys
import time
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import connections

from scheduling.opening import line, signed
from tests.factories.people import OrganisationFactory
from tests.marks import committed
from tests.scheduling.opening.conftest import laid, later, opening_of
from tests.scheduling.opening.test_door import SESSION, cookies_of
from tests.unix_pages import get

pytestmark = committed
START = 120  # seconds; a busy machine takes its time to import


@pytest.fixture
def processes(tmp_path):
    """The addresses of two Daphnes on the servers of the test."""
    shown = {"dbname", "user", "password", "host", "port"}
    facts = connections["default"].get_connection_params()
    database = " ".join(f"{k}={v}" for k, v in facts.items() if k in shown and v)
    command = ["/usr/bin/env", "DJANGO_SETTINGS_MODULE=tests.settings"]
    command += [f"TELEMED_DATABASE_URL={database}", f"TELEMED_OWNER_DATABASE_URL={database}"]
    command += [f"TELEMED_REDIS_URL={settings.REDIS_URL}"]
    command += [sys.executable, "-m", "daphne", "-v", "0", "-u"]
    paths = [str(tmp_path / name) for name in "ab"]
    with ExitStack() as started:
        for path in paths:
            process = subprocess.Popen(  # noqa: S603 - our own command
                [*command, path, "telemed.asgi:application"], cwd=settings.BASE_DIR
            )
            started.callback(process.wait)
            started.callback(process.terminate)
        until = time.monotonic() + START
        while not all((tmp_path / name).exists() for name in "ab"):
            assert time.monotonic() < until, "they did not come up"
            time.sleep(0.1)
        yield paths


def test_two_processes_share_the_line_and_its_tickets(processes, valkey):
    opening = laid(opening_of(OrganisationFactory(), since=0), rate=0.0001)
    address = f"/opening/{opening.organisation.number}/"
    people = [cookies_of(account=f"person {n}") for n in range(6)]
    for turn, cookies in enumerate(people):
        for path in processes:  # two windows, at two processes
            status, headers, _page = get(path, address, cookies)
            assert status == 200
            if turn == 0 and signed.TICKET in headers.get("set-cookie", ""):
                kept = headers["set-cookie"].partition(";")[0].partition("=")[2]
                people[0][signed.TICKET] = kept
    keys = line.keys_of(opening.organisation.number)
    assert valkey.zcard(keys[1]) == len(people)
    later(valkey, opening, 61)
    numbers = [number_of(get(processes[n % 2], address, people[n])[2]) for n in range(6)]
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    assert numbers == [
        number_of(get(processes[(n + 1) % 2], address, people[n])[2]) for n in range(6)
    ]
    stolen = people[0] | {settings.SESSION_COOKIE_NAME: SESSION[::-1] + "x"}
    assert get(processes[1], address, stolen)[0] == 302


def number_of(page: str) -> int:
    return int(page.partition("<h1>You are number ")[2].partition("<")[0])
