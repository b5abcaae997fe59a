"""Booking while places come out: only whose turn it is takes a public place from afar."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status
from scheduling.opening import gate, line, subscribers
from telemed.core import clocks
from telemed.core.errors import Conflict
from telemed.core.models import Clock
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, places_of
from tests.scheduling.opening.conftest import laid, later, opening_of

pytestmark = pytest.mark.django_db
HALF = timedelta(minutes=30)


@pytest.fixture
def period():
    return PeriodFactory(public=2, family_doctor=1, walk_in=1)


@pytest.fixture
def resident():
    return PatientFactory(user=UserFactory()).user


@pytest.fixture
def running(valkey, period):
    opening = laid(opening_of(period.organisation, since=120, days=[period.session.day]))
    later(valkey, opening, 30)  # everybody has come back by now
    return opening


def hold(by, actor, period):
    with by(actor), translation.override("en"):
        return services.hold(actor=actor, patient=actor.patient, period_id=period.pk)


def test_without_an_opening_nobody_asks_valkey(by, resident, period, monkeypatch):
    monkeypatch.setattr(line, "_ask", lambda *args: pytest.fail("asked"))
    assert hold(by, resident, period).status == Status.HELD


def test_in_the_first_minute_nobody_books(valkey, by, resident, period):
    laid(opening_of(period.organisation, since=5))
    with pytest.raises(gate.Waits, match="the order is drawn at"):
        hold(by, resident, period)
    assert not Appointment.objects.exists()
    assert places_of(period)["public"] == (0, 2)


def test_who_books_without_a_ticket_stands_at_the_end(by, resident, period, running, valkey):
    state = line.keys_of(running.organisation.number)[0]
    valkey.hset(state, "rate", "0.0001")
    valkey.hset(state, "at", str(time.time()))
    with pytest.raises(gate.Waits, match="number 1 in the line"):
        hold(by, resident, period)


def test_whose_turn_it_is_books_once(
    by, resident, period, running, django_capture_on_commit_callbacks
):
    held = hold(by, resident, period)
    with by(resident):
        booked = services.confirm(actor=resident, appointment_id=held.pk)
    with django_capture_on_commit_callbacks(execute=True), by(resident):
        subscribers.use_turn({"appointment_id": str(booked.pk)})
    other = PeriodFactory(organisation=period.organisation, public=2)
    with pytest.raises(gate.Waits, match="is over"):
        hold(by, resident, other)


def test_the_desk_needs_no_ticket(by, period, valkey):
    laid(opening_of(period.organisation, since=5))
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    with by(clerk):
        booked = services.book(actor=clerk, patient=PatientFactory(), period_id=period.pk)
    assert booked.status == Status.BOOKED


def test_what_is_not_public_needs_no_ticket(by, resident, period, valkey):
    laid(opening_of(period.organisation, since=5))
    with by(resident):
        booked = services.book(
            actor=resident, patient=resident.patient, period_id=period.pk, pools=["family_doctor"]
        )
    assert booked.pool == "family_doctor"


def test_moving_is_taking_a_place(by, resident, period, valkey):
    with by(resident):
        booked = services.book(actor=resident, patient=resident.patient, period_id=period.pk)
    later_one = PeriodFactory(
        session=period.session, starts_at=period.starts_at + timedelta(minutes=30), public=1
    )
    laid(opening_of(period.organisation, since=5))
    with pytest.raises(gate.Waits), by(resident):
        services.move(actor=resident, appointment_id=booked.pk, period_id=later_one.pk)
    booked.refresh_from_db()
    assert booked.period_id == period.pk


def test_without_valkey_booking_goes_on(by, resident, period, valkey, monkeypatch, caplog):
    laid(opening_of(period.organisation, since=5))
    monkeypatch.setattr(
        gate.line, "_server", lambda url: gate.line.redis.Redis(unix_socket_path="/none")
    )
    assert hold(by, resident, period).status == Status.HELD
    assert "without a line" in caplog.text


def test_a_valkey_that_forgot_is_told_again(by, resident, period, valkey):
    opening_of(period.organisation, since=5)
    with pytest.raises(gate.Waits):
        hold(by, resident, period)
    assert valkey.hget(line.keys_of(period.organisation.number)[0], "seed")


def test_the_refusal_leads_to_the_waiting_page(client, resident, period, valkey):
    laid(opening_of(period.organisation, since=5, days=[period.session.day]))
    client.force_login(resident)
    client.cookies["language"] = "en"
    times = reverse("booking:times", args=[period.department_id])
    answer = client.post(
        reverse("booking:hold"), {"period": period.pk}, HTTP_REFERER=times, follow=True
    )
    page = answer.content.decode()
    assert "the order is drawn at" in page
    address = reverse("opening:enter", args=[period.organisation.number])
    assert f'href="{address}"' in client.get(times).content.decode()


def test_a_place_that_is_given_up_comes_back_at_a_moment_nobody_can_wait_for(
    by, resident, period, running, valkey
):
    held = hold(by, resident, period)
    with by(resident):
        services.give_up_hold(actor=resident, appointment_id=held.pk)
    assert places_of(period)["public"] == (1, 2), "it stays counted"
    due = Clock.objects.get(about=held.pk, kind="place.return").due_at - timezone.now()
    assert timedelta(seconds=55) < due <= timedelta(minutes=10)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        clocks.fire_due()
    assert places_of(period)["public"] == (0, 2)


def test_outside_an_opening_it_goes_back_at_once(by, resident, period, valkey):
    held = hold(by, resident, period)
    with by(resident):
        services.give_up_hold(actor=resident, appointment_id=held.pk)
    assert places_of(period)["public"] == (0, 2)


def test_a_script_that_tries_every_time_is_stopped(by, resident, period, running, monkeypatch):
    monkeypatch.setattr(gate, "TRIES", 2)
    other = PeriodFactory(session=period.session, starts_at=period.starts_at + HALF, public=1)
    for one in (period, other):
        hold(by, resident, one)
    with pytest.raises(Conflict, match="many tries"):
        hold(by, resident, period)
