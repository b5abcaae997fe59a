"""Places when several come at once."""

from datetime import time, timedelta

import time_machine

from scheduling.availability import services
from scheduling.availability.models import PeriodState, State, Stop
from scheduling.availability.services import Place
from telemed.core.intentions import System, intention
from tests.factories.people import StaffFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, places_of
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


def keepers_of(period, n):
    return [StaffFactory(role="desk", organisation=period.organisation) for _ in range(n)]


def as_each(keepers, service, period, **more):
    """The same act by each of them."""

    def call(actor):
        with intention(actor, door="test"):
            service(actor=actor, session_id=period.session_id, **more)

    return [lambda actor=actor: call(actor) for actor in keepers]


STOP = {"reason": "参加会议", "plan": "cancel"}


def test_who_books_while_places_are_cut_has_a_place_or_a_refusal():
    period = PeriodFactory(public=6)
    cut = as_each(keepers_of(period, 2), services.resize_session, period, capacity=3, shares={})
    ended = race([take(period, "public")] * 8 + cut)
    [(taken, places)] = places_of(period).values()
    period.refresh_from_db()
    assert taken <= places == period.capacity
    assert places == (3 if ended["BelowTaken"] < 2 else 6)
    assert ended["won"] == taken + 2 - ended["BelowTaken"]


def test_a_session_is_stopped_once_and_nobody_books_afterwards():
    period = PeriodFactory(public=8)
    stops = as_each(keepers_of(period, 3), services.stop_session, period, **STOP)
    ended = race([take(period, "public")] * 8 + stops)
    taken = places_of(period)["public"][0]
    period.refresh_from_db()
    assert period.state == PeriodState.STOPPED
    assert Stop.objects.count() == 1
    assert ended["Conflict"] == 2
    assert ended["won"] == taken + 1
    assert ended["won"] + ended["PeriodClosed"] == 9


def test_stop_and_restore_take_turns():
    period = PeriodFactory(public=2)
    keepers = keepers_of(period, 6)
    stops = as_each(keepers[:3], services.stop_session, period, **STOP)
    restores = as_each(keepers[3:], services.restore_session, period)
    ended = race(stops + restores)
    period.session.refresh_from_db()
    period.refresh_from_db()
    assert set(ended) <= {"won", "Conflict"}
    undone = Stop.objects.exclude(undone_at=None).count()
    assert ended["won"] == Stop.objects.count() + undone
    stopped = Stop.objects.count() - undone
    assert stopped in (0, 1)
    held = (State.STOPPED, PeriodState.STOPPED) if stopped else (State.PUBLISHED, PeriodState.OPEN)
    assert (period.session.state, period.state) == held


def test_a_session_is_published_once():
    period = PeriodFactory(state=PeriodState.PLANNED)
    session = period.session
    session.state = State.PLANNED
    session.save()
    keepers = keepers_of(period, 4)
    assert race(as_each(keepers, services.publish_session, period)) == {"won": 1, "Conflict": 3}


def test_of_two_who_move_the_same_the_second_is_told():
    session, clerk = of_a_hospital()
    seen = services.place_of(session)

    def move(hours):
        def call():
            to = Place(day=session.day, starts=time(hours), ends=time(hours + 2))
            with intention(clerk, door="test"):
                services.move_session(actor=clerk, session_id=session.pk, to=to, seen=seen)

        return call

    ended = race([move(hours) for hours in (13, 14, 15, 16)])
    assert ended == {"won": 1, "MovedMeanwhile": 3}
    session.refresh_from_db()
    assert session.periods.exclude(capacity=0).count() == 4


def test_moving_and_booking_take_turns():
    """Whoever is first: a place that somebody took is never moved away under them."""
    session, clerk = of_a_hospital()
    period = PeriodFactory(session=session, public=4)

    def move():
        to = Place(day=session.day, starts=time(14), ends=time(16))
        with intention(clerk, door="test"):
            services.move_session(actor=clerk, session_id=session.pk, to=to)

    ended = race([move, take(period, "public"), take(period, "public")])
    session.refresh_from_db()
    taken = sum(pool.taken for one in session.periods.all() for pool in one.pools.all())
    has_moved = services.place_of(session).starts == time(14)
    assert taken == ended["won"] - has_moved
    assert not (taken and has_moved)
    inside = [one for one in session.periods.exclude(capacity=0) if one.starts_at in session.during]
    assert len(inside) == session.periods.exclude(capacity=0).count()


def of_a_hospital():
    session = SessionFactory()
    return session, StaffFactory(role="desk", organisation=session.organisation)
