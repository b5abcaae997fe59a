"""
A random walk through the life of a case: everybody tries everything, time passes, clocks fire.

Whatever is refused changes nothing; whatever is done leaves the invariants standing.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
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

from consult.requests.models import HELD, OPEN, OVER, UNANSWERED, HalfHour, Kind, Status
from records.consent.models import CareAccess
from telemed.core.clocks import fire_due
from telemed.core.errors import DomainError
from telemed.core.intentions import intention
from telemed.core.models import Clock, ClockState
from telemed.people import signing
from telemed.people.models import Role
from tests.consult.requests.acting import ACTS
from tests.consult.requests.test_matrix import crowd
from tests.factories.consult import PIN, drafted_case
from tests.factories.people import AgreementFactory, PractitionerFactory, StaffFactory

WALKS, STEPS = 12, 30
START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
# What is likely to be allowed, so that a walk gets somewhere; anybody tries anything besides.
LIKELY = [
    *[(name, "asker") for name in ("submit", "answer", "agree", "mode_back", "upgrade")],
    *[(name, "asker") for name in ("downgrade", "cancel", "uncancel", "outcome", "close")],
    *[(name, "specialist") for name in ("accept", "decline", "ask", "unask", "hand_over")],
    *[(name, "specialist") for name in ("propose", "return", "mode")],
    *[(name, "colleague") for name in ("accept", "ask", "return")],
    *[(name, "coordinator") for name in ("assign", "promise", "route", "ask", "agree")],
]
FINISHING = [("sign", "specialist"), ("sign", "colleague"), ("receipt", "asker")]
WAITS = [timedelta(minutes=n) for n in (1, 6, 35)] + [timedelta(hours=n) for n in (5, 26, 80)]


class Life(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.now = self.clock.start()
        self.was_closed = False

    def teardown(self):
        self.clock.stop()

    @initialize(kind=st.sampled_from([Kind.SINGLE, Kind.EMERGENCY, Kind.NAMED]))
    def begin(self, kind):
        named = kind == Kind.NAMED
        scene = drafted_case(specialists=2, kind=Kind.SINGLE if named else kind)
        self.scene = crowd(scene)
        elsewhere = StaffFactory(role=Role.SPECIALIST)
        PractitionerFactory(user=elsewhere)
        AgreementFactory(asking=scene.clinic, asked=elsewhere.acting_organisation)
        self.people = self.scene.others | {"elsewhere": elsewhere}
        for doctor in ("specialist", "colleague", "elsewhere"):
            with intention(self.people[doctor], door="test"):
                signing.create_key(user=self.people[doctor], pin=PIN)
        if named:
            type(scene.case).objects.filter(pk=scene.case.pk).update(
                kind=kind, wanted_doctor=scene.specialist
            )
        self.act("submit", "asker")

    def act(self, name, who):
        actor = self.people[who]
        with suppress(DomainError), intention(actor, door="test"):
            ACTS[name](self.scene, actor)

    @rule(likely=st.sampled_from(LIKELY))
    def somebody_does_their_part(self, likely):
        self.act(*likely)

    @rule(next_part=st.sampled_from(LIKELY))
    def and_somebody_else_theirs(self, next_part):
        self.act(*next_part)

    @rule(name=st.sampled_from(sorted(ACTS)), data=st.data())
    def anybody_acts(self, name, data):
        self.act(name, data.draw(st.sampled_from(sorted(self.people))))

    @rule(last=st.sampled_from(FINISHING), really=st.integers(0, 3))
    def it_comes_to_an_end(self, last, really):
        if not really:
            self.act(*last)

    @rule(length=st.sampled_from(WAITS))
    def time_passes(self, length):
        self.now.shift(length)
        fire_due()

    @invariant()
    def all_holds(self):
        case = self.scene.refresh()
        self.check_holder(case)
        self.check_clocks(case)
        self.check_steps(case)
        self.check_nothing_is_silent(case)
        if self.was_closed:
            assert case.status in OVER, "a closed case was opened again"
        self.was_closed = case.status in OVER
        assert not (case.is_emergency and case.status == Status.EXPIRED)

    def check_holder(self, case):
        offers = list(case.offers.all())
        accepted = [offer for offer in offers if offer.status == "accepted"]
        assert [o.doctor_id for o in accepted] == ([case.holder_id] if case.status in HELD else [])
        live = Counter(o.doctor_id for o in offers if o.status in ("offered", "seen", "accepted"))
        assert all(times == 1 for times in live.values())
        if case.status not in (*UNANSWERED, *HELD):
            assert not live
        readers = CareAccess.objects.in_force().filter(about=case.pk)
        may = {case.holder_id} if case.status in (*HELD, "signed", "receipted", *OVER) else set()
        assert set(readers.values_list("person", flat=True)) <= may

    def check_clocks(self, case):
        clocks = Clock.objects.filter(about=case.pk)
        live = clocks.filter(state__in=[ClockState.RUNNING, ClockState.PAUSED])
        kinds = set(live.values_list("kind", flat=True))
        if case.status not in UNANSWERED:
            assert "case.accept" not in kinds
        if case.status not in HELD:
            assert "case.done" not in kinds
        if case.status != Status.SCHEDULED:
            assert "room.noshow" not in kinds
        asked = case.questions.filter(status="open").count()
        assert asked <= (3 if case.status in (*UNANSWERED, *HELD) else 0)
        waits = bool(asked) and not case.is_emergency
        wrong = ClockState.RUNNING if waits else ClockState.PAUSED
        stopped = live.filter(kind__in=["case.accept", "case.done"], state=wrong)
        assert not stopped.exists(), (asked, case.kind, case.status)
        assert not clocks.filter(state=ClockState.DEAD).exists()
        if HalfHour.objects.filter(meeting__case=case).exists():
            assert case.meetings.filter(status__in=["booked", "met"]).exists()

    def check_nothing_is_silent(self, case):
        """Whatever is open, some clock runs for it that somebody hears."""
        if case.status not in (Status.DRAFT, *OPEN):
            return
        asked = set(case.questions.filter(status="open").values_list("pk", flat=True))
        clocks = Clock.objects.filter(about__in={case.pk, *asked}, state=ClockState.RUNNING)
        heard = clocks.exclude(kind__startswith="case.outcome_").exclude(kind="case.consent")
        assert heard.exists(), f"nobody hears of it: {case.kind} {case.status}"

    def check_steps(self, case):
        """Steps that change the status lead from the draft to where the case stands."""
        balance = Counter({"draft": 1})
        balance[case.status] -= 1
        for before, after in case.steps.values_list("from_status", "to_status"):
            if before != after:
                balance[before] -= 1
                balance[after] += 1
        assert not any(balance.values()), balance


@pytest.mark.django_db
def test_whatever_people_do_a_case_stays_in_order():
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
