"""The desk: who shows a card checks in, the hospital calls off, and a late move is noted."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from records.mpi.identity import parse_id_card
from scheduling.appointments import services
from scheduling.appointments.models import Status, Strike
from scheduling.availability.models import Stop
from telemed.core import clocks, outbox, secrecy
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.core.models import Clock
from telemed.notifications.models import Notification
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days, places_of

pytestmark = pytest.mark.django_db
NUMBER = "520121195804095511"
PERSON, HERE = reverse("booking:person"), reverse("booking:here")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def period():
    return PeriodFactory(public=3, walk_in=3)


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation, language="en")


@pytest.fixture
def patient():
    number = parse_id_card(NUMBER).number
    return PatientFactory(
        user=UserFactory(),
        id_card_hash=secrecy.keyed_hash(number, purpose="mpi.id_card"),
        id_card_tail=number[-4:],
    )


@pytest.fixture
def booked(by, period, patient):
    with by(patient.user):
        return services.book(actor=patient.user, patient=patient, period_id=period.pk)


@pytest.fixture
def later(period):
    session = SessionFactory(
        department=period.department, clinician=period.clinician, day=in_days(9)
    )
    return PeriodFactory(session=session, public=2)


def at(period, **before):
    return time_machine.travel(period.starts_at - timedelta(**before))


def strikes():
    return list(Strike.objects.values_list("kind", "points", "state"))


def test_a_card_leads_to_what_is_booked_today_and_enter_checks_in(client, period, clerk, booked):
    with at(period, minutes=20):
        client.force_login(clerk)
        page = client.post(PERSON, {"number": NUMBER}, follow=True)
        assert page.redirect_chain[0][0].startswith(HERE)
        assert page.context["one"].appointment == booked
        assert "autofocus" in page.content.decode()
        whom = page.context["whom"]
        client.post(f"{HERE}{whom}", {"booking": booked.pk})
    booked.refresh_from_db()
    assert booked.status == Status.ARRIVED


def test_a_card_with_nothing_booked_today_leads_to_booking(client, period, clerk, patient):
    client.force_login(clerk)
    answer = client.post(PERSON, {"number": NUMBER})
    assert answer.url.startswith(reverse("booking:find"))


def test_too_early_says_so_and_nothing_has_the_focus(client, period, clerk, booked):
    with at(period, hours=3):
        client.force_login(clerk)
        page = client.post(PERSON, {"number": NUMBER}, follow=True)
    assert page.context["one"] is None
    assert "Checking in begins an hour before" in page.content.decode()


def test_the_card_of_one_checks_in_no_other(by, client, period, clerk, booked):
    other = PatientFactory(user=UserFactory())
    with by(other.user):
        theirs = services.book(actor=other.user, patient=other, period_id=period.pk)
    with at(period, minutes=20):
        client.force_login(clerk)
        whom = client.post(PERSON, {"number": NUMBER}, follow=True).context["whom"]
        answer = client.post(f"{HERE}{whom}", {"booking": theirs.pk}, follow=True)
        assert "The ID does not match the booking." in answer.content.decode()
        wrong = client.post(f"{HERE}{whom}", {"booking": "x"}, follow=True)
        assert "Choose one of the bookings." in wrong.content.decode()
    theirs.refresh_from_db()
    assert theirs.status == Status.BOOKED


def test_four_digits_beside_the_scanned_ticket_are_compared(client, period, clerk, booked):
    from scheduling.appointments.codes import code_of

    address = reverse("booking:arrival", args=[code_of(booked)])
    with at(period, minutes=20):
        client.force_login(clerk)
        client.post(address, {"number": "1234"})
        booked.refresh_from_db()
        assert booked.status == Status.BOOKED
        client.post(address, {"number": "5511"})
    booked.refresh_from_db()
    assert booked.status == Status.ARRIVED


def call_off(by, clerk, booked, plan, **more):
    with by(clerk):
        gone = services.call_off_at_desk(
            actor=clerk, appointment_id=booked.pk, reason="设备故障无法检查", plan=plan, **more
        )
    outbox.deliver_waiting()
    return gone


def test_the_hospital_calls_off_and_keeps_another_place(by, clerk, booked, period, later):
    gone = call_off(by, clerk, booked, Stop.Plan.ANOTHER_DAY)
    assert (gone.status, gone.plan_period_id, gone.late) == ("displaced", later.pk, False)
    assert Notification.objects.get(about=booked.pk, template="clinic.notice")
    with by(booked.booked_by):
        there = services.rebook(actor=booked.booked_by, appointment_id=booked.pk)
    assert (there.status, there.period_id, there.ended_because) == ("booked", later.pk, "")
    assert (places_of(period)["public"], places_of(later)) == ((0, 3), {"public": (1, 2)})
    assert strikes() == []


def test_without_an_offer_it_is_cancelled_with_its_reason_and_no_point(by, clerk, booked, period):
    with at(period, hours=2):
        gone = call_off(by, clerk, booked, Stop.Plan.CANCEL)
        assert (gone.status, gone.late, gone.ended_because) == (
            "cancelled",
            False,
            "设备故障无法检查",
        )
    assert Notification.objects.get(about=booked.pk, template="appointment.withdrawn")
    assert strikes() == []


def test_silence_after_it_is_phoned_and_then_cancelled(by, clerk, booked, later):
    call_off(by, clerk, booked, Stop.Plan.ANOTHER_DAY)
    for rung in (0, 1):
        due = Clock.objects.get(about=booked.pk, kind="displaced.choice", rung=rung).due_at
        with time_machine.travel(due):
            clocks.fire_due()
    booked.refresh_from_db()
    assert booked.status == Status.CANCELLED
    assert places_of(later) == {"public": (0, 2)}


def test_only_the_desk_calls_off_and_says_why(by, client, clerk, booked, later):
    with by(booked.booked_by), pytest.raises(Forbidden):
        services.call_off_at_desk(
            actor=booked.booked_by, appointment_id=booked.pk, reason="设备故障", plan="cancel"
        )
    with pytest.raises(Conflict):
        call_off(by, clerk, booked, Stop.Plan.SUBSTITUTE)
    with by(clerk), pytest.raises(Invalid):
        services.call_off_at_desk(actor=clerk, appointment_id=booked.pk, reason="", plan="cancel")
    client.force_login(clerk)
    ticket = reverse("booking:ticket", args=[booked.pk])
    assert reverse("booking:call_off", args=[booked.pk]) in client.get(ticket).content.decode()
    client.post(
        reverse("booking:call_off", args=[booked.pk]),
        {"reason": "设备故障无法检查", "plan": f"another_day:{later.session_id}"},
    )
    booked.refresh_from_db()
    assert booked.status == Status.DISPLACED
    assert "cannot see you" in client.get(ticket).content.decode()


def test_what_its_doctor_could_not_hold_and_nobody_stopped_never_counts(by, clerk, booked, period):
    period.session.held_up_at = period.session.starts_at
    period.session.save()
    with time_machine.travel(period.session.ends_at + timedelta(minutes=30)), by(clerk):
        services.miss(session_id=period.session_id)
    booked.refresh_from_db()
    assert (booked.status, bool(booked.ended_because)) == ("cancelled", True)
    assert strikes() == []


def move(by, actor, booked, later):
    with by(actor):
        return services.move(actor=actor, appointment_id=booked.pk, period_id=later.pk)


def test_moving_after_the_limit_is_noted_as_late(by, booked, period, later):
    actor = booked.booked_by
    with at(period, hours=3):
        moved = move(by, actor, booked, later)
        assert (moved.status, moved.period_id) == ("booked", later.pk)
        assert strikes() == [("late", 1, "noted")]
        due = Clock.objects.get(about=booked.pk, kind="appointment.noshow", state="running").due_at
    with time_machine.travel(due):
        clocks.fire_due()
    assert strikes() == [("late", 1, "counted")]


def test_coming_after_a_late_move_leaves_the_point(by, clerk, booked, period, later):
    with at(period, hours=3):
        move(by, booked.booked_by, booked, later)
    with at(later, minutes=20), by(clerk):
        services.check_in(actor=clerk, appointment_id=booked.pk)
    assert strikes()[0][:2] == ("late", 1)
    assert strikes()[0][2] != "void"


def test_the_desk_moves_at_any_time_and_nothing_is_noted(by, clerk, booked, period, later):
    with at(period, hours=3):
        assert move(by, clerk, booked, later).period_id == later.pk
    assert strikes() == []


def test_before_the_limit_moving_costs_nothing(by, booked, later):
    move(by, booked.booked_by, booked, later)
    assert strikes() == []


def test_the_page_says_what_a_late_move_means_before_it_is_done(client, booked, period, later):
    with at(period, hours=3):
        client.force_login(booked.booked_by)
        client.cookies["language"] = "en"
        page = client.get(
            reverse("booking:times", args=[period.department_id]), {"move": booked.pk}
        )
    assert "It is late: moving notes 1 point" in page.content.decode()
