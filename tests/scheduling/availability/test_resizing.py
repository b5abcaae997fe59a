"""More or fewer places, other shares."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import translation

from scheduling.availability import services
from scheduling.availability.booked import Booked
from scheduling.availability.models import PeriodPool
from scheduling.availability.services.resizing import BelowTaken
from scheduling.availability.shares import fit
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import OutboxEvent
from tests.factories.people import StaffFactory
from tests.factories.scheduling import PeriodFactory, places_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def periods(session):
    """The first with three taken of four, the second empty."""
    first = PeriodFactory(session=session, public=3, referral=1)
    second = PeriodFactory(
        session=session, starts_at=first.starts_at + timedelta(minutes=30), public=4
    )
    PeriodPool.objects.filter(period=first, pool="public").update(taken=3)
    return first, second


def resize(by, actor, session, capacity, **shares):
    with by(actor):
        done = services.resize_session(
            actor=actor, session_id=session.pk, capacity=capacity, shares=shares
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the pools add up
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return done


def test_every_period_has_the_new_capacity_and_nobody_loses_a_place(by, keeper, session, periods):
    first, second = periods
    done = resize(by, keeper, session, 6, walk_in=50)
    assert places_of(first) == {"public": (3, 3), "walk_in": (0, 3), "referral": (0, 0)}
    assert places_of(second) == {"public": (0, 3), "walk_in": (0, 3)}
    assert (done.places_before, done.places, done.taken) == (8, 12, 3)
    session.refresh_from_db()
    assert (session.capacity, session.shares["walk_in"]) == (6, 50)
    assert OutboxEvent.objects.get().topic == "session.resized"


def test_a_preview_says_the_numbers_and_changes_nothing(by, keeper, session, periods):
    with by(keeper):
        seen = services.preview_resize(
            actor=keeper, session_id=session.pk, capacity=3, shares={"referral": 40}
        )
    assert seen.after == {"public": (3, 5), "referral": (0, 1)}
    assert places_of(periods[0]) == {"public": (3, 3), "referral": (0, 1)}


def test_below_what_is_taken_is_refused_and_says_who_is_affected(
    by, keeper, session, periods, finders
):
    finders.register(lambda ids: [Booked(pk, "吴金花", 7) for pk in ids if pk == periods[0].pk])
    with translation.override("en"), pytest.raises(BelowTaken, match="3 are booked") as refused:
        resize(by, keeper, session, 2)
    assert [one.name for one in refused.value.affected] == ["吴金花"]
    assert places_of(periods[0]) == {"public": (3, 3), "referral": (0, 1)}


def test_what_was_returned_to_everybody_is_not_reserved_again(by, keeper, session, periods):
    with time_machine.travel(periods[0].closes_at - timedelta(hours=1)):
        resize(by, keeper, session, 8, referral=50, walk_in=10)
    assert places_of(periods[1])["referral"] == (0, 0)
    assert sum(places for _taken, places in places_of(periods[1]).values()) == 8


def test_after_booking_has_closed_new_places_are_the_desks(by, keeper, session, periods):
    with time_machine.travel(periods[0].closes_at + timedelta(hours=1)):
        resize(by, keeper, session, 5)
    assert places_of(periods[1]) == {"public": (0, 0), "walk_in": (0, 5)}


def test_what_is_over_stays_as_it_was(by, keeper, session, periods):
    with time_machine.travel(periods[0].ends_at + timedelta(minutes=1)):
        resize(by, keeper, session, 2)
    assert places_of(periods[0]) == {"public": (3, 3), "referral": (0, 1)}
    assert sum(places for _taken, places in places_of(periods[1]).values()) == 2


@pytest.mark.parametrize(
    ("capacity", "shares"), [(0, {}), (201, {}), (4, {"referral": 81}), (4, {"phone": -1})]
)
def test_numbers_out_of_range_are_refused(by, keeper, session, periods, capacity, shares):
    with pytest.raises(Invalid):
        resize(by, keeper, session, capacity, **shares)


def test_only_its_keepers_change_a_session_that_is_still_to_be(by, keeper, session, periods):
    with pytest.raises(Forbidden):
        resize(by, session.clinician, session, 6)
    with pytest.raises(NotFound):
        resize(by, StaffFactory(role="desk"), session, 6)
    session.state = "finished"
    session.save()
    with pytest.raises(Conflict):
        resize(by, keeper, session, 6)


def test_the_public_gives_up_what_another_pool_has_taken():
    def at_home(pool):
        return pool

    assert fit({"public": 4}, {"referral": 2, "public": 1}, at_home) == {
        "public": 2,
        "referral": 2,
    }
    assert fit({"public": 1, "phone": 2}, {"public": 2}, at_home) == {"public": 2, "phone": 1}
