"""A term runs: renewal is asked for and never silent, it runs out, it is ended."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from records.consent import access
from scheduling.registration import queries, services
from scheduling.registration.models import Function, Panel, Status
from scheduling.registration.services.signing import years_after
from telemed.core import clocks, outbox
from telemed.core.errors import Conflict, Forbidden, Invalid
from telemed.core.intentions import intention
from tests.factories.people import (
    StaffFactory,
)
from tests.factories.registration import (
    join,
    read,
    sign,
    signed,
)
from tests.factories.scheduling import at_once
from tests.scheduling.registration.looking import running, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def fire_until(moment):
    with time_machine.travel(moment):
        clocks.fire_due()
        outbox.deliver_waiting()


def test_the_renewal_is_asked_for_three_times_and_never_silent(team):
    contract = signed(team)
    over = contract.term.upper
    for n, days in enumerate((60, 30, 7), start=1):
        fire_until(over - timedelta(days=days - 1))
        contract.refresh_from_db()
        assert contract.status == Status.RENEWAL_ASKED
        assert told(contract.patient.user).count("contract.renewal") == n
    fire_until(over + timedelta(hours=1))
    contract.refresh_from_db()
    assert contract.status == Status.LAPSED
    assert Panel.objects.get(doctor=team.leader).signed == 0
    assert told(contract.patient.user)[-1] == "contract.lapsed"
    assert told(team.leader)[-1] == "contract.lapsed_here"
    with time_machine.travel(over + timedelta(days=1)):
        assert queries.current_of(contract.patient) is None
        assert running(contract) == [("contract.handover", 0), ("contract.handover", 1)]


def renewed(contract, *, years=1):
    actor = contract.patient.user
    with intention(actor, door="test"):
        return services.renew(actor=actor, contract_id=contract.pk, years=years)


def test_a_renewal_is_signed_and_begins_the_day_after(team):
    contract = signed(team)
    over = contract.term.upper
    asked = over - timedelta(days=59)
    fire_until(asked)
    with time_machine.travel(asked):
        new = sign(read(renewed(contract, years=3)))
    contract.refresh_from_db()
    assert (contract.status, new.status) == (Status.RENEWED, Status.SIGNED)
    assert (new.term.lower, new.term.upper) == (over, years_after(over, 3))
    assert Panel.objects.get(doctor=team.leader).signed == 1
    with time_machine.travel(asked):
        assert queries.current_of(contract.patient) == contract
    fire_until(over + timedelta(hours=1))
    new.refresh_from_db()
    contract.refresh_from_db()
    assert (contract.status, new.status) == (Status.RENEWED, Status.ACTIVE)
    with time_machine.travel(over + timedelta(hours=1)):
        assert queries.current_of(contract.patient) == new


def test_a_renewal_with_another_doctor_takes_a_place_there_and_gives_one_back(team, by):
    admin = StaffFactory(role="administrator", organisation=team.organisation)
    contract, doctor = signed(team), join(team)
    asked = contract.term.upper - timedelta(days=59)
    fire_until(asked)
    with by(admin):
        services.add_member(
            actor=admin, team_id=team.pk, function=Function.LEADER, user_id=doctor.pk
        )
    team.members.filter(user=contract.doctor).update(until=timezone.localdate())
    with time_machine.travel(asked):
        new = sign(read(renewed(contract)))
    assert new.doctor == doctor
    assert Panel.objects.get(doctor=contract.doctor).signed == 0
    assert Panel.objects.get(doctor=doctor).signed == 1
    at_once(lambda: None)


@pytest.mark.parametrize(("days", "status"), [(29, "active"), (31, None)])
def test_what_ran_out_is_renewed_for_thirty_days(team, days, status):
    contract = signed(team)
    over = contract.term.upper
    fire_until(over - timedelta(days=59))
    fire_until(over + timedelta(hours=1))
    contract.refresh_from_db()
    with time_machine.travel(over + timedelta(days=days)):
        if status is None:
            with pytest.raises(Conflict, match="ended contract cannot be renewed"):
                renewed(contract)
        else:
            assert sign(read(renewed(contract))).status == status


def test_what_is_not_asked_for_or_was_ended_is_not_renewed(team, by):
    contract = signed(team)
    with pytest.raises(Conflict, match="cannot be done now"):
        renewed(contract)
    actor = contract.patient.user
    with by(actor):
        services.end(actor=actor, contract_id=contract.pk, because="wish")
    with pytest.raises(Conflict, match="apply anew"):
        renewed(contract)


def test_ending_frees_the_place_and_closes_the_record_in_a_month(team, by):
    contract = signed(team)
    patient, actor = contract.patient, contract.patient.user
    with by(actor), pytest.raises(Invalid, match="choose the reason"):
        services.end(actor=actor, contract_id=contract.pk, because="violence")
    with by(actor):
        contract = services.end(actor=actor, contract_id=contract.pk, because="wish")
    assert (contract.status, contract.term.isempty) == (Status.ENDED, True)
    assert Panel.objects.get(doctor=team.leader).signed == 0
    assert access.decide(team.leader, "read", patient).allowed
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert not access.decide(team.leader, "read", patient).allowed
    assert told(actor)[-1] == "contract.ended"
    with by(team.leader), pytest.raises(Invalid, match="at least 10"):
        services.write_hand_over(actor=team.leader, contract_id=contract.pk, note="短")
    with by(team.leader):
        services.write_hand_over(
            actor=team.leader, contract_id=contract.pk, note="血压已控制，每三个月随访一次"
        )
    assert running(contract) == []
    at_once(lambda: None)


def test_the_leader_ends_for_listed_reasons_only(team, by):
    contract = signed(team)
    for because, said in (("wish", "choose the reason"), ("violence", "at least 5")):
        with by(team.leader), pytest.raises(Invalid, match=said):
            services.end(actor=team.leader, contract_id=contract.pk, because=because)
    doctor = join(team)
    with by(doctor), pytest.raises(Forbidden):
        services.end(actor=doctor, contract_id=contract.pk, because="moved")
    with by(team.leader):
        services.end(actor=team.leader, contract_id=contract.pk, because="moved")
