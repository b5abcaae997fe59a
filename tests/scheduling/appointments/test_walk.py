"""
A random walk through the bookings of a week: everybody tries everything, time passes, clocks fire.

Whatever is done, every place stays counted, and nobody is in two of them at a time.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from scheduling.appointments import clock_rows, services
from scheduling.appointments.models import LIVE, PER_DAY, TICKETED, Appointment, Status
from scheduling.availability import clock_rows as session_clocks
from scheduling.availability import services as availability
from scheduling.availability.models import Period, PeriodPool, Session, Stop
from telemed.core import outbox
from telemed.core.clocks import fire_due
from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from telemed.core.models import Clock, ClockState
from tests.factories.people import (
    DepartmentFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
    treated,
)
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days

WALKS, STEPS = 8, 40
START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
WAITS = [timedelta(minutes=n) for n in (1, 3, 6, 70)] + [timedelta(hours=n) for n in (5, 25)]
# A ticket is given out by these alone.
TICKETING = {"book", "confirm", "move"}
ACTS = {
    "hold": lambda walk: services.hold(
        actor=walk.actor, patient=walk.patient, period_id=walk.period.pk
    ),
    "book": lambda walk: services.book(
        actor=walk.actor, patient=walk.patient, period_id=walk.period.pk
    ),
    "confirm": lambda walk: services.confirm(actor=walk.actor, appointment_id=walk.one.pk),
    "give_up": lambda walk: services.give_up_hold(actor=walk.actor, appointment_id=walk.one.pk),
    "move": lambda walk: services.move(
        actor=walk.actor, appointment_id=walk.one.pk, period_id=walk.period.pk
    ),
    "undo_move": lambda walk: services.undo_move(actor=walk.actor, appointment_id=walk.one.pk),
    "cancel": lambda walk: services.cancel(actor=walk.actor, appointment_id=walk.one.pk),
    "undo": lambda walk: services.undo_cancel(actor=walk.actor, appointment_id=walk.one.pk),
    "withdraw": lambda walk: services.cancel_by_clinic(
        actor=walk.actor, appointment_id=walk.one.pk, reason="设备今天检修"
    ),
    "check_in": lambda walk: services.check_in(actor=walk.actor, appointment_id=walk.one.pk),
    "call": lambda walk: services.call(actor=walk.actor, appointment_id=walk.one.pk),
    "stop": lambda walk: availability.stop_session(
        actor=walk.actor,
        session_id=walk.period.session_id,
        reason="医生外出开会",
        plan=Stop.Plan.CANCEL,
    ),
    "restore": lambda walk: availability.restore_session(
        actor=walk.actor, session_id=walk.period.session_id
    ),
}
# What is likely to be allowed, so that a walk gets somewhere; anybody tries anything besides.
LIKELY = [
    *[(name, who) for name in ("hold", "book", "move") for who in ("anna", "bela", "carl")],
    *[("book", "doctor"), ("book", "clerk"), ("move", "doctor"), ("withdraw", "clerk")],
]
THEIR_OWN = ["confirm", "confirm", "give_up", "cancel", "undo", "undo", "move", "undo_move"]


class Week(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.now = self.clock.start()

    def teardown(self):
        self.clock.stop()

    @initialize()
    def begin(self):
        clerk = StaffFactory(role="desk")
        hospital = clerk.organisation
        doctor = StaffFactory(role="township_doctor")
        own = [PatientFactory(user=UserFactory()) for _ in range(3)]
        self.patients = [*own, treated(PatientFactory(), doctor.organisation)]
        names = ("anna", "bela", "carl")
        self.people = dict(zip(names, (patient.user for patient in own), strict=True))
        self.people |= {"doctor": doctor, "clerk": clerk}
        self.periods = []
        departments = [DepartmentFactory(organisation=hospital, name=name) for name in "内外"]
        # Two departments at the same time, and one of them again.
        for days, department in zip((2, 2, 4), departments * 2, strict=False):
            session = SessionFactory(department=department, day=in_days(days))
            for half in range(3):
                begin = session.starts_at + timedelta(minutes=30 * half)
                pools = {"public": 1, "family_doctor": 1, "walk_in": half % 2}
                self.periods.append(PeriodFactory(session=session, starts_at=begin, **pools))
            with intention(System("test"), door="test"):
                session_clocks.await_ends(organisation_id=hospital.pk, sessions=[session])

    def act(self, name, who, patient, period, one):
        """`patient`, `period` and `one` (a booking there is) are numbers of the list."""
        self.actor = self.people[who]
        self.patient = self.patients[patient % len(self.patients)]
        self.period = self.periods[period % len(self.periods)]
        there = list(Appointment.objects.filter(period__in=self.periods).order_by("pk"))
        own = [appointment for appointment in there if appointment.booked_by_id == self.actor.pk]
        known = own or there
        self.one = known[-1 - one % len(known)] if known else Appointment()
        with suppress(DomainError):
            with intention(self.actor, door="test"):
                done = ACTS[name](self)
            outbox.deliver_waiting()
            if name in TICKETING and done.status == Status.BOOKED:
                self.check_ticket(done, name)

    def check_ticket(self, booked, name):
        """The lowest that was free; who is where they were keeps theirs."""
        before = next((one for one in self.known_tickets if one[0] == booked.pk), None)
        if before == (booked.pk, booked.period_id, booked.ticket):
            return
        others = Appointment.objects.filter(period=booked.period_id, status__in=TICKETED)
        taken = set(others.exclude(pk=booked.pk).values_list("ticket", flat=True))
        assert booked.ticket == min(set(range(1, len(taken) + 2)) - taken), name

    @rule(likely=st.sampled_from(LIKELY), period=st.integers(0, 8), own=st.integers(0, 2))
    def somebody_wants_a_time(self, likely, period, own):
        name, who = likely
        patient = {"anna": 0, "bela": 1, "carl": 2, "doctor": 3}.get(who, own)
        self.act(name, who, patient, period, own)

    @rule(
        name=st.sampled_from(THEIR_OWN),
        who=st.sampled_from(["anna", "bela", "carl", "doctor", "clerk"]),
        period=st.integers(0, 8),
        one=st.integers(0, 3),
    )
    def and_changes_their_mind(self, name, who, period, one):
        self.act(name, who, one, period, one)

    @rule(
        name=st.sampled_from(sorted(ACTS)),
        who=st.sampled_from(["anna", "bela", "carl", "doctor", "clerk"]),
        patient=st.integers(0, 3),
        period=st.integers(0, 8),
        one=st.integers(0, 9),
    )
    def anybody_does_anything(self, name, who, patient, period, one):
        self.act(name, who, patient, period, one)

    @rule(length=st.sampled_from(WAITS))
    def time_passes(self, length):
        self.now.shift(length)
        fire_due()
        outbox.deliver_waiting()

    @invariant()
    def every_place_is_counted(self):
        rows = list(Appointment.objects.filter(period__in=self.periods))
        held = Counter((row.period_id, row.pool) for row in rows if row.holds_place)
        pools = list(PeriodPool.objects.filter(period__in=self.periods))
        for pool in pools:
            assert 0 <= pool.taken <= pool.places
            assert pool.taken == held.pop((pool.period_id, pool.pool), 0), pool.pool
        assert not +held
        for period in Period.objects.filter(pk__in=[one.pk for one in self.periods]):
            places = sum(pool.places for pool in pools if pool.period_id == period.pk)
            assert places == period.capacity
        running = Clock.objects.filter(kind=clock_rows.RETURN, state=ClockState.RUNNING)
        waiting = set(running.values_list("about", flat=True))
        for row in rows:
            assert row.holds_place or row.status not in LIVE
            if row.status == Status.EXPIRED or (
                row.status == Status.CANCELLED and row.pk not in waiting
            ):
                assert not row.holds_place
        self.known_tickets = {(row.pk, row.period_id, row.ticket) for row in rows}

    @invariant()
    def nobody_is_in_two_places(self):
        live = list(Appointment.objects.filter(period__in=self.periods, status__in=LIVE))
        for one, other in combinations(live, 2):
            if one.person_key == other.person_key and one.day == other.day:
                assert one.department_id != other.department_id
                assert one.during.upper <= other.during.lower or (
                    other.during.upper <= one.during.lower
                )
            if one.period_id == other.period_id and one.ticket:
                assert one.ticket != other.ticket
        days = Counter((row.person_key, row.day) for row in live)
        assert all(count <= PER_DAY for count in days.values())
        holds = Counter(row.booked_by_id for row in live if row.status == Status.HELD)
        assert all(count == 1 for count in holds.values())
        assert all(row.ticket for row in live if row.status != Status.HELD)

    @invariant()
    def nothing_broke_on_the_way(self):
        assert not Clock.objects.filter(state=ClockState.DEAD).exists()
        assert not outbox.count_dead()
        assert Session.objects.filter(periods__in=self.periods).distinct().count() == 3


@pytest.mark.django_db
def test_whatever_people_do_every_place_stays_counted():
    run_state_machine_as_test(
        Week,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            phases=[Phase.generate],  # to look for a shorter walk takes minutes; see it by hand
            derandomize=True,  # the same walks every time; a longer one is a matter of two numbers
            suppress_health_check=list(HealthCheck),
        ),
    )
