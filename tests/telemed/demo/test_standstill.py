"""A demonstration that was stopped for a week looks as it did when it was stopped."""

from datetime import datetime, timedelta

import pytest
import time_machine

from consult.requests import services
from consult.requests.models import HalfHour, Kind, Meeting, Step
from consult.requests.queries.boards import rows_of
from telemed.audit.models import AuditRow
from telemed.core.clocks import fire_due, start_clock, worked
from telemed.core.ids import new_id
from telemed.core.intentions import System
from telemed.core.models import Calendar, Clock, ClockState
from telemed.demo import seeding, standstill, tasks
from tests.factories.consult import accepted_case, sent_case
from tests.telemed.oversight.conftest import CHINA

pytestmark = pytest.mark.django_db
SEEDER = System("demo")
STOPPED = datetime(2026, 11, 24, 9, tzinfo=CHINA)  # a Tuesday
WEEK = timedelta(days=7, hours=5)  # it comes up again in the afternoon, at 14:00
MINUTE = timedelta(minutes=1)


@pytest.fixture
def moved():
    with time_machine.travel(STOPPED, tick=False) as clock:
        yield clock


def stop_and_start(moved, by, gap=WEEK):
    """Seen alive, then nothing ran for so long, then what `up` does first."""
    tasks.note_running_task()
    moved.shift(gap)
    with by(SEEDER):
        return standstill.make_up_standstill()


def promise(case):
    return Clock.objects.get(about=case.pk, kind="case.accept", rung=1)


def escalated():
    return Step.objects.filter(action__in=["case.escalate", "case.remind", "case.expire"]).count()


def test_a_week_of_standing_still_escalates_nothing(moved, by):
    emergency, single = sent_case(kind=Kind.EMERGENCY), sent_case()
    seen = {scene.case: promise(scene.case).due_at - STOPPED for scene in (emergency, single)}
    assert stop_and_start(moved, by).gap == WEEK
    fire_due()
    assert escalated() == 0
    now = STOPPED + WEEK
    assert promise(emergency.case).due_at - now == seen[emergency.case] == 5 * MINUTE
    left = worked(now, promise(single.case).due_at, Calendar.WORKING)
    assert left == worked(STOPPED, STOPPED + seen[single.case], Calendar.WORKING)
    moved.shift(6 * MINUTE)
    fire_due()
    assert escalated() == 1  # and from here on the five minutes are five minutes


def test_boards_count_down_from_where_they_stood(moved, by):
    scene = sent_case(kind=Kind.EMERGENCY)
    moved.shift(2 * MINUTE)
    stop_and_start(moved, by)
    row = rows_of(scene.asker).get(pk=scene.case.pk)
    now = STOPPED + 2 * MINUTE + WEEK
    assert row.due_at - now == 3 * MINUTE
    assert now - row.due_since == 2 * MINUTE


def test_what_was_late_stays_as_late(moved, by):
    scene = sent_case(kind=Kind.EMERGENCY)
    moved.shift(7 * MINUTE)
    stop_and_start(moved, by)
    assert promise(scene.case).due_at == STOPPED + 7 * MINUTE + WEEK - 2 * MINUTE


def test_a_time_agreed_for_later_is_as_many_days_later(moved, by):
    scene = accepted_case()
    at = STOPPED + timedelta(hours=6)
    with by(scene.asker):
        meeting = services.propose_time(
            actor=scene.asker, case_id=scene.case.pk, starts_at=at, half_hours=2
        )
    with by(scene.specialist):
        services.agree_time(actor=scene.specialist, case_id=scene.case.pk, meeting_id=meeting.pk)
    stop_and_start(moved, by)
    meeting.refresh_from_db()
    assert meeting.status == Meeting.Status.BOOKED
    assert meeting.starts_at == at + timedelta(days=8)
    halves = set(HalfHour.objects.values_list("starts_at", flat=True))
    assert halves == {meeting.starts_at, meeting.starts_at + timedelta(minutes=30)}
    call = Clock.objects.get(kind="room.noshow", rung=0)
    assert call.due_at == meeting.starts_at


def test_dates_of_the_calendar_and_what_has_ended_stay(moved, by):
    with by(SEEDER):
        licence = start_clock(
            kind="licence.end", about=new_id(), allowance=timedelta(days=30), calendar="wall"
        )
    sent_case()
    Clock.objects.exclude(pk=licence.pk).update(state=ClockState.FIRED)
    before = dict(Clock.objects.values_list("pk", "due_at"))
    stop_and_start(moved, by)
    assert licence.pk in before
    assert dict(Clock.objects.values_list("pk", "due_at")) == before


def test_it_is_one_act_with_one_trace_and_is_done_once(moved, by):
    sent_case()
    assert stop_and_start(moved, by)
    with by(SEEDER):
        assert standstill.make_up_standstill() is None
    [trace] = AuditRow.objects.filter(action="demo.standstill")
    assert trace.reason == f"{int(WEEK.total_seconds())} s"


@pytest.mark.parametrize("gap", [timedelta(seconds=90), timedelta(minutes=4)])
def test_a_restart_moves_nothing(moved, by, gap):
    scene = sent_case(kind=Kind.EMERGENCY)
    assert stop_and_start(moved, by, gap) is None
    assert promise(scene.case).due_at == STOPPED + 5 * MINUTE


def test_up_makes_it_up_before_a_worker_can_fire(moved, monkeypatch):
    monkeypatch.setattr(seeding, "ring_task", lambda task: None)
    monkeypatch.setattr(seeding.services, "is_laid", lambda: True)
    monkeypatch.setattr(seeding.duty, "lay_rotas", lambda: False)
    monkeypatch.setattr(seeding.outpatients, "lay_story", lambda: False)
    monkeypatch.setattr(seeding.contracts, "lay_teams", lambda: False)
    scene, said = sent_case(kind=Kind.EMERGENCY), []
    tasks.note_running_task()
    moved.shift(timedelta(days=7))
    seeding.seed(said.append)
    assert promise(scene.case).due_at == STOPPED + timedelta(days=7) + 5 * MINUTE
    assert "168.0 h" in said[0]
