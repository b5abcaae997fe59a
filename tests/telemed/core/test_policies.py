from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from telemed.core import clocks, policies
from telemed.core.errors import Invalid
from telemed.core.models import Calendar, Clock, PolicyChange
from telemed.core.policies import (
    Choice,
    Count,
    Days,
    Duration,
    Era,
    Ladder,
    Money,
    Rung,
    Share,
    Switch,
)
from telemed.core.statements import ask

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALLEES = {"coordinator": "coordinator", "director": "director"}


@pytest.fixture
def rule(monkeypatch):
    monkeypatch.setattr(policies, "_policies", {})
    return policies.define(
        "case.accept", label="x", kind=Duration(), default=4 * HOUR, group="Consults"
    )


def add(value, organisation_id=None, after=timedelta()):
    return PolicyChange.objects.create(
        name="case.accept",
        organisation_id=organisation_id,
        value=value,
        effective_at=timezone.now() + after,
        set_by="user:1",
        set_by_name="x",
        reason="because",
    )


def test_the_default_holds_until_somebody_sets_another_value(rule):
    here, there = uuid4(), uuid4()
    assert policies.value("case.accept") == 4 * HOUR

    add(3 * 3600, after=-DAY)
    assert policies.value("case.accept") == policies.value("case.accept", here) == 3 * HOUR

    add(2 * 3600, here, after=-HOUR)
    assert policies.value("case.accept", here) == 2 * HOUR
    assert policies.value("case.accept", there) == 3 * HOUR


def test_a_value_holds_from_its_moment_on(rule):
    add(3600, after=DAY)
    now = timezone.now()
    assert policies.value("case.accept") == 4 * HOUR
    assert policies.value("case.accept", at=now + 2 * DAY) == HOUR
    assert policies.value("case.accept", at=now - 9 * DAY) == 4 * HOUR


def test_of_two_for_one_moment_the_later_holds_and_null_gives_up(rule):
    here, moment = uuid4(), timedelta(hours=-1)
    first = add(3600, here, moment)
    PolicyChange.objects.create(
        name="case.accept",
        organisation_id=here,
        value=None,
        effective_at=first.effective_at,
        set_by="user:1",
        set_by_name="x",
        reason="because",
    )
    assert policies.value("case.accept", here) == 4 * HOUR


def test_an_intention_asks_the_database_once_and_sees_one_state(rule, by, stranger):
    add(3600)
    policies.value("case.accept")  # this process knows the rows now
    with by(stranger):
        with CaptureQueriesContext(connection) as captured:
            for _ in range(5):
                assert policies.value("case.accept") == HOUR
        assert len(captured) == 1
        add(7200)
        assert policies.value("case.accept") == HOUR
        policies.forget()
        assert policies.value("case.accept") == 2 * HOUR


def test_what_came_with_another_statement_need_not_be_asked_for(rule, by, stranger):
    add(3600)
    with by(stranger):
        ((count, last),) = ask(policies.VERSION)
        policies.saw(count, last)
        policies.value("case.accept")  # this process reads the rows
    with by(stranger):
        policies.saw(count, last)
        with CaptureQueriesContext(connection) as captured:
            assert policies.value("case.accept") == HOUR
    assert len(captured) == 0
    add(7200)
    with by(stranger):
        policies.saw(count + 1, last + 1)
        assert policies.value("case.accept") == 2 * HOUR


def test_a_clock_that_runs_is_the_step_of_the_ladder_of_its_day(monkeypatch, by, stranger):
    monkeypatch.setattr(policies, "_policies", {})
    policies.define(
        "case.accept", label="x", kind=Ladder(callees=CALLEES), default=RUNGS, group="Consults"
    )
    with by(stranger):
        clock = clocks.start_clock(
            kind="x", about=uuid4(), allowance=HOUR, calendar=Calendar.WALL, rung=1
        )
    add([[10, 0, "coordinator"]])
    assert policies.rung_of("case.accept", clock) == RUNGS[1]
    Clock.objects.update(created_at=timezone.now())
    clock.refresh_from_db()
    assert policies.rung_of("case.accept", clock) == Rung(percent=10, call="coordinator")


def test_a_change_that_was_rolled_back_is_not_remembered(rule, by, stranger):
    def change_and_fail():
        add(3600)
        assert policies.value("case.accept") == HOUR
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), by(stranger):
        change_and_fail()
    assert policies.value("case.accept") == 4 * HOUR
    add(7200)
    assert policies.value("case.accept") == 2 * HOUR


def test_a_name_is_defined_once_and_an_unknown_one_is_an_error(rule):
    with pytest.raises(ValueError, match=r"case\.accept"):
        policies.define("case.accept", label="x", kind=Count(), default=1, group="x")
    with pytest.raises(KeyError):
        policies.value("case.nothing")


RUNGS = (
    Rung(percent=50, call="coordinator"),
    Rung(percent=100, plus=HOUR, call="director"),
)


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        (Duration(), 90 * timedelta(minutes=1), 5400),
        (Count(most=9), 7, 7),
        (Money(), 12_000, 12_000),
        (Share(), 30, 30),
        (Switch(), False, False),
        (Choice(options={"a": "A"}), "a", "a"),
        (Days(), (7, 25), [7, 25]),
        (Days(falling=True), (60, 30, 7), [60, 30, 7]),
        (
            Ladder(callees=CALLEES),
            RUNGS,
            [[50, 0, "coordinator"], [100, 3600, "director"]],
        ),
    ],
)
def test_a_value_is_kept_as_json_and_read_back(kind, value, kept):
    kind.check(value)
    assert kind.dump(value) == kept
    assert kind.load(kept) == value
    assert kind.say(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Duration(), 30),
        (Duration(), timedelta(seconds=90)),
        (Duration(most=DAY), 2 * DAY),
        (Count(most=9), 10),
        (Count(), "1"),
        (Count(), True),
        (Money(), -1),
        (Share(), 101),
        (Switch(), "on"),
        (Choice(options={"a": "A"}), "b"),
        (Days(), ()),
        (Days(), [7]),
        (Days(), (7, True)),
        (Days(), (25, 7)),
        (Days(), (7, 7)),
        (Days(), (0, 7)),
        (Days(most=9), (7, 10)),
        (Days(most_days=1), (7, 10)),
        (Days(falling=True), (7, 30)),
        (Ladder(callees=CALLEES), ()),
        (Ladder(callees=CALLEES, promise_at=1), RUNGS),
        (Ladder(callees=CALLEES, promise_at=1), RUNGS[:1]),
        (Ladder(callees=CALLEES), (1,)),
        (Ladder(callees=CALLEES), (Rung(call="nobody"),)),
        (Ladder(callees=CALLEES), (Rung(percent=500, call="director"),)),
        (Ladder(callees=CALLEES), (Rung(plus=-HOUR, call="director"),)),
        (Ladder(callees=CALLEES), RUNGS[::-1]),
        (Ladder(callees=CALLEES, most_rungs=1), RUNGS),
    ],
)
def test_what_a_policy_cannot_be_is_refused(kind, value):
    with pytest.raises(Invalid) as refused:
        kind.check(value)
    assert refused.value.path == "value"


def test_lengths_are_said_in_the_unit_people_use():
    assert "15" in policies.Duration().say(15 * DAY)
    working = Duration(calendar=Calendar.WORKING)
    assert "15" in working.say(120 * HOUR)
    assert "4" in working.say(4 * HOUR)
    assert "60, 30, 7" in Days(falling=True).say((60, 30, 7))


def test_a_step_comes_after_its_share_of_the_promise():
    assert RUNGS[0].after(4 * HOUR) == 2 * HOUR
    assert RUNGS[1].after(4 * HOUR) == 5 * HOUR


def test_the_eras_of_a_rule_follow_each_other_for_an_institution_and_the_province(rule):
    here = uuid4()
    assert policies.eras("case.accept") == (Era(None, None, 4 * HOUR),)
    province = add(3 * 3600, after=-3 * DAY).effective_at
    own = add(2 * 3600, here, after=-2 * DAY).effective_at
    add(5 * 3600, after=-DAY)  # meets the own one
    given_up = add(None, here, after=DAY).effective_at
    assert policies.eras("case.accept", here) == (
        Era(None, province, 4 * HOUR),
        Era(province, own, 3 * HOUR),
        Era(own, given_up, 2 * HOUR),
        Era(given_up, None, 5 * HOUR),
    )
    assert [era.value for era in policies.eras("case.accept", uuid4())] == [
        *(4 * HOUR, 3 * HOUR, 5 * HOUR)
    ]
