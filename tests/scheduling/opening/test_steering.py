"""Which openings come, what their pages count, and how fast they go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.appointments import services as bookings
from scheduling.availability.models import PeriodState, State
from scheduling.opening import line, queries, services, steering, tasks
from scheduling.opening.models import Opening
from telemed.core.intentions import System
from tests.factories.people import PatientFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory
from tests.marks import committed
from tests.scheduling.opening.conftest import laid, opening_of

USHER = System("usher")


def coming(minutes, **more):
    at = timezone.now() + timedelta(minutes=minutes)
    return SessionFactory(state=State.PLANNED, release_at=at, **more)


@pytest.mark.django_db
def test_places_that_come_out_soon_have_an_opening(by):
    session, far, open_now = coming(10), coming(90), SessionFactory()
    with by(USHER):
        (made,) = services.prepare()
        assert services.prepare() == []
    assert (
        made.organisation_id
        == session.organisation_id
        not in (
            far.organisation_id,
            open_now.organisation_id,
        )
    )
    assert made.days == [session.day]
    assert made.draw_at - made.opens_at == timedelta(seconds=60)


@pytest.mark.django_db
def test_a_hospital_may_go_without(by, monkeypatch):
    coming(10)
    monkeypatch.setattr(services.rules, "has_line", lambda organisation_id: False)
    with by(USHER):
        assert services.prepare() == []


@pytest.mark.django_db
def test_what_is_left_is_what_the_database_says(by):
    period = PeriodFactory(public=4, referral=2)
    session = period.session
    opening = opening_of(session.organisation, since=-60, days=[session.day])
    type(session).objects.filter(pk=session.pk).update(release_at=opening.opens_at)
    other = PeriodFactory(organisation=session.organisation, public=9)
    people = [PatientFactory(user=UserFactory()).user for _ in range(3)]
    for who, act in zip(people, [bookings.hold, bookings.book, bookings.book], strict=True):
        with by(who):
            last = act(actor=who, patient=who.patient, period_id=period.pk)
    with by(people[2]):
        bookings.cancel(actor=people[2], appointment_id=last.pk)
    (left,) = queries.places_left(opening)
    assert (left.places, left.free, left.held, left.back) == (4, 1, 1, 1)
    assert left.department_id == period.department_id != other.department_id
    type(period).objects.filter(pk=period.pk).update(state=PeriodState.PLANNED)
    assert queries.places_left(opening)[0].places == 4, "before the hour, what will come"


def test_the_rate_shrinks_while_holds_are_slow_and_grows_again():
    factor = 1.0
    for _ in range(20):
        factor = steering.factor_after(factor, 2.0)
    assert factor == steering.LEAST
    for _ in range(40):
        factor = steering.factor_after(factor, 0.05)
    assert factor == 1.0
    assert steering.factor_after(0.5, 0.3) == 0.5


def test_the_rate_is_shared_by_how_many_wait():
    assert steering.shares(10, [300, 100]) == [7.5, 2.5]
    assert steering.shares(10, [0, 0]) == [5, 5]
    assert steering.shares(10, [1000, 0]) == [10, steering.ONE_LINE]


@committed
def test_the_worker_lays_counts_and_steers(valkey):
    period = PeriodFactory(public=3)
    opening = opening_of(period.organisation, since=0, days=[period.session.day])
    type(period.session).objects.filter(pk=period.session_id).update(release_at=opening.opens_at)
    assert tasks.steer_openings_task() == 1
    place = line.enter(period.organisation.number, "a")
    assert [row["free"] for row in place.places["rows"]] == [3]
    assert place.rate == 10
    line.report(3.0)
    tasks.steer_openings_task()
    assert line.enter(period.organisation.number, "a").rate == 7


@committed
def test_the_worker_bears_a_dead_valkey(valkey, monkeypatch):
    opening_of(PeriodFactory().organisation, since=0)
    monkeypatch.setattr(line, "_server", lambda url: line.redis.Redis(unix_socket_path="/none"))
    assert tasks.steer_openings_task() == 0


@committed
def test_the_worker_prepares():
    coming(10)
    assert tasks.prepare_openings_task() == 1
    assert Opening.objects.count() == 1


@pytest.mark.django_db
def test_nothing_is_told_to_the_opening_of_another_day(valkey):
    opening = laid(opening_of(PeriodFactory().organisation, since=0))
    other = Opening(pk="0b7c9f5e-0000-7000-8000-00000000000f", organisation=opening.organisation)
    assert line.steer(other, rate=99, places={}) == 0
    assert line.enter(opening.organisation.number, "a").rate == 1000
