"""
A random walk through a room: everybody tries everything, lines die, time passes.

Whatever is refused changes nothing; whatever is done leaves the invariants standing.
"""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from consult.rooms import queries, record, services
from consult.rooms.models import Participant, Role, Room
from consult.rooms.permissions import may_host, may_speak, role_at
from consult.rooms.tasks import sweep_rooms_task
from telemed.core.clocks import fire_due
from telemed.core.errors import DomainError
from telemed.core.intentions import intention
from telemed.core.models import Clock, ClockState
from telemed.people.models import Role as StaffRole
from tests.factories.people import StaffFactory
from tests.factories.rooms import scene

WALKS, STEPS = 8, 30
START = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
WAITS = [timedelta(seconds=n) for n in (5, 30, 70)] + [timedelta(minutes=n) for n in (6, 35)]
PEOPLE = ("asking", "answering", "coordinator", "guest", "second", "stranger")
Status = Participant.Status


class Life(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.now = self.clock.start()

    def teardown(self):
        self.clock.stop()

    @initialize()
    def begin(self):
        who = scene()
        self.room = who.room
        hospital = who.room.case.asked
        self.people = {
            "asking": who.asking,
            "answering": who.answering,
            "coordinator": who.coordinator,
            "guest": StaffFactory(role=StaffRole.SPECIALIST, organisation=hospital),
            "second": StaffFactory(role=StaffRole.SPECIALIST, organisation=hospital),
            "stranger": StaffFactory(role=StaffRole.SPECIALIST),
        }
        self.ended = False

    def act(self, service, who, **more):
        """One service by one person; whether it was done. A refusal leaves no trace in the log."""
        before = self.room.events.count()
        try:
            with intention(self.people[who], door="test"):
                service(actor=self.people[who], room_id=self.room.pk, **more)
        except DomainError:
            assert self.room.events.count() == before
            return False
        return True

    @rule(who=st.sampled_from(PEOPLE))
    def comes(self, who):
        came = self.act(services.join_room, who, connection=uuid4())
        assert not (came and who == "stranger"), "a stranger came in"

    @rule(who=st.sampled_from(["asking", "answering"]))
    def a_doctor_comes(self, who):
        self.act(services.join_room, who, connection=uuid4())

    @rule(who=st.sampled_from(PEOPLE))
    def goes(self, who):
        self.act(services.leave_room, who)

    @rule(who=st.sampled_from(PEOPLE))
    def knocks(self, who):
        self.act(services.knock, who)

    @rule(
        who=st.sampled_from(PEOPLE),
        whom=st.sampled_from(["guest", "second", "stranger"]),
        role=st.sampled_from([Role.INTERPRETER, Role.OBSERVER, Role.SPECIALIST]),
    )
    def invites(self, who, whom, role):
        them = {"user_id": self.people[whom].pk, "role": role, "agreed": True}
        self.only_hosts(who, self.act(services.invite_guest, who, **them))

    @rule(who=st.sampled_from(PEOPLE), whom=st.sampled_from(PEOPLE))
    def lets_in(self, who, whom):
        them = {"user_id": self.people[whom].pk}
        self.only_hosts(who, self.act(services.admit_guest, who, **them))

    @rule(who=st.sampled_from(PEOPLE), whom=st.sampled_from(PEOPLE))
    def turns_away(self, who, whom):
        them = {"user_id": self.people[whom].pk}
        self.only_hosts(who, self.act(services.refuse_guest, who, **them))

    @rule(who=st.sampled_from(PEOPLE), whom=st.sampled_from(PEOPLE))
    def removes(self, who, whom):
        them = {"user_id": self.people[whom].pk, "reason": "noise"}
        self.only_hosts(who, self.act(services.remove_participant, who, **them))

    @rule(
        who=st.sampled_from(PEOPLE),
        whom=st.sampled_from(PEOPLE),
        role=st.sampled_from([Role.INTERPRETER, Role.OBSERVER, Role.SPECIALIST]),
    )
    def changes_a_part(self, who, whom, role):
        them = {"user_id": self.people[whom].pk, "role": role, "agreed": True}
        self.only_hosts(who, self.act(services.set_role, who, **them))

    @rule(who=st.sampled_from(PEOPLE))
    def writes(self, who):
        said = self.act(services.say, who, text="x", client_id=uuid4())
        if said:
            assert may_speak(self.place(who).role)

    @rule(who=st.sampled_from(PEOPLE), message=st.integers(1, 20))
    def takes_back(self, who, message):
        self.act(services.retract, who, message=message, client_id=uuid4())

    @rule(who=st.sampled_from(PEOPLE))
    def leads(self, who):
        self.act(services.take_lead, who)

    @rule(who=st.sampled_from(PEOPLE))
    def holds(self, who):
        self.only_hosts(who, self.act(services.hold_room, who, reason="看片"))

    @rule(who=st.sampled_from(PEOPLE))
    def goes_on(self, who):
        self.only_hosts(who, self.act(services.resume_room, who))

    @rule(who=st.sampled_from(PEOPLE), really=st.integers(0, 5))
    def ends(self, who, really):
        if not really:
            self.act(services.end_room, who)

    @rule(length=st.sampled_from(WAITS), there=st.sets(st.sampled_from(PEOPLE)))
    def time_passes(self, length, there):
        """Those who are there have a line until the end."""
        self.now.shift(length)
        users = [self.people[who] for who in there]
        here = self.room.participants.filter(user__in=users, status=Status.ADMITTED)
        with intention(self.people["asking"], door="test"):
            services.renew_leases(connections=list(here.values_list("connection", flat=True)))
        sweep_rooms_task()
        fire_due()

    def place(self, who):
        return self.room.participants.filter(user=self.people[who]).first()

    def only_hosts(self, who, done):
        if done:
            assert may_host(self.place(who).role), f"{who} is no host"

    @invariant()
    def all_holds(self):
        self.room.refresh_from_db()
        self.the_log_has_no_gap()
        self.the_state_is_what_the_log_tells()
        self.everybody_has_the_part_that_is_theirs()
        self.clocks_run_only_for_who_waits()
        self.its_record_can_be_told()

    def the_log_has_no_gap(self):
        numbers = list(self.room.events.order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, self.room.last_seq + 1))

    def the_state_is_what_the_log_tells(self):
        told = self.room.events.filter(
            kind__in=["room.live", "room.held", "room.resumed", "room.ended", "room.lapsed"]
        )
        newest = told.order_by("-seq").values_list("kind", flat=True).first()
        meant = {
            None: Room.Status.OPEN,
            "room.live": Room.Status.LIVE,
            "room.resumed": Room.Status.LIVE,
            "room.held": Room.Status.HELD,
            "room.ended": Room.Status.ENDED,
            "room.lapsed": Room.Status.ENDED,
        }
        assert self.room.status == meant[newest]
        assert not (self.ended and self.room.status != Room.Status.ENDED), "it was opened again"
        self.ended = self.room.status == Room.Status.ENDED
        assert told.filter(kind="room.live").count() == (1 if self.room.live_at else 0)

    def everybody_has_the_part_that_is_theirs(self):
        for place in self.room.participants.select_related("user"):
            assert role_at(self.room.matter, place.user, place) == place.role
        leader = self.room.leader_id
        there = self.room.participants.filter(status__in=Participant.HERE)
        assert leader is None or there.filter(user=leader).exists()

    def clocks_run_only_for_who_waits(self):
        running = Clock.objects.filter(about=self.room.pk, state=ClockState.RUNNING)
        kinds = set(running.values_list("kind", flat=True))
        if self.room.status != Room.Status.OPEN:
            assert "room.idle" not in kinds
        if self.room.status != Room.Status.HELD:
            assert "room.legal" not in kinds
        if not self.room.is_under_way:
            assert "room.line" not in kinds
        assert not Clock.objects.filter(about=self.room.pk, state=ClockState.DEAD).exists()

    def its_record_can_be_told(self):
        gone = queries.taken_back(self.room.pk)
        for line in record.whole(self.room).lines:
            assert line.taken_back == (line.seq in gone)


@pytest.mark.django_db
def test_whatever_people_do_a_room_stays_in_order():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,  # the same walks every time; a longer one is a matter of two numbers
            suppress_health_check=list(HealthCheck),
        ),
    )
