"""Contracts when several come at once."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from scheduling.registration import queries, services, tasks
from scheduling.registration.models import LIVE, OPEN, SIGNED, Closing, Contract, Panel, Status
from telemed.core import clocks
from telemed.core.intentions import intention
from telemed.core.models import PolicyChange
from tests.factories.people import StaffFactory
from tests.factories.registration import (
    SIGNATURE,
    TeamFactory,
    agreed,
    applied,
    read,
    resident_of,
    signed,
    upheld,
)
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def signing(contract):
    def call():
        actor = contract.patient.user
        with intention(actor, door="test"):
            services.sign(actor=actor, contract_id=contract.pk, signature=SIGNATURE)

    return call


def counted(*doctors):
    """The panels agree with the contracts, however the race ended."""
    for doctor in doctors:
        held = Contract.objects.filter(doctor=doctor, holds_place=True).count()
        panel = Panel.objects.filter(doctor=doctor).first()
        assert (panel.signed if panel else 0) == held


def test_two_teams_sign_one_person_and_one_has_them():
    team = TeamFactory()
    other = TeamFactory(organisation=team.organisation)
    patient = resident_of(team)
    both = [read(agreed(one, patient)) for one in (team, other)]
    ended = race([signing(one) for one in both * 2])
    assert set(ended) <= {"won", "Conflict"}
    signed_ones = Contract.objects.filter(person_key=patient.pk, status__in=SIGNED)
    assert [one.status for one in signed_ones] == [Status.ACTIVE]
    assert Contract.objects.filter(status=Status.WITHDRAWN).count() == 1
    counted(team.leader, other.leader)


def test_the_last_place_of_a_panel_goes_to_one():
    team = TeamFactory()
    PolicyChange.objects.create(
        name="registration.cap",
        value=2,
        effective_at=timezone.now(),
        set_by="test",
        set_by_name="test",
        reason="test",
    )
    waiting = [read(agreed(team)) for _ in range(6)]
    assert race([signing(one) for one in waiting]) == {"won": 2, "PanelFull": 4}
    assert Panel.objects.get(doctor=team.leader).signed == 2
    counted(team.leader)


def test_signing_and_taking_back_take_turns():
    team = TeamFactory()
    contract = read(agreed(team))
    actor = contract.patient.user

    def withdraw():
        with intention(actor, door="test"):
            services.withdraw(actor=actor, contract_id=contract.pk)

    race([signing(contract), withdraw] * 3)
    contract.refresh_from_db()
    assert contract.status in (Status.ACTIVE, Status.WITHDRAWN)
    counted(team.leader)


def test_renewing_and_running_out_at_midnight_leave_one_contract():
    team = TeamFactory()
    old = signed(team)
    over = old.term.upper
    midnight = timezone.make_aware(timezone.datetime.combine(over, timezone.datetime.min.time()))
    with time_machine.travel(midnight - timedelta(days=59), tick=True):
        clocks.fire_due()
    # The day before: what waits for its signature for weeks is taken back by a clock of its own.
    with time_machine.travel(midnight - timedelta(days=1), tick=True):
        with intention(old.patient.user, door="test"):
            new = services.renew(actor=old.patient.user, contract_id=old.pk)
        read(new)
    with time_machine.travel(midnight - timedelta(milliseconds=200), tick=True):
        race([signing(new), clocks.fire_due, clocks.fire_due, signing(new)])
        clocks.fire_due()
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.status, new.status) in {
        (Status.RENEWED, Status.SIGNED),
        (Status.RENEWED, Status.ACTIVE),
        (Status.LAPSED, Status.ACTIVE),
    }
    assert new.term.lower == over
    counted(team.leader)
    assert Panel.objects.get(doctor=team.leader).signed == 1


def test_one_person_applies_once_from_four_windows():
    team = TeamFactory()
    patient = resident_of(team)

    def ask():
        applied(team, patient)

    assert race([ask] * 4) == {"won": 1, "Conflict": 3}


def test_two_who_close_one_team_and_the_parts_of_two_workers_move_each_once():
    team, _head, other, heads = closing_house(12)
    ended = race([beginning(one, team, other) for one in heads])
    assert ended == {"won": 1, "Conflict": 1}
    race([tasks.hand_over_teams_task] * 3)
    tasks.hand_over_teams_task()
    assert Contract.objects.filter(team=other, status=Status.ACTIVE).count() == 12
    assert Closing.objects.get().moved == 12
    counted(team.leader, other.leader)


def test_two_teams_that_name_each_other_do_not_both_close():
    team, head, other, _heads = closing_house(1)
    signed(other)
    ended = race([beginning(head, team, other), beginning(head, other, team)])
    assert ended["won"] == 1, ended


def test_who_leaves_or_changes_while_the_team_is_handed_over_is_counted_once():
    team, head, other, _heads = closing_house(4)
    third = TeamFactory(organisation=team.organisation)
    contracts = list(Contract.objects.filter(team=team))
    leaving, changing = contracts[0], contracts[1]
    new = read(agreed(third, upheld(changing).patient, change_because="complaint"))
    beginning(head, team, other)()

    def leave():
        actor = leaving.patient.user
        with intention(actor, door="test"):
            services.end(actor=actor, contract_id=leaving.pk, because="wish")

    race([tasks.hand_over_teams_task, leave, signing(new)])
    tasks.hand_over_teams_task()
    for contract in contracts:
        live = Contract.objects.filter(person_key=contract.person_key, status__in=LIVE)
        assert live.count() <= 1
        assert not live.filter(team=team).exists()
    counted(team.leader, other.leader, third.leader)


def test_who_applies_while_the_team_begins_to_close_is_refused_or_given_back():
    team, head, other, _heads = closing_house(1)
    people = [resident_of(team) for _ in range(4)]

    def asking(patient):
        def call():
            applied(team, patient)

        return call

    race([beginning(head, team, other), *map(asking, people)])
    tasks.hand_over_teams_task()
    assert not Contract.objects.filter(team=team, status__in=OPEN).exists()


def closing_house(people):
    team = TeamFactory()
    other = TeamFactory(organisation=team.organisation)
    heads = [StaffFactory(role="head", organisation=team.organisation) for _ in range(2)]
    for _ in range(people):
        signed(team)
    return team, heads[0], other, heads


def beginning(head, team, other):
    def call():
        with intention(head, door="test"):
            services.begin_closing(
                actor=head,
                team_id=team.pk,
                kind="close",
                reason="卫生院合并团队",
                plan=dict.fromkeys(queries.people_by_village(team), other.pk),
            )

    return call
