"""Taking, giving back and returning places."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import translation

from scheduling.availability import services
from scheduling.availability.models import Period, PeriodPool, PeriodState
from scheduling.availability.services.places import PeriodClosed, PeriodFull
from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from tests.factories.scheduling import PeriodFactory, at_once, places_of

pytestmark = pytest.mark.django_db
DESK = System("test")


def take(period, *pools):
    with intention(DESK, door="test"):
        return services.take_place(period_id=period.pk, pools=pools or ["public"])[1]


def give_back(period, pool="public"):
    with intention(DESK, door="test"):
        services.give_back(period_id=period.pk, pool=pool)


def test_the_first_pool_with_a_place_gives_it():
    period = PeriodFactory(referral=1, public=1)
    assert [take(period, "referral", "public") for _ in range(2)] == ["referral", "public"]
    with pytest.raises(PeriodFull):
        take(period, "referral", "public")
    assert places_of(period) == {"referral": (1, 1), "public": (1, 1)}


def test_whoever_comes_too_late_hears_where_there_is_room():
    period = PeriodFactory(public=1)
    for minutes in (30, 60, 90):
        PeriodFactory(
            session=period.session, starts_at=period.starts_at + timedelta(minutes=minutes)
        )
    take(period)
    with translation.override("en"), pytest.raises(PeriodFull, match=r"08:30.*09:00"):
        take(period)


def test_after_the_close_the_desk_alone_hears_of_what_is_left_for_it():
    period = PeriodFactory(public=1, walk_in=1)
    session, later = period.session, period.starts_at + timedelta(hours=1)
    PeriodFactory(session=session, starts_at=later, state="closed", public=1, walk_in=1)
    take(period)
    with time_machine.travel(period.closes_at), translation.override("en"):
        take(period, "walk_in")
        with pytest.raises(PeriodFull, match=r"Next free: .*09:00"):
            take(period, "walk_in", "phone", "public")
        with pytest.raises(PeriodFull, match="nothing else is free here"):
            take(period)


def test_booking_from_afar_ends_and_the_desk_goes_on():
    period = PeriodFactory(public=1, walk_in=1)
    with time_machine.travel(period.closes_at):
        with pytest.raises(PeriodClosed):
            take(period)
        assert take(period, "public", "walk_in") == "walk_in"
        give_back(period, "walk_in")
    with time_machine.travel(period.ends_at), pytest.raises(PeriodClosed):
        take(period, "walk_in")


def test_a_planned_or_stopped_period_gives_nothing():
    planned, stopped = (PeriodFactory(state=state) for state in ("planned", "stopped"))
    for period in (planned, stopped):
        with pytest.raises(DomainError):
            take(period)
        assert places_of(period) == {"public": (0, 4)}


def test_unused_places_return_in_time_and_close_to_the_desk():
    period = PeriodFactory(public=1, referral=1, family_doctor=2, walk_in=1)
    take(period, "family_doctor")
    organisation = period.organisation_id
    with time_machine.travel(period.closes_at - timedelta(hours=24)):
        with intention(DESK, door="test"):
            assert services.return_due(organisation_id=organisation) == 1
        with intention(DESK, door="test"):
            assert services.return_due(organisation_id=organisation) == 0
    assert places_of(period) == {
        "public": (0, 2),
        "referral": (0, 1),
        "family_doctor": (1, 1),
        "walk_in": (0, 1),
    }
    assert PeriodPool.objects.get(period=period, pool="public").returned == 1
    with time_machine.travel(period.closes_at), intention(DESK, door="test"):
        assert services.close_due(organisation_id=organisation) == 1
    assert places_of(period)["walk_in"] == (0, 4)
    period.refresh_from_db()
    assert period.state == PeriodState.CLOSED


def test_a_place_that_is_given_back_late_is_for_everybody_then_for_the_desk():
    period = PeriodFactory(public=1, family_doctor=2)
    for _ in range(2):
        take(period, "family_doctor")
    with time_machine.travel(period.closes_at - timedelta(hours=20)):
        give_back(period, "family_doctor")
    assert places_of(period) == {"public": (0, 2), "family_doctor": (1, 1)}
    with time_machine.travel(period.closes_at):
        give_back(period, "family_doctor")
    assert places_of(period)["walk_in"] == (0, 1)


def test_the_pools_always_add_up_to_the_capacity():
    period = PeriodFactory(public=2)
    pools = PeriodPool.objects.filter(period=period)
    for change in (
        lambda: pools.update(places=3),
        lambda: Period.objects.filter(pk=period.pk).update(capacity=1),
        lambda: pools.delete(),
    ):
        with pytest.raises(IntegrityError, match="capacity is"), intention(DESK, door="test"):
            at_once(change)
