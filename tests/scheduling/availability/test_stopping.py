"""Stopping a session and taking that back."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import translation

from scheduling.availability import services
from scheduling.availability.clock_rows import STOP_UNDO
from scheduling.availability.models import PeriodState, State, Stop
from scheduling.availability.stop_plans import plans_of
from telemed.core import clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, ClockState, OutboxEvent
from tests.factories.people import StaffFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, at, in_days, places_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(session):
    return PeriodFactory(session=session, public=3, walk_in=1)


def stop(by, actor, session, **more):
    asked = {"reason": "参加会议", "plan": "cancel", **more}
    with by(actor):
        return services.stop_session(actor=actor, session_id=session.pk, **asked)


def restore(by, actor, session):
    with by(actor):
        return services.restore_session(actor=actor, session_id=session.pk)


def topics():
    return list(OutboxEvent.objects.order_by("id").values_list("topic", flat=True))


def test_a_stopped_session_sells_nothing_and_everybody_hears(by, keeper, session, period):
    stopped = stop(by, keeper, session)
    session.refresh_from_db()
    period.refresh_from_db()
    assert (session.state, period.state) == (State.STOPPED, PeriodState.STOPPED)
    assert (stopped.reason, stopped.plan, stopped.stopped_by) == ("参加会议", "cancel", keeper)
    assert topics() == ["session.stopped"]
    [clock] = Clock.objects.filter(about=stopped.pk, kind=STOP_UNDO)
    assert abs(clock.due_at - stopped.final_at) < timedelta(seconds=1)


def test_within_ten_minutes_a_stop_is_taken_back(by, keeper, session, period):
    stopped = stop(by, keeper, session)
    with time_machine.travel(stopped.final_at - timedelta(seconds=1), tick=False):
        restore(by, keeper, session)
    session.refresh_from_db()
    period.refresh_from_db()
    stopped.refresh_from_db()
    assert (session.state, period.state) == (State.PUBLISHED, PeriodState.OPEN)
    assert stopped.undone_at is not None
    assert topics() == ["session.stopped", "session.restored"]
    assert Clock.objects.get(about=stopped.pk).state == ClockState.STOPPED


def test_after_ten_minutes_it_stands_and_that_is_said_once(by, keeper, session, period):
    stopped = stop(by, keeper, session)
    with time_machine.travel(stopped.final_at + timedelta(seconds=1), tick=False):
        with translation.override("en"), pytest.raises(Conflict, match="publish anew"):
            restore(by, keeper, session)
        with by(keeper):
            services.settle_stop(stop_id=stopped.pk)
    assert topics() == ["session.stopped", "session.stop_settled"]


def test_what_was_taken_back_is_not_settled(by, keeper, session, period):
    stopped = stop(by, keeper, session)
    restore(by, keeper, session)
    with by(keeper):
        services.settle_stop(stop_id=stopped.pk)
    assert topics() == ["session.stopped", "session.restored"]


def test_booking_that_closed_meanwhile_stays_closed(by, keeper, session, period):
    with time_machine.travel(period.closes_at - timedelta(minutes=5), tick=False):
        stop(by, keeper, session)
    with time_machine.travel(period.closes_at + timedelta(minutes=1), tick=False):
        restore(by, keeper, session)
    period.refresh_from_db()
    assert period.state == PeriodState.CLOSED
    assert places_of(period)["walk_in"] == (0, 4)


def test_a_substitute_has_the_same_level_and_is_there_in_the_same_hours(by, keeper, session):
    colleague = SessionFactory(department=session.department)
    for one, title in ((session, "chief"), (colleague, "attending")):
        one.title = title
        one.save()
    nobody = stop(by, keeper, session, plan=Stop.Plan.SUBSTITUTE)
    assert (nobody.instead, nobody.is_rung) == (None, True)
    with translation.override("en"):
        assert nobody.offers == "No doctor of that level; on the phone list."
    restore(by, keeper, session)
    with pytest.raises(Conflict):  # who was chosen by name has gone meanwhile: choose again
        stop(by, keeper, session, plan=Stop.Plan.SUBSTITUTE, instead_id=colleague.pk)
    colleague.title = "chief"
    colleague.save()
    assert stop(by, keeper, session, plan=Stop.Plan.SUBSTITUTE).instead == colleague


def test_another_day_is_the_same_doctors_next_open_session(by, keeper, session):
    kept = {"department": session.department, "clinician": session.clinician}
    planned = SessionFactory(**kept, day=in_days(8), state=State.PLANNED)
    later, next_one = (SessionFactory(**kept, day=in_days(n)) for n in (10, 9))
    assert stop(by, keeper, session, plan="another_day").instead == next_one
    with by(keeper):
        services.restore_session(actor=keeper, session_id=session.pk)
    with pytest.raises(Conflict):
        stop(by, keeper, session, plan="another_day", instead_id=planned.pk)
    assert stop(by, keeper, session, plan="another_day", instead_id=later.pk).instead == later


def test_a_started_session_is_not_stopped(by, keeper, session):
    with (
        time_machine.travel(session.starts_at, tick=False),
        translation.override("en"),
        pytest.raises(Conflict, match="A started session"),
    ):
        stop(by, keeper, session)


@pytest.mark.parametrize("bad", [{"reason": " 病 "}, {"reason": "x" * 201}, {"plan": "later"}])
def test_why_and_what_then_are_asked(by, keeper, session, bad):
    with pytest.raises(Invalid):
        stop(by, keeper, session, **bad)
    session.refresh_from_db()
    assert session.state == State.PUBLISHED


def test_a_doctor_stops_the_own_session_a_day_ahead(by, session):
    doctor = session.clinician
    with (
        time_machine.travel(session.starts_at - timedelta(hours=24), tick=False),
        pytest.raises(Forbidden),
    ):
        stop(by, doctor, session)
    stop(by, doctor, session)
    restore(by, doctor, session)


def test_nobody_else_stops_it(by, session):
    colleague = StaffFactory(role="specialist", organisation=session.organisation)
    with pytest.raises(Forbidden):
        stop(by, colleague, session)
    with pytest.raises(NotFound):
        stop(by, StaffFactory(role="desk"), session)


def test_a_planned_session_is_not_stopped_and_a_stopped_one_not_twice(by, keeper, session):
    planned = SessionFactory(department=session.department, state=State.PLANNED)
    with pytest.raises(Conflict):
        stop(by, keeper, planned)
    stop(by, keeper, session)
    with pytest.raises(Conflict):
        stop(by, keeper, session)
    assert Stop.objects.count() == 1


def test_hours_that_were_given_away_are_not_taken_back(by, keeper, session):
    stop(by, keeper, session)
    SessionFactory(
        department=session.department, clinician=session.clinician, during=session.during
    )
    with translation.override("en"), pytest.raises(Conflict, match=r"Overlaps.*08:00"):
        restore(by, keeper, session)


def test_the_clock_of_a_stop_is_known(session):
    assert STOP_UNDO in clocks._handlers
    assert session.starts_at == at(session.day, 8)


def test_a_call_is_offered_where_there_is_nobody_of_that_level(session):
    assert [one["value"] for one in plans_of(session)] == ["cancel"]  # it asks for no level
    session.title = "chief"
    session.save()
    assert [one["value"] for one in plans_of(session)] == ["substitute", "cancel"]
    colleague = SessionFactory(department=session.department)
    colleague.title = "chief"
    colleague.save()
    offered = [one["value"] for one in plans_of(session)]
    assert offered == [f"substitute:{colleague.pk}", "cancel"]
