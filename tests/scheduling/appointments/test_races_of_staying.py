"""Several whom one stop displaced, and one place with the doctor."""

import pytest
import time_machine
from django.utils import timezone

from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Status, Wait
from scheduling.availability import services as availability
from scheduling.availability.models import PeriodState, State, Stop
from telemed.core import outbox
from telemed.core.intentions import intention
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, at, in_days, places_of
from tests.marks import committed
from tests.racing import race

pytestmark = committed


@pytest.fixture(autouse=True)
def by_day():
    with time_machine.travel(at(timezone.localdate(), 10)):
        yield


@pytest.fixture
def period():
    return PeriodFactory(public=4)


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation)


@pytest.fixture
def displaced(period, clerk):
    booked = []
    for _ in range(4):
        actor = PatientFactory(user=UserFactory()).user
        with intention(actor, door="test"):
            booked.append(services.book(actor=actor, patient=actor.patient, period_id=period.pk))
    with intention(clerk, door="test"):
        availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="会议", plan=Stop.Plan.CANCEL
        )
    outbox.deliver_waiting()
    return booked


@pytest.fixture
def planned(period):
    """One half hour with one place, on a day that is not open yet."""
    session = SessionFactory(
        department=period.department,
        clinician=period.clinician,
        day=in_days(9),
        state=State.PLANNED,
    )
    return PeriodFactory(session=session, state=PeriodState.PLANNED, public=1)


def stay(booked):
    def call():
        with intention(booked.booked_by, door="test"):
            services.stay(actor=booked.booked_by, appointment_id=booked.pk)

    return call


def test_two_displaced_and_one_place_while_it_opens(displaced, planned, clerk):
    """Whoever commits last, the place is given once, and nobody is forgotten."""
    first, second, third, fourth = displaced
    stay(first)()

    def publish():
        with intention(clerk, door="test"):
            availability.publish_session(actor=clerk, session_id=planned.session_id)

    def quick():
        actor = PatientFactory(user=UserFactory()).user
        with intention(actor, door="test"):
            services.book(actor=actor, patient=actor.patient, period_id=planned.pk)

    ended = race([publish, stay(second), stay(third), stay(fourth), quick])
    assert ended["won"] == 4, ended  # whoever was quick found nothing
    outbox.deliver_waiting()
    outbox.deliver_waiting()
    seated = Appointment.objects.filter(period=planned, status=Status.BOOKED)
    assert [one.pk for one in seated] == [first.pk]
    assert places_of(planned) == {"public": (1, 1)}
    assert Wait.objects.filter(stays=True).count() == 3


def test_staying_while_a_session_opens_is_seated_by_whoever_comes_last(displaced, planned, clerk):
    def publish():
        with intention(clerk, door="test"):
            availability.publish_session(actor=clerk, session_id=planned.session_id)

    assert race([publish, stay(displaced[0]), stay(displaced[1])]) == {"won": 3}
    for _ in range(3):
        outbox.deliver_waiting()
    assert Appointment.objects.filter(period=planned, status=Status.BOOKED).count() == 1
    assert places_of(planned) == {"public": (1, 1)}


def test_a_double_click_stays_once(displaced, period):
    assert race([stay(displaced[0])] * 4)["won"] >= 1
    assert Wait.objects.filter(stays=True).count() == 1
    taken, _places = places_of(period)["public"]
    assert taken == 3
