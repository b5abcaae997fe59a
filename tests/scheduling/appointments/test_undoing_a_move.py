"""A move is one tap, and so is taking it back: for two minutes, if the place is still there."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Mode, Status, Strike
from scheduling.availability import services as availability
from scheduling.availability.models import Kind, Stop
from telemed.core import outbox
from telemed.core.errors import Conflict, NotFound
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from tests.consult.requests.looking import published
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, at_once, in_days, places_of

pytestmark = pytest.mark.django_db
FREE, TAKEN = {"public": (0, 2)}, {"public": (1, 2)}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory(), birth_date=date(1960, 5, 1)).user


@pytest.fixture
def period():
    return PeriodFactory(public=2)


@pytest.fixture
def later(period):
    session = SessionFactory(
        department=period.department, clinician=period.clinician, day=in_days(9)
    )
    return PeriodFactory(session=session, public=2)


def book(by, actor, period):
    with by(actor):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


def move(by, actor, booked, period):
    with by(actor):
        return services.move(actor=actor, appointment_id=booked.pk, period_id=period.pk)


def undo(by, actor, booked):
    with by(actor):
        return services.undo_move(actor=actor, appointment_id=booked.pk)


def somebody():
    return PatientFactory(user=UserFactory()).user


def test_a_move_is_taken_back_to_the_same_place_and_number(by, resident, period, later):
    other = somebody()
    first = book(by, other, period)
    booked = book(by, resident, period)
    move(by, resident, booked, later)
    with by(other):
        services.cancel(actor=other, appointment_id=first.pk)

    back = undo(by, resident, booked)

    assert (back.status, back.period_id, back.ticket) == (Status.BOOKED, period.pk, 2)
    assert (back.day, back.during.lower) == (period.session.day, period.starts_at)
    assert places_of(later) == FREE
    assert published(booked.pk)["slot"][0]["reference"] == f"Slot/{period.pk}"
    with pytest.raises(Conflict, match="no longer be undone"):
        undo(by, resident, booked)
    at_once(lambda: None)


def test_after_two_minutes_it_stays(by, resident, period, later):
    booked = book(by, resident, period)
    move(by, resident, booked, later)
    late = time_machine.travel(timezone.now() + timedelta(minutes=2, seconds=5))
    with late, pytest.raises(Conflict, match="no longer be undone"):
        undo(by, resident, booked)
    assert (places_of(period), places_of(later)) == (FREE, TAKEN)


def test_where_the_place_is_taken_meanwhile_that_is_said_and_the_booking_stays(
    by, resident, period, later
):
    booked = book(by, resident, period)
    move(by, resident, booked, later)
    for _ in range(2):
        book(by, somebody(), period)
    with pytest.raises(Conflict, match=r"taken meanwhile; the booking stays at .* 08:00"):
        undo(by, resident, booked)
    booked.refresh_from_db()
    assert (booked.period_id, booked.status) == (later.pk, Status.BOOKED)
    assert (places_of(period), places_of(later)) == ({"public": (2, 2)}, TAKEN)


def test_who_lost_the_number_meanwhile_gets_the_next(by, resident, period, later):
    booked = book(by, resident, period)
    move(by, resident, booked, later)
    book(by, somebody(), period)
    assert undo(by, resident, booked).ticket == 2


def test_a_late_move_that_is_taken_back_leaves_no_point(by, resident, period, later):
    booked = book(by, resident, period)
    with time_machine.travel(period.starts_at - timedelta(hours=3)):
        move(by, resident, booked, later)
        assert Strike.objects.get().state == Strike.State.NOTED
        assert undo(by, resident, booked).pool == "walk_in"
        assert Strike.objects.get().state == Strike.State.VOID
    assert not Clock.objects.filter(
        about=booked.pk, kind="appointment.noshow", state="running"
    ).exists()
    assert places_of(period) == {"public": (0, 1), "walk_in": (1, 1)}
    at_once(lambda: None)


def test_an_earlier_point_stays(by, resident, period, later):
    booked = book(by, resident, period)
    session = SessionFactory(department=period.department, day=in_days(11))
    latest = PeriodFactory(session=session, public=2)
    with time_machine.travel(period.starts_at - timedelta(hours=3)):
        move(by, resident, booked, later)
    with time_machine.travel(later.starts_at - timedelta(hours=3)):
        move(by, resident, booked, latest)
        undo(by, resident, booked)
    assert Strike.objects.get().state in Strike.STANDING


def test_each_move_is_told_also_the_second_to_the_same_time(by, resident, period, later):
    booked = book(by, resident, period)
    minute = timedelta(seconds=40)
    for n, step in enumerate((move, undo, move)):
        with time_machine.travel(timezone.now() + n * minute):
            step(by, resident, booked, *([later] if step is move else []))
            outbox.deliver_waiting()
    told = Notification.objects.filter(about=booked.pk, template="appointment.moved")
    assert [one.facts["time"][-5:] for one in told.order_by("id")] == ["08:00"] * 3


def test_a_strangers_move_is_not_taken_back(by, resident, period, later):
    booked = book(by, resident, period)
    move(by, resident, booked, later)
    with pytest.raises(NotFound):
        undo(by, somebody(), booked)


def test_who_chose_after_a_stop_does_not_go_back_to_it(by, resident, period, later):
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    booked = book(by, resident, period)
    with by(clerk):
        availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="会议", plan=Stop.Plan.CANCEL
        )
    outbox.deliver_waiting()
    move(by, resident, booked, later)
    with pytest.raises(Conflict, match="no longer be undone"):
        undo(by, resident, booked)


def test_from_video_to_a_visit_in_person_and_back_in_one_tap_each(client, by, resident, period):
    far = PeriodFactory(
        session=SessionFactory(kind=Kind.VIDEO, department=period.department, day=in_days(8)),
        public=1,
    )
    seen = book(by, resident, PeriodFactory(session__department=period.department))
    Appointment.objects.filter(pk=seen.pk).update(status=Status.FULFILLED, day=in_days(-30))
    booked = book(by, resident, far)
    client.force_login(resident)
    client.cookies["language"] = "en"

    form = {"period": period.pk, "move": booked.pk}
    page = client.post(reverse("booking:hold"), form, follow=True).content.decode()

    assert Appointment.objects.get(pk=booked.pk).mode == Mode.IN_PERSON
    assert "it was by video" in page
    address = reverse("booking:undo_move", args=[booked.pk])
    assert address in page
    page = client.post(address, follow=True).content.decode()
    assert "back at its earlier time" in page
    assert address not in page
    assert Appointment.objects.get(pk=booked.pk).mode == Mode.VIDEO
