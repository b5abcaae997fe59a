"""Any order of acts, by anybody, over years: what has to hold of contracts always holds."""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from scheduling.registration import queries, services
from scheduling.registration.models import (
    IN_CARE,
    LIVE,
    SIGNED,
    TRANSITIONS,
    Closing,
    Contract,
    Panel,
    Status,
    Step,
)
from telemed.core.clocks import fire_due
from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from telemed.core.models import Clock, ClockState, PolicyChange
from tests.factories.people import StaffFactory
from tests.factories.registration import SIGNATURE, TeamFactory, resident_of, upheld

WALKS, STEPS = 10, 30
START = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
WAITS = [timedelta(days=n) for n in (1, 8, 31, 120, 306, 366)]
CAP = 2


def hand_over():
    with intention(System("hand-over"), door="test"):
        return services.hand_over_part(2)


class Life(RuleBasedStateMachine):
    """Three people and two teams with two places each."""

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.now = self.clock.start()

    def teardown(self):
        self.clock.stop()

    @initialize()
    def begin(self):
        PolicyChange.objects.create(
            name="registration.cap",
            value=CAP,
            effective_at=timezone.now(),
            set_by="test",
            set_by_name="test",
            reason="test",
        )
        first = TeamFactory()
        self.teams = [first, TeamFactory(organisation=first.organisation)]
        self.people = [resident_of(first) for _ in range(3)]
        self.head = StaffFactory(role="head", organisation=first.organisation)

    def act(self, actor, service, **facts):
        with suppress(DomainError), intention(actor, door="test"):
            service(actor=actor, **facts)

    def pick(self, n):
        rows = list(self.contracts().order_by("pk"))
        return rows[n % len(rows)] if rows else None

    def contracts(self):
        """Of this walk: those before it have left theirs."""
        people = getattr(self, "people", [])
        return Contract.objects.filter(person_key__in=[one.pk for one in people])

    @rule(
        person=st.integers(0, 2),
        team=st.integers(0, 1),
        because=st.sampled_from(["", "complaint"]),
        years=st.integers(1, 3),
    )
    def apply(self, person, team, because, years):
        patient = self.people[person]
        for contract in self.contracts().filter(patient=patient) if because else ():
            upheld(contract)
        self.act(
            patient.user,
            services.apply,
            people=[patient],
            team_id=self.teams[team].pk,
            change_because=because,
            years=years,
        )

    @rule(n=st.integers(0, 9), forth=st.booleans())
    def team_decides(self, n, forth):
        if contract := self.pick(n):
            team = next(one for one in self.teams if one.pk == contract.team_id)
            self.act(team.leader, services.agree, contract_id=contract.pk)
            if not forth:
                self.act(team.leader, services.reopen, contract_id=contract.pk)

    @rule(n=st.integers(0, 9))
    def team_refuses_or_ends(self, n):
        if contract := self.pick(n):
            team = next(one for one in self.teams if one.pk == contract.team_id)
            self.act(team.leader, services.reject, contract_id=contract.pk, rejection="papers")
            self.act(team.leader, services.end, contract_id=contract.pk, because="moved")

    @rule(n=st.integers(0, 9))
    def resident_signs(self, n):
        if contract := self.pick(n):
            actor = contract.patient.user
            self.act(actor, services.open_text, contract_id=contract.pk)
            self.act(actor, services.sign, contract_id=contract.pk, signature=SIGNATURE)

    @rule(n=st.integers(0, 9))
    def everything_up_to_the_signature(self, n):
        self.team_decides(n, True)
        self.resident_signs(n)

    @rule(n=st.integers(0, 9), years=st.integers(1, 3))
    def resident_renews(self, n, years):
        if contract := self.pick(n):
            self.act(contract.patient.user, services.renew, contract_id=contract.pk, years=years)

    @rule(n=st.integers(0, 9), ends=st.booleans())
    def resident_leaves(self, n, ends):
        if contract := self.pick(n):
            actor = contract.patient.user
            if ends:
                self.act(actor, services.end, contract_id=contract.pk, because="wish")
            else:
                self.act(actor, services.withdraw, contract_id=contract.pk)

    @rule(team=st.integers(0, 1), left=st.booleans(), kind=st.sampled_from(["close", "suspend"]))
    def team_is_handed_over(self, team, left, kind):
        closes, other = self.teams[team], self.teams[1 - team]
        people = queries.people_by_village(closes)
        self.act(
            self.head,
            services.begin_closing,
            team_id=closes.pk,
            kind=kind,
            reason="卫生院合并团队",
            plan=dict.fromkeys(people, None if left else other.pk),
            left_reason="本乡没有其他团队，县里协调",
        )
        while hand_over():
            pass
        assert not queries.bound_to(closes).exists() or not Closing.objects.filter(team=closes)

    @rule(team=st.integers(0, 1))
    def team_opens_again(self, team):
        self.act(self.head, services.resume_team, team_id=self.teams[team].pk)

    @rule(wait=st.sampled_from(WAITS))
    def time_passes(self, wait):
        self.now.shift(wait)
        fire_due()
        fire_due()  # what the first ones started

    @invariant()
    def nobody_has_two_family_doctors(self):
        today = timezone.localdate()
        for patient in getattr(self, "people", []):
            rows = Contract.objects.filter(person_key=patient.pk)
            assert rows.filter(status__in=LIVE).count() <= 1
            assert rows.filter(status__in=IN_CARE, term__contains=today).count() <= 1

    @invariant()
    def panels_count_what_is_signed(self):
        leaders = [team.leader for team in getattr(self, "teams", [])]
        for panel in Panel.objects.filter(doctor__in=leaders):
            held = Contract.objects.filter(doctor=panel.doctor_id, holds_place=True)
            assert panel.signed == held.count() <= CAP
            # A renewal stands in the place of the one before; nobody else shares one.
            assert not held.exclude(status__in=[Status.SIGNED, *LIVE]).exists()

    @invariant()
    def each_step_is_one_of_the_table(self):
        steps = Step.objects.filter(contract__in=self.contracts()).exclude(from_status="")
        for before, after in steps.values_list("from_status", "to_status"):
            assert after in TRANSITIONS[Status(before)]

    @invariant()
    def what_is_over_has_no_clock_but_the_hand_over(self):
        over = self.contracts().filter(
            status__in=[Status.ENDED, Status.LAPSED, Status.REJECTED, Status.WITHDRAWN]
        )
        running = Clock.objects.filter(state=ClockState.RUNNING, about__in=over.values("pk"))
        assert set(running.values_list("kind", flat=True)) <= {"contract.handover"}

    @invariant()
    def what_is_in_force_ends(self):
        for contract in self.contracts().filter(status__in=LIVE):
            ending = Clock.objects.filter(
                about=contract.pk, kind="contract.end", state=ClockState.RUNNING
            )
            assert ending.count() == 1

    @invariant()
    def nothing_died(self):
        assert not Clock.objects.filter(state=ClockState.DEAD).exists()
        for contract in self.contracts().filter(status__in=SIGNED):
            assert contract.text_hash
            assert contract.signature_hash


@pytest.mark.django_db
def test_no_order_of_acts_breaks_a_contract():
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
