from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from consult.requests import services
from consult.requests.models import Outcome
from telemed.core.clocks import fire_due
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock
from telemed.people.models import Role
from tests.consult.requests.looking import clock_states, published, told
from tests.factories.consult import accepted_case, closed_case, signed_case
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def made(maker=closed_case):
    with time_machine.travel(START, tick=False):
        return maker()


def later(days, hour=18):
    moment = START.replace(hour=hour, second=1) + timedelta(days=days)
    return time_machine.travel(moment, tick=False)


def record(scene, by, day=3, result="better", actor=None, **more):
    actor = actor or scene.asker
    with by(actor):
        return services.record_outcome(
            actor=actor, case_id=scene.case.pk, day=day, result=result, **more
        )


def test_the_outcome_is_asked_for_on_three_evenings():
    scene = made()
    due = Clock.objects.filter(
        about=scene.case.pk, kind__startswith="case.outcome_", rung=1
    ).order_by("due_at")
    times = [timezone.localtime(clock.due_at).strftime("%m-%d %H:%M") for clock in due]
    assert times == ["11-27 18:00", "12-01 18:00", "12-24 18:00"]
    with later(3):
        fire_due()
    assert told(scene.asker)[-1] == "case.outcome_due"


def test_it_is_given_back_to_the_doctor_who_signed(by):
    scene = made()
    with later(3, hour=10):
        outcome = record(scene, by, note="血压平稳")
    assert told(scene.specialist)[-1] == "case.outcome"
    assert clock_states(scene.case, "case.outcome_3") == set()
    assert clock_states(scene.case, "case.outcome_7") == {"running"}
    assert published(outcome.pk)["status"] == "completed"
    assert published(outcome.pk)["businessStatus"]["text"] == "better"


def test_nobody_says_so_and_it_lapses_as_unknown(by):
    scene = made()
    near = StaffFactory(role=Role.COORDINATOR, organisation=scene.clinic)
    for days in (3, 5):
        with later(days):
            fire_due()
    assert told(scene.asker).count("case.outcome_due") == 2
    with later(8):
        fire_due()
    assert "case.outcome_due" in told(near)
    with later(10):
        fire_due()
    outcome = scene.case.outcomes.get(day=3)
    assert (outcome.result, outcome.recorded_by) == (Outcome.Result.UNKNOWN, None)
    assert published(outcome.pk)["status"] == "failed"
    with later(11), pytest.raises(Conflict):
        record(scene, by)


def test_after_a_death_nothing_more_is_asked(by):
    scene = made()
    with later(3):
        record(scene, by, result="died")
    assert clock_states(scene.case, "case.outcome_30") == set()


def test_an_outcome_is_recorded_once_and_on_its_day(by):
    scene = made()
    with later(2), pytest.raises(Conflict):
        record(scene, by)
    with later(3):
        first = record(scene, by)
        assert record(scene, by) == first
        with pytest.raises(Conflict):
            record(scene, by, result="worse")
        for wrong in ({"day": 4}, {"result": "unknown"}, {"result": "cured"}):
            with pytest.raises(Invalid):
                record(scene, by, **wrong)
    assert scene.case.outcomes.count() == 1


def test_the_asking_side_alone_records_it_and_only_after_an_opinion(by):
    scene, stranger = made(), made()
    with later(3):
        with pytest.raises(Forbidden):
            record(scene, by, actor=scene.specialist)
        with pytest.raises(NotFound):
            record(scene, by, actor=stranger.asker)
        with pytest.raises(Conflict):
            record(accepted_case(), by)
        signed = made(signed_case)
        record(signed, by)
