"""One stop of a trip that does not take place: what can be answered, and that the rest stands."""

from datetime import timedelta

import pytest
import time_machine

from scheduling.appointments import services
from scheduling.appointments.models import Status, Trip
from scheduling.availability import services as availability
from scheduling.availability.models import Stop
from telemed.core import clocks, outbox
from telemed.core.models import Clock
from telemed.notifications import messages, replies
from telemed.notifications.models import Delivery, Notification
from telemed.notifications.replies import Answer
from tests.factories.people import StaffFactory
from tests.factories.scheduling import (
    PeriodFactory,
    SessionFactory,
    at,
    at_once,
    examined,
    places_of,
)
from tests.scheduling.appointments.trips.booking import book, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(visit):
    return StaffFactory(role="desk", organisation=visit.organisation)


@pytest.fixture
def later(visit):
    """The same doctor two days later."""
    session = SessionFactory(
        department=visit.department,
        clinician=visit.clinician,
        day=visit.session.day + timedelta(days=2),
    )
    return PeriodFactory(session=session, starts_at=at(session.day, 10), public=2)


def stop(by, clerk, session, plan=Stop.Plan.CANCEL):
    """Stopped, and the ten minutes in which it can be taken back are over."""
    with by(clerk):
        stopped = availability.stop_session(
            actor=clerk, session_id=session.pk, reason="医生外出开会", plan=plan
        )
    outbox.deliver_waiting()
    with time_machine.travel(stopped.final_at + timedelta(seconds=1)):
        clocks.fire_due()
        outbox.deliver_waiting()


@pytest.fixture
def stopped(by, resident, visit, ecg, later, clerk):
    """ECG at eight, the doctor at ten; the doctor is off, and a place two days later is kept."""
    stops = book(by, resident, visit, ecg)
    outbox.deliver_waiting()
    stop(by, clerk, visit.session, Stop.Plan.ANOTHER_DAY)
    return stops


def states(stops):
    for one in stops:
        one.refresh_from_db()
    return [one.status for one in stops]


def question(resident, template="trip.notice"):
    return Notification.objects.get(recipient=resident, template=template)


def test_the_message_says_what_can_be_answered_and_what_stays(stopped, resident, later, visit):
    assert states(stopped) == ["booked", "displaced"]
    assert told(resident) == ["trip.booked", "trip.notice"]
    facts = question(resident).facts
    assert (facts["n"], facts["place"]) == (1, visit.department.name)
    assert stopped[1].plan_period == later
    said = messages.render_short("trip.notice", facts, language="en")
    for part in ("1 stay", facts["time"], facts["date"], "2 other", "3 cancel"):
        assert part in said
    assert len(said) <= messages.LONGEST, said


@pytest.mark.parametrize(
    ("said", "there"),
    [
        (Answer.YES, ["booked", "booked"]),
        (Answer.NO, ["booked", "displaced"]),
        (Answer.THIRD, ["booked", "cancelled"]),
    ],
)
def test_an_sms_answers_for_the_stop_and_the_rest_stands(by, stopped, resident, ecg, said, there):
    before = stopped[0].ticket
    for _twice in range(2):
        with by(resident):
            replies.answer(question(resident), said)
    assert states(stopped) == there
    assert (stopped[0].period, stopped[0].ticket, stopped[1].late) == (ecg, before, False)
    assert stopped[0].trip == stopped[1].trip
    assert places_of(ecg)["public"][0] == 1
    at_once(lambda: None)


def test_one_moves_the_stop_to_the_kept_place(by, stopped, resident, visit, later):
    with by(resident):
        replies.answer(question(resident), Answer.YES)
    outbox.deliver_waiting()
    states(stopped)
    assert (stopped[1].period, stopped[1].plan_period) == (later, None)
    assert (places_of(visit)["public"][0], places_of(later)["public"][0]) == (0, 1)
    assert "stop.rebooked" in told(resident)


def test_without_a_kept_place_it_says_so_and_one_changes_nothing(by, resident, visit, ecg, clerk):
    stops = book(by, resident, visit, ecg)
    stop(by, clerk, ecg.session)
    asked = question(resident, "trip.stopped")
    said = messages.render_short("trip.stopped", asked.facts, language="en")
    assert "2 choose" in said
    assert "1 " not in said.replace("1 others", "")
    assert len(said) <= messages.LONGEST, said
    for answer, there in ((Answer.YES, "displaced"), (Answer.THIRD, "cancelled")):
        with by(resident):
            replies.answer(asked, answer)
        assert states(stops) == [there, "booked"]


def test_a_place_that_would_turn_the_trip_round_is_not_kept(by, resident, visit, ecg, clerk):
    """The doctor reads the ECG at ten: it is not done two days later."""
    stops = book(by, resident, visit, ecg)
    again = examined(visit, "心电图", 11)
    day = visit.session.day + timedelta(days=2)
    session = SessionFactory(department=ecg.department, clinician=ecg.clinician, day=day)
    session.service, session.kind = ecg.session.service, ecg.session.kind
    session.save()
    PeriodFactory(session=session, starts_at=at(day, 8), public=2)
    stop(by, clerk, ecg.session, Stop.Plan.ANOTHER_DAY)
    states(stops)
    assert (stops[0].status, stops[0].plan_period) == ("displaced", None)
    assert again.organisation == visit.organisation


def test_the_doctor_first_may_not_come_after_the_examinations(by, resident, visit, later, clerk):
    ecg = examined(visit, "心电图", 11)
    stops = book(by, resident, visit, ecg, order=Trip.Order.VISIT_FIRST)
    stop(by, clerk, visit.session, Stop.Plan.ANOTHER_DAY)
    assert sorted(states(stops)) == [Status.BOOKED, Status.DISPLACED]
    assert all(one.plan_period is None for one in stops)


def test_silence_is_phoned_for_the_stop_alone(by, stopped, resident):
    four = Clock.objects.get(about=stopped[1].pk, kind="displaced.choice", rung=0)
    with time_machine.travel(four.due_at):
        clocks.fire_due()
    assert Delivery.objects.filter(notification=question(resident), channel="phone").exists()
    end = Clock.objects.get(about=stopped[1].pk, kind="displaced.choice", rung=1)
    with time_machine.travel(end.due_at):
        clocks.fire_due()
    assert states(stopped) == ["booked", "cancelled"]


def test_a_stop_that_was_answered_is_moved_on_its_page(by, stopped, resident, later):
    with by(resident):
        moved = services.move(actor=resident, appointment_id=stopped[1].pk, period_id=later.pk)
    assert (moved.status, states(stopped)) == ("booked", ["booked", "booked"])
