"""Places when several come at once."""

from datetime import timedelta

import time_machine

from scheduling.availability import services
from telemed.core.intentions import System, intention
from tests.factories.scheduling import PeriodFactory, places_of
from tests.marks import committed
from tests.racing import race

pytestmark = committed
DESK = System("test")


def take(period, *pools):
    def call():
        with intention(DESK, door="test"):
            services.take_place(period_id=period.pk, pools=pools)

    return call


def test_sixteen_people_race_for_five_places():
    period = PeriodFactory(public=5)
    assert race([take(period, "public")] * 16) == {"won": 5, "PeriodFull": 11}
    assert places_of(period) == {"public": (5, 5)}


def test_returns_and_bookings_never_share_a_place():
    period = PeriodFactory(public=1, family_doctor=4)

    def return_due():
        with intention(DESK, door="test"):
            services.return_due(organisation_id=period.organisation_id)

    with time_machine.travel(period.closes_at - timedelta(hours=23)):
        ended = race([take(period, "family_doctor", "public"), return_due] * 4)
    assert ended == {"won": 8}
    counts = places_of(period)
    assert sum(taken for taken, _places in counts.values()) == 4
    assert sum(places for _taken, places in counts.values()) == 5


def test_closing_and_booking_take_turns():
    period = PeriodFactory(public=4)

    def close():
        with intention(DESK, door="test"):
            services.close_due(organisation_id=period.organisation_id)

    with time_machine.travel(period.closes_at - timedelta(milliseconds=200), tick=True):
        race([take(period, "public", "walk_in")] * 6 + [close] * 2)
    with time_machine.travel(period.closes_at):
        close()
    counts = places_of(period)
    assert sum(places for _taken, places in counts.values()) == 4
    assert sum(taken for taken, _places in counts.values()) == 4
