"""Everybody wants one of the last places at once: residents over HTTP, each from a browser."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from django.db.models import Sum
from django.urls import reverse

from scheduling.appointments.models import Appointment, Status
from scheduling.availability.models import PeriodPool
from tests.benchmarks.booking_over_http import served, visitor
from tests.visitors import JSON, Answer, NoAnswer, Visitor

CONFIRM = re.compile(r'action="([^"]+/confirm/)"')


def claim(people: Sequence[Any], periods: Sequence[Any], workers: int) -> Counter[str]:
    """
    What became of each: "booked", the kind of a typed refusal, else what should not be: a status
    of the server, no answer, or "untrue" where the database knows of another number.
    """
    with served() as port, ThreadPoolExecutor(workers) as pool:
        browsers = [visitor(port, person) for person in people]
        turns = [(one, periods[turn % len(periods)]) for turn, one in enumerate(browsers)]
        ended = Counter(pool.map(_try, turns))
    live = Appointment.objects.filter(period__in=periods, status=Status.BOOKED)
    taken = PeriodPool.objects.filter(period__in=periods).aggregate(n=Sum("taken"))["n"]
    known = {live.count(), live.values("person_key").distinct().count(), taken}
    if known != {ended["booked"]}:
        ended["untrue"] += 1
    return ended


def _try(turn: tuple[Visitor, Any]) -> str:
    browser, period = turn
    with browser:
        try:
            return _claim(browser, period)
        except NoAnswer as failed:
            return str(failed.answer.status) if failed.answer else "no answer"


def _claim(browser: Visitor, period: Any) -> str:
    """As the pages do: the place is held, looked at, then confirmed."""
    held = browser.post(reverse("booking:hold"), {"period": period.pk}, JSON)
    if held.location != reverse("booking:held"):
        return _kind(held)
    button = CONFIRM.search(browser.get(held.location).text)
    if button is None:
        return "no button"
    confirmed = browser.post(button[1], {}, JSON)
    said = json.loads(confirmed.body) if confirmed.status == HTTPStatus.OK else {}
    return "booked" if said.get("url") else _kind(confirmed)


def _kind(answer: Answer) -> str:
    """Of a refusal that says what it is, and why; else the status."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        return str(answer.status)
    return str(said["kind"]) if said.get("kind") and said.get("text") else str(answer.status)
