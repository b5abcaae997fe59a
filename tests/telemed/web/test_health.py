from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from telemed.audit.models import AuditRow
from telemed.core import clocks, pulse
from telemed.core.models import Calendar
from telemed.web import health
from tests.factories.people import UserFactory


@pytest.fixture
def worker():
    pulse.show()
    yield
    faded()


def faded():
    with pulse._server() as server:
        server.delete(pulse.KEY)


def checks(client):
    answer = client.get("/readyz")
    return answer.status_code, answer.json()["checks"]


def test_alive_asks_nobody(client):
    """Not even the database: this test may not use it."""
    answer = client.get("/livez")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_when_everything_answers(client, worker):
    status, outcomes = checks(client)
    assert {name for name, outcome in outcomes.items() if not outcome["ok"]} == set()
    assert status == 200
    assert not AuditRow.objects.exists(), "the probe's own row is not kept"


@pytest.mark.django_db
def test_not_ready_without_a_worker(client):
    faded()
    status, outcomes = checks(client)
    assert status == 503
    assert outcomes["worker"] == {"ok": False}
    assert outcomes["database"] == {"ok": True}


@pytest.mark.django_db
def test_not_ready_while_a_task_hangs(client, worker):
    pulse.show_stuck(["deliver_task"])
    status, outcomes = checks(client)
    with pulse._server() as server:
        server.delete(pulse.STUCK)
    assert status == 503
    assert outcomes["worker"] == {"ok": False, "stuck": ["deliver_task"]}


@pytest.mark.django_db
def test_not_ready_when_a_clock_waits_for_a_minute(client, worker, by):
    with by(UserFactory()):
        clocks.start_clock(
            kind="case.accept",
            about=uuid4(),
            allowance=timedelta(minutes=5),
            calendar=Calendar.WALL,
        )
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=59), tick=False):
        assert checks(client)[0] == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=6, seconds=1), tick=False):
        status, outcomes = checks(client)
    assert status == 503
    assert outcomes["clocks"] == {"ok": False, "oldest_due_seconds": 60 + 1}


@pytest.mark.django_db
def test_not_ready_before_its_migrations(client, worker, monkeypatch):
    known = health._known_migrations() | {("core", "9999_later")}
    monkeypatch.setattr(health, "_known_migrations", lambda: known)
    status, outcomes = checks(client)
    assert status == 503
    assert outcomes["migrations"] == {"ok": False, "missing": 1}


@pytest.mark.django_db
def test_a_dead_broker_is_named_and_the_other_checks_go_on(client, worker, settings):
    settings.REDIS_URL = "unix:///nowhere"
    status, outcomes = checks(client)
    assert status == 503
    assert outcomes["doorbells"] == {"ok": False, "error": "ConnectionError"}
    assert outcomes["audit"] == {"ok": True}


def test_without_a_database_nothing_waits_for_it(client, worker, monkeypatch):
    def absent():
        raise OperationalError

    monkeypatch.setattr(health, "_database", absent)
    status, outcomes = checks(client)  # this test may not use the database, and does not
    assert status == 503
    assert outcomes["database"] == {"ok": False, "error": "OperationalError"}
    assert outcomes["clocks"] == outcomes["audit"] == outcomes["migrations"] == {"ok": False}
    assert outcomes["worker"] == {"ok": True}
