from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine

from telemed.core import clocks
from telemed.core.intentions import System, require_intention
from telemed.core.models import Calendar, Clock, ClockState
from tests.marks import committed

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 9, 29, 9, tzinfo=SHANGHAI)
ACTOR = System("test")
FIVE, TEN = timedelta(minutes=5), timedelta(minutes=10)


@pytest.fixture
def fired(monkeypatch):
    """The rungs that fired, in order, each in an intention of its own."""
    seen = []
    monkeypatch.setitem(
        clocks._handlers,
        "test.accept",
        lambda clock: seen.append((clock.rung, require_intention())),
    )
    return seen


def start(by, about, rung=0, allowance=FIVE, calendar=Calendar.WALL):
    with by(ACTOR):
        return clocks.start_clock(
            kind="test.accept", about=about, allowance=allowance, calendar=calendar, rung=rung
        )


@committed
def test_a_clock_fires_once_when_it_is_due_and_not_before(by, fired):
    with time_machine.travel(TUESDAY, tick=False) as now:
        start(by, uuid4())
        assert clocks.fire_due() == 0
        now.shift(FIVE)
        assert clocks.fire_due() == 1
        assert clocks.fire_due() == 0

    assert [rung for rung, _ in fired] == [0]


@committed
def test_the_most_overdue_rung_fires_first_and_each_in_its_own_intention(by, fired):
    about = uuid4()
    with time_machine.travel(TUESDAY, tick=False) as now:
        start(by, about, rung=1, allowance=TEN)
        start(by, about, rung=0)
        now.shift(TEN)
        assert clocks.fire_due() == 2

    assert [rung for rung, _ in fired] == [0, 1]
    assert fired[0][1] is not fired[1][1]


@committed
def test_a_handler_that_fails_leaves_the_clock_running_and_three_times_makes_it_dead(
    by, monkeypatch
):
    def stumble(clock):
        raise ValueError("bug")

    monkeypatch.setitem(clocks._handlers, "test.accept", stumble)
    with time_machine.travel(TUESDAY, tick=False) as now:
        clock = start(by, uuid4())
        now.shift(FIVE)
        states = []
        for _ in range(4):
            clocks.fire_due()
            clock.refresh_from_db()
            states.append((clock.state, clock.attempts))

    assert states == [
        (ClockState.RUNNING, 1),
        (ClockState.RUNNING, 2),
        (ClockState.DEAD, 3),
        (ClockState.DEAD, 3),
    ]


@committed
def test_a_set_fires_in_one_intention_and_one_that_fails_holds_back_no_other(by, monkeypatch):
    bad, seen = uuid4(), []

    def act(fired):
        seen.append([clock.about for clock in fired])
        if bad in seen[-1]:
            raise ValueError("bug")

    monkeypatch.setitem(clocks._set_handlers, "test.accept", act)
    good = [uuid4(), uuid4()]
    with time_machine.travel(TUESDAY, tick=False) as now:
        for n, about in enumerate(good):
            start(by, about, rung=n)
        now.shift(FIVE)
        assert clocks.fire_due() == 2
        assert [sorted(abouts) for abouts in seen] == [sorted(good)]
        start(by, bad)
        again = start(by, uuid4())
        now.shift(FIVE)
        assert clocks.fire_due() == 1

    again.refresh_from_db()
    assert (again.state, again.attempts) == (ClockState.FIRED, 0)
    left = Clock.objects.get(about=bad)
    assert (left.state, left.attempts) == (ClockState.RUNNING, 1)
    assert len(seen) == 4


@committed
def test_a_stopped_clock_never_fires(by, fired):
    about = uuid4()
    with time_machine.travel(TUESDAY, tick=False) as now:
        start(by, about)
        with by(ACTOR):
            assert clocks.stop_clocks(about=about) == 1
        now.shift(TEN)
        assert clocks.fire_due() == 0

    assert fired == []


@committed
def test_a_paused_clock_waits_and_runs_on_with_what_was_left(by, fired):
    about = uuid4()
    with time_machine.travel(TUESDAY, tick=False) as now:
        clock = start(by, about)
        now.shift(timedelta(minutes=2))
        with by(ACTOR):
            assert clocks.pause_clocks(about=about, kind="test.accept") == 1
        clock.refresh_from_db()
        assert (clock.state, clock.remaining) == (ClockState.PAUSED, timedelta(minutes=3))

        now.shift(timedelta(hours=1))
        assert clocks.fire_due() == 0
        with by(ACTOR):
            assert clocks.resume_clocks(about=about, kind="test.accept") == 1
        clock.refresh_from_db()
        assert clock.due_at == TUESDAY + timedelta(hours=1, minutes=5)
        now.shift(timedelta(minutes=3))
        assert clocks.fire_due() == 1


@pytest.mark.django_db
def test_working_time_left_is_spent_in_working_time_after_a_pause_over_the_weekend(by):
    about = uuid4()
    friday = datetime(2026, 9, 18, 17, tzinfo=SHANGHAI)
    with time_machine.travel(friday, tick=False) as now:
        clock = start(by, about, allowance=timedelta(hours=4), calendar=Calendar.WORKING)
        now.shift(timedelta(minutes=30))
        with by(ACTOR):
            clocks.pause_clocks(about=about)
        now.move_to(datetime(2026, 9, 21, 8, tzinfo=SHANGHAI))
        with by(ACTOR):
            clocks.resume_clocks(about=about)

    clock.refresh_from_db()
    assert clock.due_at == datetime(2026, 9, 21, 11, 30, tzinfo=SHANGHAI)


@pytest.mark.django_db
def test_a_clock_that_was_overdue_when_it_paused_has_nothing_left(by):
    about = uuid4()
    with time_machine.travel(TUESDAY, tick=False) as now:
        clock = start(by, about)
        now.shift(TEN)
        with by(ACTOR):
            clocks.pause_clocks(about=about)

    clock.refresh_from_db()
    assert clock.remaining == timedelta()


@pytest.mark.django_db
def test_pausing_one_kind_leaves_the_others_running(by):
    about = uuid4()
    start(by, about)
    with by(ACTOR):
        assert clocks.pause_clocks(about=about, kind="test.other") == 0

    assert Clock.objects.get().state == ClockState.RUNNING


@pytest.mark.django_db
def test_starting_a_kind_again_begins_a_new_turn(by):
    about = uuid4()
    start(by, about)
    with by(ACTOR):
        clocks.stop_clocks(about=about)

    assert start(by, about).turn == 1


@pytest.mark.django_db
def test_the_most_overdue_clock_shows_how_long_nobody_came(by):
    with time_machine.travel(TUESDAY, tick=False) as now:
        start(by, uuid4())
        assert clocks.oldest_overdue() is None
        now.shift(TEN)
        assert clocks.oldest_overdue() == FIVE


@pytest.mark.django_db
def test_a_ladder_begun_again_is_one_turn_though_it_has_more_rungs(by):
    about = uuid4()

    def climb(*minutes):
        rungs = [
            clocks.Start("test.accept", n, timedelta(minutes=at), Calendar.WALL)
            for n, at in enumerate(minutes)
        ]
        with by(ACTOR):
            return clocks.start_clocks(about=about, rungs=rungs)

    climb(5, 10)
    with by(ACTOR):
        clocks.stop_clocks(about=about)
    first, second, last = climb(5, 10, 15)
    assert {clock.turn for clock in (first, second, last)} == {1}
    assert [clocks.find_last(one) for one in (first, second, last)] == [last, last, None]
    assert list(clocks.running("test.accept").distinct()) == [{"about": about}]
    with by(ACTOR):
        clocks.stop_clocks(about=about)
    assert clocks.find_last(first) is None
    assert not clocks.running("test.accept").exists()
