"""A clinic that is stopped, and taken back while everybody in it is still being displaced."""

from itertools import count
from threading import Event
from time import sleep

import pytest
from django.db import connection

from scheduling.appointments import services
from scheduling.availability import services as availability
from scheduling.availability.models import Stop
from telemed.core import outbox
from telemed.core.intentions import System, intention
from tests.factories.people import PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, places_of
from tests.marks import committed
from tests.racing import race

pytestmark = committed

AWAITED = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
)


@pytest.fixture
def period():
    return PeriodFactory(public=2)


@pytest.fixture
def booked(period):
    actor = PatientFactory(user=UserFactory()).user
    with intention(actor, door="test"):
        return services.book(actor=actor, patient=actor.patient, period_id=period.pk)


def await_somebody():
    """Until another transaction waits for what this one holds."""
    with connection.cursor() as cursor:
        for turn in count():
            cursor.execute(AWAITED)
            if cursor.fetchone()[0]:
                return
            assert turn < 500, "Nobody waits for this transaction."
            sleep(0.01)


def test_taking_it_back_waits_for_who_displaces_and_nobody_for_both(period, booked):
    """
    Who displaces holds the half hours, and has the stop looked for at the commit; who takes it
    back holds the stop, and waits for the half hours.
    """
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    with intention(clerk, door="test"):
        stop = availability.stop_session(
            actor=clerk, session_id=period.session_id, reason="会议", plan=Stop.Plan.CANCEL
        )
    displaced = Event()

    def displace():
        with intention(System("outbox"), door="test"):
            services.displace(stop=stop)
            displaced.set()
            await_somebody()

    def take_back():
        assert displaced.wait(10)
        with intention(clerk, door="test"):
            availability.restore_session(actor=clerk, session_id=period.session_id)

    assert race([displace, take_back]) == {"won": 2}
    outbox.deliver_waiting()
    booked.refresh_from_db()
    assert (booked.status, places_of(period)) == ("booked", {"public": (1, 2)})
