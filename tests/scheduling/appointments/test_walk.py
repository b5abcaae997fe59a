"""
A random walk through the bookings of a week: everybody tries everything, time passes, clocks fire.

Whatever is done, every place stays counted, nobody is in two of them at a time, and whatever is
kept for somebody has an end. Some walks in a plain run; many and long ones with --all-drills.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import combinations
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
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
from scheduling.appointments.models import LIVE, PER_DAY, TICKETED, Appointment, Status, Wait
from scheduling.availability import clock_rows as session_clocks
from scheduling.availability.models import Kind, Period, PeriodPool, Session
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
from tests.factories.scheduling import PeriodFactory, SessionFactory, doctor_of, examined, in_days
from tests.scheduling.appointments.acts import ACTS, FITTING, TICKETING

WALKS, STEPS = 6, 40
MANY, LONG = 60, 80
START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
TO_A_CLINIC = timedelta()
WAITS = [timedelta(minutes=n) for n in (1, 3, 6, 70)] + [timedelta(hours=n) for n in (5, 25)]
RESIDENTS = ("anna", "bela", "carl")
EVERYBODY = (*RESIDENTS, "doctor", "clerk", "specialist")
# What is likely to be allowed, so that a walk gets somewhere; anybody tries anything besides.
LIKELY = [
    *[(name, who) for name in ("hold", "book", "trip", "join", "join") for who in RESIDENTS],
    *[("book", "doctor"), ("book", "clerk"), ("join", "clerk"), ("video", "anna")],
]
THEIR_OWN = [
    *("confirm", "confirm", "give_up", "cancel", "undo", "undo", "move", "undo_move"),
    *("accept", "accept", "decline", "leave", "move_trip", "cancel_trip", "undo_trip"),
]
AT_THE_HOSPITAL = [
    *[(name, "clerk") for name in ("check_in", "check_in", "undo_check_in", "miss")],
    *[(name, "specialist") for name in ("call", "begin", "begin", "fulfil", "skip", "ring")],
    ("knock", "anna"),
]
# What ends what is kept: of each state the clock without which it would be kept for ever.
ENDS = {
    Status.HELD: clock_rows.HOLD,
    Status.OFFERED: clock_rows.OFFER,
    Status.WAITLISTED: clock_rows.WAIT_END,
}


class Week(RuleBasedStateMachine):
    reached: ClassVar[Counter[str]] = Counter()  # what was allowed, in all walks

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
        inner, outer = (DepartmentFactory(organisation=hospital, name=name) for name in "内外")
        specialist, doctor = doctor_of(inner), StaffFactory(role="township_doctor")
        own = [PatientFactory(user=UserFactory()) for _ in RESIDENTS]
        self.patients = [*own, treated(PatientFactory(), doctor.organisation)]
        self.people = dict(zip(RESIDENTS, (patient.user for patient in own), strict=True))
        self.people |= {"doctor": doctor, "clerk": clerk, "specialist": specialist}
        self.was_seen(own[0], inner)
        self.periods, self.sessions = [], []
        hers = {"department": inner, "clinician": specialist, "title": "chief"}
        first = self.open(day=in_days(2), **hers, places=[{"public": 1}, {"public": 1}])
        self.open(day=in_days(4), **hers, places=[{"public": 1, "walk_in": 1}])
        self.open(day=in_days(2), department=inner, title="chief", places=[{"walk_in": 1}])
        self.open(day=in_days(2), department=DepartmentFactory(), title="chief")
        two = {"public": 1, "family_doctor": 1}
        self.open(day=in_days(2), department=outer, places=[two, two, two | {"walk_in": 1}])
        self.by_video = self.open(day=in_days(3), kind=Kind.VIDEO, **hers)
        self.examinations = []
        for days in (2, 4):
            ecg = examined(first, "心电图", 11, day=in_days(days), public=2)
            self.examinations.append(self.keep(ecg))

    def was_seen(self, patient, department):
        """In person and a month ago: the next time may be by video."""
        period = PeriodFactory(session=SessionFactory(department=department, day=in_days(9)))
        with intention(patient.user, door="test"):
            seen = services.book(actor=patient.user, patient=patient, period_id=period.pk)
        Appointment.objects.filter(pk=seen.pk).update(status=Status.FULFILLED, day=in_days(-30))

    def open(self, places=({"public": 1},), **facts):
        """A session with its half hours; the first of them."""
        session = SessionFactory(**facts)
        for half, pools in enumerate(places):
            begin = session.starts_at + timedelta(minutes=30 * half)
            self.keep(PeriodFactory(session=session, starts_at=begin, **pools))
        return self.periods[-len(places)]

    def keep(self, period):
        if period.session not in self.sessions:
            self.sessions.append(period.session)
        self.periods.append(period)
        with intention(System("test"), door="test"):
            session_clocks.await_ends(
                organisation_id=period.organisation_id, sessions=[period.session]
            )
        return period

    def act(self, name, who="", *, patient=0, period=0, one=0, fitting=False):
        """
        `patient`, `period` and `one` (a booking there is) are numbers of the list. `fitting`: of
        those for which it is meant; and without `who`, by whoever booked.
        """
        there = Appointment.objects.filter(period__in=self.periods).order_by("pk")
        if fitting:
            there = there.filter(status__in=FITTING[name])
        known = list(there.select_related("booked_by"))
        self.one = known[-1 - one % len(known)] if known else Appointment()
        if not who and not known:
            return
        self.actor = self.people[who] if who else self.one.booked_by
        self.patient = self.patients[patient % len(self.patients)]
        self.period = self.periods[period % len(self.periods)]
        self.day, self.number = self.period.session.day, one
        with suppress(DomainError):
            with intention(self.actor, door="test"):
                done = ACTS[name](self)
            Week.reached[name] += 1
            outbox.deliver_waiting()
            if name in TICKETING:
                for booked in done if isinstance(done, list) else [done]:
                    self.check_ticket(booked, name)

    def check_ticket(self, booked, name):
        """The lowest that was free; who is where they were keeps theirs."""
        before = (booked.pk, booked.period_id, booked.ticket) in self.known_tickets
        if before or booked.status != Status.BOOKED:
            return
        others = Appointment.objects.filter(period=booked.period_id, status__in=TICKETED)
        taken = set(others.exclude(pk=booked.pk).values_list("ticket", flat=True))
        assert booked.ticket == min(set(range(1, len(taken) + 2)) - taken), name

    @rule(likely=st.sampled_from(LIKELY), period=st.integers(0, 10), one=st.integers(0, 3))
    def somebody_wants_a_time(self, likely, period, one):
        name, who = likely
        patient = {"anna": 0, "bela": 1, "carl": 2, "doctor": 3}.get(who, one)
        self.act(name, who, patient=patient, period=period, one=one)

    @rule(name=st.sampled_from(THEIR_OWN), period=st.integers(0, 10), one=st.integers(0, 3))
    def and_changes_their_mind(self, name, period, one):
        self.act(name, period=period, one=one, fitting=True)

    @rule(likely=st.sampled_from(AT_THE_HOSPITAL), one=st.integers(0, 3))
    def and_comes(self, likely, one):
        name, who = likely
        self.act(name, who, one=one, fitting=True)

    @rule(period=st.integers(0, 10), plan=st.integers(0, 3), restored=st.booleans())
    def a_clinic_stops(self, period, plan, restored):
        self.act("stop", "clerk", period=period, one=plan)
        if restored:
            self.act("restore", "clerk", period=period)

    @rule(name=st.sampled_from(["rebook", "stay", "move", "cancel"]), one=st.integers(0, 3))
    def and_who_was_booked_answers(self, name, one):
        self.wait(timedelta(minutes=11))
        self.act(name, period=one, one=one, fitting=True)

    @rule(
        name=st.sampled_from(sorted(ACTS)),
        who=st.sampled_from(EVERYBODY),
        patient=st.integers(0, 3),
        period=st.integers(0, 10),
        one=st.integers(0, 9),
    )
    def anybody_does_anything(self, name, who, patient, period, one):
        self.act(name, who, patient=patient, period=period, one=one)

    @rule(length=st.sampled_from([*WAITS, TO_A_CLINIC]))
    def time_passes(self, length):
        self.wait(length or self.until_a_clinic())

    def wait(self, length):
        self.now.shift(length)
        fire_due()
        outbox.deliver_waiting()

    def until_a_clinic(self):
        """Into the hour before the next one, or into the middle of the one that goes on."""
        half, now = timedelta(minutes=30), timezone.now()
        ahead = [one.starts_at - half - now for one in self.periods]
        return min((wait for wait in ahead if wait > timedelta()), default=half)

    @invariant()
    def every_place_is_counted(self):
        rows = list(Appointment.objects.filter(period__in=self.periods))
        held = Counter((row.period_id, row.pool) for row in rows if row.holds_place)
        held += Counter((row.plan_period_id, row.plan_pool) for row in rows if row.plan_period_id)
        pools = list(PeriodPool.objects.filter(period__in=self.periods))
        for pool in pools:
            assert 0 <= pool.taken <= pool.places
            assert pool.taken == held.pop((pool.period_id, pool.pool), 0), pool.pool
        assert not +held
        for period in Period.objects.filter(pk__in=[one.pk for one in self.periods]):
            places = sum(pool.places for pool in pools if pool.period_id == period.pk)
            assert places == period.capacity
        self.known_tickets = {(row.pk, row.period_id, row.ticket) for row in rows}

    @invariant()
    def who_has_a_place_holds_it_and_nobody_else(self):
        """A place that goes back a little later, or in the morning, is held until then."""
        staying, running = self.staying(), self.running()
        for row in Appointment.objects.filter(period__in=self.periods):
            if row.status in LIVE:
                assert row.holds_place is (row.pk not in staying), row.status
            elif row.status in (Status.CANCELLED, Status.EXPIRED):
                assert not row.holds_place or (row.pk, clock_rows.RETURN) in running
            elif row.status == Status.WAITLISTED:
                assert not row.holds_place

    @invariant()
    def whatever_is_kept_has_an_end(self):
        staying, running = self.staying(), self.running()
        for row in Appointment.objects.filter(period__in=self.periods):
            if kind := ENDS.get(Status(row.status)):
                assert (row.pk, kind) in running, kind
            elif row.status != Status.DISPLACED:
                continue
            elif row.pk in staying:
                assert (row.pk, clock_rows.STAY) in running
            elif row.answer_by:
                assert (row.pk, clock_rows.CHOICE) in running
            else:  # asked when the stop can't be undone any more
                assert (row.displaced_by_id, session_clocks.STOP_UNDO) in running

    def staying(self):
        return set(Wait.objects.filter(stays=True).values_list("pk", flat=True))

    def running(self):
        clocks = Clock.objects.filter(state=ClockState.RUNNING)
        return set(clocks.values_list("about", "kind"))

    @invariant()
    def nobody_is_in_two_places(self):
        live = list(Appointment.objects.filter(period__in=self.periods, status__in=LIVE))
        for one, other in combinations(live, 2):
            if one.person_key == other.person_key and one.day == other.day:
                if one.day_rank and other.day_rank:
                    assert one.department_id != other.department_id
                assert not one.examination or one.examination != other.examination
                assert one.during.upper <= other.during.lower or (
                    other.during.upper <= one.during.lower
                )
            if one.period_id == other.period_id and one.ticket and other.ticket:
                assert one.ticket != other.ticket
        days = Counter((row.person_key, row.day) for row in live if row.day_rank)
        assert all(count <= PER_DAY for count in days.values())
        holds = Counter(row.booked_by_id for row in live if row.status == Status.HELD)
        assert all(count == 1 for count in holds.values())
        assert all(row.ticket for row in live if row.status in TICKETED)

    @invariant()
    def nothing_broke_on_the_way(self):
        assert not Clock.objects.filter(state=ClockState.DEAD).exists()
        assert not outbox.count_dead()
        there = Session.objects.filter(periods__in=self.periods).distinct()
        assert there.count() == len(self.sessions)


def walk(walks, steps, **more):
    run_state_machine_as_test(
        Week,
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],  # to look for a shorter walk takes minutes; see it by hand
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


@pytest.mark.django_db
def test_whatever_people_do_every_place_stays_counted():
    walk(WALKS, STEPS, derandomize=True)  # the same walks every time


@pytest.mark.long
@pytest.mark.django_db
def test_many_long_walks_come_to_every_act():
    Week.reached.clear()
    walk(MANY, LONG, database=None, print_blob=True)
    assert set(Week.reached) == set(ACTS), set(ACTS) - set(Week.reached)
