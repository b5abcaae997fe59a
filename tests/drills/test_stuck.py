"""What stands still instead of dying: a task on a line that never answers, a frozen Valkey."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection

import pytest

from telemed.core.deadlines import OVERRUN
from telemed.demo.children import ROOT
from tests.drills.conftest import INHERITED, wait_for

ANSWER = 15  # seconds in which a page answers while a doorbell is deaf


pytestmark = pytest.mark.long


def readiness(stack):
    asked = HTTPConnection("127.0.0.1", stack.port, timeout=30)
    try:
        asked.request("GET", "/readyz")
        return json.loads(asked.getresponse().read())["checks"]
    finally:
        asked.close()


def test_a_task_that_hangs_is_named_and_its_worker_ends(up):
    stack = up().ready()
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        told = {name: os.environ[name] for name in INHERITED if name in os.environ}
        told |= {"TELEMED_DATA": str(stack.data), "DEAF": str(deaf.getsockname()[1])}
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "tests.drills.hanging"]
        worker = subprocess.Popen(
            [*celery, "worker", "-Q", "hanging", "-c", "1"], cwd=ROOT, env=told
        )
        try:
            ring = [*celery, "call", "tests.drills.hanging.ask_in_vain_task", "--queue", "hanging"]
            subprocess.run(ring, cwd=ROOT, env=told, check=True, stdout=subprocess.DEVNULL)

            name = "tests.drills.hanging.ask_in_vain_task"
            wait_for(lambda: readiness(stack)["worker"].get("stuck") == [name])
            assert worker.wait(30) == OVERRUN
        finally:
            if worker.poll() is None:
                worker.kill()
                worker.wait()
    wait_for(lambda: stack.status("/readyz") == 200)


def test_a_frozen_valkey_keeps_nobody_waiting_and_all_goes_on_when_it_thaws(up):
    stack = up().ready()
    valkey = stack.pid_of("valkey")

    os.kill(valkey, signal.SIGSTOP)
    try:
        began = time.monotonic()
        broken = {name for name, check in readiness(stack).items() if not check["ok"]}
        assert time.monotonic() - began < ANSWER
        assert {"doorbells", "broker", "worker"} <= broken
        assert stack.status("/accounts/login/") == 200
    finally:
        os.kill(valkey, signal.SIGCONT)

    wait_for(lambda: stack.status("/readyz") == 200)
    assert stack.pid_of("valkey") == valkey
