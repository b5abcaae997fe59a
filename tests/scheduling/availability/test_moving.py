"""A session in which nobody is booked, put on another day or at other hours."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.db.models import ProtectedError
from django.utils import timezone, translation

from records.fhir.models import Version
from scheduling.availability import fhir, services, week
from scheduling.availability.models import DayRule, PeriodState, Session, State
from scheduling.availability.services import Place
from telemed.audit.models import AuditRow
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.intentions import System, intention
from telemed.core.models import OutboxEvent
from telemed.core.publication import as_json
from telemed.people.models import Practitioner
from tests.factories.people import StaffFactory
from tests.factories.scheduling import TemplateFactory, at
from tests.scheduling.availability.conftest import offer_of

pytestmark = pytest.mark.django_db
MONDAY = date(2027, 3, 1)
TUESDAY, SATURDAY = date(2027, 3, 2), date(2027, 3, 6)
NEXT_MONDAY, NEXT_WEDNESDAY = date(2027, 3, 8), date(2027, 3, 10)
HOLIDAY = date(2027, 10, 1)
MORNING = (time(8), time(12))


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(at(MONDAY, 10), tick=False), translation.override("en"):
        yield


@pytest.fixture
def planned(by, clerk, department, doctor):
    """Saturday morning, eight half hours of four places."""
    return plan(by, clerk, offer_of(department, doctor, room="3"), SATURDAY)


def plan(by, clerk, offer, day, starts=time(8), ends=time(12)):
    with by(clerk):
        return services.plan_session(actor=clerk, offer=offer, day=day, starts=starts, ends=ends)


def place(day, starts=time(8), ends=time(12)):
    return Place(day=day, starts=starts, ends=ends)


def move(by, clerk, session, to, **how):
    with by(clerk):
        return services.move_session(actor=clerk, session_id=session.pk, to=to, **how)


def laid(session):
    """The beginnings of its periods in China, those that it has."""
    periods = session.periods.exclude(capacity=0).order_by("starts_at")
    return [f"{timezone.localtime(one.starts_at):%m-%d %H:%M}" for one in periods]


def test_another_day_and_hour_lays_its_periods_anew(by, clerk, planned):
    moved = move(by, clerk, planned, place(NEXT_WEDNESDAY, time(14), time(16)))
    assert (moved.day, moved.state) == (NEXT_WEDNESDAY, State.PLANNED)
    assert laid(planned) == ["03-10 14:00", "03-10 14:30", "03-10 15:00", "03-10 15:30"]
    assert {one.closes_at for one in planned.periods.all()} == {at(date(2027, 3, 9), 16)}
    assert moved.release_at == at(date(2027, 2, 24), 7)
    trace = AuditRow.objects.get(action="session.move")
    assert "March 6 08:00–12:00 → March 10 14:00–16:00" in trace.reason
    assert OutboxEvent.objects.filter(topic="session.moved").count() == 1
    world = as_json(fhir.SCHEDULE, moved)
    assert world["planningHorizon"]["start"] == "2027-03-10T14:00:00+08:00"
    assert Version.objects.count() == 2


@pytest.mark.parametrize(
    ("ends", "many"), [(time(17), 18), (time(8, 30), 1), (time(8, 50), 1), (time(12, 15), 8)]
)
def test_its_end_is_drawn_out_or_in(by, clerk, planned, ends, many):
    move(by, clerk, planned, place(SATURDAY, time(8), ends))
    assert len(laid(planned)) == many


def test_what_stays_of_it_keeps_its_periods(by, clerk, planned):
    kept = {one.pk for one in planned.periods.all()}
    move(by, clerk, planned, place(SATURDAY, time(9), time(13)))
    now = set(planned.periods.values_list("pk", flat=True))
    assert len(kept & now) == 6
    assert laid(planned)[-1] == "03-06 12:30"


def test_an_open_session_stays_open(by, clerk, planned):
    with by(clerk):
        services.publish_session(actor=clerk, session_id=planned.pk)
    move(by, clerk, planned, place(NEXT_WEDNESDAY))
    assert set(planned.periods.values_list("state", flat=True)) == {PeriodState.OPEN}


def test_back_again_is_as_if_nothing_had_been(by, clerk, planned):
    here = services.place_of(planned)
    move(by, clerk, planned, place(NEXT_WEDNESDAY))
    back = move(by, clerk, planned, here, seen=place(NEXT_WEDNESDAY))
    assert services.place_of(back) == here
    assert len(laid(back)) == 8


def test_the_same_place_again_changes_nothing(by, clerk, planned):
    move(by, clerk, planned, place(NEXT_WEDNESDAY))
    move(by, clerk, planned, place(NEXT_WEDNESDAY), seen=place(SATURDAY))
    assert AuditRow.objects.filter(action="session.move").count() == 1


def test_whoever_saw_it_elsewhere_is_told_where_it_is(by, clerk, planned):
    move(by, clerk, planned, place(NEXT_WEDNESDAY))
    with pytest.raises(services.MovedMeanwhile, match=r"March 10 08:00–12:00; look again"):
        move(by, clerk, planned, place(NEXT_MONDAY), seen=place(SATURDAY))
    planned.refresh_from_db()
    assert planned.day == NEXT_WEDNESDAY


def test_where_somebody_is_booked_nothing_moves(by, clerk, planned):
    with by(clerk):
        services.publish_session(actor=clerk, session_id=planned.pk)
    with intention(System("test"), door="test"):
        services.take_place(period_id=planned.periods.first().pk, pools=["public"])
    with pytest.raises(services.SomebodyBooked, match="1 person is booked"):
        move(by, clerk, planned, place(NEXT_WEDNESDAY))
    planned.refresh_from_db()
    assert (planned.day, planned.periods.count()) == (SATURDAY, 8)


def test_a_clash_of_doctor_or_room_is_named(by, clerk, department, doctor, planned):
    plan(by, clerk, offer_of(department, doctor), NEXT_MONDAY)
    plan(by, clerk, offer_of(department, room="3"), TUESDAY)
    for day in (NEXT_MONDAY, TUESDAY):
        with pytest.raises(Conflict, match=r"Overlaps the session .* 08:00–12:00"):
            move(by, clerk, planned, place(day, time(11), time(13)))
    move(by, clerk, planned, place(NEXT_MONDAY, time(12), time(13)))  # after it there is room


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (place(MONDAY), "has passed"),
        (place(date(2026, 3, 2)), "has passed"),
        (place(date(2028, 6, 1)), "a year ahead"),
        (place(TUESDAY, time(12), time(8)), "ends after it begins"),
        (place(TUESDAY, time(8), time(8, 20)), "Not even one period"),
    ],
)
def test_what_cannot_be_is_said(by, clerk, planned, to, why):
    with pytest.raises((Conflict, Invalid), match=why):
        move(by, clerk, planned, to)
    planned.refresh_from_db()
    assert (planned.day, planned.periods.count()) == (SATURDAY, 8)


def test_without_a_licence_on_that_day_it_stays(by, clerk, doctor, planned):
    Practitioner.objects.filter(user=doctor).update(licensed_until=date(2027, 3, 7))
    with pytest.raises(Conflict, match=r"(?i)licen"):
        move(by, clerk, planned, place(NEXT_WEDNESDAY))


@pytest.fixture
def holiday(monkeypatch):
    """The calendar of that year is not out yet."""
    monkeypatch.setattr(week, "is_holiday", lambda day: day == HOLIDAY)


def test_a_day_on_which_nothing_is_held_wants_a_word(by, clerk, department, planned, holiday):
    DayRule.objects.create(
        organisation=department.organisation,
        first=NEXT_WEDNESDAY,
        last=NEXT_WEDNESDAY,
        reason="Stocktaking",
    )
    for day, why in ((NEXT_WEDNESDAY, "Stocktaking"), (HOLIDAY, "Holiday")):
        with pytest.raises(Conflict, match=why):
            move(by, clerk, planned, place(day))
        moved = move(by, clerk, planned, place(day), though_closed=True)
        assert moved.day == day
        move(by, clerk, planned, place(SATURDAY))


def test_hours_change_on_a_closed_day_without_asking(by, clerk, planned, holiday):
    move(by, clerk, planned, place(HOLIDAY), though_closed=True)
    moved = move(by, clerk, planned, place(HOLIDAY, time(9), time(11)))
    assert len(laid(moved)) == 4


@pytest.mark.parametrize("state", [State.STOPPED, State.FINISHED, State.CANCELLED])
def test_only_what_is_planned_or_open_moves(by, clerk, planned, state):
    Session.objects.filter(pk=planned.pk).update(state=state)
    with pytest.raises(Conflict, match="cannot be done now"):
        move(by, clerk, planned, place(NEXT_WEDNESDAY))


def test_what_has_begun_is_not_moved(by, clerk, planned):
    with time_machine.travel(at(SATURDAY, 8, 1), tick=False), pytest.raises(Conflict, match="star"):
        move(by, clerk, planned, place(NEXT_WEDNESDAY))


def test_others_move_nothing(by, department, planned):
    stranger = StaffFactory(role="desk")
    with pytest.raises(NotFound):
        move(by, stranger, planned, place(NEXT_WEDNESDAY))
    doctor = StaffFactory(role="specialist", organisation=department.organisation)
    with pytest.raises(Forbidden):
        move(by, doctor, planned, place(NEXT_WEDNESDAY))


# ---- what a weekly template planned ----


@pytest.fixture
def weekly(department, doctor):
    TemplateFactory(department=department, clinician=doctor)
    with intention(System("test"), door="test"):
        services.plan_ahead(organisation_id=department.organisation_id)
    return Session.objects.get(day=NEXT_MONDAY)


def plan_nightly(department):
    with intention(System("test"), door="test"):
        return services.plan_ahead(organisation_id=department.organisation_id).sessions


def test_the_night_does_not_plan_again_what_a_hand_moved(by, clerk, department, weekly):
    moved = move(by, clerk, weekly, place(NEXT_WEDNESDAY))
    assert moved.of_day == NEXT_MONDAY
    assert plan_nightly(department) == []
    assert not Session.objects.filter(day=NEXT_MONDAY).exists()
    back = move(by, clerk, weekly, place(NEXT_MONDAY))
    assert back.of_day is None
    assert plan_nightly(department) == []


def test_it_may_land_on_a_day_that_its_template_plans_too(by, clerk, department, weekly):
    later = NEXT_MONDAY + timedelta(days=7)
    moved = move(by, clerk, weekly, place(later, time(14), time(17)))
    assert Session.objects.filter(day=later, template=moved.template).count() == 2
    assert plan_nightly(department) == []


def test_another_rule_of_the_days_leaves_it_where_it_was_put(by, clerk, weekly):
    move(by, clerk, weekly, place(NEXT_WEDNESDAY))
    with by(clerk):
        services.add_day_rule(
            actor=clerk, first=NEXT_MONDAY, last=NEXT_WEDNESDAY, reason="Stocktaking"
        )
    weekly.refresh_from_db()
    assert (weekly.day, weekly.state) == (NEXT_WEDNESDAY, State.PLANNED)


def test_a_stop_taken_back_opens_only_where_it_is_held(by, clerk, planned):
    """A period that somebody once had stays as a row, and nobody books it again."""
    with by(clerk):
        services.publish_session(actor=clerk, session_id=planned.pk)
    gone = planned.periods.order_by("starts_at").first()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(gone), "delete", protected)
        move(by, clerk, planned, place(NEXT_WEDNESDAY))
    gone.refresh_from_db()
    assert (gone.state, gone.capacity) == (PeriodState.STOPPED, 0)
    with by(clerk):
        services.stop_session(actor=clerk, session_id=planned.pk, reason="Ill", plan="cancel")
        services.restore_session(actor=clerk, session_id=planned.pk)
    gone.refresh_from_db()
    assert gone.state == PeriodState.STOPPED
    assert len(laid(planned)) == 8
    move(by, clerk, planned, place(SATURDAY))
    gone.refresh_from_db()
    assert (gone.state, gone.capacity) == (PeriodState.OPEN, 4)


def protected(self):
    raise ProtectedError("somebody was booked", {self})
