"""Who comes to a team, leaves it, leads it; and when it may close."""

import pytest

from records.consent import access
from scheduling.registration import queries, services
from scheduling.registration.models import Function, Panel
from telemed.core import outbox
from telemed.core.errors import Conflict
from telemed.notifications.models import Notification
from tests.factories.people import (
    StaffFactory,
)
from tests.factories.registration import (
    applied,
    join,
    read,
    sign,
    signed,
)
from tests.factories.scheduling import at_once
from tests.scheduling.registration.looking import agree_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_doctor_who_leaves_hands_the_signed_over(team, by):
    admin = StaffFactory(role="administrator", organisation=team.organisation)
    doctor = join(team)
    contract = applied(team)
    agree_to(team, contract, doctor_id=doctor.pk)
    sign(read(contract))
    member = team.members.get(user=doctor)
    with by(admin), pytest.raises(Conflict, match="choose who takes them over"):
        services.end_member(actor=admin, member_id=member.pk)
    with by(admin):
        services.end_member(actor=admin, member_id=member.pk, successor_id=team.leader.pk)
        with pytest.raises(Conflict, match="left this team already"):
            services.end_member(actor=admin, member_id=member.pk, successor_id=team.leader.pk)
    assert not access.decide(doctor, "read", contract.patient).allowed
    while outbox.deliver_waiting():
        pass
    contract.refresh_from_db()
    assert contract.doctor == team.leader
    assert [Panel.objects.get(doctor=one).signed for one in (doctor, team.leader)] == [0, 1]
    message = Notification.objects.get(recipient=team.leader, template="team.passed_on")
    assert message.facts["n"] == 1
    at_once(lambda: None)


def test_who_comes_back_before_their_people_went_keeps_them(team, by):
    head = StaffFactory(role="head", organisation=team.organisation)
    doctor = join(team)
    contract = applied(team)
    agree_to(team, contract, doctor_id=doctor.pk)
    sign(read(contract))
    member = team.members.get(user=doctor)
    with by(head):
        services.end_member(actor=head, member_id=member.pk, successor_id=team.leader.pk)
        services.add_member(actor=head, team_id=team.pk, function=Function.GP, user_id=doctor.pk)
    while outbox.deliver_waiting():
        pass
    contract.refresh_from_db()
    assert contract.doctor == doctor
    assert access.decide(doctor, "read", contract.patient).allowed
    assert queries.successor_of(team, doctor.pk) is None


def test_who_joins_a_team_sees_its_people(team, by):
    admin = StaffFactory(role="administrator", organisation=team.organisation)
    contract, newcomer = signed(team), StaffFactory(organisation=team.organisation)
    with by(admin):
        services.add_member(actor=admin, team_id=team.pk, function=Function.GP, user_id=newcomer.pk)
    assert access.decide(newcomer, "read", contract.patient).allowed
    with by(admin), pytest.raises(Conflict, match="belong to this team already"):
        services.add_member(
            actor=admin, team_id=team.pk, function=Function.NURSE, user_id=newcomer.pk
        )


def test_a_new_leader_takes_over(team, by):
    head = StaffFactory(role="head", organisation=team.organisation)
    doctor = join(team)
    with by(head), pytest.raises(Conflict, match="another leader"):
        services.end_member(actor=head, member_id=team.members.get(user=team.leader).pk)
    with by(head):
        services.add_member(
            actor=head, team_id=team.pk, function=Function.LEADER, user_id=doctor.pk
        )
    assert queries.leader_of(team) == doctor
    assert not queries.leads(team.leader, team)
