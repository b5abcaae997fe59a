"""A resident's two requests, each beside an empty view of the same server, asked in turn."""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.middleware.csrf import _get_new_csrf_string
from django.urls import reverse

from scheduling.appointments.models import Appointment, Status
from telemed.demo.children import ROOT
from tests.visitors import Answer, Visitor

WARM = 10  # bookings before the clock runs


def share(people: Sequence[Any], periods: Sequence[Any]) -> dict[str, float]:
    """By request: how many of it go into the time of an empty view (median against median)."""
    empty: list[float] = []
    taken: dict[str, list[float]] = {"hold": [], "confirm": []}
    with served() as port:
        for turn, (person, period) in enumerate(zip(people, periods, strict=True)):
            with visitor(port, person) as browser:
                browser.get("/empty/")  # opens the line
                spent, _answer = timed(lambda b=browser: b.get("/empty/"))
                held, answer = timed(
                    lambda b=browser, p=period: b.post(reverse("booking:hold"), {"period": p.pk})
                )
                assert answer.location == reverse("booking:held"), answer.text[:300]
                mine = Appointment.objects.get(booked_by=person, status=Status.HELD)
                address = reverse("booking:confirm", args=[mine.pk])
                booked, answer = timed(lambda b=browser, a=address: b.post(a, {"reason": "头晕"}))
                assert answer.location == reverse("booking:ticket", args=[mine.pk]), answer.status
            if turn >= WARM:
                empty.append(spent)
                taken["hold"].append(held)
                taken["confirm"].append(booked)
    middle = statistics.median(empty)
    return {name: middle / statistics.median(times) for name, times in taken.items()}


def timed(call: Callable[[], Answer]) -> tuple[float, Answer]:
    began = time.perf_counter()
    answer = call()
    return time.perf_counter() - began, answer


def visitor(port: int, person: Any) -> Visitor:
    """Signed in already."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    browser = Visitor(port, patience=30)
    browser.cookies = {
        settings.SESSION_COOKIE_NAME: session.session_key or "",
        settings.CSRF_COOKIE_NAME: _get_new_csrf_string(),
    }
    return browser


@contextmanager
def served(application: str = "counted") -> Iterator[int]:
    """Daphne, as `up` runs it; by default with the empty view beside Django alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(  # noqa: S603 - our own command
        [*command, f"tests.benchmarks.{application}:application"], cwd=ROOT, env=os.environ
    )
    try:
        for _try in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            if server.poll() is not None:
                raise SystemExit("Daphne does not start.")
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()
