"""A worker that dies in the middle of what it does, and what is asked of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

import psycopg

from telemed.demo.children import ROOT
from tests.drills.conftest import INHERITED, Up, wait_for
from tests.drills.witness import Witness

SLOW = """
CREATE FUNCTION drill_slow() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END'
"""


def by_hand(stack: Up, script: str) -> str:
    """In a process of the same installation; what it said."""
    told = {name: os.environ[name] for name in INHERITED if name in os.environ}
    told |= {"TELEMED_DATA": str(stack.data), "DJANGO_SETTINGS_MODULE": "telemed.settings"}
    command = [sys.executable, "-c", f"import django; django.setup()\n{script}"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=told | stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def lay(stack: Up, story: str) -> dict[str, Any]:
    """What `tests.drills.laying` tells under that name, and the rows that it made."""
    said = by_hand(stack, f"from tests.drills.laying import tell; tell({story!r})")
    laid: dict[str, Any] = json.loads(said.splitlines()[-1])
    return laid


def deliver(stack: Up, *tasks: str, times: int = 1) -> None:
    """As a broker does that was never told of the first time: one message, one id."""
    script = (
        "from telemed.celery import app\n"
        f"for name in {tasks!r}:\n"
        f"    for _turn in range({times}):\n"
        "        app.send_task(name, task_id=f'twice-{name}')\n"
    )
    by_hand(stack, script)


@contextmanager
def asleep(stack: Up) -> Iterator[Callable[[], None]]:
    """Its worker takes nothing: what is asked meanwhile waits side by side. How to wake it."""
    worker = stack.pid_of("worker")

    def wake() -> None:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGCONT)

    os.kill(worker, signal.SIGSTOP)
    try:
        yield wake
    finally:
        wake()


def die_amid(
    stack: Up, witness: Witness, held: AbstractContextManager[None], begin: Callable[[], object]
) -> None:
    """Killed where it waits for what is held; it is there again afterwards."""
    before = stack.pid_of("worker")
    with held:
        begin()
        wait_for(witness.is_awaited)
        stack.kill("worker")
    wait_for(lambda: stack.pid_of("worker") != before)


def come_due(witness: Witness, kind: str, about: Sequence[str], *, rung: int = 0) -> None:
    """A second after one another, all of them over: the first of the list is the latest late."""
    for late, one in enumerate(reversed(about), start=1):
        witness.change(
            "UPDATE core_clock SET due_at = now() - make_interval(secs => %s)"
            " WHERE kind = %s AND about = %s AND rung = %s AND state = 'running'",
            *(late, kind, one, rung),
        )


@contextmanager
def slow(witness: Witness, event: str, when: str) -> Iterator[None]:
    """Whoever writes such a row waits for us: slow(witness, "UPDATE ON core_outboxevent", …)."""
    with psycopg.connect(witness.owner_url, autocommit=True) as owner:
        owner.execute("SELECT pg_advisory_lock(4711)")
        owner.execute(SLOW)
        owner.execute(
            f"CREATE TRIGGER drill_slow BEFORE {event} FOR EACH ROW WHEN ({when})"
            " EXECUTE FUNCTION drill_slow()"
        )
        try:
            yield
        finally:  # first whoever waits, who holds the table
            owner.execute("SELECT pg_advisory_unlock(4711)")
            owner.execute("DROP FUNCTION drill_slow() CASCADE")
