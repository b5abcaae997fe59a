"""The page of the platform's work: what waits, what comes, and clocks that failed for good."""

from datetime import timedelta

import pytest
from django.utils import timezone

from telemed.audit.models import AuditRow
from telemed.core import clocks
from telemed.core.ids import new_id
from telemed.core.models import Calendar, Clock, ClockState
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from telemed.people.models import Role
from telemed.upkeep import presenting, queries
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.marks import committed

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    place = OrganisationFactory(kind=Organisation.Kind.AUTHORITY)
    admin = StaffFactory(role=Role.ADMINISTRATOR, organisation=place, language="en")
    client.force_login(admin)
    return admin


def clock(minutes, kind="case.accept", state=ClockState.RUNNING):
    due_at = timezone.now() + timedelta(minutes=minutes)
    calendar = Calendar.WALL
    return Clock.objects.create(
        kind=kind, about=new_id(), due_at=due_at, state=state, calendar=calendar
    )


def test_the_hour_is_counted_by_five_minutes_and_what_is_late_comes_first(admin):
    for minutes in (-3, 2, 7, 59.9):
        clock(minutes)
    clock(61)
    clock(3, kind="appointment.remind")
    clock(3, state=ClockState.STOPPED)

    work = queries.find_work()

    assert work.overdue == 1
    assert work.clocks_lag > timedelta(minutes=2)
    assert [one.count for one in work.slices] == [3, 1, *[0] * 9, 1]
    assert work.kinds == [("case.accept", 4), ("appointment.remind", 1)]
    bars = presenting.draw(work).bars
    assert (bars[0].height, bars[0].y) == (presenting.HEIGHT, 0)
    assert bars[2].height == 0


def test_the_page_says_what_is_late_and_names_no_subject(client, admin):
    late = clock(-5)
    page = client.get("/upkeep/").content.decode()
    assert "the oldest for 05:00" in page or "the oldest for 5 min" in page
    assert str(late.about) not in page


@pytest.mark.parametrize("away", [True, False])
def test_a_broker_that_is_away_is_said(client, admin, monkeypatch, away):
    def asked():
        if away:
            raise queries.pulse.AWAY[0]
        return 7

    monkeypatch.setattr(queries.pulse, "waiting_tasks", asked)
    page = client.get("/upkeep/").content.decode()
    assert ("the broker does not answer" in page) == away
    assert ("not taken by a worker yet" in page) != away


def test_a_dead_clock_is_fired_after_all(client, admin, monkeypatch):
    fired = []
    monkeypatch.setitem(clocks._handlers, "case.accept", lambda one: fired.append(one.pk))
    dead = clock(-60, state=ClockState.DEAD)
    again = f"/upkeep/clocks/{dead.pk}/replay/"

    assert "case.accept" in client.get("/upkeep/").content.decode()
    assert client.post(again).status_code == 302
    assert clocks.fire_due() == 1
    assert fired == [dead.pk]
    assert AuditRow.objects.filter(action="clock.replay").exists()
    assert client.post(again).status_code == 409


def test_a_dead_clock_is_discarded_with_a_reason(client, admin):
    dead = clock(-60, state=ClockState.DEAD)
    away = f"/upkeep/clocks/{dead.pk}/discard/"

    assert client.post(away, {"reason": "no"}).status_code == 422
    assert client.post(away, {"reason": "the case was a test"}).status_code == 302
    dead.refresh_from_db()
    assert dead.state == ClockState.STOPPED
    assert clocks.fire_due() == 0
    assert AuditRow.objects.get(action="clock.discard").reason == "the case was a test"


@committed
def test_a_clock_that_dies_is_told_of_once(admin, monkeypatch):
    def stumble(one):
        raise ValueError("bug")

    monkeypatch.setitem(clocks._handlers, "case.accept", stumble)
    dying = clock(-1)
    for _ in range(clocks.MAX_ATTEMPTS + 1):
        clocks.fire_due()
    clocks.outbox.deliver_waiting()

    dying.refresh_from_db()
    assert dying.state == ClockState.DEAD
    told = Notification.objects.filter(template="outbox.dead", recipient=admin)
    assert told.get().url == "/upkeep/"
