"""Contracts when several come at once."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from scheduling.registration import services
from scheduling.registration.models import SIGNED, Contract, Panel, Status
from telemed.core import clocks
from telemed.core.intentions import intention
from telemed.core.models import PolicyChange
from tests.factories.registration import (
    SIGNATURE,
    TeamFactory,
    agreed,
    applied,
    read,
    resident_of,
    signed,
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
